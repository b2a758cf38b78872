"""A list in a JSON text whose items are read one at a time: a page of large records takes little beside its text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from ckanext.aivision.harvesters.parsing.decoding import text_of
from ckanext.aivision.harvesters.parsing.json_text import JsonText

_members = msgspec.json.Decoder(dict[str, msgspec.Raw])
_items = msgspec.json.Decoder(list[msgspec.Raw])


class Items:
    """The items of a list, each read again when it is asked for."""

    def __init__(self, raw: list[msgspec.Raw], name: str) -> None:
        """name: what to call the text in messages."""
        self._raw, self._name = raw, name

    def __len__(self) -> int:
        return len(self._raw)

    def __iter__(self) -> Iterator[Any]:
        """Raises SourceError if an item is no JSON."""
        return (_value(raw, self._name) for raw in self._raw)


def read(content: bytes, member: str, name: str) -> dict[str, Any] | None:
    """An object with the items of one member yet to be read; None if the text is no such object, or not plainly.

    Raises SourceError if another member is no JSON.
    """
    try:
        raw = _members.decode(content)
        items = _items.decode(raw.pop(member))
    except (msgspec.DecodeError, KeyError, UnicodeDecodeError):
        return None
    return {**{key: _value(value, name) for key, value in raw.items()}, member: Items(items, name)}


def _value(raw: msgspec.Raw, name: str) -> Any:
    return JsonText(iter((text_of(bytes(raw)),)), name).value()
