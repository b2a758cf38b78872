"""Reading evaluations and comparisons."""

from __future__ import annotations

from typing import Any

import msgspec
from ckan.plugins import toolkit

from ckanext.aivision.catalogue import evaluations
from ckanext.aivision.compare.overview import overview
from ckanext.aivision.errors import UsageError
from ckanext.aivision.scoring.rubric import load


@toolkit.side_effect_free
def aivision_score_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """The evaluation of one data set.

    :param id: the id or name of the data set
    :returns: identifier, title, publisher, country, score (0-100), coverage (0-1), grade (A-E), dimensions
        ({id: {score, coverage}}), results ([{criterion, result, value, evidence, field, fix}]), rubric_version and
        reference_date
    :raises NotFound: where there is no such data set, or it has not been evaluated yet
    """
    toolkit.get_or_bust(data_dict, "id")
    toolkit.check_access("aivision_score_show", context, data_dict)
    package = toolkit.get_action("package_show")(dict(context), {"id": data_dict["id"]})
    evaluation = evaluations.find(package["id"])
    if evaluation is None:
        raise toolkit.ObjectNotFound(
            toolkit._("This data set has not been evaluated yet: save it, or run `ckan aivision rescore`")
        )
    return msgspec.to_builtins(evaluation)


@toolkit.side_effect_free
def aivision_compare(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """The comparison of the countries' public data sets: overall, by dimension, by criterion and by publisher.

    :returns: the figures of `/best-practice`, with numbers of data sets and publishers beside each
    :raises ValidationError: while some data sets are evaluated under another version of the rubric than others
    """
    toolkit.check_access("aivision_compare", context, data_dict)
    try:
        return msgspec.to_builtins(overview(evaluations.tallies(), load().criteria))
    except UsageError as error:
        raise toolkit.ValidationError({"rubric": [str(error)]}) from error
