"""The audit log."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit

from ckanext.aivision.catalogue import audit_log
from ckanext.aivision.catalogue.tables.moments import iso
from ckanext.aivision.logic.accept import accepts
from ckanext.aivision.logic.parameter_types import Day, Text, Whole
from ckanext.aivision.logic.shared_parameters import NAME, limit

__all__ = ["aivision_audit_list"]
_USUAL_ROWS = 100


@toolkit.side_effect_free
@accepts(
    who=NAME,
    action=Text(longest=100),
    kind=Text(longest=100),
    thing=NAME,
    since=Day(),
    until=Day(),
    before=Whole(),
    limit=limit(_USUAL_ROWS),
)
def aivision_audit_list(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """The audit log: what administrators and stewards did, the newest first. For sysadmins.

    It notes changes of harvest sources, harvests that people start, corrections, changes to many datasets and their
    undoing, restored datasets, memberships, and commands of `ckan aivision`. It has no secrets, and is kept for as many
    days as `ckanext.aivision.keep_audit_days` says.

    :param who: only entries of this user, or of this system account for commands (optional)
    :param action: only entries of this action, such as `aivision_source_delete`; `correction` for edits of harvested
        datasets, `command` for commands (optional)
    :param kind: only entries about this kind of thing, such as `source` or `dataset` (optional)
    :param thing: only entries about the thing with this name or id, as the action was given it (optional)
    :param since: only entries of this day (UTC) and later ones, such as 2026-11-01 (optional)
    :param until: only entries of this day (UTC) and earlier ones (optional)
    :param before: the id of the last entry you have, to get the entries before it (optional)
    :param limit: the maximum number of entries, 1 to 1000; default 100 (optional)
    :returns: id, made (UTC), who, action, kind, thing and details (what was given or changed, by name) of each
    """
    toolkit.check_access("aivision_audit_list", context, data_dict)
    filters = audit_log.Filters(
        **{name: data_dict[name] for name in audit_log.Filters.__struct_fields__ if name in data_dict}
    )
    rows = audit_log.find(filters, data_dict.get("limit", _USUAL_ROWS), data_dict.get("before"))
    return [{**row._mapping, "made": iso(row.made)} for row in rows]
