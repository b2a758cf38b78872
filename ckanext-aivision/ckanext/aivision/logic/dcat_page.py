"""A page of a search's datasets with the addresses of the pages around it, as ckanext-dcat has them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from ckan.lib.search import SearchError
from ckan.plugins import toolkit
from ckanext.dcat.utils import catalog_uri
from dateutil.parser import parse

# The number of datasets of a page where `ckanext.dcat.datasets_per_page` is not set, as in ckanext-dcat.
_PER_PAGE = 100
_LEFT_OUT = ("-dataset_type:harvest", "-dataset_type:showcase")
_KEPT = ("modified_since", "profiles", "q", "fq")


class Page(NamedTuple):
    """ids: of the datasets of a page. links: `current`, `first`, `previous`, `next`, `last`, and the numbers."""

    ids: list[str]
    links: dict[str, str | int]


def search_page(context: Any, data_dict: Mapping[str, Any]) -> Page:
    """The page that is asked for, of what the user may read, the last changed first.

    data_dict: page, q, fq, modified_since. Raises ValidationError if page is no number from 1 on, or modified_since
    no date, or the search cannot be read.
    """
    per_page = int(toolkit.config.get("ckanext.dcat.datasets_per_page") or _PER_PAGE)
    number = _number(data_dict.get("page"))
    search = {
        "q": data_dict.get("q") or "*:*",
        "fq": data_dict.get("fq") or "",
        "fq_list": [*_LEFT_OUT, *_since(data_dict.get("modified_since"))],
        "rows": per_page,
        "start": per_page * (number - 1),
        "sort": "metadata_modified desc",
        "fl": ["id"],
    }
    found = _search(context, search)
    return Page([package["id"] for package in found["results"]], _links(number, found["count"], per_page))


def _search(context: Any, search: dict[str, Any]) -> dict[str, Any]:
    try:
        found: dict[str, Any] = toolkit.get_action("package_search")({**context}, search)
    except SearchError as error:
        raise toolkit.ValidationError({"q": [toolkit._("This search cannot be read: check q and fq")]}) from error
    return found


def _number(page: Any) -> int:
    try:
        number = int(page or 1)
    except (TypeError, ValueError):
        number = 0
    if number < 1:
        raise toolkit.ValidationError({"page": [toolkit._("Enter a whole number from 1")]})
    return number


def _since(written: Any) -> list[str]:
    if not written:
        return []
    try:
        moment = parse(str(written)).isoformat()
    except (ValueError, OverflowError) as error:
        message = toolkit._("Enter a date in ISO 8601, such as 2026-11-24")
        raise toolkit.ValidationError({"modified_since": [message]}) from error
    return [f"metadata_modified:[{moment}Z TO NOW]"]


def _links(number: int, count: int, per_page: int) -> dict[str, str | int]:
    if not count:
        return {}
    last = math.ceil(count / per_page)
    numbers = {"current": number, "first": 1, "last": last}
    if number > 1:
        numbers["previous"] = min(number - 1, last)
    if number < last:
        numbers["next"] = number + 1
    links: dict[str, str | int] = {name: _address(page) for name, page in numbers.items()}
    return {**links, "count": count, "items_per_page": per_page}


def _address(page: int) -> str:
    """The address of a page with the question that was asked; without a request, that of the catalogue."""
    asked = toolkit.request.args if toolkit.request else {}
    kept = [(name, value) for name, value in asked.items() if name in _KEPT]
    path = toolkit.request.path if toolkit.request else "/catalog"
    return f"{catalog_uri().rstrip('/')}{path}?{urlencode([*kept, ('page', page)])}"
