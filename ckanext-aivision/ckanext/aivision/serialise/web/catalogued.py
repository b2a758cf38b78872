"""What the catalogue knows of a dataset beside its record: its address, looks at its files, and fields of the form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from ckanext.aivision.normalise.text import one
from ckanext.aivision.scoring.observations.observations import NOTHING, Observed
from ckanext.aivision.serialise.ckan_values import objects
from ckanext.aivision.serialise.column_lines import read_columns


class DescribedColumn(msgspec.Struct, frozen=True):
    """A line of the form's data dictionary. meaning: with the column's title before it, if it has one."""

    name: str
    type: str = ""
    meaning: str = ""
    unit: str = ""


class FormFields(msgspec.Struct, frozen=True, kw_only=True):
    """What the dataset form says beyond a record.

    columns: with types and meanings, by the identifier of the distribution, which is the resource's id.
    """

    columns: Mapping[str, list[DescribedColumn]] = {}


class Catalogued(msgspec.Struct, frozen=True, kw_only=True):
    """id: the dataset's IRI. page: the address of its page. catalogue, catalogue_url: the catalogue's name and address.

    observed: link checks and file profiles by address; of profiles only what everybody may see.
    """

    id: str
    page: str
    catalogue: str = ""
    catalogue_url: str = ""
    observed: Observed = NOTHING
    form: FormFields = FormFields()


def read_form_fields(package: Mapping[str, Any]) -> FormFields:
    """The fields of a package, as package_show gives it. Never raises on a field's content."""
    resources = {id: item for item in objects(package.get("resources")) if (id := one(item.get("id")))}
    return FormFields(
        columns={id: lines for id, item in resources.items() if (lines := _columns(one(item.get("columns"))))},
    )


def _columns(written: str | None) -> list[DescribedColumn]:
    return [
        DescribedColumn(
            column.name,
            column.type,
            ": ".join(part for part in (column.title, column.description) if part),
            column.unit,
        )
        for column in read_columns(written or "")
    ]
