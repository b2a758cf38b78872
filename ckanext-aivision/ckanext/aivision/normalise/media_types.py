"""Media types (RFC 6838) and formats of distributions, over `media_types`, `formats` and `url_patterns`."""

from __future__ import annotations

import functools
import re
from typing import NamedTuple
from urllib.parse import unquote

import msgspec

from ckanext.aivision.normalise.cache import cached
from ckanext.aivision.normalise.vocabulary import LONGEST_TERM, folded, local_name, rows
from ckanext.aivision.normalise.web import addresses
from ckanext.aivision.record import Term

_IANA_URI = re.compile(r"^https?://(?:www\.)?iana\.org/assignments/media-types/", re.IGNORECASE)
_BRACKETED = re.compile(r"\(\.?(\w{2,8})\)")
_ZIPPED = re.compile(r"zipped (.{2,40})", re.IGNORECASE)
_SEVERAL = re.compile(r"\s*[,;/|]\s*")
_WORD = re.compile(r"[a-z]{3}[a-z0-9-]{0,20}", re.IGNORECASE)
_OTHER_WORDS = ("spreadsheet",)
_BEFORE_HOST = re.compile(r"^https?://(?:www\.)?")
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
    found = {extension: key for key, row in _formats().items() for extension in row.extensions}
    return found | {extension: row["key"] for row in rows("extensions") for extension in row["extensions"].split()}


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


def all_formats() -> list[str]:
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
    # What has several parts is a message, no file (RFC 2046, 5.1).
    if written not in _registered() or written.startswith(("multipart/", "message/")):
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


@cached(16384)
def format_in_words(text: str) -> str | None:
    """The format of data that words name: of an archive's title or file name, what is in it.

    `Person records, CSV in a ZIP`, `csv_pus.zip`. None where no word is unmistakably one.
    """
    words = (folded(word) for word in _WORD.findall(text[:LONGEST_TERM]))
    return next((key for word in words if (key := _unmistakable().get(word)) is not None), None)


@functools.cache
def _unmistakable() -> dict[str, str]:
    """Names of formats that are no other words in a title: `csv`, `geojson`; not `tab`, `access` or `text`."""
    found = {folded(row.key): row.key for row in _formats().values() if row.kind == "data" and row.structured}
    return {name: key for name, key in found.items() if len(name) > 2} | _names_of("SHP", "GDB", "GPKG", "XLSX", "XLS")


def _names_of(*keys: str) -> dict[str, str]:
    return {name: key for name, key in _names().items() if key in keys and len(name) > 3 and name not in _OTHER_WORDS}


@cached(16384)
def is_page(url: str) -> bool:
    """Whether an address shows a page (config/vocabularies/page_addresses.csv). What ends in `.aspx` may give data."""
    return _matches(url, _pages())


@cached(16384)
def may_give_data(url: str) -> bool:
    """Whether an address without a name of a file shows that it gives data (config/vocabularies/data_addresses.csv)."""
    return _matches(url, _of_data())


def _matches(url: str, patterns: list[tuple[str, re.Pattern[str]]]) -> bool:
    bare = _BEFORE_HOST.sub("", url[:_LONGEST_ADDRESS].strip().lower())
    return any(holds in bare and expression.search(bare) is not None for holds, expression in patterns)


@functools.cache
def _pages() -> list[tuple[str, re.Pattern[str]]]:
    return [(row["holds"], re.compile(row["pattern"])) for row in rows("page_addresses")]


@functools.cache
def _of_data() -> list[tuple[str, re.Pattern[str]]]:
    return [(row["holds"], re.compile(row["pattern"])) for row in rows("data_addresses")]


@functools.lru_cache(4096)
def shows_service(url: str, key: str) -> bool:
    """Whether the address of a service shows its protocol (config/vocabularies/service_addresses.csv)."""
    expression = _services().get(key)
    return expression is None or expression.search(url[:_LONGEST_ADDRESS].lower()) is not None


@functools.cache
def _services() -> dict[str, re.Pattern[str]]:
    return {row["key"]: re.compile(row["pattern"]) for row in rows("service_addresses")}


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
