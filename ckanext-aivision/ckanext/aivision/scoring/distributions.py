"""What a data set's distributions are: their formats, and whether a program can fetch them."""

from __future__ import annotations

import functools
from urllib.parse import urlsplit

from ckanext.aivision.normalise import media_types
from ckanext.aivision.normalise.media_types import Format
from ckanext.aivision.normalise.text import is_placeholder
from ckanext.aivision.record import Dataset, Distribution, Term


def format_of(distribution: Distribution) -> Format | None:
    """The format, by what the address shows, then the format field, then the media type.

    The address goes first because it cannot be wrong: 39,232 real download addresses are declared text/html, and the
    343 real types that contradict an extension are mistakes of the type.
    """
    return _format(distribution.url, distribution.format, distribution.media_type)


@functools.lru_cache(maxsize=8192)
def _format(url: str | None, given: Term | None, media_type: Term | None) -> Format | None:
    shown = media_types.of_url(url).id if url else None
    declared = given.id if given is not None else None
    if declared is None and media_type is not None:
        declared = media_types.from_format(media_type.id or media_type.original).id
    # A web address may end in .html or .aspx and still give data: there the declaration tells more.
    for key in (shown, declared) if shown != "HTML" else (declared, shown):
        if key is not None:
            return media_types.traits(key)
    return None


def addressed(dataset: Dataset) -> list[Distribution]:
    """The distributions that have an address, each address once."""
    by_url = {item.url: item for item in reversed(dataset.distribution) if item.url and not is_placeholder(item.url)}
    return list(reversed(by_url.values()))


def is_home_page(url: str) -> bool:
    """Whether an address is only a site's front door."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.path.strip("/") == "" and not parts.query


def restriction(dataset: Dataset) -> str | None:
    """Why the data are not public, where they are not and a reason or a way to get them is stated."""
    level = dataset.access_rights.id if dataset.access_rights else None
    if level not in ("restricted", "non-public"):
        return None
    told = (*dataset.rights, dataset.access_procedure)
    reason = next((text for text in told if text and not is_placeholder(text)), None)
    return f"{dataset.access_rights.original if dataset.access_rights else level}: {reason}" if reason else None
