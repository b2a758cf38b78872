"""Media types (RFC 6838) and formats of distributions, over `media_types`, `formats` and `url_patterns`."""

from __future__ import annotations

import functools
import re
from typing import NamedTuple
from urllib.parse import unquote

import msgspec

from ckanext.aivision.normalise import addresses
from ckanext.aivision.normalise.cache import cached
from ckanext.aivision.normalise.vocabulary import LONGEST_TERM, folded, local_name, rows
from ckanext.aivision.record import Term

_IANA_URI = re.compile(r"^https?://(?:www\.)?iana\.org/assignments/media-types/", re.IGNORECASE)
_BRACKETED = re.compile(r"\(\.?(\w{2,8})\)")
_ZIPPED = re.compile(r"zipped (.{2,40})", re.IGNORECASE)
_SEVERAL = re.compile(r"\s*[,;/|]\s*")
# A compressed or packed table is still a table: `deaths.csv.gz`.
_WRAPPERS = ("gz", "zip", "bz2", "xz")
_LONGEST_ADDRESS = 2048


class Format(msgspec.Struct, frozen=True):
    """A row of formats.csv. kind: data, document, page, image, archive or service."""

    key: str
    media_type: str
    structured: bool
    open: bool
    efficient: bool
    kind: str
    extensions: tuple[str, ...]


@functools.cache
def _formats() -> dict[str, Format]:
    return {
        row["key"]: Format(
            row["key"],
            row["media_type"],
            row["structured"] == "1",
            row["open"] == "1",
            row["efficient"] == "1",
            row["kind"],
            tuple(row["extensions"].split()),
        )
        for row in rows("formats")
    }


@functools.cache
def _names() -> dict[str, str]:
    """Folded name, extension or media type -> key: keys go first, then the first row that claims a name has it."""
    table = rows("formats")
    names = {folded(row["key"]): row["key"] for row in table}
    for row in table:
        for name in (*row["aliases"].split(), *row["extensions"].split(), row["media_type"]):
            if name:
                names.setdefault(folded(name), row["key"])
    return names


@functools.cache
def _extensions() -> dict[str, str]:
    return {extension: key for key, row in _formats().items() for extension in row.extensions}


class _AddressPattern(NamedTuple):
    """A row of url_patterns.csv. holds: what stands in every address that matches, in lower case."""

    holds: str
    expression: re.Pattern[str]
    key: str


@functools.cache
def _address_patterns() -> list[_AddressPattern]:
    return [
        _AddressPattern(row["holds"], re.compile(row["pattern"], re.IGNORECASE), row["key"])
        for row in rows("url_patterns")
    ]


@functools.cache
def _rewritten() -> dict[str, str]:
    return {row["written"]: row["media_type"] for row in rows("media_types")}


@functools.cache
def _registered() -> frozenset[str]:
    return frozenset(row["media_type"] for row in rows("iana_media_types"))


def known() -> list[str]:
    """The keys of all formats, in the vocabulary's order."""
    return list(_formats())


def traits(format_key: str) -> Format | None:
    """What is known of a format by its key."""
    return _formats().get(format_key)


@cached(4096)
def clean(text: str) -> Term:
    """A media type as written to its name in IANA's registry, in lower case; parameters (`; charset=`) do not count.

    What is not registered stays unmatched, as does `application/octet-stream`, which says nothing.
    """
    short = text[:LONGEST_TERM].strip()
    name = _IANA_URI.sub("", short)
    written = name.split(";")[0].strip().lower()
    if (registered := _rewritten().get(written)) is not None:
        return Term(text, registered, "label") if registered else Term(text)
    if written not in _registered():
        return Term(text)
    return Term(text, written, "id" if name == short else "uri")


@cached(4096)
def from_format(text: str) -> Term:
    """A free-text format, extension, media type or EU file type to the key of its format.

    Of several (`KML/KMZ`) the first counts, where each of them is a format.
    """
    short = text[:LONGEST_TERM].strip()
    if (key := _names().get(folded(short))) is not None:
        return Term(text, key, "label")
    if (media_type := clean(short).id) is not None and (key := _names().get(folded(media_type))) is not None:
        return Term(text, key, "pattern")
    # EU authority URIs end in the format's code: .../resource/authority/file-type/CSV
    if (name := local_name(short)) is not None:
        key = _names().get(folded(name))
        return Term(text, key, "uri") if key else Term(text)
    key = _of_words(short)
    return Term(text, key, "pattern") if key else Term(text)


def _of_words(words: str) -> str | None:
    """The format within other words: `Microsoft Office (.xlsx)`, `Zipped SAS`, `CSV, XLSX`."""
    names = _names()
    if inside := _BRACKETED.search(words):
        return names.get(folded(inside[1]))
    if key := names.get(folded(words.split(";")[0])):
        return key
    if packed := _ZIPPED.fullmatch(words):
        return names.get(folded(packed[1]))
    keys = [names.get(folded(part)) for part in _SEVERAL.split(words)]
    return keys[0] if len(keys) > 1 and None not in keys else None


@cached(16384)
def of_url(url: str) -> Term:
    """The format that an address shows by its service, query or extension; unmatched where it shows none."""
    short = url[:_LONGEST_ADDRESS]
    key = _by_pattern(short) or _by_extension(short)
    return Term(url, key, "pattern") if key else Term(url)


def _by_pattern(url: str) -> str | None:
    lower = url.lower()
    # Beyond ASCII there are letters that match others without being their capitals (ſ).
    tried = [row for row in _address_patterns() if row.holds in lower] if url.isascii() else _address_patterns()
    for row in tried:
        if (match := row.expression.search(url)) is not None:
            found = row.key or _names().get(folded(match[1]))
            if found is not None:
                return found
    return None


def _by_extension(url: str) -> str | None:
    address = addresses.parts(url)
    if address is None:
        return None
    parts = unquote(address.path.rstrip("/").rpartition("/")[2]).strip().lower().split(".")
    if len(parts) > 2 and parts[-1] in _WRAPPERS and parts[-2] in _extensions():
        return _extensions()[parts[-2]]
    return _extensions().get(parts[-1]) if len(parts) > 1 else None
