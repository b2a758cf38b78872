"""Template helpers of the pages about agencies: their addresses, and the rows that charts draw."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

import msgspec
from ckan.plugins import toolkit

from ckanext.aivision.agencies.register import load_register
from ckanext.aivision.compare.charts.agency_marks import AgencyRow, agency_row, beside_country
from ckanext.aivision.compare.charts.marks import Row, Strip, strip
from ckanext.aivision.compare.estimates.agency_figures import Agency
from ckanext.aivision.compare.table.filters import Filters
from ckanext.aivision.helpers.best_practice.criteria import aivision_criterion_address
from ckanext.aivision.record import COUNTRIES
from ckanext.aivision.snapshot.answers.agencies import SORTS
from ckanext.aivision.snapshot.answers.comparison import Question
from ckanext.aivision.snapshot.page_reads import note_read
from ckanext.aivision.snapshot.stored_facets import agency_of

__all__ = [
    "aivision_agencies_address",
    "aivision_agency",
    "aivision_agency_addresses",
    "aivision_agency_gaps",
    "aivision_agency_marks",
    "aivision_agency_organizations",
    "aivision_agency_profile",
    "aivision_country_choices",
    "aivision_country_label",
    "aivision_organization_agency",
    "aivision_peers_strip",
]

_MOST_ORGANIZATIONS = 20


class AgencyLink(NamedTuple):
    """An agency, and the address of its page."""

    title: str
    address: str


class Gap(NamedTuple):
    """A criterion as drawn and as in the API. address: of its page."""

    row: Row
    found: Mapping[str, Any]
    address: str


def aivision_agency_addresses(ids: Iterable[str]) -> dict[str, str]:
    """The addresses of agencies' pages, by id. A thousand of them take no longer than one."""
    base = toolkit.url_for("aivision_agencies.index")
    return {id: f"{base}/{quote(id)}" for id in ids if id}


def aivision_agency(package_id: str) -> AgencyLink | None:
    """The agency that a dataset is counted under; None where it is placed with none, or until a snapshot is built."""
    found = load_register().agencies.get(agency_of(package_id))
    return AgencyLink(found.title, aivision_agency_addresses([found.id])[found.id]) if found is not None else None


def aivision_agencies_address(question: Question, sort: str = "", page: int = 1) -> str:
    """The address of the list of agencies that is narrowed and sorted alike. page: 1 for the first."""
    more = [("sort", sort)] if sort else []
    pairs = question.filters.pairs() + more + ([("page", str(page))] if page > 1 else [])
    base: str = toolkit.url_for("aivision_agencies.index")
    return f"{base}?{urlencode(pairs)}" if pairs else base


def aivision_agency_marks(rows: Iterable[Mapping[str, Any]]) -> list[AgencyRow]:
    """What the list draws of agencies. rows: of `aivision_agency_list`."""
    places = list(COUNTRIES)
    found = [msgspec.convert(dict(row), Agency) for row in rows]
    return [agency_row(one, places.index(one.country), COUNTRIES[one.country], one.id) for one in found]


def aivision_agency_profile(agency: Mapping[str, Any]) -> list[Row]:
    """The overall mean and the dimensions of an agency beside its country's. agency: of `aivision_agency_show`."""
    labels = _labels(agency["country"])
    own = {"mean": agency["mean"], "too_little": "" if agency["mean"] is not None else toolkit._("too little known")}
    overall = beside_country("overall", toolkit._("Overall"), own, agency["overall"], labels)
    return [overall] + [
        beside_country(row["id"], toolkit._(row["title"]), row, row["of_country"], labels)
        for row in agency["dimensions"]
    ]


def aivision_peers_strip(agency: Mapping[str, Any]) -> Strip | None:
    """The peers of an agency on a line; None where there are too few. agency: of `aivision_agency_show`."""
    peers = agency["peers"]
    if peers["median"] is None:
        return None
    label = toolkit._("The {number} other agencies of its country and level").format(number=len(peers["agencies"]))
    rows = [(one["id"], one["title"], one["mean"]) for one in peers["agencies"]]
    return strip(label, 1, (peers["low"], peers["median"], peers["high"]), rows)


def aivision_agency_organizations(id: str) -> list[AgencyLink]:
    """The organizations of this catalogue that publish datasets of an agency, largest first, and their pages."""
    rows = note_read(_publishing_organizations, id)
    return [AgencyLink(row["display_name"], toolkit.url_for("organization.read", id=row["name"])) for row in rows]


def _publishing_organizations(id: str) -> list[dict[str, Any]]:
    found = toolkit.get_action("package_search")(
        {},
        {
            "fq": f'aivision_agency:"{id}"',
            "rows": 0,
            "facet.field": ["organization"],
            "facet.limit": _MOST_ORGANIZATIONS,
        },
    )
    return sorted(found["search_facets"].get("organization", {}).get("items", []), key=lambda row: -row["count"])


def aivision_organization_agency(organization_id: str) -> AgencyLink | None:
    """The agency that all public datasets of an organization are of; None where there is no such agency."""
    found = toolkit.get_action("package_search")(
        {}, {"fq": f'owner_org:"{organization_id}"', "rows": 0, "facet.field": ["aivision_agency"], "facet.limit": 2}
    )
    rows = found["search_facets"].get("aivision_agency", {}).get("items", [])
    if len(rows) != 1 or rows[0]["count"] != found["count"]:
        return None
    agency = load_register().agencies.get(rows[0]["name"])
    return AgencyLink(agency.title, aivision_agency_addresses([agency.id])[agency.id]) if agency is not None else None


def aivision_agency_gaps(agency: Mapping[str, Any], most: int, which: str = "gaps") -> list[Gap]:
    """The criteria that cost an agency most compared with its country's agencies, or (`strengths`) that earn it most.

    agency: of `aivision_agency_show`.
    """
    labels = _labels(agency["country"])
    by_id = {row["id"]: row for row in agency["criteria"]}
    return [
        Gap(
            beside_country(id, toolkit._(row["title"]), row, row["of_country"], labels),
            row,
            aivision_criterion_address(id),
        )
        for id, row in ((id, by_id[id]) for id in agency[which][:most])
    ]


def aivision_country_choices(question: Question, sort: str) -> list[tuple[str, str, bool]]:
    """The countries to choose from, both first: the words, the address of the list, and whether it is chosen."""
    chosen = question.filters.chosen.get("country", ())
    others, sort = question.filters.without("country"), "" if sort == SORTS[0] else sort

    def choice(words: str, country: tuple[str, ...]) -> tuple[str, str, bool]:
        narrowed = Filters({"country": country, **others.chosen} if country else others.chosen)
        return words, aivision_agencies_address(Question(filters=narrowed), sort), country == chosen

    return [choice(toolkit._("both"), ()), *(choice(label, (code,)) for code, label in COUNTRIES.items())]


def aivision_country_label(code: str) -> str:
    """A country in short: `US`, `UK`."""
    return COUNTRIES.get(code, code)


def _labels(country: str) -> tuple[str, str]:
    """Of the two marks: `this agency`, `US agencies`."""
    return toolkit._("this agency"), toolkit._("{country} agencies").format(country=COUNTRIES[country])
