"""Reading evaluations and comparisons."""

from __future__ import annotations

from typing import Any

import msgspec
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.evaluations import evaluation_store as evaluations
from ckanext.aivision.catalogue.evaluations.corrected import evaluate_corrected
from ckanext.aivision.catalogue.evaluations.lens import lens_view
from ckanext.aivision.errors import UsageError
from ckanext.aivision.logic.accept import accepts
from ckanext.aivision.logic.parameter_types import Flag
from ckanext.aivision.logic.shared_parameters import AS_OF, FILTERS, LENS, REQUIRED_NAME
from ckanext.aivision.scoring.guidance import cite_all
from ckanext.aivision.scoring.lenses.load import load_lens, names
from ckanext.aivision.scoring.lenses.schema import Lens
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.scoring.scores.next_grade import next_grade
from ckanext.aivision.snapshot.answers.comparison import NoFigures, answer, read_question
from ckanext.aivision.snapshot.read import as_data

__all__ = ["aivision_compare", "aivision_lens_list", "aivision_score_show"]


@toolkit.side_effect_free
@accepts(id=REQUIRED_NAME, lens=LENS, history=Flag(usual=False))
def aivision_score_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """The evaluation of one dataset.

    :param id: the id or name of the dataset
    :param lens: also show the results through this lens, a name from `aivision_lens_list`
    :param history: true to add the points of `aivision_score_history` as `history`
    :returns: identifier, title, publisher, country, score (0-100), coverage (0-1), grade (A-E), dimensions
        ({id: {score, coverage}}), results ([{criterion, result, value, evidence, field, fix}]), rubric_version and
        reference_date; gates ([{gate, limit, evidence, label, fix, warning}], worst first) where something limits the
        grade; next_grade (null for an A): grade, gates (ids to lift) and steps ([{criterion, gain}], the fewest
        criteria to meet); corrected: score, grade and coverage with the corrections of a harvested dataset (null for
        others; the evaluation itself is always of the source's own record); with a lens also lens: its title, unit
        (score or points), score (0-100), coverage, count ({earned, known, total} in weights or points), band, best_band
        (if all unknowns turn out well) and groups with their rows; citations: title and url of each clause ({code:
        {title, url, document, asks}})
    :raises NotFound: if there is no such dataset, or it has not been evaluated yet
    :raises ValidationError: if there is no such lens
    """
    toolkit.check_access("aivision_score_show", context, data_dict)
    package = toolkit.get_action("package_show")(dict(context), {"id": data_dict["id"]})
    evaluation = evaluations.find(package["id"])
    if evaluation is None:
        raise toolkit.ObjectNotFound(
            toolkit._("This dataset has not been evaluated yet: save it, or ask the people who run this catalogue")
        )
    shown: dict[str, Any] = msgspec.to_builtins(evaluation)
    rows = {row.id: row for row in load().gates}
    for hit in shown.get("gates", ()):
        if (row := rows.get(hit["gate"])) is not None:
            hit |= {"label": row.label, "fix": row.fix, "warning": row.warning}
    shown["next_grade"] = msgspec.to_builtins(next_grade(evaluation, load()))
    corrected = evaluate_corrected(package["id"])
    shown["corrected"] = (
        {"score": corrected.score, "grade": corrected.grade, "coverage": corrected.coverage} if corrected else None
    )
    if "lens" in data_dict:
        through = msgspec.to_builtins(lens_view(package["id"], evaluation, data_dict["lens"]))
        shown["lens"] = {**through, "citations": _citations(load_lens(data_dict["lens"]))}
    if data_dict.get("history"):
        asked = {"id": package["id"]}
        shown["history"] = toolkit.get_action("aivision_score_history")(dict(context), asked)["points"]
    return shown


@toolkit.side_effect_free
@accepts({"lens": LENS, "as_of": AS_OF, **FILTERS})
def aivision_compare(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """The comparison of the countries' public datasets: overall, by dimension, criterion, agency and publisher.

    Figures are those of the newest snapshot; `as_of` is the moment that they are of (UTC).

    :param lens: also compare through this lens, group by group; a name from `aivision_lens_list`
    :param as_of: the figures of this day (YYYY-MM-DD), or of the last day before it that has some
    :param country, level, agency, publisher, source, theme, kind, format, licence, year, looked_at: compare only
        these datasets; a value, or a list of alternatives
    :returns: the figures of `/best-practice`, each with its number of datasets and agencies, and as_of; while the
        first figures are being computed, as_of is null and `message` says so. problem: why there are no newer figures,
        for example while datasets are evaluated under two versions of the rubric; empty if nothing is wrong. samples:
        whether all records are made-up samples, which are compared only if there are no others; banner: the warning to
        show in that case. With a lens also lens: its groups, and as citations the title and url of each clause ({code:
        {title, url, document, asks}})
    :raises ValidationError: for a name or value that means nothing
    :raises NotFound: if there are no figures of the day
    """
    toolkit.check_access("aivision_compare", context, data_dict)
    try:
        found = answer(read_question(_pairs(data_dict)))
    except NoFigures as error:
        raise toolkit.ObjectNotFound(str(error)) from error
    except UsageError as error:
        raise toolkit.ValidationError({"message": [str(error)]}) from error
    figures = as_data(found.snapshot, found.figures, found.problem)
    if found.question.lens and figures.get("lens"):
        figures["lens"] = {**figures["lens"], "citations": _citations(load_lens(found.question.lens))}
    return figures


def _pairs(data_dict: dict[str, Any]) -> list[tuple[str, str]]:
    return [(name, one) for name, value in data_dict.items() for one in (value if isinstance(value, list) else [value])]


@toolkit.side_effect_free
@accepts()
def aivision_lens_list(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """The lenses: published frameworks through which evaluations can be viewed.

    :returns: name, title, label, publisher, version, date, address, unit (score or points), total (points), note, bands
        and groups of each, with the criteria or properties that answer each clause; citations: title and url of each
        clause ({code: {title, url, document, asks}})
    """
    toolkit.check_access("aivision_lens_list", context, data_dict)
    return [{**msgspec.to_builtins(load_lens(name)), "citations": _citations(load_lens(name))} for name in names()]


def _citations(lens: Lens) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(cite_all(lens.clauses()))
    return found
