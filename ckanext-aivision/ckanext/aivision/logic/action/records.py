"""Reading the records of a source."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit

from ckanext.aivision.catalogue.sources import ledger
from ckanext.aivision.logic.accept import accepts
from ckanext.aivision.logic.parameter_types import Choice
from ckanext.aivision.logic.shared_parameters import NAME, REQUIRED_NAME, limit

__all__ = ["aivision_record_list"]

_USUAL_ROWS = 100


@toolkit.side_effect_free
@accepts(
    source=REQUIRED_NAME,
    state=Choice(known=lambda: ledger.STATES),
    beginning=NAME,
    after=NAME,
    limit=limit(_USUAL_ROWS),
)
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
    toolkit.check_access("aivision_record_list", context, data_dict)
    size, beginning = data_dict.get("limit", _USUAL_ROWS), data_dict.get("beginning", "")
    return ledger.records(data_dict["source"], size, data_dict.get("state"), beginning, data_dict.get("after"))
