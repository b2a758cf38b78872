"""Records before and after a way: which fields and which results of criteria are others, and which field decides."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from ckanext.aivision.record import Dataset, Distribution
from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.rubric import load

# What only the catalogue has that read the record, and no document.
_OF_A_READER = ("raw", "source", "beside")
_IN_ORDER = ("bbox", "sub_organization_of", "columns", "distribution")
_NUMBERS = ("score", "grade", "coverage", "gates")
Outcome = dict[str, Any]


def outcome(record: Dataset, on: datetime.date) -> Outcome:
    """The score, the grade, the coverage, the gates, and the result and value of each criterion."""
    found = evaluate(record, load(), on)
    gates = [(hit.gate, hit.limit) for hit in found.gates]
    results = {row.criterion: (row.result, row.value) for row in found.results}
    return {"score": found.score, "grade": found.grade, "coverage": found.coverage, "gates": gates, **results}


def other_fields(there: Dataset, again: Dataset) -> list[str]:
    """The fields that are read otherwise than they were; `distribution.FIELD` of a file."""
    names = [name for name in Dataset.__struct_fields__ if name not in (*_OF_A_READER, "distribution")]
    found = [name for name in names if _plain(there, name) != _plain(again, name)]
    if len(there.distribution) != len(again.distribution):
        return [*found, "distribution"]
    files = list(zip(there.distribution, again.distribution, strict=True))
    return found + [
        f"distribution.{name}"
        for name in Distribution.__struct_fields__
        if any(_plain(one, name) != _plain(other, name) for one, other in files)
    ]


def _plain(owner: Dataset | Distribution, name: str) -> Any:
    return _unordered(msgspec.to_builtins(getattr(owner, name)), name)


def _unordered(value: Any, name: str) -> Any:
    """Without the order of lists that have none, and without the rule by which a word was recognised."""
    if isinstance(value, dict):
        return {key: _unordered(item, key) for key, item in value.items() if key != "rule"}
    if isinstance(value, list) and name not in _IN_ORDER:
        return sorted({repr(_unordered(item, "")) for item in value})
    return value


def with_field(there: Dataset, again: Dataset, name: str) -> Dataset:
    """The first record with one field of the second."""
    outer, _, inner = name.partition(".")
    if not inner:
        return msgspec.structs.replace(there, **{outer: getattr(again, outer)})
    files = zip(there.distribution, again.distribution, strict=True)
    changed = [msgspec.structs.replace(one, **{inner: getattr(other, inner)}) for one, other in files]
    return msgspec.structs.replace(there, distribution=changed)


def deciding(there: Dataset, again: Dataset, fields: list[str], before: Outcome, on: datetime.date) -> Iterator[str]:
    """The fields of which each alone changes a result; all of them together if none does."""
    found = [name for name in fields if outcome(with_field(there, again, name), on) != before]
    yield from found or [" and ".join(fields) or "nothing that can be seen"]


@dataclass
class Tally:
    """What became of records in a format.

    same: those with the same score, grade and results. absent: those that were not found again.
    criteria: how many records have another result. fields: how many are read otherwise, and of these those of which it
    changes a result (decisive), with the identifier of the first.
    """

    records: int = 0
    same: int = 0
    absent: int = 0
    criteria: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)
    decisive: Counter[str] = field(default_factory=Counter)
    first: dict[str, str] = field(default_factory=dict)

    def add(self, there: Dataset, again: Dataset | None, before: Outcome, on: datetime.date) -> None:
        """before: the outcome of the record."""
        self.records += 1
        if again is None:
            self.absent += 1
            self.first.setdefault("absent", there.identifier)
            return
        others = other_fields(there, again)
        self.fields.update(others)
        after = outcome(again, on)
        if after == before:
            self.same += 1
            return
        self.criteria.update(name for name in before if before[name] != after[name])
        for name in deciding(there, again, others, before, on):
            self.decisive[name] += 1
            self.first.setdefault(name, there.identifier)

    def as_json(self) -> dict[str, Any]:
        """The counts, the most first."""
        counts = {name: dict(getattr(self, name).most_common()) for name in ("criteria", "fields", "decisive")}
        return {"records": self.records, "same": self.same, "absent": self.absent, **counts, "first": self.first}
