"""What a record writes in a field, as text: evidence quotes it where it counts for nothing."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from ckanext.aivision.normalise.text import is_placeholder, plain
from ckanext.aivision.record import Agent, Dataset, Distribution, Location, Moment, PeriodOfTime, Term

_OF_DISTRIBUTIONS = "distribution."
# Where a format has room for a yes or no alone, the answer stands in this field.
_FIELDS = {"quality.flag": "quality"}
_MOST_VALUES = 3
_LONGEST_VALUE = 100


def quote_with_reason(dataset: Dataset, fields: tuple[str, ...]) -> str:
    """What is written in these fields of a record and why it does not count; empty if nothing is written there."""
    # Most of what is asked for is empty.
    for field in fields:
        if _may_be_written(dataset, field):
            break
    else:
        return ""
    unread = list(dict.fromkeys(text for field in fields for text in _unread(dataset, field)))
    texts = list(dict.fromkeys(text for field in fields for text in _texts(dataset, field)))
    written = unread or [text for text in texts if not is_placeholder(text)] or texts
    if not written:
        return ""
    quoted = ", ".join(text[:_LONGEST_VALUE] for text in written[:_MOST_VALUES])
    if all(map(is_placeholder, written)):
        return f"{quoted}, which stands for no value"
    return f"{quoted}, which cannot be read" if unread else f"{quoted}, which says too little"


def _may_be_written(dataset: Dataset, field: str) -> bool:
    name = _of_distribution(field)
    if not name:
        value = getattr(dataset, _FIELDS.get(field, field), None)
        return bool(value) or value == 0 or field in dataset.unread
    for item in dataset.distribution:
        value = getattr(item, name, None)
        if value or value == 0 or name in item.unread:
            return True
    return False


@functools.cache
def _of_distribution(field: str) -> str:
    """The field of a distribution that a name of two parts stands for; empty for a field of the dataset itself."""
    return field.removeprefix(_OF_DISTRIBUTIONS) if field.startswith(_OF_DISTRIBUTIONS) else ""


def _unread(dataset: Dataset, field: str) -> Iterator[str]:
    if name := _of_distribution(field):
        yield from (item.unread[name] for item in dataset.distribution if name in item.unread)
    elif field in dataset.unread:
        yield dataset.unread[field]


def _texts(dataset: Dataset, field: str) -> Iterator[str]:
    if field == "distribution":
        values: list[object] = [item.url for item in dataset.distribution]
    elif name := _of_distribution(field):
        values = [getattr(item, name) for item in dataset.distribution if name in Distribution.__struct_fields__]
    else:
        values = [getattr(dataset, _FIELDS.get(field, field), None)]
    for value in values:
        for part in value if isinstance(value, list) else [value]:
            if text := _text(part):
                yield text


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case Term() | Moment() | PeriodOfTime() | Location():
            return value.original.strip()
        case Agent():
            return value.name or value.email or value.url or value.identifier or ""
    return plain(str(value)).strip()
