"""Packages that are read as their own catalogue reads them: by the fields of our form, with what was uploaded there.

Whoever reaches a portal reaches the files that were uploaded into it (CKAN's `url_type: upload`), also if its address
is not on the public Internet (`localhost`, an intranet). A harvest takes no other portal's word for that: only a
catalogue says it of its own packages, and `aivision score` of packages that somebody gives it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec

from ckanext.aivision.harvesters.sources.source import Source
from ckanext.aivision.normalise.text import one
from ckanext.aivision.record import COUNTRIES, Dataset, Distribution, Harvested
from ckanext.aivision.serialise.ckan_values import objects
from ckanext.aivision.serialise.package import PROFILE, from_package

# A portal of another kind has its own profile, such as `data-gov-uk`.
_PROFILES = ("ckan", PROFILE)
# The form's required choice, which CKAN itself has no field for.
_CHOICES = frozenset((*COUNTRIES, "XX"))
_UPLOAD = "upload"


def as_in_catalogue(records: Iterable[Harvested], source: Source) -> Iterator[Harvested]:
    """Records of a source; those that are packages score as in their own catalogue.

    Packages of the form are read by its fields, and what was uploaded into the portal is a download: of a source that
    is fetched, that is what lies at its own address; of records that were harvested into a directory, nothing.
    """
    portal = source.url if source.is_remote else ""
    for harvested in records:
        dataset = harvested.dataset
        if dataset is None:
            yield harvested
            continue
        if dataset.profile in _PROFILES and _is_of_form(dataset.raw):
            dataset = msgspec.structs.replace(from_package(dataset.raw), raw=dataset.raw, source=dataset.source)
        if dataset.source == source.name:
            dataset = mark_uploads(dataset, dataset.raw, portal)
        yield msgspec.structs.replace(harvested, dataset=dataset)


def _is_of_form(package: Mapping[str, Any]) -> bool:
    country = package.get("country")
    return isinstance(country, str) and country in _CHOICES


def mark_uploads(dataset: Dataset, package: Mapping[str, Any], portal: str = "") -> Dataset:
    """The record of a package, with those of its files marked that were uploaded into the portal.

    package: as package_show gives it. A file counts if its address is the one at which CKAN gives out that upload, so
    that a link with `url_type: upload` beside it does not. portal: an address of the portal that the package was read
    from, whose own uploads alone count then; empty where somebody gives the package.
    """
    own = {id: url for id, url in _uploads(package) if not portal or _origin(url) == _origin(portal)}
    if not own:
        return dataset
    return msgspec.structs.replace(dataset, distribution=[_marked(item, own) for item in dataset.distribution])


def _marked(item: Distribution, own: Mapping[str, str]) -> Distribution:
    is_own = item.identifier is not None and item.url is not None and own.get(item.identifier) == item.url.strip()
    return msgspec.structs.replace(item, is_upload=True) if is_own else item


def _uploads(package: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The id and the address of each upload."""
    found = []
    for resource in objects(package.get("resources")):
        id, url = one(resource.get("id")), one(resource.get("url"))
        if resource.get("url_type") == _UPLOAD and id and url and _is_download(url, id):
            found.append((id, url))
    return found


def _is_download(url: str, id: str) -> bool:
    """Whether an address ends in `/resource/ID/download/NAME`, as that of CKAN's view `resource.download` does."""
    try:
        split = urlsplit(url)
    except ValueError:
        return False
    steps = [unquote(step) for step in split.path.split("/")]
    return split.scheme in ("http", "https") and steps[-4:-1] == ["resource", id, "download"] and bool(steps[-1])


def _origin(url: str) -> tuple[str, str]:
    try:
        split = urlsplit(url)
    except ValueError:
        return "", ""
    return split.scheme.lower(), split.netloc.lower()
