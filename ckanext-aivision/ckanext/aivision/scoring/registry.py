"""Criterion functions by id, and the context that they receive."""

from __future__ import annotations

import datetime
import importlib
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from ckanext.aivision.errors import UsageError
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.as_written import quote_with_reason
from ckanext.aivision.scoring.observations.observations import NOTHING, Observed
from ckanext.aivision.scoring.results import Finding, failed, unknown

DIMENSIONS = (
    "findable",
    "accessible",
    "machine-readable",
    "licensed",
    "documented",
    "timely",
    "traceable",
    "responsible",
)


_MOST_KEPT = 1000


class Context(msgspec.Struct, frozen=True):
    """What a criterion may know beyond the record: the reference date, what the record's profile can carry, and what
    was seen of its links and files."""

    on: datetime.date
    carried: frozenset[str]
    observed: Observed = NOTHING
    _absent: dict[tuple[str, str], Finding] = msgspec.field(default_factory=dict)

    def carries(self, field: str) -> bool:
        """Whether the profile of the source has a place for this field (`config/profiles.yaml`)."""
        return field in self.carried

    def failure(self, field: str, evidence: str) -> Finding:
        """What is written counts for nothing: a fail where the profile could have carried better, else unknown.

        A wrong value says no less than none: where none is unknown, so is this. evidence: quotes it, and says why.
        """
        return failed(field, evidence) if self.carries(field) else unknown(field, evidence)

    def absent(self, field: str, looked_for: str, dataset: Dataset, *also: str) -> Finding:
        """Nothing that counts: a fail where the profile could have carried it, else unknown.

        also: other fields that could have said it. What is written in any of them is quoted, with the reason.
        """
        if written := quote_with_reason(dataset, (field, *also)):
            return self.failure(field, f"{looked_for}: {written}")
        # The same few are given for record after record; what is looked for may name something of the record.
        if (found := self._absent.get((field, looked_for))) is None:
            if self.carries(field):
                found = failed(field, f"{looked_for}: not given")
            else:
                found = unknown(field, f"{looked_for}: the format of the source has no field for it")
            if len(self._absent) < _MOST_KEPT:
                self._absent[field, looked_for] = found
        return found


Check = Callable[[Dataset, Context], Finding]
Limit = int | float | str
# The evidence if a gate limits the grade, else None.
GateCheck = Callable[[Dataset, Context], str | None]
_CHECKS: dict[str, Check] = {}
_GATES: dict[str, GateCheck] = {}
_LIMITS: dict[str, Mapping[str, Limit]] = {}


def criterion(id: str, **limits: Limit) -> Callable[[Check], Check]:
    """Registers a function as the check of the criterion `id`. Raises ValueError if the id is taken.

    limits: what the function judges by, so that the criterion's `rule` can tell it: names in braces stand for these.
    """

    def register(check: Check) -> Check:
        if id in _CHECKS:
            raise ValueError(f"criterion {id} has two functions")
        _CHECKS[id], _LIMITS[id] = check, limits
        return check

    return register


def gate(id: str) -> Callable[[GateCheck], GateCheck]:
    """Registers a function as the check of the gate `id`. Raises ValueError if the id is taken."""

    def register(check: GateCheck) -> GateCheck:
        if id in _GATES:
            raise ValueError(f"gate {id} has two functions")
        _GATES[id] = check
        return check

    return register


def gate_checks() -> dict[str, GateCheck]:
    """Every registered gate by id. Raises UsageError if the module of gates cannot be imported."""
    try:
        importlib.import_module("ckanext.aivision.scoring.gates")
    except Exception as error:
        raise UsageError(f"scoring/gates.py: {_describe(error)}") from error
    return dict(_GATES)


def checks() -> dict[str, Check]:
    """Every registered check by criterion id. Raises UsageError if a module of criteria cannot be imported."""
    for dimension in DIMENSIONS:
        module = dimension.replace("-", "_")
        try:
            importlib.import_module(f"ckanext.aivision.scoring.criteria.{module}")
        except Exception as error:
            raise UsageError(f"scoring/criteria/{module}.py: {_describe(error)}") from error
    return dict(_CHECKS)


def _describe(error: Exception) -> str:
    """An error of a module's own code, on one line with the line of the code."""
    line: int | None = None
    for frame in traceback.extract_tb(error.__traceback__):
        path = Path(frame.filename)
        if path.parent.name == "criteria" or path.name == "gates.py":
            line = frame.lineno
    if isinstance(error, SyntaxError):
        line = error.lineno
    where = f"line {line}: " if line else ""
    return " ".join(f"{where}{type(error).__name__}: {error}".split())


def limits() -> dict[str, Mapping[str, Limit]]:
    """What the functions of `checks` judge by, by criterion id."""
    return dict(_LIMITS)
