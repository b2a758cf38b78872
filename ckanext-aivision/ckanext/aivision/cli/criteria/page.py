"""A criterion in full, as Markdown: for the terminal and for docs/criteria."""

from __future__ import annotations

import msgspec

from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.examples import ON, Example, load_examples, record
from ckanext.aivision.scoring.guidance import cited
from ckanext.aivision.scoring.observations.observations import NOTHING, Observed
from ckanext.aivision.scoring.results import Outcome, Result
from ckanext.aivision.scoring.rubric import Criterion, Rubric

_LOOKS_AT = {
    "metadata": "the metadata",
    "links": "what the addresses answer (`--depth links`)",
    "content": "what the files hold (`--depth content`)",
}
# What the weights that a criterion's own stands among are of.
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
    """Question, reason, rule, fix, sources, what silence means by profile, and examples with what is found in them."""
    total = sum(each.weight for each in rubric.at(() if row.depth == "metadata" else (row.depth,)))
    weight = f"weight {row.weight} of {total} {_WEIGHED[row.depth]}"
    fields = ", ".join(f"`{name}`" for name in row.needs)
    parts = [
        f"# {row.question}",
        f"`{row.id}` · {row.dimension} · {weight} · rubric {rubric.version}",
        row.reason,
        *([f"**How it is judged:** {row.rule}"] if row.rule else []),
        f"**What to do:** {row.fix}",
        f"**Looks at** {_LOOKS_AT[row.depth]}: {fields}",
        f"**From:** {'; '.join(cited(source) for source in row.sources)}",
    ]
    if row.depth == "metadata":
        parts += ["## Where nothing is said", _silence(row, rubric)]
    parts += [
        "## Examples",
        f"Each is a record with nothing but a title and the fields shown, evaluated on {ON.isoformat()}.",
    ]
    examples = load_examples()[row.id]
    for outcome, heading in _HEADINGS:
        if chosen := [example for example in examples if example.outcome == outcome]:
            parts += [f"### {heading}", *(_shown(row, example, rubric) for example in chosen)]
    return "\n\n".join(parts) + "\n"


def _silence(row: Criterion, rubric: Rubric) -> str:
    """What a record that says nothing gets, profile by profile."""
    by_outcome: dict[str, list[str]] = {}
    for profile in rubric.profiles:
        found = _result(row, record(profile=profile), rubric)
        by_outcome.setdefault(found.result, []).append(f"`{profile}`")
    return "\n".join(f"- {outcome}: {', '.join(profiles)}" for outcome, profiles in by_outcome.items())


def _shown(row: Criterion, example: Example, rubric: Rubric) -> str:
    found = _result(row, example.dataset, rubric, example.observed)
    value = f"{found.value:g}: " if found.result == "partial" else ""
    said = msgspec.yaml.encode(example.record).decode().rstrip() if example.record else "# nothing"
    if example.links:
        said += "\n# what its addresses answered\n" + msgspec.yaml.encode({"links": example.links}).decode().rstrip()
    if example.files:
        said += "\n# what its files hold\n" + msgspec.yaml.encode({"files": example.files}).decode().rstrip()
    return f"```yaml\n{said}\n```\n\n{value}`{found.field}`: {_escaped(found.evidence)}"


def _result(row: Criterion, dataset: Dataset, rubric: Rubric, seen: Observed = NOTHING) -> Result:
    evaluation = evaluate(dataset, rubric, ON, seen)
    return next(result for result in evaluation.results if result.criterion == row.id)


def _escaped(text: str) -> str:
    """Evidence in Markdown: it may hold anything."""
    return "".join(f"\\{letter}" if letter in "\\`*_{}[]<>#|~" else letter for letter in text)
