"""The table of figures that can be taken away. A page's figure needs one entry here, and the bar on the page.

An entry is found by its `id` in `/best-practice/figures/ID.csv` and its like. `build` works the figure out; everything
else (files, pictures, citations, pages to embed) is written from what it gives.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ckanext.aivision.agencies.register import load_register
from ckanext.aivision.downloads.content import (
    agencies,
    agency_datasets,
    comparison,
    coverage,
    criterion,
    exemplars,
    frameworks,
    priorities,
    trends,
)
from ckanext.aivision.downloads.table import Asked, Content
from ckanext.aivision.scoring.registry import DIMENSIONS
from ckanext.aivision.snapshot.answers.criteria import find_criterion


class Figure(NamedTuple):
    """One figure or table of a page.

    title: with {subject} for what it is of. endpoint: of its page, which takes the subject as `id`. of: what it is of:
    `criterion`, `dimension`, `agency`, or empty. takes_lens, takes_filters: whether the page can be narrowed so.
    stored: whether its figures are in every past snapshot, so that `as_of` finds them again as long as no filter is
    chosen; those worked out from the tables are not. tag: its part of the names of files, with {subject} for the id.
    choices: names in the address that only its page has, beside filters; `build` reads them. drawn: whether it has a
    picture, which other sites can embed. names_datasets: whether it names datasets, which may become private, so that
    no cache may keep it for others.
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
    choices: tuple[str, ...] = ()
    drawn: bool = True
    names_datasets: bool = False


_COMPARISON, _ROBUSTNESS = "aivision_best_practice.show", "aivision_robustness.show"
_CRITERIA, _CRITERION = "aivision_criteria.index", "aivision_criteria.show"
_AGENCIES, _AGENCY = "aivision_agencies.index", "aivision_agencies.show"
_COVERAGE = "aivision_coverage.show"
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
    Figure(
        id="agency-datasets",
        title="{subject}: datasets, those with the most to gain first",
        endpoint=_AGENCY,
        build=agency_datasets.most_to_gain,
        tag="{subject}-datasets",
        of="agency",
        takes_filters=False,
        stored=False,
        drawn=False,
        names_datasets=True,
    ),
    Figure(
        id="trends",
        title="AI readiness over time: {subject}",
        endpoint="aivision_trends.show",
        build=trends.series,
        tag="trends-{subject}",
        takes_filters=False,
        stored=False,
        choices=trends.NAMES,
    ),
    Figure(
        id="priorities",
        title="Priorities of the US and UK: learn from the other, work on together, not known",
        endpoint="aivision_priorities.show",
        build=priorities.lists,
        tag="priorities",
        stored=False,
        drawn=False,
    ),
    Figure(
        id="exemplars",
        title="Examples to copy from US and UK datasets: {subject}",
        endpoint="aivision_exemplars.show",
        build=exemplars.words,
        tag="examples-{subject}",
        stored=False,
        choices=("criterion",),
        drawn=False,
        names_datasets=True,
    ),
    Figure(
        id="frameworks",
        title="US and UK datasets under published frameworks",
        endpoint="aivision_frameworks.index",
        build=frameworks.overall,
        tag="frameworks",
    ),
    Figure(
        id="crosswalk",
        title="US and UK guidance side by side, clause by clause",
        endpoint="aivision_frameworks.crosswalk",
        build=frameworks.clauses,
        tag="crosswalk",
        stored=False,
        drawn=False,
    ),
    Figure(
        id="coverage-catalogues",
        title="Datasets here and in the national catalogues of the US and UK",
        endpoint=_COVERAGE,
        build=coverage.catalogues,
        tag="national-catalogues",
        takes_filters=False,
        stored=False,
        drawn=False,
    ),
    Figure(
        id="coverage-levels",
        title="Datasets of the US and UK by level of government",
        endpoint=_COVERAGE,
        build=coverage.levels,
        tag="levels",
        takes_filters=False,
        stored=False,
    ),
    Figure(
        id="coverage-bodies",
        title="Datasets of the US and UK by sort of publishing body",
        endpoint=_COVERAGE,
        build=coverage.bodies,
        tag="bodies",
        takes_filters=False,
        stored=False,
    ),
    Figure(
        id="coverage-sources",
        title="Sources of the US and UK datasets",
        endpoint=_COVERAGE,
        build=coverage.sources,
        tag="sources",
        takes_filters=False,
        stored=False,
        drawn=False,
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
