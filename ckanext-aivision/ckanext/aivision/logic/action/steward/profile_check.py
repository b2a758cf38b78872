"""Check whether a dataset is valid for data.gov and for the UK's metadata exchange, typed or stored."""

from __future__ import annotations

from typing import Any

import ckan.model as model
from ckan.plugins import toolkit

from ckanext.aivision.catalogue import posted_form
from ckanext.aivision.catalogue.evaluations.drafts import draft_record
from ckanext.aivision.catalogue.tables.records import whole_record
from ckanext.aivision.logic.accept import accepts
from ckanext.aivision.logic.parameter_types import Fields
from ckanext.aivision.logic.shared_parameters import NAME
from ckanext.aivision.record import COUNTRIES
from ckanext.aivision.serialise.standards.conformity import PROFILES, Requirement, find_requirements

__all__ = ["aivision_profile_check"]
_LONGEST_DRAFT = 2_000_000


@accepts(package=Fields(longest=_LONGEST_DRAFT), id=NAME)
def aivision_profile_check(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """Check the document that is given out of a dataset by the schemas of DCAT-US 1.1 and 3.0 and of the UK model.

    Only people who have logged in can do this and, for a stored dataset, only people who can edit it. Nothing is
    stored. A harvested dataset whose fields are not given is checked as its source gives it.

    :param package: fields of the dataset, as `package_create` takes them, the inputs of a page of the form too
        (optional)
    :param id: the id or name of a stored dataset: fields that are not given stay as they are (optional)
    :returns: for each profile that is for the dataset's country, or all of them if it is of another: profile
        (`dcat-us-1.1-federal`, `dcat-us-1.1-non-federal`, `dcat-us-3` or `uk-metadata-exchange`), valid, and
        requirements ([{part (`dataset` or `resource`), field (of the form; empty if it has none), label, member (of
        the standard), message, seen}])
    :raises NotFound: if there is no such dataset
    :raises ValidationError: if neither is given, or `package` is too large
    """
    package = model.Package.get(data_dict["id"]) if "id" in data_dict else None
    if "id" in data_dict and (package is None or package.type != "dataset"):
        raise toolkit.ObjectNotFound(toolkit._("There is no such dataset"))
    id = package.id if package is not None else ""
    toolkit.check_access("aivision_profile_check", context, {"id": id} if id else {})
    if "package" in data_dict:
        typed = dict(data_dict["package"])
        posted_form.read_page(typed, "dataset")
        typed.pop("_ckan_phase", None)
        record = draft_record(typed, id)
    elif id and (stored := whole_record(id)) is not None:
        record = stored
    else:
        raise toolkit.ValidationError({"id": [toolkit._("Give the id of a dataset, or the fields of one")]})
    labels = _labels()
    found = []
    for profile in PROFILES:
        if record.country in COUNTRIES and record.country not in profile.countries:
            continue
        needed = find_requirements(record, profile)
        rows = [_describe(row, labels) for row in needed]
        found.append({"profile": profile.id, "valid": not rows, "requirements": rows})
    return found


def _labels() -> dict[tuple[str, str], str]:
    schema = toolkit.h.scheming_get_dataset_schema("dataset") or {}
    return {
        (part, field["field_name"]): toolkit.h.scheming_language_text(field.get("label") or field["field_name"])
        for part in ("dataset", "resource")
        for field in schema.get(f"{part}_fields", ())
    }


def _describe(row: Requirement, labels: dict[tuple[str, str], str]) -> dict[str, Any]:
    return {
        "part": row.part,
        "field": row.form_field,
        "label": labels.get((row.part, row.form_field), ""),
        "member": row.member,
        "message": row.message,
        "seen": row.seen,
    }
