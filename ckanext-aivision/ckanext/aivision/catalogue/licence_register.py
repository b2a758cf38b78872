"""The licences of a site: those that it has itself, and those of the form beside them."""

from __future__ import annotations

import functools
import json
from pathlib import Path

import ckan.model as model
from ckan.model.license import License, LicenseRegister

_OURS = Path(__file__).resolve().parents[1] / "config" / "licenses.json"


class ExtendedRegister(LicenseRegister):
    """The site's own licences, CKAN's or those of `licenses_group_url`, and then those of the form that it lacks.

    Datasets that have one of the site's licences stay as they are, and can be edited.
    """

    def __init__(self) -> None:
        # The site's list is read when it is first needed, as CKAN does: it may be on another host.
        pass

    @functools.cached_property
    def licenses(self) -> list[License]:
        site: list[License] = LicenseRegister().licenses
        has = {licence.id for licence in site}
        ours = [License(row) for row in json.loads(_OURS.read_text(encoding="utf-8"))]
        return [*site, *(licence for licence in ours if licence.id not in has)]


def extend_register() -> None:
    """Adds the licences of the form to the register that CKAN keeps for the process."""
    model.Package._license_register = ExtendedRegister()
