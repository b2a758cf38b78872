"""Packages in the fields of our dataset form, read by the linter as the catalogue reads them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from ckanext.aivision.harvesters.sources.source import Source
from ckanext.aivision.record import COUNTRIES, Harvested
from ckanext.aivision.serialise.package import PROFILE, from_package
from ckanext.aivision.serialise.uploads import mark_uploads

# A portal of another kind has its own profile, such as `data-gov-uk`.
_PROFILES = ("ckan", PROFILE)
# The form's required choice, which CKAN itself has no field for.
_CHOICES = frozenset((*COUNTRIES, "XX"))


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
