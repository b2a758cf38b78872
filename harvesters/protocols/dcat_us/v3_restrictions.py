"""Restrictions of DCAT-US 3.0: on access, on use, and those of controlled unclassified information (32 CFR 2002).

3.0 has them on the distributions; who wants the data asks about the dataset.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ckanext.aivision.harvesters.mapping.table import Raw
from ckanext.aivision.harvesters.mapping.values import add_rights, as_list, label, labels
from ckanext.aivision.normalise import access_rights
from ckanext.aivision.record import Term

_LABEL = ("prefLabel", "label", "title", "name", "@value", "value", "notation", "@id")


def tell_restrictions(fields: dict[str, Any], distributions: Sequence[Raw]) -> None:
    """Adds to a dataset's fields what its distributions say of access and use: who may, on what terms, and how.

    fields: of a Dataset, changed in place. What the dataset says of itself stays.
    """
    access = [item for raw in distributions for item in _objects(raw.get("accessRestriction"))]
    use = [item for raw in distributions for item in _objects(raw.get("useRestriction"))]
    controlled = [item for raw in distributions for item in _objects(raw.get("cuiRestriction"))]
    if "access_rights" not in fields:
        _tell_level(fields, distributions, access, controlled)
    told = [text for raw in distributions for text in labels(raw.get("rights"), _LABEL)]
    add_rights(fields, [*told, *(text for item in (*access, *use) if (text := _describe_restriction(item)))])
    level = fields.get("access_rights")
    if level is not None and level.id in ("restricted", "non-public"):
        notes = [note for item in access if (note := label(item.get("restrictionNote"), _LABEL))]
        notes += [note for item in controlled if (note := label(item.get("designationIndicator"), _LABEL))]
        if procedure := next(iter((*notes, *fields.get("rights", ()))), None):
            fields.setdefault("access_procedure", procedure)


def _tell_level(
    fields: dict[str, Any], distributions: Sequence[Raw], access: Sequence[Raw], controlled: Sequence[Raw]
) -> None:
    """The level of the distributions: the first one that is known, else the first one that is stated."""
    stated = [label(raw.get("accessRights"), _LABEL) for raw in distributions]
    stated += [label(item.get("restrictionStatus"), _LABEL) for item in access]
    terms = [access_rights.clean(text) for text in stated if text]
    # What carries a banner is not for everybody, whatever else is said of it.
    banners = [label(item.get("cuiBannerMarking"), _LABEL) for item in controlled]
    terms += [Term(text, "restricted", "pattern") for text in banners if text]
    if level := access_rights.first_known(terms):
        fields["access_rights"] = level


def _describe_restriction(restriction: Raw) -> str | None:
    """`Restricted - Fully: Copyright. Ask the data steward.`"""
    status, specific, note = (
        label(restriction.get(key), _LABEL) for key in ("restrictionStatus", "specificRestriction", "restrictionNote")
    )
    head = ": ".join(part for part in (status, specific) if part)
    return ". ".join(part for part in (head, note) if part) or None


def _objects(value: Any) -> list[Raw]:
    return [item for item in as_list(value) if isinstance(item, dict)]
