"""Reading evaluations and comparisons."""

from __future__ import annotations

from typing import Any

import msgspec
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.comparison.stored_comparison import as_data, load_comparison, load_problem
from ckanext.aivision.catalogue.evaluations import evaluation_store as evaluations
from ckanext.aivision.catalogue.evaluations.lens import lens_view
from ckanext.aivision.scoring.lenses.load import named, names
from ckanext.aivision.scoring.lenses.schema import Lens

__all__ = ["aivision_compare", "aivision_lens_list", "aivision_score_show"]


@toolkit.side_effect_free
def aivision_score_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """The evaluation of one dataset.

    :param id: the id or name of the dataset
    :param lens: also show the results through this lens, a name from `aivision_lens_list`
    :param history: true to add the points of `aivision_score_history` as `history`
    :returns: identifier, title, publisher, country, score (0-100), coverage (0-1), grade (A-E), dimensions
        ({id: {score, coverage}}), results ([{criterion, result, value, evidence, field, fix}]), rubric_version and
        reference_date; with a lens also lens: its title, unit (score or points), score (0-100), coverage, count
        ({earned, known, total} in weights or points), band, best_band (if all unknowns turn out well) and groups with
        their rows
    :raises NotFound: if there is no such dataset, or it has not been evaluated yet
    :raises ValidationError: if there is no such lens
    """
    toolkit.get_or_bust(data_dict, "id")
    toolkit.check_access("aivision_score_show", context, data_dict)
    package = toolkit.get_action("package_show")(dict(context), {"id": data_dict["id"]})
    evaluation = evaluations.find(package["id"])
    if evaluation is None:
        raise toolkit.ObjectNotFound(
            toolkit._("This dataset has not been evaluated yet: save it, or run `ckan aivision rescore`")
        )
    shown: dict[str, Any] = msgspec.to_builtins(evaluation)
    if (lens := _lens(data_dict)) is not None:
        shown["lens"] = msgspec.to_builtins(lens_view(package["id"], evaluation, lens.name))
    if _history_wanted(data_dict):
        asked = {"id": package["id"]}
        shown["history"] = toolkit.get_action("aivision_score_history")(dict(context), asked)["points"]
    return shown


def _history_wanted(data_dict: dict[str, Any]) -> bool:
    try:
        return bool(toolkit.asbool(data_dict.get("history", False)))
    except ValueError as error:
        raise toolkit.ValidationError({"history": [toolkit._("This must be true or false")]}) from error


@toolkit.side_effect_free
def aivision_compare(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """The comparison of the countries' public datasets: overall, by dimension, by criterion and by publisher.

    Figures are computed in the background after a change; `as_of` is when they were computed (UTC).

    :param lens: also compare through this lens, group by group; a name from `aivision_lens_list`
    :returns: the figures of `/best-practice`, each with its number of datasets and publishers, and as_of; while the
        first figures are being computed, as_of is null and `message` says so. samples: whether all records are made-up
        samples, which are compared only if there are no others; banner: the warning to show in that case
    :raises ValidationError: if there is no such lens, or while datasets are evaluated under different versions of the
        rubric
    """
    toolkit.check_access("aivision_compare", context, data_dict)
    lens = _lens(data_dict)
    if problem := load_problem():
        raise toolkit.ValidationError({"rubric": [problem]})
    own = lens is None or lens.name == names()[0]
    return as_data(load_comparison("" if lens is None or own else lens.name))


@toolkit.side_effect_free
def aivision_lens_list(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """The lenses: published frameworks through which evaluations can be viewed.

    :returns: name, title, label, publisher, version, date, address, unit (score or points), total (points), note, bands
        and groups of each, with the criteria or properties that answer each clause
    """
    toolkit.check_access("aivision_lens_list", context, data_dict)
    return [msgspec.to_builtins(named(name)) for name in names()]


def _lens(data_dict: dict[str, Any]) -> Lens | None:
    """The requested lens. Only names are accepted, because a path would read a file of the server."""
    wanted = data_dict.get("lens")
    if wanted in (None, ""):
        return None
    if wanted not in names():
        raise toolkit.ValidationError({"lens": [toolkit._("Use one of: {known}").format(known=", ".join(names()))]})
    return named(wanted)
