"""Writes docs/reference and docs/criteria from what they describe. `make docs` runs it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import click
import yaml

from ckanext.aivision.cli.ckan.group import aivision as ckan_group
from ckanext.aivision.cli.criteria.page import criterion_page
from ckanext.aivision.cli.main import aivision as aivision_group
from ckanext.aivision.cli.output.format_registry import load_formats
from ckanext.aivision.harvesters.sources.kinds import KINDS
from ckanext.aivision.plugins import AivisionPlugin
from ckanext.aivision.plugins.feature import FeaturePlugin
from ckanext.aivision.scoring.facts.evidence import SHORTEST_STATEMENT
from ckanext.aivision.scoring.guidance import load_guidance
from ckanext.aivision.scoring.lenses.load import named, names
from ckanext.aivision.scoring.lenses.metrics import PROPERTIES, Metric
from ckanext.aivision.scoring.lenses.schema import Subgroup
from ckanext.aivision.scoring.registry import DIMENSIONS
from ckanext.aivision.scoring.rubric import Criterion, Rubric, load
from ckanext.aivision.scoring.score import GRADES

HERE = Path(__file__).parent
_MADE = "<!-- Made by docs/generate.py (`make docs`); a change here is lost. -->\n"


def commands() -> str:
    """Every command with its own --help, and the output formats."""
    parts = ["# Commands\n", _MADE]
    offering: dict[str, list[str]] = {}
    for name, group in (("aivision", aivision_group), ("ckan -c ckan.ini aivision", ckan_group)):
        for path, command in _leaves(name, group):
            context = click.Context(command, info_name=path, terminal_width=100, max_content_width=100)
            parts.append(f"## `{path}`\n\n```text\n{command.get_help(context)}\n```\n")
            for option in command.params:
                if option.name == "form" and isinstance(option.type, click.Choice):
                    for choice in option.type.choices:
                        offering.setdefault(choice, []).append(f"`{path}`")
    return "\n".join([*parts, _formats(offering)])


def _formats(offering: dict[str, list[str]]) -> str:
    """The output formats with the commands that offer them. offering: name -> commands."""
    head = ["## Output formats\n", "| `--format` | what is written | commands |", "| --- | --- | --- |"]
    rows = (
        f"| `{found.name}` | {found.description} | {', '.join(offering[found.name])} |"
        for found in load_formats().values()
        if found.name in offering
    )
    return "\n".join([*head, *rows, ""])


def _leaves(path: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        yield path, command
        return
    context = click.Context(command, info_name=path)
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        if found is not None:
            yield from _leaves(f"{path} {name}", found)


def actions() -> str:
    """Every action with its docstring, and whether it can be read with GET."""
    parts = ["# Actions of the API\n", _MADE]
    # Without ckanext-dcat's, which are ours only where it is loaded.
    for name, function in sorted(FeaturePlugin.get_actions(AivisionPlugin()).items()):
        method = "GET or POST" if getattr(function, "side_effect_free", False) else "POST"
        parts.append(
            f"## `{name}`\n\n{method} `/api/3/action/{name}`\n\n{_described(inspect.getdoc(function) or '')}\n"
        )
    return "\n".join(parts)


def _described(docstring: str) -> str:
    """A docstring with its `:param name:` fields as a list."""
    text, *fields = re.split(r"^:", docstring, flags=re.MULTILINE)
    items = []
    for field in fields:
        label, _, told = field.partition(":")
        kind, _, name = label.partition(" ")
        shown = f"`{name}`" if name else kind
        items.append(f"- {f'{kind} ' if kind == 'raises' else ''}{shown}: {' '.join(told.split())}")
    return "\n".join([text.strip(), "", *items]) if items else text.strip()


def criteria() -> str:
    """The list of criteria, each with a link to its page, and the documents they come from."""
    rubric = load()
    parts = [
        "# Criteria\n",
        _MADE,
        f"Rubric version {rubric.version}: {len(rubric.everything)} criteria in {len(DIMENSIONS)} dimensions. The "
        f"weight is a criterion's share in the score; it counts where it is known and applies. {_weights(rubric)}\n",
        _FIELD_OR_SENTENCE.format(shortest=SHORTEST_STATEMENT, grade=GRADES[0][0], coverage=GRADES[0][2]),
    ]
    for dimension in DIMENSIONS:
        parts += [
            f"## {dimension.capitalize()}\n",
            "| criterion | question | weight | depth |\n| --- | --- | ---: | --- |",
        ]
        for row in (row for row in rubric.everything if row.dimension == dimension):
            parts.append(f"| [`{row.id}`]({row.id}.md) | {row.question} | {row.weight} | {row.depth} |")
        parts.append("")
    parts.append("## The documents cited\n")
    guidance = load_guidance()
    parts += [f"- **{key}**: {row.title} ({row.publisher}, {row.date})" for key, row in guidance.items()]
    return "\n".join(parts) + "\n"


def _weights(rubric: Rubric) -> str:
    """What the weights of each depth add up to, as a sentence."""
    sums = {depth: sum(row.weight for row in rubric.everything if row.depth == depth) for depth in _DEPTHS}
    told = ", ".join(f"{_DEPTHS[depth]} {total}" for depth, total in sums.items())
    return f"They add up to: {told}; what was not looked at counts in no score."


_DEPTHS = {"metadata": "of the metadata", "links": "of the links another", "content": "of the content another"}
_FIELD_OR_SENTENCE = """A fact that a field may hold can stand in a sentence of title, description or rights too. In the
field it passes, from {shortest} characters on that say something. In a sentence it is worth half where the source's
format has the field, since no program finds it there; where the format has none it passes, since nothing better can be
done. So the same sentence scores higher in a poorer format. That is meant: what is judged is what the publisher did
with what the format lets them say. What the format cannot say is unknown, lowers the share of the weight that has an
answer, and so holds back the grade, though not the score: {grade} needs an answer to {coverage:.0%} of the weight.
"""


def criterion(row: Criterion) -> str:
    """The page of one criterion."""
    heading, _, rest = criterion_page(row, load()).partition("\n")
    return f"{heading}\n\n{_MADE}{rest}"


def lenses() -> str:
    """Every lens with what it asks and what answers it, and the form of a lens file."""
    questions = {row.id: row for row in load().everything}
    parts = ["# Lenses\n", _MADE, _WHAT_A_LENS_IS]
    for lens in (named(name) for name in names()):
        published = f"[{lens.publisher}]({lens.address})" if lens.address else lens.publisher
        known = {"full": "the text was read", "part": "known from reports on it", "known": "general knowledge"}
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
    yield f"{'#' * level} {group.title}\n\n{group.clause}: {group.question}\n"
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
            f"`{row.criterion}`" if criterion else ", ".join(_asked(metric) for metric in (*row.any_of, *row.all_of))
        )
        yield f"- {title} ({where}; {worth}{'; ' if row.clauses else ''}{', '.join(row.clauses)})"
    for missing in group.not_measured:
        until = f" until `--depth {missing.until}`" if missing.until else ""
        yield f"- *Not measured{until}*: {missing.title} ({missing.clause}). {missing.reason}"
    yield ""


def _asked(metric: Metric) -> str:
    return f"`{metric.of}` {metric.test}"


def settings() -> str:
    """Every setting of config_declaration.yaml."""
    path = resources.files("ckanext.aivision") / "config_declaration.yaml"
    parts = ["# Settings\n", _MADE, "In CKAN's configuration file.\n"]
    for group in yaml.safe_load(path.read_text("utf-8"))["groups"]:
        for option in group["options"]:
            default = f"\n\nDefault: `{option['default']}`" if "default" in option else ""
            example = f"\n\nExample: `{option['key']} = {option['example']}`" if "example" in option else ""
            parts.append(f"## `{option['key']}`\n\n{' '.join(option['description'].split())}{default}{example}\n")
    return "\n".join(parts)


_WHAT_A_LENS_IS = """A lens shows the results of the criteria through a published framework: which criteria answer which
of its clauses. It is a reading of that framework, not its publisher's word. `aivision lenses` lists them;
`--lens NAME`, `?lens=NAME` and the API's `lens` show them. A criterion of the links or of the content counts once that
depth was looked at, and is no part of the view before. What a framework asks and nothing here answers is listed as not
measured, with the reason.
"""
_LENS_FILE = """## A lens of your own

`--lens ./my-lens.yaml` takes a file of this form; `aivision lenses ./my-lens.yaml` checks it and says on which line
something is wrong.

```yaml
name: rivers
title: What our river office asks
publisher: River office
version: "3"
date: "2026-11-01"
address: https://rivers.example/rules   # or ""
unit: score                             # or points; then every row has points, and total says what they add up to
groups:
- id: open
  title: Open to all
  question: May all use it?
  clause: Rule 1
  rows:
  - criterion: licence-open             # an id of `aivision criteria`
    weight: 2                           # the rubric's where left out
  - id: page                            # a row of its own asks for properties of DCAT
    title: There is a page
    any_of: [{property: "foaf:page", test: given}, {property: "dcat:landingPage", test: given}]
- id: kept
  title: Kept up
  question: Is somebody in charge?
  clause: Rule 2
  not_measured:
  - {clause: Rule 2, title: A steward, reason: No field of the metadata names one.}
  # with `until: links` or `until: content` it is listed until that depth was looked at, for a row answers it then
bands: [{title: Good, least: 50}, {title: Poor, least: 0}]
left_out:
- {criteria: [issued-stated], reason: We do not ask.}
```

Groups may hold `groups` one level deep. Tests: `given` (there is a value), `known` (our vocabulary knows it; `unless`
lists ids that do not count), `one-of` (the vocabulary reads it as one of `values`), `written-as` (its text is one of
`values`), `answers` (the check of the link says so; unknown where there is none). `any_of` passes with one, `all_of`
with all. A property of a distribution is asked of each: with `any_of` the distribution with most points speaks for the
dataset, with `all_of` every one must pass.
"""


def kinds() -> str:
    """Every kind of source."""
    parts = [
        "# Kinds of source\n",
        _MADE,
        "The content of a document shows its kind; where it does not, `--kind` names it. Profiles are rows of",
        "`config/profiles.yaml`, which say what a record can carry.\n",
        "| kind | name | what it reads | profile |\n| --- | --- | --- | --- |",
    ]
    parts += [f"| `{kind.name}` | {kind.title} | {kind.reads} | `{kind.profile}` |" for kind in KINDS.values()]
    return "\n".join([*parts, ""])


def pages() -> dict[str, str]:
    """Every page by its path below docs/."""
    found = {f"reference/{page.__name__}.md": page() for page in (actions, commands, kinds, lenses, settings)}
    found["criteria/README.md"] = criteria()
    return found | {f"criteria/{row.id}.md": criterion(row) for row in load().everything}


if __name__ == "__main__":
    written = pages()
    for folder in ("reference", "criteria"):
        (HERE / folder).mkdir(exist_ok=True)
        for old in (HERE / folder).glob("*.md"):
            if old.relative_to(HERE).as_posix() not in written:
                old.unlink()
    for name, text in written.items():
        (HERE / name).write_text(text, encoding="utf-8")
