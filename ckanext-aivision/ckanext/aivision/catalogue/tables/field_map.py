"""The file that says which of our fields a site's own fields are (`ckanext.aivision.field_map`)."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import yaml
from ckan.plugins import toolkit

from ckanext.aivision.errors import UsageError
from ckanext.aivision.normalise.text import one

SETTING = "ckanext.aivision.field_map"
Shown = Mapping[str, Any]


@functools.cache
def form_fields() -> Mapping[str, Mapping[str, Any]]:
    """The fields of our form by name, as `config/schemas/ai_ready_dataset.yaml` has them."""
    path = resources.files("ckanext.aivision.config") / "schemas" / "ai_ready_dataset.yaml"
    schema = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {field["field_name"]: field for field in schema["dataset_fields"]}


@functools.cache
def targets() -> frozenset[str]:
    """What a field can be mapped to: a field of our form, or `FIELD.SUBFIELD` of one that repeats."""
    found = set()
    for name, field in form_fields().items():
        subfields = field.get("repeating_subfields")
        found |= {f"{name}.{item['field_name']}" for item in subfields} if subfields else {name}
    return frozenset(found)


def find_field_map() -> Mapping[str, str]:
    """Our field for each of the site's own, of the file in the setting; empty without one.

    Raises UsageError if the file cannot be read, or names a field that our form has not.
    """
    path = toolkit.config.get(SETTING)
    return read_field_map(path) if path else {}


@functools.lru_cache(maxsize=4)
def read_field_map(path: str) -> Mapping[str, str]:
    """Reads a field map, once for a process. Raises UsageError with the file and the field that is wrong."""
    try:
        written = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise UsageError(
            f"{SETTING}: {path} cannot be read ({error}); give a file as `adopt --write-map` makes"
        ) from error
    fields = written.get("fields") if isinstance(written, dict) else None
    if not isinstance(fields, dict):
        raise UsageError(f"{path}: there is no `fields:` with lines `their-field: our-field`")
    for theirs, ours in fields.items():
        if ours is not None and ours not in targets():
            raise UsageError(f"{path}: {theirs}: our form has no field `{ours}`; it has {', '.join(sorted(targets()))}")
    return {str(theirs): ours for theirs, ours in fields.items() if ours is not None}


def mapped(package: Shown, fields: Mapping[str, str]) -> Shown:
    """A package with our fields beside its own, where ours are empty. It is not changed itself."""
    if not fields:
        return package
    extras = {str(one(extra.get("key"))): extra.get("value") for extra in package.get("extras") or () if extra}
    added: dict[str, Any] = {}
    for theirs, ours in fields.items():
        value = package.get(theirs) or extras.get(theirs)
        field, _, subfield = ours.partition(".")
        if value in (None, "", []) or package.get(field):
            continue
        if subfield:
            added.setdefault(field, [{}])[0].setdefault(subfield, value)
        else:
            added.setdefault(field, value)
    return {**package, **added}
