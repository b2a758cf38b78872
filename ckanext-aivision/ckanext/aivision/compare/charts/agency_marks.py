"""What the charts show of agencies: their means, and one agency beside the others of its country."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from ckanext.aivision.compare.charts.marks import Gap, Mark, Row, signed
from ckanext.aivision.compare.estimates.agency_figures import Agency
from ckanext.aivision.compare.estimates.figures import Overview
from ckanext.aivision.compare.tallies.known_share import TOO_LITTLE


@dataclasses.dataclass(frozen=True)
class AgencyRow:
    """The row of an agency, and its figures."""

    row: Row
    agency: Agency


def agency_rows(overview: Overview, country: str, most: int) -> list[AgencyRow]:
    """The first `most` agencies of a country, in the overview's order, with their mean scores.

    The id of a row is the agency's, or its place in the list where it has none.
    """
    place, label = next((n, row.label) for n, row in enumerate(overview.countries) if row.code == country)
    found = [row for row in overview.agencies if row.country == country][:most]
    return [
        agency_row(one, place, label, one.id or f"{country.lower()}-place-{number}")
        for number, one in enumerate(found, 1)
    ]


def agency_row(one: Agency, place: int, label: str, id: str) -> AgencyRow:
    """One agency with its mean score. place, label: of its country. id: of the row."""
    return AgencyRow(
        row=Row(id=id, title=one.title, marks=(Mark(label, place, one.mean, too_little=TOO_LITTLE),)),
        agency=one,
    )


def beside_country(
    id: str, title: str, own: Mapping[str, Any], theirs: Mapping[str, Any] | None, labels: tuple[str, str]
) -> Row:
    """A measure of one agency, and the mean of its country's agencies.

    own, theirs: `mean`, and `too_little`, why there is none; theirs with the ends of its interval, `low` and `high`.
    labels: of the two marks.
    """
    other: Mapping[str, Any] = theirs or {}
    mean, country = own.get("mean"), other.get("mean")
    too_little = own.get("too_little") or ""
    marks = (
        Mark(labels[0], 0, None if too_little else mean, too_little=too_little),
        Mark(labels[1], 1, country, other.get("low"), other.get("high"), other.get("too_little") or ""),
    )
    gap = Gap(signed(mean - country), None) if mean is not None and country is not None and not too_little else None
    return Row(
        id=id,
        title=title,
        marks=marks,
        compared=gap is not None,
        gap=gap,
    )
