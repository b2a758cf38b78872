"""`/sitemap.xml`: the pages for search engines and other crawlers (https://www.sitemaps.org/protocol.html)."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from xml.sax.saxutils import escape

from ckan.plugins import toolkit
from flask import Blueprint, Response

from ckanext.aivision.catalogue.tables import public_packages
from ckanext.aivision.views import limits

sitemap = Blueprint("aivision_sitemap", __name__)

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
# A file may have 50,000 addresses; parts differ a little in size.
_MOST = 40_000
_PART = re.compile(r"[0-9a-f]{1,4}")
# Beside those below /best-practice.
_PAGES = ("home.index", "home.about", "dataset.search", "organization.index", "aivision_dumps.index")


@sitemap.before_request
def check_reading() -> Response | None:
    """A catalogue may be closed to those who are not logged in."""
    try:
        toolkit.check_access("package_search", {"user": toolkit.current_user.name}, {})
    except toolkit.NotAuthorized:
        return toolkit.abort(403, toolkit._("You may not read this catalogue"))
    return None


@sitemap.route("/sitemap.xml")
def index() -> Response:
    """The list of sitemaps: one of pages, and as many of datasets as there have to be."""
    digits = _digits(public_packages.count())
    parts = [f"{number:0{digits}x}" if digits else "" for number in range(16**digits)]
    addresses = [_address("aivision_sitemap.pages"), *(_address("aivision_sitemap.datasets", part) for part in parts)]
    return _answer("sitemapindex", (f"<sitemap><loc>{escape(one)}</loc></sitemap>" for one in addresses))


@sitemap.route("/sitemap-pages.xml")
def pages() -> Response:
    """The pages that are not of one dataset."""
    names = (*_PAGES, *(page.endpoint for page in toolkit.h.aivision_best_practice_pages(None)))
    return _answer("urlset", (f"<url><loc>{escape(_address(name))}</loc></url>" for name in names))


@sitemap.route("/sitemap-datasets.xml")
@sitemap.route("/sitemap-datasets-<part>.xml")
def datasets(part: str = "") -> Response:
    """The pages of the datasets of a part, with the day of the last change. 404 for a part that there cannot be."""
    if part and not _PART.fullmatch(part):
        return toolkit.abort(404, toolkit._("There is no such sitemap"))
    limits.count("files")
    return _answer("urlset", _of_datasets(part))


@sitemap.errorhandler(limits.TooMany)
def _too_many(error: limits.TooMany) -> Response:
    return limits.refusal(error)


def _of_datasets(part: str) -> Iterator[str]:
    # An address is made once: to make each by its route would take most of the time.
    pattern = escape(_address("dataset.read", id="NAME"))
    for name, changed in public_packages.part_of(part):
        yield f"<url><loc>{pattern.replace('NAME', escape(name))}</loc><lastmod>{changed:%Y-%m-%d}</lastmod></url>"


def _digits(number: int) -> int:
    return max(0, math.ceil(math.log(number / _MOST, 16))) if number > _MOST else 0


def _address(endpoint: str, part: str = "", id: str = "") -> str:
    values = {key: value for key, value in (("part", part), ("id", id)) if value}
    address: str = toolkit.url_for(endpoint, **values, qualified=True, locale="default")
    return address


def _answer(root: str, entries: Iterator[str]) -> Response:
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_NAMESPACE}">\n' + "\n".join(entries)
    return Response(f"{body}\n</{root}>\n", mimetype="application/xml")
