"""Reading what was: a dataset's series, and the trends of countries and publishers."""

from __future__ import annotations

import datetime
from typing import Any

import msgspec
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.comparison import trends
from ckanext.aivision.catalogue.evaluations import history
from ckanext.aivision.logic.paging import words
from ckanext.aivision.scoring.rubric import load


@toolkit.side_effect_free
def aivision_score_history(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """The scores of one dataset over time: a point for each day on which its evaluation became another.

    Points are of the metadata: what links and files held is not part of them. Those of days on which the dataset was
    not public are shown to those who may edit it.

    :param id: the id or name of the dataset
    :param rubric_version: only the points made under this version; all versions where it is not given
    :returns: rubric_versions, and points ([{rubric_version, reference_date, score (0-100), coverage (0-1), grade,
        dimensions ({id: score}), public, recomputed, record_kept}]), oldest first. recomputed: made later, when the
        rubric had changed. record_kept: whether it can be made again under another version
    :raises NotFound: where there is no such dataset
    """
    toolkit.get_or_bust(data_dict, "id")
    toolkit.check_access("aivision_score_history", context, data_dict)
    package = toolkit.get_action("package_show")(dict(context), {"id": data_dict["id"]})
    points = history.series(package["id"], with_private=_may_edit(context, package["id"]))
    versions = sorted({point["rubric_version"] for point in points})
    wanted = words(data_dict, "rubric_version").get("rubric_version")
    shown = [point for point in points if wanted in (None, point["rubric_version"])]
    return {"rubric_versions": versions, "points": shown}


@toolkit.side_effect_free
def aivision_trend_list(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """How the public datasets of the countries, or of a publisher, were on the days on which something changed.

    A series is of one version of the rubric. Where the rubric has changed, points of the past are made again from the
    records of then, as far as these are kept; the series under the version before it can still be asked for. What
    changed today is in it once the figures of the comparison have been renewed, which a change asks for.

    :param country: the code of a country, such as US or GB; all where it is not given
    :param publisher: the name of a publisher as its records have it; of whole countries where it is not given
    :param criterion: the id of a criterion whose results are wanted as well
    :param rubric_version: the version of the rubric; the present one where it is not given
    :param first: the first day wanted, as 2026-11-01
    :param last: the last day wanted
    :returns: rubric_version, rubric_versions (that there are trends under) and points ([{day, country, publisher,
        rubric_version, recomputed, first_date, last_date (of the evaluations), data_sets, publishers, lacking, scored,
        score (0-100), coverage (0-1), grades, dimensions ({id: {score, data_sets}}), criterion ({value (0-100), known,
        passed, partial, failed, unknown, not_applicable, too_little})}]) by country and day; a day between two points
        is as the first of them. Where too little is known for a mean it is null, and too_little says why. lacking:
        datasets that there were too, whose records of then are not kept. Points also say by sample whether they are of
        made-up records, which are shown only where there was never anything else
    :raises ValidationError: where there is no such criterion or version, or a day is none
    """
    toolkit.check_access("aivision_trend_list", context, data_dict)
    given = words(data_dict, "country", "criterion", "rubric_version", "first", "last")
    versions = trends.versions()
    version = given.get("rubric_version", load().version)
    if "rubric_version" in given and version not in versions:
        _refuse("rubric_version", toolkit._("There is no trend under this version: choose one of {known}"), versions)
    criterion = given.get("criterion")
    if criterion is not None and criterion not in {row.id for row in load().criteria}:
        _refuse("criterion", toolkit._("There is no such criterion of the metadata; `aivision criteria` lists them"))
    publisher = data_dict.get("publisher")
    asked = trends.Asked(
        rubric_version=version,
        countries=(given["country"],) if "country" in given else (),
        publisher=words(data_dict, "publisher").get("publisher", "") if publisher is not None else None,
        criterion=criterion,
        first=_day(given, "first"),
        last=_day(given, "last"),
    )
    points = msgspec.to_builtins(trends.points(asked))
    return {"rubric_version": version, "rubric_versions": versions, "points": points}


def _may_edit(context: Any, package_id: str) -> bool:
    try:
        toolkit.check_access("package_update", dict(context), {"id": package_id})
    except toolkit.NotAuthorized:
        return False
    return True


def _day(given: dict[str, str], field: str) -> datetime.date | None:
    if field not in given:
        return None
    try:
        return datetime.date.fromisoformat(given[field])
    except ValueError:
        _refuse(field, toolkit._("Give a day as 2026-11-01"))
        raise


def _refuse(field: str, message: str, known: list[str] | None = None) -> None:
    raise toolkit.ValidationError({field: [message.format(known=", ".join(known or []))]})
