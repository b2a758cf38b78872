"""The rubric: criteria as rows of `config/rubric/*.yaml`, loaded once and checked against the functions."""

from __future__ import annotations

import functools
import string
from collections.abc import Sequence
from importlib import resources
from typing import Any, Literal, TypeVar

import msgspec

from ckanext.aivision.errors import UsageError
from ckanext.aivision.scoring.gate_rows import GATES_FILE, Gate, gate_problems
from ckanext.aivision.scoring.observations.observations import Depth
from ckanext.aivision.scoring.registry import DIMENSIONS, Check, GateCheck, checks, gate_checks, limits
from ckanext.aivision.scoring.results import Outcome

T = TypeVar("T")


class Criterion(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One row of the rubric: everything about a criterion but its function.

    depth: what has to be looked at: the metadata, the links or the content of the files.
    needs: the fields of a `Dataset` that it looks at.
    form_field: where it is mended in the form of config/schemas/ai_ready_dataset.yaml; `resources` for distributions.
    sources: clauses of published guidance, as `ID clause` (`DOC 2.1.2`); ids stand in `config/guidance.yaml`.
    rule: how the value comes about, where that is more than a yes or no. What stands in braces in the file are the
    limits that the function judges by (`registry.criterion`), which are put in when it is loaded.
    never: outcomes that it cannot have, each with the reason; it needs no example of them.
    """

    id: str
    question: str
    reason: str
    fix: str
    weight: float
    sources: list[str]
    form_field: str
    needs: list[str]
    rule: str = ""
    never: dict[Outcome, str] = {}
    dimension: str = ""
    depth: Literal["metadata", "links", "content"] = "metadata"


class RubricProblem(msgspec.Struct, frozen=True, order=True):
    """Something to correct in the rubric. file: where. id: of the criterion, empty for a whole file."""

    file: str
    id: str
    message: str

    def __str__(self) -> str:
        return ": ".join(" ".join(part.split()) for part in (self.file, self.id, self.message) if part)


class Rubric(msgspec.Struct, frozen=True):
    """version: changes whenever a result could change. criteria: of the metadata. profiles: profile -> fields that it
    can carry. everything: the criteria of every depth, in the same order. gates: what limits a grade, worst first."""

    version: str
    criteria: list[Criterion]
    checks: dict[str, Check]
    profiles: dict[str, frozenset[str]]
    everything: list[Criterion]
    gates: list[Gate]
    gate_checks: dict[str, GateCheck]

    def at(self, depths: tuple[Depth, ...]) -> list[Criterion]:
        """The criteria that can be asked where these depths were looked at, beside the metadata."""
        if not depths:
            return self.criteria
        return [row for row in self.everything if row.depth == "metadata" or row.depth in depths]

    def gates_at(self, depths: tuple[Depth, ...]) -> list[Gate]:
        """The gates that can be asked where these depths were looked at, beside the metadata."""
        return [row for row in self.gates if row.depth == "metadata" or row.depth in depths]


class _Profile(msgspec.Struct, forbid_unknown_fields=True):
    label: str
    carries: list[str]


@functools.cache
def load() -> Rubric:
    """The rubric of this installation.

    Raises UsageError, on one line, if the rubric cannot be used: it names the first of `rubric_problems`.
    """
    rows, problems = read_rows()
    gates, problems_of_gates = read_gates()
    # The function of a row that cannot be read would be reported as well.
    problems = [*problems, *problems_of_gates] or rubric_problems(rows, gates)
    if problems:
        others = f" ({len(problems) - 1} more: see `aivision criteria --check`)" if len(problems) > 1 else ""
        raise UsageError(f"{problems[0]}{others}")
    criteria = [msgspec.structs.replace(row, rule=_filled(row)) for row in rows]
    profiles = _decode("profiles.yaml", dict[str, _Profile])
    version = _read("rubric/VERSION").decode().strip()
    carried = {name: frozenset(profile.carries) for name, profile in profiles.items()}
    shallow = [row for row in criteria if row.depth == "metadata"]
    return Rubric(version, shallow, checks(), carried, criteria, gates, gate_checks())


def read_rows() -> tuple[list[Criterion], list[RubricProblem]]:
    """The rows of `config/rubric`, in the order of the dimensions, and what is wrong with those that cannot be read."""
    rows: list[Criterion] = []
    problems: list[RubricProblem] = []
    for dimension in DIMENSIONS:
        file = rubric_file(dimension)
        try:
            raw = _decode(f"rubric/{dimension}.yaml", list[Any])
        except UsageError as error:
            problems.append(RubricProblem(file, "", str(error).removeprefix(f"{file}: ")))
            continue
        converted, found = _converted(raw, Criterion, file)
        rows += [msgspec.structs.replace(row, dimension=dimension) for row in converted]
        problems += found
    return rows, problems


def _converted(raw: list[Any], form: type[T], file: str) -> tuple[list[T], list[RubricProblem]]:
    rows: list[T] = []
    problems: list[RubricProblem] = []
    for number, row in enumerate(raw, 1):
        id = str(row["id"]) if isinstance(row, dict) and "id" in row else f"row {number}"
        try:
            rows.append(msgspec.convert(row, form))
        except msgspec.ValidationError as error:
            problems.append(RubricProblem(file, id, str(error).replace(" - at `$.", " in `")))
    return rows, problems


def read_gates() -> tuple[list[Gate], list[RubricProblem]]:
    """The rows of `config/rubric/gates.yaml`, and what is wrong with those that cannot be read."""
    file = f"config/{GATES_FILE}"
    try:
        raw = _decode(GATES_FILE, list[Any])
    except UsageError as error:
        return [], [RubricProblem(file, "", str(error).removeprefix(f"{file}: "))]
    return _converted(raw, Gate, file)


def rubric_problems(rows: Sequence[Criterion], gates: Sequence[Gate]) -> list[RubricProblem]:
    """Why an evaluation by these rows is not possible: rows and functions that do not fit together, and weights.

    Raises UsageError if a module of functions cannot be imported.
    """
    functions = checks()
    problems: list[RubricProblem] = []
    files: dict[str, str] = {}
    for row in rows:
        file = rubric_file(row.dimension)
        if row.id in files:
            problems.append(RubricProblem(file, row.id, f"the same id is used in {files[row.id]}; give it another id"))
        files[row.id] = file
        if row.weight <= 0:
            problems.append(RubricProblem(file, row.id, f"weight {row.weight}: give a number above 0"))
        if row.id in functions:
            problems += _rule_problems(row)
        else:
            module = f"scoring/criteria/{row.dimension.replace('-', '_')}.py"
            message = f'no function: write one below @criterion("{row.id}") in {module}'
            problems.append(RubricProblem(file, row.id, message))
    for id in functions.keys() - files.keys():
        module = functions[id].__module__.rpartition(".")[2]
        file = rubric_file(module.replace("_", "-"))
        problems.append(RubricProblem(f"scoring/criteria/{module}.py", id, f"no row: add one with this id to {file}"))
    known_gates = {row.id for row in gates}
    for id, message in gate_problems(gates, gate_checks(), files):
        problems.append(RubricProblem(f"config/{GATES_FILE}" if id in known_gates else "scoring/gates.py", id, message))
    return problems


def rubric_file(dimension: str) -> str:
    """The file of a dimension's rows, for messages."""
    return f"config/rubric/{dimension}.yaml"


def _rule_problems(row: Criterion) -> list[RubricProblem]:
    """A rule tells each limit that the function judges by (`registry.criterion`), and no other."""
    file, known = rubric_file(row.dimension), set(limits()[row.id])
    try:
        named = {name for _, name, _, _ in string.Formatter().parse(row.rule) if name is not None}
    except ValueError as error:
        return [RubricProblem(file, row.id, f"`rule` cannot be read: {error}; write a brace as two")]
    missing = [f"add {{{name}}} to `rule`, or remove {name} from @criterion" for name in sorted(known - named)]
    other = [f"remove {{{name}}} from `rule`, or add {name} to @criterion" for name in sorted(named - known)]
    return [RubricProblem(file, row.id, message) for message in (*missing, *other)]


def _filled(row: Criterion) -> str:
    return row.rule.format(**limits()[row.id])


def _read(name: str) -> bytes:
    return (resources.files("ckanext.aivision.config") / name).read_bytes()


def _decode(name: str, form: type[T]) -> T:
    try:
        return msgspec.yaml.decode(_read(name), type=form)
    except (OSError, msgspec.DecodeError) as error:
        # What is no YAML is told on several lines.
        raise UsageError(f"config/{name}: {' '.join(str(error).split())}") from error
