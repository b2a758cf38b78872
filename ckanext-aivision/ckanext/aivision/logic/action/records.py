"""Reading the records of a source."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit

from ckanext.aivision.catalogue.sources import ledger
from ckanext.aivision.logic.paging import page_size, words

__all__ = ["aivision_record_list"]

_USUAL_ROWS = 100


@toolkit.side_effect_free
def aivision_record_list(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """The records harvested from a source, by identifier.

    :param source: the name of the source
    :param state: `active`; `gone`, while the source no longer has it; or `deleted` (optional)
    :param beginning: only identifiers that begin with this (optional)
    :param after: the identifier of the last record you have, to get the records after it (optional)
    :param limit: the maximum number of records, 1 to 1000; default 100 (optional)
    :returns: identifier, state, package_id, name and title of the dataset, last_changed and gone_since of each
    :raises ValidationError: if there is no such state
    """
    toolkit.get_or_bust(data_dict, "source")
    toolkit.check_access("aivision_record_list", context, data_dict)
    given = words(data_dict, "source", "state", "beginning", "after")
    if given.get("state", "active") not in ledger.STATES:
        states = ", ".join(ledger.STATES)
        raise toolkit.ValidationError({"state": [toolkit._("Use one of: {known}").format(known=states)]})
    size = page_size(data_dict, _USUAL_ROWS)
    return ledger.records(
        given.get("source", ""), size, given.get("state"), given.get("beginning", ""), given.get("after")
    )
