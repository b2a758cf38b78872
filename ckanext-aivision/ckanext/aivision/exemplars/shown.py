"""What an exemplar shows: the fields of its part of a record, with their values in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ckanext.aivision.record import Agent, Dataset, Distribution, Location, Moment, PeriodOfTime, Term

# Fields that hold sentences; all others hold values.
_PROSE = frozenset(
    {
        *("description", "rights", "collection", "preprocessing", "limitations", "biases", "uncertainty", "quality"),
        *("uses", "unsuitable_uses", "personal_data_measures", "maintenance_plan", "provenance", "ai_use_terms"),
        *("bibliographic_citation", "access_procedure", "version_notes", "social_impact", "system_of_records"),
    }
)
_OF_RECORD = ("identifier", "title", "profile", "country")


class Field(NamedTuple):
    """name: of the field of the record. prose: whether its value is sentences."""

    name: str
    value: str
    prose: bool

    @property
    def title(self) -> str:
        """The name in words: `Access procedure`."""
        return self.name.replace("_", " ").capitalize()


def fields_of(part: Dataset) -> list[Field]:
    """The fields that a part of a record holds, in the record's order."""
    return [Field(name, text, name in _PROSE) for name, value in _fields(part) if (text := _text(value))]


def _fields(part: Dataset) -> Iterator[tuple[str, object]]:
    for name in Dataset.__struct_fields__:
        value = getattr(part, name)
        if not value or (name in _OF_RECORD and name not in ("identifier", "title")):
            continue
        if name == "distribution":
            for item in value:
                yield from ((field, told) for field in Distribution.__struct_fields__ if (told := getattr(item, field)))
        else:
            yield name, value


def _text(value: object) -> str:
    match value:
        case list():
            return ", ".join(text for item in value if (text := _text(item)))
        case Term() | PeriodOfTime():
            return value.original
        case Moment():
            return value.original.split("T")[0]
        case Location():
            return ", ".join(f"{number:g}" for number in value.bbox) if value.bbox else value.original
        case Agent():
            parts = [value.name or "", *value.sub_organization_of, value.identifier or ""]
            return ", ".join(dict.fromkeys(part for part in parts if part))
    return str(value)
