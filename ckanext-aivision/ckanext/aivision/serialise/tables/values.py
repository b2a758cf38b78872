"""Values of a record as tables take them: texts that UTF-8 can hold, numbers of 64 bits, lists and objects."""

from __future__ import annotations

from typing import Any

import msgspec

from ckanext.aivision.record import Dataset

# The source's own record has members of any type, and is a text of JSON.
RAW = "raw"
_LEAST, _MOST = -(2**63), 2**63 - 1


def row_of(record: Dataset, pairs: bool = False) -> dict[str, Any]:
    """The fields of a record by name, `raw` as text. pairs: whether an object of any members is a list of pairs."""
    values = {name: _plain(getattr(record, name), pairs) for name in record.__struct_fields__ if name != RAW}
    # Numbers of the source's own record may be of any size.
    raw = msgspec.json.encode(_plain(record.raw, False, of_source=True)).decode()
    return {**values, RAW: _text(raw)}


def _plain(value: Any, pairs: bool, of_source: bool = False) -> Any:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, msgspec.Struct):
        return {name: _plain(getattr(value, name), pairs) for name in value.__struct_fields__}
    if isinstance(value, (list, tuple)):
        return [_plain(one, pairs, of_source) for one in value]
    if isinstance(value, dict):
        members = [(_text(str(key)), _plain(one, pairs, of_source)) for key, one in value.items()]
        return members if pairs else dict(members)
    if isinstance(value, int) and not of_source and not _LEAST <= value <= _MOST:
        return None  # no number of bytes
    return value


def _text(text: str) -> str:
    """Half of a surrogate pair becomes a question mark."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
