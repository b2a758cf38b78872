"""Short descriptions of the differences between two records, field by field."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from ckanext.aivision.record import Dataset

_LONGEST = 200
# So much of what is still the same stands before the first letter that differs.
_LEAD = 40
_NOTHING = "(nothing)"
_ANOTHER_ORDER = ("(the same values in a different order)", "(the same)")

Change = tuple[str, str, str]  # field, before, after


class Difference(msgspec.Struct, frozen=True):
    """One field that would change. field: as `title` or `distribution[0].download_url`; before, after: shortened."""

    field: str
    before: str
    after: str


def differences(before: Dataset, after: Dataset) -> list[Difference]:
    """The fields in which two records differ, in the record's words; not in the source's own, which lie beside them."""
    own: dict[str, Any] = {"raw": {}, "beside": []}
    one, other = (msgspec.to_builtins(msgspec.structs.replace(dataset, **own)) for dataset in (before, after))
    return [Difference(field, *_excerpts(*texts)) for field, *texts in _compared(one, other, "")]


def _compared(before: Any, after: Any, place: str) -> Iterator[Change]:
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in dict.fromkeys([*before, *after]):
            yield from _compared(before.get(key), after.get(key), f"{place}.{key}".lstrip("."))
    elif isinstance(before, list) and isinstance(after, list):
        yield from _lists_compared(before, after, place)
    else:
        one, other = _flat(before, place), _flat(after, place)
        for field in dict.fromkeys([*one, *other]):
            if one.get(field) != other.get(field):
                yield field, one.get(field, _NOTHING), other.get(field, _NOTHING)


def _lists_compared(before: list[Any], after: list[Any], place: str) -> Iterator[Change]:
    """What one list has and the other has not, in pairs: one more at the beginning does not make all others differ."""
    one, other = _without(before, after), _without(after, before)
    if not one and not other:
        yield place, *_ANOTHER_ORDER
    for (old, was), (new, now) in itertools.zip_longest(one, other, fillvalue=(None, None)):
        yield from _compared(was, now, f"{place}[{old if new is None else new}]")


def _without(items: list[Any], others: list[Any]) -> list[tuple[int | None, Any]]:
    """The items that the others have not, each with its place; what stands there twice is two."""
    there = Counter(map(msgspec.json.encode, others))
    found: list[tuple[int | None, Any]] = []
    for index, item in enumerate(items):
        text = msgspec.json.encode(item)
        if there[text]:
            there[text] -= 1
        else:
            found.append((index, item))
    return found


def _excerpts(before: str, after: str) -> list[str]:
    """Two texts as they are, or where they are long from shortly before the first letter that differs."""
    start = 0
    if max(len(before), len(after)) > _LONGEST:
        same = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False))
        start = max(0, sum(1 for _ in same) - _LEAD)
    return [("…" if start else "") + _shortened(text[start:]) for text in (before, after)]


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _flat(value: Any, place: str) -> dict[str, str]:
    """The values inside a part of a record by their places."""
    if value is None:
        return {}
    if isinstance(value, Mapping):
        inside = [(f"{place}.{key}", item) for key, item in value.items()]
    elif isinstance(value, list):
        inside = [(f"{place}[{index}]", item) for index, item in enumerate(value)]
    else:
        return {place: str(value)}
    return {field: text for where, item in inside for field, text in _flat(item, where).items()}
