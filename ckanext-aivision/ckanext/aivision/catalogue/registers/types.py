"""Which package types of this site are our registers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ckan.lib.plugins import lookup_package_plugin

from ckanext.aivision.catalogue.tables.type_schema import dataset_fields, find_schema

REGISTERS = ("guidance", "cooperation", "training")
# A site may have a type of its own with such a name; only our schemas have this member.
_MARK = "aivision_register"
_ANY = "|".join(REGISTERS)
# A search that asks for entries, and not one that leaves them out.
_NAMED = re.compile(rf"(?<![-!\w])dataset_type\s*:\s*(\([^()]*\b({_ANY})\b|\"?({_ANY})\b)")


def registers() -> list[str]:
    """The registers that this site has: those whose schemas `scheming.dataset_schemas` lists."""
    return [name for name in REGISTERS if (find_schema(name) or {}).get(_MARK) == name]


def is_register(package_type: str | None) -> bool:
    """Whether packages of a type are entries of a register of ours."""
    return package_type in REGISTERS and package_type in registers()


def choice_labels(field: str) -> dict[str, str]:
    """The labels of the values of a field with choices, over all registers of this site."""
    return {
        choice["value"]: choice["label"]
        for register in registers()
        for found in dataset_fields(register)
        if found["field_name"] == field
        for choice in found.get("choices", ())
    }


def without_entries(search: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of `package_search`, so that entries are found only by a search that names their type.

    Every list and count of datasets comes from such a search: pages, feeds, the DCAT catalogue, the API.
    """
    left_out = exclusion()
    if not left_out or is_for_entries(search):
        return dict(search)
    return {**search, "fq_list": [*(search.get("fq_list") or ()), left_out]}


def left_out() -> list[str]:
    """The types whose packages are no datasets of this site, as of `exclusion`."""
    return [name for name in REGISTERS if not _is_of_others(name)]


def exclusion() -> str:
    """The filter query that leaves entries out, also those of a register that this site no longer has.

    A site's own type of the same name is left in. Empty if all three are the site's own.
    """
    found = left_out()
    return f"-dataset_type:({' OR '.join(found)})" if found else ""


def _is_of_others(name: str) -> bool:
    """Whether this site has a type of this name that is not ours."""
    if (schema := find_schema(name)) is not None:
        return schema.get(_MARK) != name
    return lookup_package_plugin(name) is not lookup_package_plugin()


def is_for_entries(search: Mapping[str, Any]) -> bool:
    """Whether a search names the type of a register."""
    texts = [search.get("q"), search.get("fq"), *(search.get("fq_list") or ())]
    return any(isinstance(text, str) and _NAMED.search(text) for text in texts)
