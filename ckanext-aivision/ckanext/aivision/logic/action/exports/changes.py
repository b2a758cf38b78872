"""Reading the changes of public datasets."""

from __future__ import annotations

from typing import Any

import ckan.model as model
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.changes import feed, packages
from ckanext.aivision.catalogue.changes.cursor import Cursor, MalformedCursor, TooOld, parse
from ckanext.aivision.catalogue.tables.moments import iso
from ckanext.aivision.logic.accept import accepts
from ckanext.aivision.logic.parameter_types import Choice, Text, Whole
from ckanext.aivision.logic.parameters import refuse

__all__ = ["aivision_change_list"]

_USUAL, _MOST = 100, 500


@toolkit.side_effect_free
@accepts(since=Text(), limit=Whole(most=_MOST, usual=_USUAL), include=Choice(known=lambda: ["package"]))
def aivision_change_list(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """The changes of public datasets, in an order in which nobody who follows them misses any.

    Without `since`, the first pages have every public dataset. Each page has a dataset at most once, as it is now.
    Nothing says anything about a dataset that was never public.

    :param since: `next` of the page before; only what changed since then (optional)
    :param limit: the maximum number of changes, 1 to 500; default 100 (optional)
    :param include: `package` for the datasets as well, as package_show gives them to anonymous visitors (optional)
    :returns: changes: [{change (`created`, `updated`, or `deleted` if the dataset is not public any more), id, name
        (not of a deleted one), changed (when, UTC), position (in the order of changes), package (if asked for)}]; next
        (the cursor of the page after this one, also if there is nothing there yet) and complete (whether there are no
        further changes now)
    :raises ValidationError: for a parameter that means nothing. `__gone` in its error_dict says that `since` is too
        old: what was deleted since then is not stored any more, and everything has to be fetched again
    """
    toolkit.check_access("aivision_change_list", context, data_dict)
    cursor = _cursor(data_dict.get("since"))
    feed.prepare()
    try:
        page, shown = _read(cursor, data_dict.get("limit", _USUAL), "include" in data_dict)
    except TooOld as error:
        message = toolkit._("Changes after this are not stored any more; fetch everything again, without `since`")
        raise toolkit.ValidationError({"since": [message], "__gone": ["since"]}) from error
    return {
        "changes": [_to_dict(change, shown.get(change.package_id)) for change in page.changes],
        "next": str(page.next),
        "complete": page.complete,
    }


def _read(cursor: Cursor | None, most: int, with_packages: bool) -> tuple[feed.Page, dict[str, Any]]:
    # One snapshot of the database for the changes and for what they say of the datasets.
    with model.meta.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        page = feed.read(connection, cursor, most)
        ids = [change.package_id for change in page.changes if change.kind != "deleted"]
        readable = packages.visible(ids)
        shown = packages.read_packages(connection, [id for id in ids if id in readable]) if with_packages else {}
    if with_packages:
        readable &= shown.keys()
    changes = [change if change.package_id in readable else change.withdrawn() for change in page.changes]
    return page._replace(changes=changes), shown


def _cursor(text: str | None) -> Cursor | None:
    if text is None:
        return None
    try:
        return parse(text)
    except MalformedCursor:
        refuse("since", toolkit._("This is not a cursor of this catalogue; use `next` of an earlier answer as it is"))


def _to_dict(change: feed.Change, package: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"change": change.kind, "id": change.package_id}
    if change.name is not None:
        found["name"] = change.name
    found |= {"changed": iso(change.changed), "position": "-".join(map(str, change.position))}
    return found | ({"package": package} if package is not None else {})
