"""The schema that ckanext-scheming has for a type of packages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ckanext.scheming.helpers import scheming_get_dataset_form_pages, scheming_get_dataset_schema


def find_schema(package_type: str) -> dict[str, Any] | None:
    """The schema of a type with its presets filled in. It is ckanext-scheming's own: change nothing in it.

    None where ckanext-scheming is not among the site's plugins, or has no schema of this type.
    """
    schema: dict[str, Any] | None = scheming_get_dataset_schema(package_type)
    return schema


def dataset_fields(package_type: str) -> Sequence[dict[str, Any]]:
    """The fields of the datasets of a type, in the order of the form; none without a schema."""
    return (find_schema(package_type) or {}).get("dataset_fields") or ()


def resource_fields(package_type: str) -> Sequence[dict[str, Any]]:
    """The fields of the files of a type, in the order of the form; none without a schema."""
    return (find_schema(package_type) or {}).get("resource_fields") or ()


def form_pages(package_type: str) -> Sequence[dict[str, Any]]:
    """The pages of a type's form, each with `title` and `fields`; none for a form without pages."""
    return (scheming_get_dataset_form_pages(package_type) or ()) if find_schema(package_type) else ()
