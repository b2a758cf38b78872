"""Convert values to what CKAN, PostgreSQL and Solr accept, and back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from ckanext.aivision.normalise.text import many, plain, repaired
from ckanext.aivision.record import Moment

# Solr takes no longer single value; a text of this length is read by nobody in a form.
LONGEST_VALUE = 30_000

_MARKUP = re.compile(r"</?[a-z!]|&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,10});", re.IGNORECASE)
# Where a paragraph ends; the start of a list's item stays with the item.
_BLOCK = re.compile(
    r"</?(?:p|div|br|h[1-6]|ul|ol|table|tr|blockquote)\b[^<>]{0,2000}>|</li\s{0,20}>|\n[ \t]{0,200}\n|(?=<li\b)",
    re.IGNORECASE,
)
_ITEM = re.compile(r"\s*<li\b", re.IGNORECASE)
_WEB_ADDRESS = re.compile(r"(?:https?|ftp)://[^\s/?#]", re.IGNORECASE)


def text(value: str | None) -> str | None:
    """Text that PostgreSQL and Solr take: no U+0000, no lone surrogates, not without end."""
    return repaired(value).replace("\0", "")[:LONGEST_VALUE] if value else None


def all_text(values: Iterable[str]) -> list[str]:
    """The texts of a list that say something."""
    return [words for value in values if (words := text(value))]


def prose(value: str | None) -> str | None:
    """Text for CKAN's pages, some of which show Markdown: markup of the source comes out as plain paragraphs."""
    short = text(value)
    if short is None or not _MARKUP.search(short):
        return short
    paragraphs = ((("- " if _ITEM.match(part) else ""), plain(part)) for part in _BLOCK.split(short))
    return "\n\n".join(mark + words for mark, words in paragraphs if words) or None


def web_address(value: str | None) -> str | None:
    """An address that a browser may follow (http, https, ftp), or None: CKAN makes links of addresses."""
    short = text(value)
    return short.strip() if short is not None and _WEB_ADDRESS.match(short.strip()) else None


def day(moment: Moment | None) -> str | None:
    """A date as exact as it was written (`2015`, `2015-03`, `2015-03-01`); None if it could not be read."""
    if moment is None or moment.value is None:
        return None
    return moment.value.isoformat()[: {"year": 4, "month": 7}.get(moment.precision, 10)]


def filled(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that say something."""
    return {key: value for key, value in fields.items() if value not in (None, "", [], {})}


def texts(value: Any) -> list[str]:
    """A multiple-text field: a list, or the JSON of one as it is stored."""
    return many(_parse_list(value))


def objects(value: Any) -> list[Mapping[str, Any]]:
    """A repeating field or the resources: a list of objects, or the JSON of one as it is stored."""
    listed = _parse_list(value)
    return [item for item in listed if isinstance(item, Mapping)] if isinstance(listed, list) else []


def _parse_list(value: Any) -> Any:
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value
