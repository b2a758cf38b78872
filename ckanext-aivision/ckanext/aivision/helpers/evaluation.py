"""Template helpers: evaluations, the criteria of the rubric, lenses and links."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from typing import Any

from ckan.plugins import toolkit
from flask import has_request_context

from ckanext.aivision.catalogue.evaluations import evaluation_store as evaluations
from ckanext.aivision.catalogue.evaluations import history, objections
from ckanext.aivision.catalogue.evaluations.lens import lens_view
from ckanext.aivision.catalogue.evaluations.objections import Objection
from ckanext.aivision.catalogue.observations import links
from ckanext.aivision.catalogue.tables.dataset_types import is_dataset
from ckanext.aivision.catalogue.tables.type_schema import form_pages
from ckanext.aivision.helpers.announcement import aivision_gate_label
from ckanext.aivision.link_messages import in_words
from ckanext.aivision.scoring.free_text import FreeText, load_free_text
from ckanext.aivision.scoring.gate_rows import Gate
from ckanext.aivision.scoring.guidance import Citation, cite
from ckanext.aivision.scoring.lenses.load import load_lens, names
from ckanext.aivision.scoring.lenses.schema import Lens
from ckanext.aivision.scoring.lenses.view import LensView
from ckanext.aivision.scoring.results import Evaluation, GateHit, Result
from ckanext.aivision.scoring.rubric import Criterion, load
from ckanext.aivision.scoring.scores.next_grade import NextGrade, next_grade
from ckanext.aivision.scoring.scores.score import GRADES, binding_gate, largest_gains

__all__ = [
    "aivision_citation",
    "aivision_criteria",
    "aivision_evaluation",
    "aivision_free_text",
    "aivision_gains",
    "aivision_gates",
    "aivision_grade_label",
    "aivision_is_dataset",
    "aivision_lens",
    "aivision_lens_choices",
    "aivision_lens_chosen",
    "aivision_links",
    "aivision_mending_address",
    "aivision_next_grade",
    "aivision_objections",
    "aivision_points",
    "aivision_result_rows",
    "aivision_series",
    "aivision_thresholds",
]

# How many fixes are shown, and how many where so many lead to the next grade.
_MOST_GAINS, _MOST_STEPS = 3, 6
# The ids of the packages that the request's newest search gave, kept on the request.
_LISTED = "aivision_listed"


def aivision_is_dataset(package_type: str | None) -> bool:
    """Whether packages of a type are datasets, which are evaluated."""
    return is_dataset(package_type)


def aivision_evaluation(package_id: str) -> Evaluation | None:
    """A package's evaluation, or None if it has not been evaluated yet."""
    # The blocks of a page share no variables, so the evaluation is kept on the request.
    read: dict[str, Evaluation | None] = toolkit.g.setdefault("aivision_evaluations", {})
    if package_id not in read:
        wanted = {package_id, *toolkit.g.get(_LISTED, ())} - read.keys()
        read.update(dict.fromkeys(wanted) | evaluations.find_all(wanted))
    return read[package_id]


def note_listed(packages: Iterable[dict[str, Any]]) -> None:
    """Notes that a page lists these packages, so that their evaluations are read together."""
    if has_request_context():
        setattr(toolkit.g, _LISTED, [package["id"] for package in packages if package.get("id")])


def aivision_points(package_id: str, can_edit: bool) -> list[dict[str, Any]]:
    """A package's scores over time, oldest first; scores from before it was public only for people who can edit it."""
    return history.series(package_id, with_private=can_edit)


def aivision_series(points: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Points of `aivision_points` by version of the rubric, the newest version and the newest point first.

    rubric_version, points, and since: the day from which the version was used, None if all its points were calculated
    later. Scores under two versions cannot be compared, so they are two series.
    """
    series: dict[str, list[dict[str, Any]]] = {}
    # A point of the past that was calculated later comes before those of the former version of the same day.
    newest_first = sorted(points, key=_version, reverse=True)
    for point in sorted(newest_first, key=lambda point: (point["recomputed"], _days_before(point))):
        series.setdefault(point["rubric_version"], []).append(point)
    return [
        {
            "rubric_version": version,
            "points": sorted(found, key=_days_before),
            "since": min((point["reference_date"] for point in found if not point["recomputed"]), default=None),
        }
        for version, found in series.items()
    ]


def _version(point: dict[str, Any]) -> list[int]:
    """The parts of a version as numbers: 2.10.0 comes after 2.9.0."""
    return [int(part) for part in re.findall(r"\d+", point["rubric_version"])]


def _days_before(point: dict[str, Any]) -> int:
    return -datetime.date.fromisoformat(point["reference_date"]).toordinal()


def aivision_objections(package_id: str) -> dict[str, Objection]:
    """The objections to a dataset's results, by criterion."""
    return objections.of_dataset(package_id)


def aivision_result_rows(evaluation: Evaluation) -> list[tuple[str, list[tuple[Criterion, Result]]]]:
    """The results with their rubric rows, by dimension; criteria that the rubric no longer has are left out."""
    rows = {row.id: row for row in load().everything}
    grouped: dict[str, list[tuple[Criterion, Result]]] = {}
    for result in evaluation.results:
        if (row := rows.get(result.criterion)) is not None:
            grouped.setdefault(row.dimension, []).append((row, result))
    return list(grouped.items())


def aivision_criteria() -> dict[str, Criterion]:
    """The rubric's rows by id."""
    return {row.id: row for row in load().everything}


def aivision_citation(code: str) -> Citation:
    """The title and the address of a clause that is cited, such as `DOC 2.1.2`."""
    return cite(code)


def aivision_lens_choices() -> list[Lens]:
    """The lenses of this installation, our own first."""
    return [load_lens(name) for name in names()]


def aivision_lens_chosen() -> str:
    """The name of the lens in the address (`?lens=`), or our own if it names none or an unknown one."""
    wanted = toolkit.request.args.get("lens", "")
    return wanted if wanted in names() else names()[0]


def aivision_lens(package_id: str, evaluation: Evaluation, name: str) -> LensView:
    """A package's evaluation through a lens."""
    return lens_view(package_id, evaluation, name)


def aivision_gates(evaluation: Evaluation) -> list[tuple[Gate, GateHit]]:
    """What limits the grade, with the rows of the rubric, worst first; gates that the rubric lost are left out."""
    rows = {row.id: row for row in load().gates}
    return [(rows[hit.gate], hit) for hit in evaluation.gates if hit.gate in rows]


def aivision_grade_label(evaluation: Evaluation) -> str:
    """The words of the gate that the grade is named after, as in "D: no licence"; empty if there is none."""
    hit = binding_gate(evaluation)
    return aivision_gate_label(hit.gate) if hit is not None else ""


def aivision_thresholds() -> list[tuple[str, int]]:
    """The grades with the least score that each needs, best first."""
    return [(name, int(least)) for name, least in GRADES]


def aivision_free_text() -> FreeText:
    """How much facts can earn that are told in free text alone."""
    return load_free_text()


def aivision_next_grade(evaluation: Evaluation) -> NextGrade | None:
    """What would raise a dataset by one grade; None for an A."""
    return next_grade(evaluation, load())


def aivision_gains(evaluation: Evaluation) -> list[tuple[Criterion, float]]:
    """The criteria to fix first, with the points of 100 that each would add to the current score."""
    ahead = next_grade(evaluation, load())
    most = max(_MOST_GAINS, min(_MOST_STEPS, len(ahead.steps) if ahead is not None else 0))
    return [(row, points) for row, _, points in largest_gains(evaluation, load())[:most]]


def aivision_links(package: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """The link checks of a package by address: the state and a sentence. Read once per page."""
    kept: dict[str, dict[str, tuple[str, str]]] = toolkit.request.environ.setdefault("aivision.links", {})
    if package["id"] not in kept:
        urls = [resource["url"] for resource in package.get("resources", []) if resource.get("url")]
        found = links.find(urls)
        kept[package["id"]] = {url: (link.state, in_words(link)) for url, link in found.items()}
    return kept[package["id"]]


def aivision_mending_address(package: dict[str, Any], form_field: str) -> str:
    """Where a steward fixes a criterion: the form page that has its field, or the list of resources."""
    if form_field == "resources":
        return toolkit.url_for(f"{package['type']}.resources", id=package["name"])
    pages = form_pages(package["type"])
    for number, page in enumerate(pages, 1):
        if any(field["field_name"] == form_field for field in page["fields"]):
            address = toolkit.url_for(f"{package['type']}.scheming_edit_page", id=package["name"], page=number)
            return f"{address}#field-{form_field}"
    return toolkit.url_for(f"{package['type']}.edit", id=package["name"])
