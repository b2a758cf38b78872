"""`/organization/NAME/improve`: what an organization's datasets need, the fix that gains most first."""

from __future__ import annotations

import csv
import io
from typing import Any

from ckan.plugins import toolkit
from flask import Blueprint, Response

from ckanext.aivision.catalogue.improvement.form_fields import fields_of_fix
from ckanext.aivision.catalogue.improvement.work_list import FILTERS
from ckanext.aivision.serialise.spreadsheet import harmless
from ckanext.aivision.views.access import action, guarded, query_parameters

improve = Blueprint("aivision_improve", __name__)
PAGE = 50
_COLUMNS = ("fix", "title", "datasets", "points", "points for each", "grades limited", "one value for many")


@improve.route("/organization/<name>/improve")
@guarded
def index(name: str) -> Any:
    """The work list. Sorting and filters stand in the address."""
    filters = query_parameters(*FILTERS)
    sort = query_parameters("sort")
    found = action("aivision_fix_list", organization=name, **filters, **sort)
    edits = action("aivision_bulk_edit_list", organization=name, limit=5)
    values = {"found": found, "filters": filters, "sort": sort.get("sort", "points"), "edits": edits}
    return toolkit.render("aivision/improve/index.html", {**values, "organization": found["organization"]})


@improve.route("/organization/<name>/improve.csv")
@guarded
def index_csv(name: str) -> Response:
    """The work list as CSV."""
    found = action("aivision_fix_list", organization=name, **query_parameters(*FILTERS, "sort"))
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(_COLUMNS)
    for fix in found["fixes"]:
        numbers = (fix["datasets"], fix["points"], fix["mean"], fix["limited"])
        writer.writerow([fix["id"], harmless(fix["title"]), *numbers, "yes" if fix["fields"] else "no"])
    name = found["organization"]["name"]
    return download(stream.getvalue().encode(), "text/csv; charset=utf-8", f"work-list-{name}.csv")


@improve.route("/organization/<name>/improve/fix/<fix>")
@guarded
def show_fix(name: str, fix: str) -> Any:
    """The datasets that need a fix, and the form to make it in many of them."""
    return fix_page(name, fix)


def fix_page(name: str, fix: str, typed: dict[str, Any] | None = None, error: Any = None) -> str:
    """The page of a fix. typed, error: what was sent, and why it was refused."""
    filters, page = query_parameters(*FILTERS), page_number()
    sort = query_parameters("sort")
    found = action("aivision_fix_show", organization=name, fix=fix, **filters, **sort, limit=PAGE, page=page)
    values = {
        "found": found,
        "organization": found["organization"],
        "fields": fields_of_fix(fix),
        "filters": filters,
        "sort": sort.get("sort", "points"),
        "page": page,
        "pages": -(-found["count"] // PAGE),
        "typed": typed or {},
        "error": error,
    }
    return toolkit.render("aivision/improve/fix.html", values)


def keep_out_of_caches(blueprint: Blueprint) -> None:
    """Has no cache keep the pages of a blueprint: they show drafts."""

    @blueprint.before_request
    def mark() -> None:
        # Without this mark CKAN calls every answer public.
        toolkit.request.environ["__no_cache__"] = True

    @blueprint.after_request
    def forbid(answer: Response) -> Response:
        answer.headers["Cache-Control"] = "private, no-store"
        return answer


def download(content: bytes, media_type: str, name: str) -> Response:
    """A file to save."""
    return Response(content, content_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def page_number() -> int:
    """The page that the address asks for; the first where it asks for none that can be."""
    asked = toolkit.request.args.get("page", "1")
    return int(asked) if asked.isascii() and asked.isdigit() and 0 < len(asked) < 5 and int(asked) else 1


keep_out_of_caches(improve)
