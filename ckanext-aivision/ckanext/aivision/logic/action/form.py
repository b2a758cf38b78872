"""CKAN's actions that save datasets, extended to read the posts of ckanext-scheming's form."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit

from ckanext.aivision.logic import posted_form
from ckanext.aivision.logic.correction_reason import take_reason

__all__ = ["package_create", "package_patch", "package_update"]


@toolkit.chained_action
def package_create(original_action: Any, context: Any, data_dict: Any) -> Any:
    """CKAN's own action; repeating fields can have any number of entries.

    The inputs `contact-0-name`, `contact-1-name` ... of a form become the list `contact`, in the order of the numbers.
    """
    posted_form.read_dataset(data_dict, data_dict.get("type") or "dataset")
    return original_action(context, data_dict)


@toolkit.chained_action
def package_update(original_action: Any, context: Any, data_dict: Any) -> Any:
    """CKAN's own action; repeating fields are read as by `package_create`, in resources too.

    What is changed of a harvested dataset is a correction: harvests keep it until the source says the same or something
    new in that field. `correction_reason` says why, in at most 1,000 characters (optional).
    """
    take_reason(context, data_dict)
    posted_form.read_dataset(data_dict, posted_form.find_package_type(data_dict))
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
