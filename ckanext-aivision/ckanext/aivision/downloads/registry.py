"""The table of figures that can be taken away. A page's figure needs one entry here, and the bar on the page.

An entry is found by its `id` in `/best-practice/figures/ID.csv` and its like. `build` works the figure out; everything
else (files, pictures, citations, pages to embed) is written from what it gives.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ckanext.aivision.agencies.register import load_register
from ckanext.aivision.downloads.content import agencies, comparison, criterion
from ckanext.aivision.downloads.table import Asked, Content
from ckanext.aivision.scoring.registry import DIMENSIONS
from ckanext.aivision.snapshot.criteria import find_criterion


class Figure(NamedTuple):
    """One figure or table of a page.

    title: with {subject} for what it is of. endpoint: of its page, which takes the subject as `id`. of: what it is of:
    `criterion`, `dimension`, `agency`, or empty. takes_lens, takes_filters: whether the page can be narrowed so.
    stored: whether its figures are in every past snapshot, so that `as_of` finds them again as long as no filter is
    chosen; those worked out from the tables are not. tag: its part of the names of files, with {subject} for the id.
    build: raises UsageError where a filter names what no dataset has, NoFigures where the snapshot has no such figures.
    """

    id: str
    title: str
    endpoint: str
    build: Callable[[Asked], Content]
    tag: str
    of: str = ""
    takes_filters: bool = True
    takes_lens: bool = False
    stored: bool = True


_COMPARISON, _ROBUSTNESS = "aivision_best_practice.show", "aivision_robustness.show"
_CRITERIA, _CRITERION = "aivision_criteria.index", "aivision_criteria.show"
_AGENCIES, _AGENCY = "aivision_agencies.index", "aivision_agencies.show"
# What a figure can be of, and whether there is one of an id.
_SUBJECTS: dict[str, Callable[[str], bool]] = {
    "dimension": lambda id: id in DIMENSIONS,
    "criterion": lambda id: find_criterion(id) is not None,
    "agency": lambda id: id in load_register().agencies,
}

FIGURES: tuple[Figure, ...] = (
    Figure(
        id="dimensions",
        title="AI readiness of US and UK datasets: overall and by dimension",
        endpoint=_COMPARISON,
        build=comparison.dimensions,
        tag="dimensions",
    ),
    Figure(
        id="dimensions-by-dataset",
        title="AI readiness of US and UK datasets by dimension, with each dataset counted once",
        endpoint=_ROBUSTNESS,
        build=comparison.dimensions_by_data_set,
        tag="dimensions-by-dataset",
    ),
    Figure(
        id="grades",
        title="Grades of US and UK datasets",
        endpoint=_ROBUSTNESS,
        build=comparison.grades,
        tag="grades",
    ),
    Figure(
        id="lens",
        title="US and UK datasets seen through {subject}",
        endpoint=_COMPARISON,
        build=comparison.lens,
        tag="{subject}",
        takes_lens=True,
    ),
    Figure(
        id="criteria",
        title="AI readiness of US and UK datasets: all criteria",
        endpoint=_CRITERIA,
        build=comparison.criteria,
        tag="criteria",
    ),
    Figure(
        id="dimension",
        title="AI readiness of US and UK datasets: {subject}",
        endpoint=_CRITERIA,
        build=comparison.criteria_of_dimension,
        tag="{subject}",
        of="dimension",
    ),
    Figure(
        id="criterion",
        title="{subject}: US and UK datasets",
        endpoint=_CRITERION,
        build=criterion.countries,
        tag="{subject}",
        of="criterion",
    ),
    Figure(
        id="criterion-agencies",
        title="{subject}: agencies of the US and UK",
        endpoint=_CRITERION,
        build=criterion.agencies,
        tag="{subject}-agencies",
        of="criterion",
        stored=False,
    ),
    Figure(
        id="agencies",
        title="Agencies of the US and UK: AI readiness of their datasets",
        endpoint=_AGENCIES,
        build=agencies.all_agencies,
        tag="agencies",
        stored=False,
    ),
    Figure(
        id="agency",
        title="{subject}: AI readiness beside other agencies",
        endpoint=_AGENCY,
        build=agencies.profile,
        tag="{subject}",
        of="agency",
        takes_filters=False,
        stored=False,
    ),
    Figure(
        id="agency-criteria",
        title="{subject}: criteria, and where it could gain most",
        endpoint=_AGENCY,
        build=agencies.criteria,
        tag="{subject}-criteria",
        of="agency",
        takes_filters=False,
        stored=False,
    ),
)


class NoFigure(LookupError):
    """There is no figure of this name, or nothing that it could be of."""


def find_figure(id: str, subject: str = "") -> Figure:
    """The figure of an id. subject: what it is asked of, or empty. Raises NoFigure if there is none."""
    figure = next((one for one in FIGURES if one.id == id), None)
    if figure is None or bool(subject) != bool(figure.of) or (subject and not _SUBJECTS[figure.of](subject)):
        raise NoFigure("There is no such figure")
    return figure
