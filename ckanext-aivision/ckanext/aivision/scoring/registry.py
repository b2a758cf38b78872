"""Criterion functions by id, and the context that they receive."""

from __future__ import annotations

import datetime
import importlib
from collections.abc import Callable, Mapping

import msgspec

from ckanext.aivision.record import Dataset
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

    def partly(self, value: float, *fields: str) -> float:
        """What is said by half: `value` where the profile has a place for the whole, else 1.

        Without that, half a fact would cost more than silence in a profile where silence is unknown.
        """
        return 1.0 if self.carried.isdisjoint(fields) else value

    def absent(self, field: str, looked_for: str) -> Finding:
        """Nothing found: a fail where the profile could have carried it, else unknown."""
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
_CHECKS: dict[str, Check] = {}
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


def checks() -> dict[str, Check]:
    """Every registered check by criterion id."""
    for dimension in DIMENSIONS:
        importlib.import_module(f"ckanext.aivision.scoring.criteria.{dimension.replace('-', '_')}")
    return dict(_CHECKS)


def limits() -> dict[str, Mapping[str, Limit]]:
    """What the functions of `checks` judge by, by criterion id."""
    return dict(_LIMITS)
