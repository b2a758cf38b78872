"""The figures of an agency: their fields, how they are calculated, and how the API's reference describes them."""

from __future__ import annotations

import typing
from typing import Annotated, Any, NamedTuple

import msgspec
import numpy as np

from ckanext.aivision.compare.estimates.counts import Counts
from ckanext.aivision.compare.estimates.sample import LEAST_DATA_SETS, Sample
from ckanext.aivision.compare.tallies.known_share import too_little_known


class Label(NamedTuple):
    """What readers see of a figure. unit, description: empty if the title says all."""

    title: str
    unit: str = ""
    description: str = ""


class Agency(msgspec.Struct, frozen=True, kw_only=True):
    """id: stable, such as `us-026`; empty for a publisher that is placed with no agency and stands for itself.

    level: of government; empty if that is not known. mean: None if none of its datasets has a score or too little is
    known (compare.tallies.known_share). known: by weight.

    What has a default is a figure: the API, its reference and the file to download take it from here with its title,
    unit and description. The default is what an agency without datasets has, and one in a snapshot that is older than
    the figure. `agencies` calculates the values.
    """

    country: str
    id: str
    title: str
    level: str
    data_sets: Annotated[int, Label("Datasets")] = 0
    publishers: Annotated[int, Label("Publishers")] = 0
    mean: Annotated[float | None, Label("Mean score", "0 to 100", "Of its datasets; none if too little is known")] = (
        None
    )
    known: Annotated[float, Label("Known", "per cent", "The share of the questions with an answer")] = 0.0
    small_sample: Annotated[bool, Label("Small sample", "", "Whether it has too few datasets to judge it by")] = True
    counted: Annotated[bool, Label("Counted", "", "Whether it has enough datasets to count in comparisons")] = False


def agencies(sample: Sample, code: str) -> list[Agency]:
    """The largest first: by size, as an order by mean would be a ranking that the samples do not bear out."""
    means, known = own_means(sample.by_agency)
    of_publisher = dict(zip(sample.publisher.tolist(), sample.agency.tolist(), strict=True))
    under = np.bincount(list(of_publisher.values()), minlength=len(sample.agencies))
    rows = [
        Agency(
            country=code,
            id=name.id,
            title=name.title,
            level=name.level,
            data_sets=int(size),
            publishers=int(under[place]),
            mean=means[place],
            known=known[place],
            small_sample=bool(size < LEAST_DATA_SETS),
            counted=bool(sample.counted[place]),
        )
        for place, (name, size) in enumerate(zip(sample.agencies, sample.by_agency.data_sets, strict=True))
    ]
    return sorted(rows, key=lambda row: (-row.data_sets, row.title, row.id))


def own_means(rows: Counts) -> tuple[list[float | None], list[float]]:
    """The mean score of each row's datasets, None if too little is known; and what is known, per cent."""
    known = rows.coverage / rows.data_sets
    with np.errstate(invalid="ignore", divide="ignore"):
        values = rows.score / rows.scored
    means = [
        None if np.isnan(value) or too_little_known(share / 100) else round(float(value), 2)
        for value, share in zip(values, known, strict=True)
    ]
    return means, [round(float(share), 2) for share in known]


class AgencyFigure(NamedTuple):
    """name: of the field. type: str, int, float or bool."""

    name: str
    label: Label
    type: type

    def __str__(self) -> str:
        """As the reference has it: `known (per cent; the share of the questions with an answer)`."""
        words = self.label.description
        about = "; ".join(filter(None, (self.label.unit, words[:1].lower() + words[1:])))
        return f"{self.name} ({about})" if about else self.name


def _figure(name: str, annotated: Any) -> AgencyFigure:
    value, label = typing.get_args(annotated)
    # Of `float | None`, the first.
    return AgencyFigure(name, label, next(iter(typing.get_args(value)), value))


AGENCY_FIGURES = tuple(_figure(row.name, row.type) for row in msgspec.structs.fields(Agency) if not row.required)
