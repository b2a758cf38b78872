"""Paging of lists: each call returns the rows after one that the caller names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan.plugins import toolkit

MOST_ROWS = 1000
# Of PostgreSQL's bigint.
_LARGEST = 2**63 - 1


def whole_number(data_dict: Mapping[str, Any], field: str, most: int = _LARGEST) -> int | None:
    """The whole number of 1 or more in a field; None if it is missing. Raises ValidationError."""
    value = data_dict.get(field)
    if value is None or value == "":
        return None
    try:
        # 1.5 and true are no whole numbers, although Python makes 1 of them.
        number = 0 if isinstance(value, (bool, float)) else int(value)
    except (TypeError, ValueError, OverflowError):
        number = 0
    if not 1 <= number <= most:
        message = toolkit._("Enter a whole number from 1 to {most}").format(most=most)
        raise toolkit.ValidationError({field: [message]})
    return number


def page_size(data_dict: Mapping[str, Any], usual: int) -> int:
    """The number of rows that a call asks for."""
    return whole_number(data_dict, "limit", MOST_ROWS) or usual


def words(data_dict: Mapping[str, Any], *fields: str) -> dict[str, str]:
    """The given fields that are present, which must be text. Raises ValidationError."""
    found = {}
    for field in fields:
        value = data_dict.get(field)
        if value is None or value == "":
            continue
        if not isinstance(value, str) or "\0" in value:
            raise toolkit.ValidationError({field: [toolkit._("This must be text")]})
        found[field] = value
    return found
