"""What `package_show` gives of stored rows, in both forms that CKAN's index keeps: by CKAN's own schema and by ours."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import ckan.model as model

from ckanext.aivision.catalogue.tables.rows import Rows

Shown = dict[str, Any]

# Columns that a harvest never fills: package_show gives them anyway.
_EMPTY_OF_PACKAGE = ("author", "author_email", "maintainer", "maintainer_email")
_EMPTY_OF_RESOURCE = ("resource_type", "mimetype_inner", "last_modified", "cache_url", "cache_last_updated", "url_type")


class Schema:
    """What ckanext-scheming makes of stored fields: which are lists or groups, and which vanish when they are empty."""

    def __init__(
        self, dataset_fields: Sequence[Mapping[str, Any]], resource_fields: Sequence[Mapping[str, Any]]
    ) -> None:
        """dataset_fields, resource_fields: of a schema (`catalogue.tables.type_schema`)."""
        self._json = frozenset(field["field_name"] for field in dataset_fields if _is_json(field))
        self._resource_json = frozenset(field["field_name"] for field in resource_fields if _is_json(field))
        self._fields = frozenset(field["field_name"] for field in dataset_fields)
        self._resource_fields = frozenset(field["field_name"] for field in resource_fields)

    def of_package(self, default: Shown, extras: Mapping[str, str]) -> Shown:
        """The package with its extras as fields of the schema; what is in no field of it stays among the extras."""
        shown = {key: value for key, value in default.items() if value is not None or key not in self._fields}
        others = [extra for extra in shown.pop("extras") if extra["key"] not in self._fields]
        # CKAN shows an empty list where there is no schema.
        if others or not self._fields:
            shown["extras"] = others
        for key in self._fields & extras.keys():
            shown[key] = json.loads(extras[key]) if key in self._json else extras[key]
        shown["resources"] = [self._of_resource(resource) for resource in default["resources"]]
        return shown

    def _of_resource(self, resource: Shown) -> Shown:
        return {
            key: json.loads(value) if key in self._resource_json else value
            for key, value in resource.items()
            if value is not None or key not in self._resource_fields
        }


def _is_json(field: Mapping[str, Any]) -> bool:
    return "repeating_subfields" in field or "scheming_multiple_text" in (field.get("validators") or "")


def with_default_schema(rows: Rows, tag_ids: Mapping[str, str], organization: Shown | None) -> Shown:
    """A package as `package_show` gives it with CKAN's own schema: extras as a list of keys and values.

    organization: as it stands in a package, where it is in one. The package is in no group and has no relationships.
    """
    package = rows.package
    tags = [_tag(name, tag_ids[name]) for name in sorted(rows.tags)]
    return {
        **{key: value for key, value in package.items() if key != "extras"},
        **dict.fromkeys(_EMPTY_OF_PACKAGE),
        **_licence(package["license_id"]),
        "title": (package["title"] or "").strip() or package["title"],
        "organization": organization,
        "num_resources": len(rows.resources),
        "num_tags": len(tags),
        "resources": [_resource(row) for row in rows.resources],
        "tags": tags,
        "extras": [{"key": key, "value": value} for key, value in package["extras"].items()],
        "groups": [],
        "relationships_as_subject": [],
        "relationships_as_object": [],
    }


def _resource(row: Mapping[str, Any]) -> Shown:
    shown = {**dict.fromkeys(_EMPTY_OF_RESOURCE), **row, **row["extras"]}
    del shown["extras"]
    return shown


def _tag(name: str, id: str) -> Shown:
    return {"display_name": name, "id": id, "name": name, "state": "active", "vocabulary_id": None}


def _licence(id: str | None) -> Shown:
    """The three fields that package_show adds from the register of licences."""
    licence = model.Package.get_license_register().get(id) if id else None
    if licence is None:
        return {"isopen": False, "license_title": id}
    shown = {"isopen": licence.isopen(), "license_title": licence.title}
    if licence.url:
        shown |= {"license_url": licence.url, "license_title": licence.title.split("::")[-1]}
    return shown
