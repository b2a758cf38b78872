"""Where each field of a record stands in schema.org and Croissant: the rows of `config/serialise/web.csv`."""

from __future__ import annotations

import functools
from typing import Literal

import msgspec

from ckanext.aivision.normalise.vocabulary import rows

Standard = Literal["schema_org", "croissant"]
# What a field belongs to: record.Dataset or record.Distribution.
Owner = Literal["dataset", "file"]


class Place(msgspec.Struct, frozen=True):
    """A row of the table. The file's first lines say what its columns mean."""

    of: Owner
    field: str
    value: str
    schema_org: str
    croissant: str
    words: str
    note: str

    def path(self, standard: Standard) -> str:
        """The property in a standard, or the path to it; empty if the field is not given out."""
        return self.schema_org if standard == "schema_org" else self.croissant


@functools.cache
def places() -> tuple[Place, ...]:
    """All rows, in the order in which they are written."""
    return tuple(msgspec.convert(row, type=Place) for row in rows("web", "serialise"))


@functools.cache
def places_of(owner: Owner) -> tuple[Place, ...]:
    """The rows of the fields of one owner."""
    return tuple(place for place in places() if place.of == owner)
