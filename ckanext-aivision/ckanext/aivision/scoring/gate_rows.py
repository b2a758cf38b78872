"""The rows of `config/rubric/gates.yaml`, and whether they fit the functions of `gates.py`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Literal

import msgspec

from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.results import Grade

GATES_FILE = "rubric/gates.yaml"


class Gate(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Everything about a gate but its function.

    limit: the best grade that a dataset can have where the gate holds. label: stands beside the grade (`no licence`).
    field: of the dataset, where the gate is told in reports. form_field: where it is mended, as of a criterion.
    depth: what has to be looked at, as of a criterion. sources: who asks for it, as of a criterion.
    judgement: what is ours in it. warning: is told in red whatever the score; empty if there is nothing to warn of.
    choice: it follows from a decision of the publisher, which may be right.
    """

    id: str
    limit: Grade
    label: str
    field: str
    reason: str
    fix: str
    form_field: str
    sources: list[str] = []
    judgement: str = ""
    warning: str = ""
    choice: bool = False
    depth: Literal["metadata", "links", "content"] = "metadata"


def gate_problems(
    rows: Sequence[Gate], functions: Collection[str], criteria: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Why the rows cannot be used: (id, message) of rows and functions that do not fit together."""
    seen: set[str] = set()
    worst = ""
    for row in rows:
        if row.id in seen or row.id in criteria:
            yield row.id, "the same id is used by another gate or criterion; give one of them another id"
        seen.add(row.id)
        if row.id not in functions:
            yield row.id, f'no function: write one below @gate("{row.id}") in scoring/gates.py'
        if row.limit == "A":
            yield row.id, "`limit` A limits nothing: give B to E"
        if worst and row.limit > worst:
            yield row.id, f"limit {row.limit} stands below limit {worst}: put the worst first"
        worst = row.limit
    for id in sorted(set(functions) - seen):
        yield id, f"no row: add one with this id to config/{GATES_FILE}"


def wording_problems(row: Gate) -> Iterator[str]:
    """What a row says of itself and should not."""
    if row.field not in Dataset.__struct_fields__:
        yield f"`field`: a record has no field {row.field!r}"
    for name, text in (("reason", row.reason), ("fix", row.fix)):
        if not text.endswith((".", ").")):
            yield f"`{name}` must be a sentence that ends with a full stop"
    if not row.sources and not row.judgement:
        yield "`sources` and `judgement` are empty: cite a clause, or say that it is our judgement"
