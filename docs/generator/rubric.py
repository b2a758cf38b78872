"""Pages about the evaluation: criteria, faults that limit the grade, lenses, the method of the comparison."""

from __future__ import annotations

from collections.abc import Iterator

from docs.generator import MADE

from ckanext.aivision.cli.criteria.page import criterion_page, gates_page
from ckanext.aivision.compare.method_text import method_text
from ckanext.aivision.scoring.facts.evidence import SHORTEST_STATEMENT
from ckanext.aivision.scoring.guidance import cite, load_guidance
from ckanext.aivision.scoring.lenses.load import load_lens, names
from ckanext.aivision.scoring.lenses.metrics import PROPERTIES, Metric
from ckanext.aivision.scoring.lenses.schema import Subgroup
from ckanext.aivision.scoring.registry import DIMENSIONS
from ckanext.aivision.scoring.rubric import Criterion, Rubric, load


def criteria() -> str:
    """The list of criteria, each with a link to its page, and the documents they come from."""
    rubric = load()
    parts = [
        "# Criteria\n",
        MADE,
        f"Rubric version {rubric.version}: {len(rubric.everything)} criteria in {len(DIMENSIONS)} dimensions. "
        "The weight is a criterion's share in the score; it counts unless the question does not apply. "
        f"{_weights(rubric)}\n",
        _FIELD_OR_SENTENCE.format(shortest=SHORTEST_STATEMENT),
    ]
    for dimension in DIMENSIONS:
        parts += [
            f"## {dimension.capitalize()}\n",
            "| criterion | question | weight | depth |\n| --- | --- | ---: | --- |",
        ]
        for row in (row for row in rubric.everything if row.dimension == dimension):
            parts.append(f"| [`{row.id}`]({row.id}.md) | {row.question} | {row.weight:g} | {row.depth} |")
        parts.append("")
    parts.append("## The documents cited\n")
    guidance = load_guidance()
    parts += [f"- **{key}**: [{row.title}]({row.url}) ({row.publisher}, {row.date})" for key, row in guidance.items()]
    return "\n".join(parts) + "\n"


def _weights(rubric: Rubric) -> str:
    """The sum of the weights at each depth, as a sentence."""
    sums = {depth: sum(row.weight for row in rubric.everything if row.depth == depth) for depth in _DEPTHS}
    parts = ", ".join(f"{total:g} {_DEPTHS[depth]}" for depth, total in sums.items())
    return f"The weights add up to {parts}. What was not checked does not count."


_DEPTHS = {"metadata": "for the metadata", "links": "for the links", "content": "for the content"}


_FIELD_OR_SENTENCE = """\
Some facts can be given in a field, or in a sentence of the title, description or rights. A text of at least {shortest}
meaningful characters counts if it says something about this dataset. The same words are worth the same in every
format. A fact that is not stated earns nothing in any format; the result is `unknown` where the format has no field
for it and `fail` where it has one. What only some formats have a field for weighs little, so that the same facts have
the same grade in each of them.
"""


def criterion(row: Criterion) -> str:
    """The page of one criterion."""
    heading, _, rest = criterion_page(row, load()).partition("\n")
    return f"{heading}\n\n{MADE}{rest}"


def gates() -> str:
    """What limits a grade however good the rest is."""
    heading, _, rest = gates_page(load()).partition("\n")
    return f"{heading}\n\n{MADE}{rest}"


def lenses() -> str:
    """All lenses with their questions and the criteria that answer them, and the format of a lens file."""
    questions = {row.id: row for row in load().everything}
    parts = ["# Lenses\n", MADE, _WHAT_A_LENS_IS]
    for lens in (load_lens(name) for name in names()):
        published = f"[{lens.publisher}]({lens.address})" if lens.address else lens.publisher
        known = {"full": "the text was read", "part": "known from reports about it", "known": "general knowledge"}
        facts = f"`{lens.name}`: {published}, {lens.date}, {lens.version}."
        facts += f" How we know it: {known[lens.sure]}." if lens.address else ""
        parts.append(f"## {lens.title}\n\n{facts}\n\n{' '.join(lens.note.split())}\n")
        if lens.bands:
            unit = "points" if lens.unit == "points" else "of 100"
            parts.append(
                "Bands: " + ", ".join(f"{band.title} from {band.least:g} {unit}" for band in lens.bands) + ".\n"
            )
        for group in lens.groups:
            parts.append("\n".join(_group(group, 3, questions)))
            parts += ["\n".join(_group(inner, 4, questions)) for inner in group.groups]
        if lens.left_out:
            rows = (f"- {', '.join(f'`{id}`' for id in row.criteria)}: {row.reason}" for row in lens.left_out)
            parts.append("\n".join(["### Left out\n", *rows, ""]))
    parts += [_LENS_FILE, "Properties: " + ", ".join(f"`{name}`" for name in PROPERTIES) + ".\n"]
    return "\n".join(parts)


def _group(group: Subgroup, level: int, questions: dict[str, Criterion]) -> Iterator[str]:
    yield f"{'#' * level} {group.title}\n\n{cite(group.clause).markdown()}: {group.question}\n"
    for row in group.rows:
        criterion = questions.get(row.criterion)
        title = row.title or (criterion.question if criterion else row.key)
        worth = (
            f"{row.points:g} points"
            if row.points
            else f"weight {row.weight or (criterion.weight if criterion else 1):g}"
        )
        if criterion and criterion.depth != "metadata":
            worth += f"; with `--depth {criterion.depth}`"
        where = (
            f"`{row.criterion}`" if criterion else ", ".join(_question(metric) for metric in (*row.any_of, *row.all_of))
        )
        clauses = ", ".join(cite(code).markdown() for code in row.clauses)
        yield f"- {title} ({where}; {worth}{'; ' if clauses else ''}{clauses})"
    for missing in group.not_measured:
        until = f" until `--depth {missing.until}`" if missing.until else ""
        yield f"- *Not measured{until}*: {missing.title} ({cite(missing.clause).markdown()}). {missing.reason}"
    yield ""


def _question(metric: Metric) -> str:
    return f"`{metric.of}` {metric.test}"


_WHAT_A_LENS_IS = """A lens shows the results of the criteria through a published framework: which criteria answer which
clause. It is our interpretation of the framework, not its publisher's. `aivision lenses` lists the lenses; `--lens
NAME`, `?lens=NAME` and the API's `lens` show them. Criteria for links or contents count only once that depth has
been checked. Questions of a framework that nothing here answers are listed as not measured, with the reason.
"""


_LENS_FILE = """## Write your own lens

`--lens ./my-lens.yaml` accepts a file like this; `aivision lenses ./my-lens.yaml` checks it and reports errors with
their lines.

```yaml
name: rivers
title: What our river office asks
publisher: River office
version: "3"
date: "2026-11-01"
address: https://rivers.example.gov/rules   # or ""
unit: score                             # or points; then every row has points, and `total` is their sum
groups:
- id: open
  title: Open to all
  question: Can everyone use it?
  clause: Rule 1
  rows:
  - criterion: licence-open             # an id of `aivision criteria`
    weight: 2                           # default: the weight in the rubric
  - id: page                            # or check DCAT properties directly
    title: There is a page
    any_of: [{property: "foaf:page", test: given}, {property: "dcat:landingPage", test: given}]
- id: kept
  title: Maintained
  question: Is someone responsible?
  clause: Rule 2
  not_measured:
  - {clause: Rule 2, title: A steward, reason: No field of the metadata names one.}
  # `until: links` or `until: content` lists it only until that depth is checked
bands: [{title: Good, least: 50}, {title: Poor, least: 0}]
left_out:
- {criteria: [issued-stated], reason: We do not ask for this.}
```

Groups can contain `groups` one level deep. A group with `dimension: timely` has every criterion of that dimension. With
`guidance: DOC` at the top, where DOC is a document in `config/guidance.yaml`, a criterion that cites a clause of the
document and is not in the file is added to the group whose clause is nearest.

Tests: `given` (there is a value), `known` (our vocabulary has it;
`unless` lists ids that do not count), `one-of` (the vocabulary maps it to one of `values`), `written-as` (its text
is one of `values`), `answers` (the link works, according to the link check; unknown if there is none). `any_of`
passes if one test passes, `all_of` if all do. A property of a distribution is checked for each distribution: with
`any_of` the one with the most points counts for the dataset; with `all_of` all must pass.
"""


def method() -> str:
    """How the countries are compared: the text of the page /best-practice/method."""
    heading, _, rest = method_text().partition("\n")
    return f"{heading}\n\n{MADE}{rest}"
