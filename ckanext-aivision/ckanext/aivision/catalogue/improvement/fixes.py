"""The fixes of a work list: the rows of `config/steward/fixes.yaml`, and one for each other criterion and gate."""

from __future__ import annotations

import functools
from importlib import resources

import msgspec

from ckanext.aivision.errors import UsageError
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.scoring.scores.mendable import UNKNOWN_COUNTRY

FILE = "config/steward/fixes.yaml"


class Fix(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One row of the file.

    fields: of the form; empty where datasets are mended one by one. form_field: where one dataset is mended.
    """

    id: str
    title: str
    note: str = ""
    fields: tuple[str, ...] = ()
    add: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    gates: tuple[str, ...] = ()
    unknown_country: bool = False
    form_field: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """What stored gains name it by (`scoring.scores.mendable`)."""
        return (*self.criteria, *self.gates, *((UNKNOWN_COUNTRY,) if self.unknown_country else ()))

    @property
    def is_for_many(self) -> bool:
        """Whether one value mends many datasets."""
        return bool(self.fields)


@functools.cache
def load_fixes() -> dict[str, Fix]:
    """All fixes by id, those for many first. Raises UsageError if the file does not fit the rubric."""
    path = resources.files("ckanext.aivision.config") / "steward" / "fixes.yaml"
    try:
        rows = msgspec.yaml.decode(path.read_bytes(), type=list[Fix])
    except (OSError, msgspec.DecodeError) as error:
        raise UsageError(f"{FILE}: {' '.join(str(error).split())}") from error
    found = {row.id: msgspec.structs.replace(row, form_field=row.fields[0]) for row in rows}
    rubric = load()
    criteria, gates = {row.id: row for row in rubric.everything}, {row.id: row for row in rubric.gates}
    for row in rows:
        unknown = [*(set(row.criteria) - criteria.keys()), *(set(row.gates) - gates.keys())]
        if unknown:
            raise UsageError(f"{FILE}: {row.id}: the rubric has no {', '.join(sorted(unknown))}; take it out")
    named = {key for row in rows for key in row.keys}
    for id, criterion in criteria.items():
        if id not in named:
            found[id] = Fix(id=id, title=criterion.fix, criteria=(id,), form_field=criterion.form_field)
    for id, gate in gates.items():
        if id not in named:
            found[id] = Fix(id=id, title=gate.fix, gates=(id,), form_field=gate.form_field)
    return found
