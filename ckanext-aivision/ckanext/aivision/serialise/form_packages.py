"""Packages in the fields of our dataset form, read by the linter as the catalogue reads them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from ckanext.aivision.record import COUNTRIES, Harvested
from ckanext.aivision.serialise.package import PROFILE, from_package

# A portal of another kind has its own profile, such as `data-gov-uk`.
_PROFILES = ("ckan", PROFILE)
# The form's required choice, which CKAN itself has no field for.
_CHOICES = frozenset((*COUNTRIES, "XX"))


def as_in_catalogue(records: Iterable[Harvested]) -> Iterator[Harvested]:
    """Records; those that are packages of the form are read by its fields, so that they score as in the catalogue."""
    for harvested in records:
        dataset = harvested.dataset
        if dataset is not None and dataset.profile in _PROFILES and _is_of_form(dataset.raw):
            read = msgspec.structs.replace(from_package(dataset.raw), raw=dataset.raw)
            yield msgspec.structs.replace(harvested, dataset=read)
        else:
            yield harvested


def _is_of_form(package: Mapping[str, Any]) -> bool:
    country = package.get("country")
    return isinstance(country, str) and country in _CHOICES
