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


@toolkit.side_effect_free
def aivision_score_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """The evaluation of one dataset.

    :param id: the id or name of the dataset
    :param lens: the name of a lens of `aivision_lens_list` to see the results through as well
    :param history: whether the points of `aivision_score_history` are wanted too, as the member `history`
    :returns: identifier, title, publisher, country, score (0-100), coverage (0-1), grade (A-E), dimensions
        ({id: {score, coverage}}), results ([{criterion, result, value, evidence, field, fix}]), rubric_version and
        reference_date; with a lens also lens: its title, unit (score or points), score (0-100), coverage, count
        ({earned, known, total} in weights or points), band, best_band (with what is not known yet) and groups with
        their rows
    :raises NotFound: where there is no such dataset, or it has not been evaluated yet
    :raises ValidationError: where there is no such lens
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
        raise toolkit.ValidationError({"history": [toolkit._("Give true or false")]}) from error


@toolkit.side_effect_free
def aivision_compare(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """The comparison of the countries' public datasets: overall, by dimension, by criterion and by publisher.

    Figures are computed in the background after a change, and are of the moment that `as_of` says (UTC).

    :param lens: the name of a lens of `aivision_lens_list` to compare through as well, group by group
    :returns: the figures of `/best-practice`, with numbers of datasets and publishers beside each, and as_of; while the
        first ones are being computed, as_of is null and `message` says so. samples: whether all of them are made-up
        records, which are compared only where there is nothing else; banner: what to say then
    :raises ValidationError: where there is no such lens, and while some datasets are evaluated under another version
        of the rubric than others
    """
    toolkit.check_access("aivision_compare", context, data_dict)
    lens = _lens(data_dict)
    if problem := load_problem():
        raise toolkit.ValidationError({"rubric": [problem]})
    own = lens is None or lens.name == names()[0]
    return as_data(load_comparison("" if lens is None or own else lens.name))


@toolkit.side_effect_free
def aivision_lens_list(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """The lenses: published frameworks that evaluations can be seen through.

    :returns: name, title, label, publisher, version, date, address, unit (score or points), total (points), note, bands
        and groups of each, with the criteria or the properties that answer each of their clauses
    """
    toolkit.check_access("aivision_lens_list", context, data_dict)
    return [msgspec.to_builtins(named(name)) for name in names()]


def _lens(data_dict: dict[str, Any]) -> Lens | None:
    """The lens that was asked for: by name alone, as a path would be one of this machine's files."""
    wanted = data_dict.get("lens")
    if wanted in (None, ""):
        return None
    if wanted not in names():
        raise toolkit.ValidationError({"lens": [toolkit._("Give one of {known}").format(known=", ".join(names()))]})
    return named(wanted)
