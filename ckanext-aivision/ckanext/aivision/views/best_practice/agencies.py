"""`/best-practice/agencies`: the agencies of both countries, and a page for each."""

from __future__ import annotations

from typing import Any, NamedTuple

from ckan.plugins import toolkit
from flask import Blueprint

from ckanext.aivision.compare.table.filters import NAMES
from ckanext.aivision.errors import UsageError
from ckanext.aivision.snapshot.answers.agencies import SORTS
from ckanext.aivision.snapshot.answers.comparison import Question, read_question
from ckanext.aivision.views.access import action, describe_error, guarded

agencies = Blueprint("aivision_agencies", __name__)
ON_A_PAGE = 100
_MOST_PAGES = 10_000


class _Asked(NamedTuple):
    """What the address of the list says."""

    question: Question
    sort: str
    page: int


@agencies.route("/best-practice/agencies")
@guarded
def index() -> Any:
    """The list. Those with too few datasets to be compared come last, whatever it is sorted by."""
    try:
        asked = _asked()
        chosen = {name: list(values) for name, values in asked.question.filters.chosen.items()}
        start = (asked.page - 1) * ON_A_PAGE
        counted = action("aivision_agency_list", counted=True, sort=asked.sort, offset=start, limit=ON_A_PAGE, **chosen)
        given = {"question": asked.question, "sort": asked.sort, "number": asked.page, "as_of": counted["as_of"]}
        if counted["as_of"] is None:
            return toolkit.render("aivision/best_practice/agencies.html", given)
        free = ON_A_PAGE - len(counted["agencies"])
        before = max(0, start - counted["count"])
        # Asked for one row at least, as that says how many there are.
        few = action(
            "aivision_agency_list", counted=False, sort=asked.sort, offset=before, limit=max(free, 1), **chosen
        )
    except UsageError as error:
        return toolkit.abort(400, str(error))
    except toolkit.ValidationError as error:
        return toolkit.abort(400, describe_error(error))
    total = counted["count"] + few["count"]
    pages = max(1, -(-total // ON_A_PAGE))
    if asked.page > pages:
        return toolkit.abort(404, toolkit._("There is no such page; there are {number}").format(number=pages))
    given |= {"total": total, "few_total": few["count"], "pages": pages, "first": start + 1}
    return toolkit.render(
        "aivision/best_practice/agencies.html", given | {"agencies": counted["agencies"], "few": few["agencies"][:free]}
    )


@agencies.route("/best-practice/agencies/<id>")
@guarded
def show(id: str) -> Any:
    """One agency: what is known of it, beside the other agencies of its country."""
    return toolkit.render(
        "aivision/best_practice/agency.html", {"id": id, "agency": action("aivision_agency_show", id=id)}
    )


def _asked() -> _Asked:
    """Raises UsageError for a name or value that means nothing."""
    own: dict[str, str] = {}
    filters = []
    for name, value in toolkit.request.args.items(multi=True):
        if name in NAMES:
            filters.append((name, value))
        elif name not in ("sort", "page"):
            known = ", ".join(("sort", "page", *NAMES))
            raise UsageError(f"{name[:100]}: there is no such choice; there are {known}")
        elif name in own:
            raise UsageError(f"{name}: it can be given once")
        else:
            own[name] = value.strip()
    sort = own.get("sort") or SORTS[0]
    if sort not in SORTS:
        raise UsageError(f"sort={sort[:100]}: unknown; it can be {', '.join(SORTS)}")
    return _Asked(read_question(filters), sort, _page(own.get("page") or "1"))


def _page(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= _MOST_PAGES and len(text) <= 6):
        raise UsageError(f"page={text[:100]}: not the number of a page")
    return int(text)
