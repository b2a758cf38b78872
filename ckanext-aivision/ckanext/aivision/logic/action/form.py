"""CKAN's actions that save datasets, extended to read the posts of ckanext-scheming's form."""

from __future__ import annotations

import logging
from typing import Any

import ckan.model as model
from ckan.plugins import toolkit

from ckanext.aivision.catalogue import organization_defaults, posted_form
from ckanext.aivision.catalogue.jobs import inspect_file
from ckanext.aivision.catalogue.tables.server_faults import describe_storage, is_disk_full
from ckanext.aivision.logic.correction_reason import take_reason

__all__ = [
    "organization_create",
    "organization_update",
    "package_create",
    "package_patch",
    "package_update",
    "resource_create",
    "resource_update",
]

_log = logging.getLogger(__name__)

_MADE_IN_CKAN = ("datastore", "tabledesigner")


# Of these CKAN's own validators read nothing but text.
_TEXTS, _TEXTS_OF_RESOURCE = ("owner_org",), ("url", "format")


def _check_texts(data_dict: dict[str, Any]) -> None:
    """Raises ValidationError for a list or an object where CKAN needs text: it would answer with a server error."""
    resources = data_dict.get("resources")
    found = [name for name in _TEXTS if isinstance(data_dict.get(name), dict | list)]
    for resource in resources if isinstance(resources, list) else ():
        if isinstance(resource, dict):
            found += [name for name in _TEXTS_OF_RESOURCE if isinstance(resource.get(name), dict | list)]
    if found:
        raise toolkit.ValidationError({name: [toolkit._("This must be text")] for name in found})


@toolkit.chained_action
def package_create(original_action: Any, context: Any, data_dict: Any) -> Any:
    """CKAN's own action; repeating fields can have any number of entries.

    The inputs `contact-0-name`, `contact-1-name` ... of a form become the list `contact`, in the order of the numbers.
    """
    _check_texts(data_dict)
    posted_form.read_dataset(data_dict, data_dict.get("type") or "dataset")
    return original_action(context, data_dict)


@toolkit.chained_action
def package_update(original_action: Any, context: Any, data_dict: Any) -> Any:
    """CKAN's own action; repeating fields are read as by `package_create`, in resources too.

    What is changed of a harvested dataset is a correction: harvests keep it until the source says the same or something
    new in that field. `correction_reason` says why, in at most 1,000 characters (optional).
    """
    _check_texts(data_dict)
    take_reason(context, data_dict)
    posted_form.read_dataset(data_dict, posted_form.find_package_type(data_dict))
    if "aivision_record" not in context:
        posted_form.keep_line_ends(data_dict)
    return original_action(context, data_dict)


@toolkit.chained_action
def package_patch(original_action: Any, context: Any, data_dict: Any) -> Any:
    """CKAN's own action, which saves one page of the form: the fields of the page replace the stored ones.

    The inputs `contact-0-name` ... replace the stored `contact`. If `_ckan_phase`, the page number, is sent,
    a repeating field of that page without any input is emptied. Of a harvested dataset this makes corrections, as
    `package_update` does.
    """
    take_reason(context, data_dict)
    posted_form.read_page(data_dict, posted_form.find_package_type(data_dict))
    return original_action(context, data_dict)


@toolkit.chained_action
def organization_create(original_action: Any, context: Any, data_dict: Any) -> Any:
    """CKAN's own action; what new datasets begin with, `aivision_default_country` and others, becomes extras.

    They are checked, as inputs and as extras: `config/organization_defaults.yaml` lists them.
    """
    toolkit.check_access("organization_create", dict(context), data_dict)
    organization_defaults.read_extras(data_dict)
    return original_action(context, data_dict)


@toolkit.chained_action
def organization_update(original_action: Any, context: Any, data_dict: Any) -> Any:
    """CKAN's own action; the defaults for new datasets are read as by `organization_create`."""
    toolkit.check_access("organization_update", dict(context), data_dict)
    organization_defaults.read_extras(data_dict)
    return original_action(context, data_dict)


@toolkit.chained_action
def resource_create(original_action: Any, context: Any, data_dict: Any) -> Any:
    """CKAN's own action; a resource with neither a file nor an address is refused.

    An uploaded file is looked into by a job: `aivision_file_inspection_show` says what was found.
    """
    toolkit.check_access("resource_create", dict(context), data_dict)
    _refuse_without_file(data_dict)
    # CKAN takes the file out of the fields.
    is_uploaded = bool(data_dict.get("upload"))
    saved = _store(original_action, context, data_dict)
    _inspect(context, saved, is_uploaded)
    return saved


@toolkit.chained_action
def resource_update(original_action: Any, context: Any, data_dict: Any) -> Any:
    """CKAN's own action; the file or address of a resource can be replaced, but not taken away.

    A new file is looked into as by `resource_create`.
    """
    resource = model.Resource.get(data_dict.get("id") or "")
    if resource is not None and resource.url:
        toolkit.check_access("resource_update", dict(context), data_dict)
        _refuse_without_file(data_dict)
    is_uploaded = bool(data_dict.get("upload"))
    saved = _store(original_action, context, data_dict)
    _inspect(context, saved, is_uploaded)
    return saved


def _store(original_action: Any, context: Any, data_dict: Any) -> Any:
    """Saves a resource. Raises ValidationError if the disk is full: nothing is saved then, and the log says so."""
    try:
        return original_action(context, data_dict)
    except OSError as error:
        if not is_disk_full(error):
            raise
        model.Session.rollback()
        _log.error("an upload could not be stored: %s", describe_storage(error))
        message = toolkit._("The disk of this site is full, so nothing was saved. Try again later")
        raise toolkit.ValidationError({"upload": [message]}) from error


def _inspect(context: Any, resource: Any, is_uploaded: bool) -> None:
    """Has an uploaded file looked into at once, of a dataset of our form."""
    if not is_uploaded or context.get("defer_commit"):
        return
    stored = inspect_file.find_resource(resource["package_id"], resource["id"])
    user = model.User.get(context.get("user") or "")
    if stored is not None:
        inspect_file.request(stored["id"], resource["package_id"], stored["url"], user.id if user is not None else "")


def _refuse_without_file(data: Any) -> None:
    # Tables that are made in CKAN get their address later. An empty upload is an object that is false.
    if data.get("url_type") in _MADE_IN_CKAN:
        return
    if not (str(data.get("url") or "").strip() or data.get("upload")):
        message = toolkit._("Upload a file, or give the address of one")
        raise toolkit.ValidationError({"url": [message]})
