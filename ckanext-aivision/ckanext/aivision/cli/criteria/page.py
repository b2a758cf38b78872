"""A criterion in full, as Markdown: for the terminal and for docs/criteria."""

from __future__ import annotations

import msgspec

from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.examples import ON, Example, load_examples, record
from ckanext.aivision.scoring.gate_rows import Gate
from ckanext.aivision.scoring.guidance import cite
from ckanext.aivision.scoring.observations.observations import NOTHING, Observed
from ckanext.aivision.scoring.results import Outcome, Result
from ckanext.aivision.scoring.rubric import Criterion, Rubric

_LOOKS_AT = {
    "metadata": "the metadata",
    "links": "the links (`--depth links`)",
    "content": "the contents of the files (`--depth content`)",
}
# What the total weight covers, by the depth of the criterion.
_WEIGHED = {
    "metadata": "in the metadata",
    "links": "in metadata and links together",
    "content": "in metadata and content together",
}
# Headings of the examples, in this order.
_HEADINGS: tuple[tuple[Outcome, str], ...] = (
    ("pass", "Pass"),
    ("partial", "Partial"),
    ("fail", "Fail"),
    ("unknown", "Unknown"),
    ("not-applicable", "Not applicable"),
)


def criterion_page(row: Criterion, rubric: Rubric) -> str:
    """Question, reason, rule, fix, sources, the result of a missing answer by profile, and examples with results."""
    total = sum(each.weight for each in rubric.at(() if row.depth == "metadata" else (row.depth,)))
    weight = f"weight {row.weight:g} of {total:g} {_WEIGHED[row.depth]}"
    fields = ", ".join(f"`{name}`" for name in row.needs)
    parts = [
        f"# {row.question}",
        f"`{row.id}` · {row.dimension} · {weight} · rubric {rubric.version}",
        row.reason,
        *([f"**How it is judged:** {row.rule}"] if row.rule else []),
        f"**What to do:** {row.fix}",
        f"**Checks** {_LOOKS_AT[row.depth]}: {fields}",
        sources_line(row),
    ]
    if row.depth == "metadata":
        parts += ["## If the record says nothing", _silence(row, rubric)]
    examples = load_examples().get(row.id, [])
    if examples:
        parts += [
            "## Examples",
            f"Each record has only a title and the fields shown, and is evaluated as of {ON.isoformat()}.",
        ]
    for outcome, heading in _HEADINGS:
        if chosen := [example for example in examples if example.outcome == outcome]:
            parts += [f"### {heading}", *(_describe_example(row, example, rubric) for example in chosen)]
    return "\n\n".join(parts) + "\n"


def sources_line(row: Criterion | Gate) -> str:
    """The sources as the page has them, each a link."""
    return f"**Sources:** {'; '.join(cite(source).markdown() for source in row.sources)}"


def gates_page(rubric: Rubric) -> str:
    """All gates on one page, worst first."""
    parts = [
        "# What limits a grade",
        "A gate limits the grade however good the rest is. It never changes the score. The grade names it, as in "
        "“D: no licence”, and its fix comes first. No source grades datasets by letters, so that each limit is our "
        "judgement; the sources say that the thing itself matters.",
    ]
    return "\n\n".join([*parts, *(_gate(row, "##", rubric) for row in rubric.gates)]) + "\n"


def gate_page(row: Gate, rubric: Rubric) -> str:
    """Limit, reason, fix, sources and judgement of one gate."""
    return _gate(row, "#", rubric) + "\n"


def _gate(row: Gate, heading: str, rubric: Rubric) -> str:
    parts = [
        f"{heading} {row.limit}: {row.label}",
        f"`{row.id}` · grade {row.limit} at best · rubric {rubric.version}",
        row.reason,
        f"**What to do:** {row.fix}",
        f"**Checks** {_LOOKS_AT[row.depth]}: `{row.field}`",
        *([sources_line(row)] if row.sources else []),
        *([f"**Our judgement:** {row.judgement}"] if row.judgement else []),
        *([f"**Warning in red:** {row.warning}"] if row.warning else []),
    ]
    return "\n\n".join(parts)


def _silence(row: Criterion, rubric: Rubric) -> str:
    """The result of a record that says nothing, by profile."""
    by_outcome: dict[str, list[str]] = {}
    for profile in rubric.profiles:
        found = _result(row, record(profile=profile), rubric)
        by_outcome.setdefault(found.result, []).append(f"`{profile}`")
    return "\n".join(f"- {outcome}: {', '.join(profiles)}" for outcome, profiles in by_outcome.items())


def _describe_example(row: Criterion, example: Example, rubric: Rubric) -> str:
    found = _result(row, example.dataset, rubric, example.observed)
    value = f"{found.value:g}: " if found.result == "partial" else ""
    said = msgspec.yaml.encode(example.record).decode().rstrip() if example.record else "# nothing"
    if example.links:
        said += "\n# results of the link checks\n" + msgspec.yaml.encode({"links": example.links}).decode().rstrip()
    if example.files:
        said += "\n# contents of the files\n" + msgspec.yaml.encode({"files": example.files}).decode().rstrip()
    return f"```yaml\n{said}\n```\n\n{value}`{found.field}`: {_escaped(found.evidence)}"


def _result(row: Criterion, dataset: Dataset, rubric: Rubric, seen: Observed = NOTHING) -> Result:
    evaluation = evaluate(dataset, rubric, ON, seen)
    return next(result for result in evaluation.results if result.criterion == row.id)


def _escaped(text: str) -> str:
    """Evidence escaped for Markdown: it can contain anything."""
    return "".join(f"\\{letter}" if letter in "\\`*_{}[]<>#|~" else letter for letter in text)
