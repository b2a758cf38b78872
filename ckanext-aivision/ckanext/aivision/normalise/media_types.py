"""Media types (RFC 6838) and formats of distributions, over config/vocabularies/formats.csv and media_types.csv."""

from __future__ import annotations

import functools
import mimetypes
import re
from urllib.parse import urlsplit

import msgspec

from ckanext.aivision.normalise.vocabulary import LONGEST_TERM, folded, rows
from ckanext.aivision.record import Term

_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9!#$&^_.+-]{1,127}")
_TYPE_TREES = ("application", "audio", "font", "image", "message", "model", "multipart", "text", "video")
_IANA_URI = re.compile(r"^https?://(?:www\.)?iana\.org/assignments/media-types/", re.IGNORECASE)
_BRACKETED = re.compile(r"\(\.?(\w{2,8})\)")
# A compressed or packed table is still a table: `deaths.csv.gz`.
_WRAPPERS = ("gz", "zip", "bz2", "xz")
_SERVICE_QUERY = re.compile(r"[?&]service=(wfs|wms|wcs)\b", re.IGNORECASE)
_ARCGIS_PATH = re.compile(r"/rest/services/.*/(?:MapServer|FeatureServer|ImageServer)\b", re.IGNORECASE)


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
    """Folded name, extension or media type -> key; the first row that claims a name has it."""
    names: dict[str, str] = {}
    for row in rows("formats"):
        for name in (row["key"], *row["aliases"].split(), *row["extensions"].split(), row["media_type"]):
            if name:
                names.setdefault(folded(name), row["key"])
    return names


@functools.cache
def _extensions() -> dict[str, str]:
    found: dict[str, str] = {}
    for key, row in _formats().items():
        for extension in row.extensions:
            found.setdefault(extension, key)
    return found


@functools.cache
def _rewritten() -> dict[str, str]:
    return {row["written"]: row["media_type"] for row in rows("media_types")}


@functools.cache
def _registered() -> frozenset[str]:
    # The standard library's own table (strict: IANA's), not what the machine's files add to it.
    known = set(mimetypes.MimeTypes(filenames=()).types_map_inv[True])
    known |= {row.media_type for row in _formats().values() if row.media_type}
    return frozenset(known | set(_rewritten().values()) - {""})


def traits(format_key: str) -> Format | None:
    """What is known of a format by its key."""
    return _formats().get(format_key)


@functools.lru_cache(maxsize=4096)
def clean(text: str) -> Term:
    """A media type as written to its registered name in lower case; parameters (`; charset=`) do not count."""
    written = _IANA_URI.sub("", text[:LONGEST_TERM].strip()).split(";")[0].strip().lower()
    if not _MEDIA_TYPE.fullmatch(written) or written.split("/")[0] not in _TYPE_TREES:
        return Term(text)
    if written in _rewritten():
        registered = _rewritten()[written]
        return Term(text, registered or None, "label" if registered else "")
    if written in _registered() or written.startswith(("application/vnd.", "image/", "video/", "audio/")):
        return Term(text, written, "id")
    return Term(text)


@functools.lru_cache(maxsize=4096)
def from_format(text: str) -> Term:
    """A free-text format, extension or media type to the key of its format."""
    if (key := _names().get(folded(text))) is not None:
        return Term(text, key, "label")
    if (inside := _BRACKETED.search(text[:LONGEST_TERM])) and (key := _names().get(folded(inside[1]))):
        return Term(text, key, "pattern")
    media_type = clean(text).id
    if media_type is not None and (key := _names().get(folded(media_type))) is not None:
        return Term(text, key, "pattern")
    if text[:LONGEST_TERM].lower().startswith(("http:", "https:")):
        # EU authority URIs end in the format's code: .../resource/authority/file-type/CSV
        key = _names().get(folded(text[:LONGEST_TERM].rstrip("/").rsplit("/", 1)[-1]))
        return Term(text, key, "uri") if key else Term(text)
    return Term(text)


@functools.lru_cache(maxsize=16384)
def of_url(url: str) -> Term:
    """The format that an address shows by its path's extension or its service's query; unmatched where it shows none."""
    if service := _SERVICE_QUERY.search(url[:4096]):
        return Term(url, service[1].upper(), "pattern")
    if _ARCGIS_PATH.search(url[:4096]):
        return Term(url, "ArcGIS REST", "pattern")
    try:
        path = urlsplit(url[:4096]).path.lower().rstrip("/")
    except ValueError:
        return Term(url)
    parts = path.rsplit("/", 1)[-1].split(".")
    if len(parts) > 2 and parts[-1] in _WRAPPERS and parts[-2] in _extensions():
        return Term(url, _extensions()[parts[-2]], "pattern")
    if len(parts) > 1 and parts[-1] in _extensions():
        return Term(url, _extensions()[parts[-1]], "pattern")
    return Term(url)
