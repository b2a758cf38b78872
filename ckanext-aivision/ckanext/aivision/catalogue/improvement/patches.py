"""What a fix or a row of a spreadsheet makes of a dataset's fields."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from typing import Any

import msgspec

Package = Mapping[str, Any]

# The form has one input for all keywords; a package has a list of them.
_KEYWORDS, _TAGS = "tag_string", "tags"
# What package_show adds to what is stored, or what changes without the dataset.
_VOLATILE = frozenset(
    (
        *("metadata_modified", "organization", "groups", "num_resources", "num_tags", "isopen"),
        *("license_title", "license_url", "tracking_summary"),
        *("relationships_as_subject", "relationships_as_object"),
    )
)
_OF_RESOURCE = ("id", "name", "description", "format", "metadata_modified", "position", "state")


def new_values(package: Package, patch: Package, add: Collection[str]) -> dict[str, Any]:
    """The values that the package's fields get. patch: fields of the form. add: those whose values are added."""
    found: dict[str, Any] = {}
    for field, value in patch.items():
        if field == _KEYWORDS:
            found[_TAGS] = _tags(package, str(value), field in add)
        elif field in add and isinstance(value, list):
            had = package.get(field) or []
            found[field] = [*had, *(item for item in value if item not in had)]
        else:
            found[field] = value
    return found


def former_values(package: Package, fields: Collection[str]) -> dict[str, Any]:
    """What fields of a package hold, None where they hold nothing, so that they can be put back."""
    return {field: package.get(field) for field in fields}


def merged(package: Package, values: Package) -> dict[str, Any]:
    """The package with other values, as `package_update` takes it. A field with None is taken out."""
    # As package_patch does, so that CKAN sets it anew.
    found = {field: value for field, value in package.items() if field != "metadata_modified"}
    for field, value in values.items():
        if value is None:
            found.pop(field, None)
        else:
            found[field] = value
    return found


def is_same(package: Package, values: Package) -> bool:
    """Whether the package has these values already."""
    return all(_comparable(field, package.get(field)) == _comparable(field, value) for field, value in values.items())


def digest(package: Package) -> str:
    """A digest of what can be edited, to tell whether it has changed since. package: as package_show gives it."""
    kept = {field: value for field, value in package.items() if field not in _VOLATILE}
    kept[_TAGS] = sorted(tag["name"] for tag in package.get(_TAGS) or ())
    kept["resources"] = [[item.get(name) for name in _OF_RESOURCE] for item in package.get("resources") or ()]
    return hashlib.sha256(msgspec.json.encode(kept, order="sorted")).hexdigest()


def shown_values(values: Package) -> dict[str, Any]:
    """Values for readers: keywords as the words that they are."""
    found = {field: value for field, value in values.items() if field != _TAGS}
    if _TAGS in values:
        found[_KEYWORDS] = ", ".join(tag["name"] for tag in values[_TAGS] or ())
    return found


def _tags(package: Package, words: str, add: bool) -> list[dict[str, Any]]:
    names = dict.fromkeys(name for part in words.split(",") if (name := " ".join(part.split())))
    had = list(package.get(_TAGS) or ()) if add else []
    known = {str(tag["name"]).lower() for tag in had}
    return [*had, *({"name": name} for name in names if name.lower() not in known)]


def _comparable(field: str, value: Any) -> Any:
    if field == _TAGS:
        return sorted(tag["name"] for tag in value or ())
    return value if value not in ("", [], {}) else None
