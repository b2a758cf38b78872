"""Compose an object of a JSON standard from a record, by a table of config/serialise/."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from ckanext.aivision.record import Dataset, Distribution
from ckanext.aivision.serialise.json_standards.forms import FORMS, contact_objects, media_type, source_value
from ckanext.aivision.serialise.json_standards.places import Part, Place, Table, table
from ckanext.aivision.validation.json_schema import MemberSchemas, member_schemas

# Fields that a reader reads in another form than that of their type.
_SOURCE_FORMS: dict[str, Callable[[Any], Any]] = {"contact_point": contact_objects}
_EMPTY: tuple[Any, ...] = (None, "", [], {}, False)


class Composer:
    """Writes datasets or distributions of one standard."""

    def __init__(self, of: Table, part: Part) -> None:
        self._part = part
        self._schemas: MemberSchemas = member_schemas(of.standard, part.schema)
        self._keeps_all = not of.source_values
        self.fields = tuple(dict.fromkeys(place.field for place in part.places))
        self.member_of = {place.field: place.member for place in reversed(part.places)}
        self._made = frozenset(place.field for place in part.places if place.instead)
        self.required = self._schemas.required

    def compose(self, value: Dataset | Distribution) -> dict[str, Any]:
        """The object.

        A value that the standard's member may not have stands in `source_values` alone. Where the standard has no place
        for those, or requires the member, it is written as the source wrote it: the object would be invalid without it
        too, or the value lost.
        """
        found: dict[str, Any] = dict(self._part.always)
        placed: set[str] = set()
        for place in self._part.places:
            if place.field in placed or place.member in found:
                continue
            member, _, inner = place.member.partition(".")
            written = self._candidate(value, place, member if not inner else "")
            if written is None:
                continue
            placed.add(place.field)
            if inner:
                found.setdefault(member, {})[inner] = written
            else:
                found[member] = written
        return found

    def _candidate(self, value: Dataset | Distribution, place: Place, member: str) -> Any:
        """What is written in a member; None for nothing. member: empty if the schema is not asked."""
        given = getattr(value, place.field)
        if given not in _EMPTY:
            candidates = list(FORMS[place.form](given, place))
        elif place.instead and place.field not in value.unread and (other := getattr(value, place.instead)):
            candidates = list(media_type(other, place))
        else:
            candidates = self._unread(value, place)
        candidates = [item for item in candidates if item not in (None, "", [], {})]
        if not member:
            return next(iter(candidates), None)
        valid = next((item for item in candidates if self._schemas.is_valid(member, item)), None)
        if valid is None and (self._keeps_all or member in self.required):
            return next(iter(candidates), None)
        return valid

    def _unread(self, value: Dataset | Distribution, place: Place) -> list[Any]:
        """What is written in a field and cannot be read: as it is, or in a list if there is no other place for it."""
        text = value.unread.get(place.field)
        return [text, [text]] if text and self._keeps_all else [text]

    def source_values(
        self, value: Dataset | Distribution, fields: dict[str, Any], members: dict[str, Any]
    ) -> dict[str, Any]:
        """What the source wrote in the fields that are read otherwise than they are, by the member of the standard.

        None for a member that is made from another field. fields: what a reader reads in the object. members: the
        object.
        """
        found: dict[str, Any] = {}
        unread = fields.get("unread", {})
        for field in self.fields:
            given, read = getattr(value, field), fields.get(field)
            if given in _EMPTY:
                written = value.unread.get(field)
                if written is None and field in self._made and read not in _EMPTY:
                    found[self.member_of[field]] = None
                if written is None or unread.get(field) == written:
                    continue
            elif given == read:
                continue
            else:
                written = _SOURCE_FORMS.get(field, source_value)(given)
            member = self.member_of[field]
            if "." not in member and members.get(member) != written:
                found[member] = written
        return found


@functools.cache
def composers(name: str) -> tuple[Composer, Composer]:
    """Those of datasets and of distributions of a standard. name: of its table."""
    found: Table = table(name)
    return Composer(found, found.dataset), Composer(found, found.distribution)
