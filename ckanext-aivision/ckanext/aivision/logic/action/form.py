"""CKAN's actions that save datasets, for what ckanext-scheming's form sends to them."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit

from ckanext.aivision.logic import form_page

__all__ = ["package_create", "package_patch", "package_update"]


@toolkit.chained_action
def package_create(original_action: Any, context: Any, data_dict: Any) -> Any:
    """CKAN's own, with repeating fields in any number of entries.

    The inputs `contact-0-name`, `contact-1-name` ... of a form become the list `contact`, in the order of the numbers.
    """
    form_page.read_dataset(data_dict, data_dict.get("type") or "dataset")
    return original_action(context, data_dict)


@toolkit.chained_action
def package_update(original_action: Any, context: Any, data_dict: Any) -> Any:
    """CKAN's own, with repeating fields in any number of entries, as `package_create`; of resources too."""
    form_page.read_dataset(data_dict, form_page.find_package_type(data_dict))
    return original_action(context, data_dict)


@toolkit.chained_action
def package_patch(original_action: Any, context: Any, data_dict: Any) -> Any:
    """CKAN's own, through which the pages of a form save: what a page holds replaces what is stored.

    The inputs `contact-0-name` ... replace the stored `contact`. With `_ckan_phase`, the number of the page as its form
    sends it, a repeating field of that page that has no input left is emptied.
    """
    form_page.read_page(data_dict, form_page.find_package_type(data_dict))
    return original_action(context, data_dict)
