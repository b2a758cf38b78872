"""What is missing or wrong in the rubric: rows, functions, examples, citations and lenses that do not fit together."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Sequence
from importlib import resources
from typing import Any, cast

import msgspec

from ckanext.aivision.errors import UsageError
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.examples import ON, Example, examples_file, load_examples
from ckanext.aivision.scoring.gate_rows import GATES_FILE, Gate, wording_problems
from ckanext.aivision.scoring.guidance import load_guidance
from ckanext.aivision.scoring.lenses.load import load_lens, names
from ckanext.aivision.scoring.lenses.membership import unplaced
from ckanext.aivision.scoring.registry import Context
from ckanext.aivision.scoring.results import Outcome
from ckanext.aivision.scoring.rubric import (
    Criterion,
    Rubric,
    RubricProblem,
    load,
    read_gates,
    read_rows,
    rubric_file,
    rubric_problems,
)

_ID = re.compile(r"[a-z]+(?:-[a-z]+){1,3}")
_HEAVIEST = 10
_SAME = 0.001
# How many examples of each outcome a criterion has at least, unless its row says `never`.
_FEWEST: dict[Outcome, int] = {"pass": 2, "partial": 1, "fail": 2, "unknown": 1}


def find_problems() -> list[RubricProblem]:
    """Everything to correct before the rubric can be used, or else before its tests pass; empty if all is well."""
    rows, problems = read_rows()
    gates, problems_of_gates = read_gates()
    try:
        problems = [*problems, *problems_of_gates] or rubric_problems(rows, gates)
        problems += [problem for row in rows for problem in _row_problems(row)]
        problems += [problem for row in gates for problem in _gate_problems(row)]
        if not problems:
            # Examples and lenses need a rubric that can be used.
            problems += [*_example_problems(load()), *_lens_problems(load().everything)]
    except UsageError as error:
        file, _, message = str(error).partition(": ")
        problems.append(RubricProblem(file, "", message))
    return problems


def _row_problems(row: Criterion) -> Iterator[RubricProblem]:
    """What a row says of itself, and the fields and clauses that it names."""
    for message in (*_wording(row), *_field_problems(row), *_criterion_citations(row)):
        yield RubricProblem(rubric_file(row.dimension), row.id, message)


def _gate_problems(row: Gate) -> Iterator[RubricProblem]:
    form = _form_problems(row.form_field)
    for message in (*wording_problems(row), *form, *_citation_problems(row.sources)):
        yield RubricProblem(f"config/{GATES_FILE}", row.id, message)


def _wording(row: Criterion) -> Iterator[str]:
    if not _ID.fullmatch(row.id):
        yield "`id`: use two to four words in small letters, with hyphens between them"
    if row.weight > _HEAVIEST:
        yield f"weight {row.weight}: give a number above 0 and up to {_HEAVIEST}"
    if not row.question.endswith("?"):
        yield "`question` must end with a question mark"
    for name, text in (("reason", row.reason), ("fix", row.fix)):
        if not text.endswith("."):
            yield f"`{name}` must be a sentence that ends with a full stop"


def _field_problems(row: Criterion) -> Iterator[str]:
    for name in row.needs:
        if name not in Dataset.__struct_fields__:
            yield f"`needs`: a record has no field {name!r}{_close(name, Dataset.__struct_fields__)}"
    yield from _form_problems(row.form_field)


def _form_problems(field: str) -> Iterator[str]:
    form = _form_fields()
    if field not in form:
        yield f"`form_field`: config/schemas/ai_ready_dataset.yaml has no field {field!r}{_close(field, form)}"


def _criterion_citations(row: Criterion) -> Iterator[str]:
    if not row.sources:
        yield "`sources` is empty: cite the clause of a document in config/guidance.yaml that asks for this"
    yield from _citation_problems(row.sources)


def _citation_problems(sources: Sequence[str]) -> Iterator[str]:
    guidance = load_guidance()
    for source in sources:
        id, _, clause = source.partition(" ")
        if id not in guidance:
            yield f"`sources`: config/guidance.yaml has no document {id!r}{_close(id, guidance)}"
        elif clause not in guidance[id].clauses:
            hint = _close(clause, guidance[id].clauses) or ": add it there if the document has it"
            yield f"`sources`: {id} in config/guidance.yaml has no clause {clause!r}{hint}"


def _form_fields() -> set[str]:
    path = resources.files("ckanext.aivision.config") / "schemas" / "ai_ready_dataset.yaml"
    schema = msgspec.yaml.decode(path.read_bytes(), type=dict[str, Any])
    return {"resources", *(field["field_name"] for field in schema["dataset_fields"])}


def _close(word: str, known: Collection[str]) -> str:
    found = difflib.get_close_matches(word, list(known), 1)
    return f"; do you mean {found[0]!r}?" if found else ""


def _example_problems(rubric: Rubric) -> Iterator[RubricProblem]:
    examples = load_examples()
    known = {row.id for row in rubric.everything}
    for id in examples.keys() - known:
        yield RubricProblem("scoring/criteria", id, f"examples of an unknown criterion{_close(id, known)}")
    for row in rubric.everything:
        file = examples_file(row.dimension)
        listed = examples.get(row.id, [])
        for message in (*_outcome_problems(row, listed), *_result_problems(row, listed, rubric)):
            yield RubricProblem(file, row.id, message)


def _outcome_problems(row: Criterion, examples: Sequence[Example]) -> Iterator[str]:
    """Outcomes without enough examples."""
    outcomes = [example.outcome for example in examples]
    if not examples:
        yield "no examples: add two records that pass, two that fail, one that is partial and one that is unknown"
        return
    for outcome, fewest in _FEWEST.items():
        count = outcomes.count(outcome)
        if outcome in row.never:
            if count:
                yield f"an example gives {outcome}, but `never` in {rubric_file(row.dimension)} says that none does"
        elif count < fewest:
            reason = f"or give the reason under `never` in {rubric_file(row.dimension)}"
            yield f"{count} of at least {fewest} examples that give {outcome}: add one, {reason}"


def _result_problems(row: Criterion, examples: Sequence[Example], rubric: Rubric) -> Iterator[str]:
    """Examples that give another result, and fields that the function looks at in them or does not."""
    fields: set[str] = set()
    for number, example in enumerate(examples, 1):
        dataset, observed = example.dataset, example.observed
        try:
            results = evaluate(dataset, rubric, ON, observed).results
            carried = rubric.profiles.get(dataset.profile, frozenset())
            rubric.checks[row.id](cast(Dataset, _Watched(dataset, fields)), Context(ON, carried, observed))
        except Exception as error:  # noqa: BLE001 - anything can be wrong with a new function
            yield f"example {number}: the function raises {type(error).__name__}: {error}"
            return
        found = next((result for result in results if result.criterion == row.id), None)
        if found is None:
            yield f"example {number} is not evaluated: a criterion with `depth: {row.depth}` needs `links` or `files`"
        elif found.result != example.outcome or abs((found.value or 0) - (example.value or 0)) > _SAME:
            gives = f"{found.value:g}" if found.result == "partial" else found.result
            yield f"example {number} gives {gives}, not {example.gives} ({found.field}: {found.evidence})"
    # What could not be read of the fields belongs to them.
    fields.discard("unread")
    if examples and sorted(fields) != sorted(row.needs):
        file = rubric_file(row.dimension)
        yield f"the function looks at [{', '.join(sorted(fields))}]: list these under `needs` in {file}"


class _Watched:
    """A dataset that notes which of its fields are looked at."""

    def __init__(self, dataset: Dataset, fields: set[str]) -> None:
        self._dataset, self._fields = dataset, fields

    def __getattr__(self, name: str) -> Any:
        self._fields.add(name)
        return getattr(self._dataset, name)


def _lens_problems(rows: Sequence[Criterion]) -> Iterator[RubricProblem]:
    for name in names():
        for id, source in unplaced(load_lens(name), rows):
            message = f"no group has the clause {source}: add the criterion to a group or to `left_out`"
            yield RubricProblem(f"config/lenses/{name}.yaml", id, message)
