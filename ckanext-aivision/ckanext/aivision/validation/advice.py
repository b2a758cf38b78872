"""What to write in the place of a value that a standard does not allow: nothing is told that has not been tried."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Iterator
from importlib import resources
from typing import Any
from urllib.parse import quote

import msgspec

from ckanext.aivision.harvesters.mapping.table import in_english
from ckanext.aivision.normalise import contacts, languages
from ckanext.aivision.normalise.text import one
from ckanext.aivision.validation.corrections import MENDS, date

_PERIOD = re.compile(r"\s*([^/\s]{4,40})\s*/\s*([^/\s]{4,40})\s*")
_NAMES = ("name", "prefLabel", "label", "title", "fn", "@value", "value", "$date", "@id", "hasEmail", "url")
_LONGEST = 300  # characters of a text that advice can write out
_DEPTH = 4
_SAFE = "/:?#[]@!$&'()*+,;=%-._~"

Helps = Callable[[Any], bool]


@functools.cache
def _templates() -> dict[str, list[Any]]:
    path = resources.files("ckanext.aivision.config") / "advice.yaml"
    return dict(msgspec.yaml.decode(path.read_bytes(), type=dict[str, list[Any]]))


def replacement(member: str, value: Any, helps: Helps) -> str:
    """What to write in the place of a value, as JSON in a sentence; empty if nothing is known that helps.

    member: the nearest name that the value is under. helps: whether the record is valid at that place with a value.
    """
    tried: list[Any] = []
    for candidate in _candidates(member, value):
        if candidate == value or candidate in tried:
            continue
        tried.append(candidate)
        if helps(candidate):
            written = json.dumps(candidate, ensure_ascii=False)
            return f"write {written}" if len(written) <= _LONGEST + 100 else ""
    return ""


def _candidates(member: str, value: Any) -> Iterator[Any]:
    """Values that may be meant, the nearest first."""
    for plain in _nearer(member, value):
        yield plain
        yield [plain]


def _nearer(member: str, value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        yield from _of_list(member, value)
    elif isinstance(value, dict):
        yield value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield str(value)
    text = _text(value)
    if text is not None and len(text) <= _LONGEST:
        yield from _of_text(member, text)


def _of_list(member: str, items: list[Any]) -> Iterator[Any]:
    texts = [_text(item) for item in items]
    if items and all(texts) and not all(isinstance(item, str) for item in items):
        yield texts
    yield from items[:1]
    if items and all(isinstance(item, int | float) for item in items):
        joined = ",".join(map(str, items))
        yield from _filled(member, joined)
        yield joined


def _of_text(member: str, text: str) -> Iterator[Any]:
    # What `score --fix` writes.
    if member in MENDS and (mended := MENDS[member].mended(text)):
        yield mended
    yield from _filled(member, text)
    yield text
    if corrected := date(text):
        yield corrected
    if member == "language" and (code := languages.clean(text).id):
        yield code
    if "://" in text and not re.search(r"\s", address := quote(text.strip(), safe=_SAFE)):
        yield address


def _filled(member: str, text: str) -> Iterator[Any]:
    """The templates of a member, as far as the text has what they need."""
    period = _PERIOD.fullmatch(text)
    parts = {"text": text, "mail": contacts.email(text) or ""}
    parts |= {"start": period[1], "end": period[2]} if period is not None else {}
    parts |= {"address": text} if "://" in text else {}
    for template in _templates().get(member, ()):
        filled = _fill(template, parts)
        if filled is not None:
            yield filled


def _fill(template: Any, parts: dict[str, str]) -> Any:
    """A template with its places filled; None if something for them is lacking."""
    if isinstance(template, dict):
        members = {name: _fill(value, parts) for name, value in template.items()}
        return None if None in members.values() else members
    try:
        found = str(template).format_map({name: part for name, part in parts.items() if part})
    except KeyError:
        return None
    return found


def _text(value: Any, levels: int = _DEPTH) -> str | None:
    """The text of a value, or of the member of an object that names it."""
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return one(value)
    if isinstance(text := in_english(value), str):
        return text
    if isinstance(value, dict) and levels:
        return next((text for name in _NAMES if name in value and (text := _text(value[name], levels - 1))), None)
    if isinstance(value, list) and levels:
        return next((text for item in value if (text := _text(item, levels - 1))), None)
    return None
