"""Facts about distributions: their formats, and whether a program can fetch them."""

from __future__ import annotations

from ckanext.aivision.normalise import addresses, media_types
from ckanext.aivision.normalise.media_types import Format
from ckanext.aivision.normalise.text import is_placeholder
from ckanext.aivision.record import Dataset, Distribution
from ckanext.aivision.scoring.remember_last import once_each


def format_of(distribution: Distribution) -> Format | None:
    """The format, by what the address shows, then the format field, then the media type.

    The address goes first because it cannot be wrong: 39,232 real download addresses are declared text/html, and the
    343 real types that contradict an extension are mistakes of the type.
    """
    url, given, media_type = distribution.url, distribution.format, distribution.media_type
    shown = media_types.of_url(url).id if url else None
    declared = given.id if given is not None else None
    if declared is None and media_type is not None:
        declared = media_types.from_format(media_type.id or media_type.original).id
    # A web address may end in .html or .aspx and still give data: there the declaration tells more.
    for key in (shown, declared) if shown != "HTML" else (declared, shown):
        if key is not None:
            return media_types.traits(key)
    return None


@once_each
def addressed(dataset: Dataset) -> list[Distribution]:
    """The distributions that have an address, each address once."""
    by_url: dict[str, Distribution] = {}
    for item in reversed(dataset.distribution):
        if (url := item.url) and not is_placeholder(url):
            by_url[url] = item
    return list(reversed(by_url.values()))


@once_each
def formatted(dataset: Dataset) -> list[tuple[Distribution, Format | None]]:
    """The same, each with its format."""
    return [(item, format_of(item)) for item in addressed(dataset)]


def is_home_page(url: str) -> bool:
    """Whether an address is only a site's front door."""
    found = addresses.parts(url)
    return found is not None and not found.query and found.path.strip("/") == ""


@once_each
def restriction(dataset: Dataset) -> str | None:
    """Why the data are not public, where they are not and a reason or a way to get them is stated."""
    level = dataset.access_rights.id if dataset.access_rights else None
    if level not in ("restricted", "non-public"):
        return None
    told = (*dataset.rights, dataset.access_procedure)
    reason = next((text for text in told if text and not is_placeholder(text)), None)
    return f"{dataset.access_rights.original if dataset.access_rights else level}: {reason}" if reason else None
