"""A CKAN package in the fields of this site's form, as JSON."""

from __future__ import annotations

import json

from ckanext.aivision.exemplars.snippets.words import MAIL
from ckanext.aivision.record import Dataset
from ckanext.aivision.serialise.package import to_package

# What every package has, whatever the excerpt is about.
_NOT_SAID = {"type": "dataset", "license_id": "none", "resources": []}


def write(part: Dataset) -> str:
    """The fields of a package that an excerpt has."""
    package = to_package(part)
    package.pop("country", None)
    for contact in package.get("contact", ()):
        contact["email"] = MAIL
    kept = {name: value for name, value in package.items() if _NOT_SAID.get(name) != value}
    return json.dumps(kept, indent=2, ensure_ascii=False)
