"""Template helpers: evaluations, the criteria of the rubric, lenses and links."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit

from ckanext.aivision.catalogue.comparison.stored_comparison import load_sizes
from ckanext.aivision.catalogue.evaluations import evaluation_store as evaluations
from ckanext.aivision.catalogue.evaluations import history
from ckanext.aivision.catalogue.evaluations.lens import lens_view
from ckanext.aivision.catalogue.observations import links
from ckanext.aivision.helpers.text import aivision_moment
from ckanext.aivision.link_messages import in_words
from ckanext.aivision.scoring.lenses.load import named, names
from ckanext.aivision.scoring.lenses.schema import Lens
from ckanext.aivision.scoring.lenses.view import LensView
from ckanext.aivision.scoring.results import Evaluation, Result
from ckanext.aivision.scoring.rubric import Criterion, load

_MOST_GAINS = 3


def aivision_evaluation(package_id: str) -> Evaluation | None:
    """A package's evaluation, or None if it has not been evaluated yet."""
    # The blocks of a page share no variables, so the evaluation is kept on the request.
    read: dict[str, Evaluation | None] = toolkit.g.setdefault("aivision_evaluations", {})
    if package_id not in read:
        read[package_id] = evaluations.find(package_id)
    return read[package_id]


def aivision_points(package_id: str, can_edit: bool) -> list[dict[str, Any]]:
    """A package's scores over time, oldest first; scores from before it was public only for people who can edit it."""
    return history.series(package_id, with_private=can_edit)


def aivision_figures() -> dict[str, Any] | None:
    """The size of each country's part of the catalogue in the latest figures; None if there are none yet.

    as_of: the time of the figures in words. countries: code, number of public datasets and number of publishers of each
    country that has any.
    """
    found = load_sizes()
    if found is None:
        return None
    made, sizes = found
    return {
        "as_of": aivision_moment(made),
        "countries": [(size.code, size.data_sets, size.publishers) for size in sizes if size.data_sets],
    }


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


def aivision_lens_choices() -> list[Lens]:
    """The lenses of this installation, our own first."""
    return [named(name) for name in names()]


def aivision_lens_chosen() -> str:
    """The name of the lens in the address (`?lens=`), or our own if it names none or an unknown one."""
    wanted = toolkit.request.args.get("lens", "")
    return wanted if wanted in names() else names()[0]


def aivision_lens(package_id: str, evaluation: Evaluation, name: str) -> LensView:
    """A package's evaluation through a lens."""
    return lens_view(package_id, evaluation, name)


def aivision_gains(evaluation: Evaluation) -> list[tuple[Criterion, float]]:
    """The criteria to fix first, with the points of 100 that each would add to the current score."""
    rows = {row.id: row for row in load().everything}
    pairs = [(rows[result.criterion], result) for result in evaluation.results if result.criterion in rows]
    known = sum(row.weight for row, result in pairs if result.value is not None)
    gains = [
        (row, 100 * row.weight * (1 - result.value) / known)
        for row, result in pairs
        if result.value is not None and result.value < 1
    ]
    return sorted(gains, key=lambda gain: -gain[1])[:_MOST_GAINS]


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
    pages = toolkit.h.scheming_get_dataset_form_pages(package["type"])
    for number, page in enumerate(pages, 1):
        if any(field["field_name"] == form_field for field in page["fields"]):
            address = toolkit.url_for(f"{package['type']}.scheming_edit_page", id=package["name"], page=number)
            return f"{address}#field-{form_field}"
    return toolkit.url_for(f"{package['type']}.edit", id=package["name"])
