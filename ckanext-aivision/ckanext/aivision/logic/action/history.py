"""Reading history: the scores of a dataset over time, and the trends of countries and publishers."""

from __future__ import annotations

import datetime
from typing import Any

import msgspec
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.evaluations import history, trends
from ckanext.aivision.logic.accept import accepts
from ckanext.aivision.logic.parameter_types import Day, Text
from ckanext.aivision.logic.shared_parameters import NAME, REQUIRED_NAME, criteria
from ckanext.aivision.scoring.rubric import load

__all__ = ["aivision_score_history", "aivision_trend_list"]


@toolkit.side_effect_free
@accepts(id=REQUIRED_NAME, rubric_version=NAME)
def aivision_score_history(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """The scores of one dataset over time: a point for each day on which its evaluation changed.

    Points cover the metadata only, not links or file contents. Points from days on which the dataset was not public are
    returned only to people who can edit it.

    :param id: the id or name of the dataset
    :param rubric_version: only points under this version of the rubric; default: all versions
    :returns: rubric_versions, and points ([{rubric_version, reference_date, score (0-100), coverage (0-1), grade,
        dimensions ({id: score}), public, recomputed, record_kept}]), oldest first. recomputed: calculated later,
        after the rubric had changed. record_kept: whether it can be recalculated under another version
    :raises NotFound: if there is no such dataset
    """
    toolkit.check_access("aivision_score_history", context, data_dict)
    package = toolkit.get_action("package_show")(dict(context), {"id": data_dict["id"]})
    points = history.series(package["id"], with_private=_may_edit(context, package["id"]))
    versions = sorted({point["rubric_version"] for point in points})
    wanted = data_dict.get("rubric_version")
    shown = [point for point in points if wanted in (None, point["rubric_version"])]
    return {"rubric_versions": versions, "points": shown}


@toolkit.side_effect_free
@accepts(
    country=Text(longest=2),
    publisher=Text(empty_counts=True),
    criterion=criteria(only_metadata=True),
    rubric_version=NAME,
    first=Day(),
    last=Day(),
)
def aivision_trend_list(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """The mean scores of the countries, or of a publisher, on the days on which something changed.

    Each dataset counts once; the page /best-practice/trends counts each agency once. A series has one version of the
    rubric. When the rubric changes, earlier points are recalculated from the records of those days, if they were kept;
    the series under the previous version can still be requested. Today's changes appear after the comparison has next
    been computed, which each change triggers.

    :param country: the code of a country, such as US or GB; default: all
    :param publisher: the name of a publisher as in its records; default: whole countries
    :param criterion: the id of a criterion, to include its results
    :param rubric_version: the version of the rubric; default: the current one
    :param first: the first day, such as 2026-11-01
    :param last: the last day
    :returns: rubric_version, rubric_versions (those that have trends) and points ([{day, country, publisher,
        rubric_version, recomputed, first_date, last_date (of the evaluations), data_sets, publishers, lacking, scored,
        score (0-100), coverage (0-1), grades, dimensions ({id: {score, data_sets}}), criterion ({value (0-100), known,
        passed, partial, failed, unknown, not_applicable, too_little})}]) by country and day; a day between two points
        has the values of the earlier one. If too little is known for a mean, it is null and too_little says why.
        lacking: the number of datasets left out because their records of that day were not kept. sample: whether the
        records are made up; such points are returned only if there were never any others
    :raises ValidationError: if there is no such criterion or version, or a day is not a date
    """
    toolkit.check_access("aivision_trend_list", context, data_dict)
    versions = trends.versions()
    version = data_dict.get("rubric_version", load().version)
    if "rubric_version" in data_dict and version not in versions:
        message = toolkit._("There are no trends under this version: use one of {known}")
        raise toolkit.ValidationError({"rubric_version": [message.format(known=", ".join(versions))]})
    asked = trends.Asked(
        rubric_version=version,
        countries=(data_dict["country"],) if "country" in data_dict else (),
        publisher=data_dict.get("publisher"),
        criterion=data_dict.get("criterion"),
        first=_day(data_dict, "first"),
        last=_day(data_dict, "last"),
    )
    points = msgspec.to_builtins(trends.points(asked))
    return {"rubric_version": version, "rubric_versions": versions, "points": points}


def _may_edit(context: Any, package_id: str) -> bool:
    try:
        toolkit.check_access("package_update", dict(context), {"id": package_id})
    except toolkit.NotAuthorized:
        return False
    return True


def _day(data_dict: dict[str, Any], field: str) -> datetime.date | None:
    return datetime.date.fromisoformat(data_dict[field]) if field in data_dict else None
