"""What the search index holds of a dataset's evaluation and facets, and under which names.

Readers of the API use our own names (`aivision_criteria:licence-open.fail`), and `search_query` puts in those of Solr.
CKAN's own schema has to do, as a site's Solr may be shared: any name is a single string there, and of those with
several values only `vocab_*` fits. As CKAN copies that into the text that is searched, each value is one word that
nobody types: "open" finds no dataset because it lacks an open licence.
"""

from __future__ import annotations

import functools
import re
from typing import get_args

from ckanext.aivision.compare.table.columns import name_of
from ckanext.aivision.compare.table.facets import Facets, kind_names, theme_titles
from ckanext.aivision.record import COUNTRIES
from ckanext.aivision.scoring.registry import DIMENSIONS
from ckanext.aivision.scoring.results import Evaluation, Outcome
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.scoring.scores.score import gains

Fields = dict[str, str | list[str]]

CRITERIA, FAILED, THEME, KIND = "aivision_criteria", "aivision_failed", "aivision_theme", "aivision_kind"
# Our names of the fields with several values.
WITH_SEVERAL = (CRITERIA, FAILED, THEME, KIND)
SCORE, GAIN = "aivision_score", "aivision_gain"
_IN_SOLR = "vocab_"
_WORD = "aivision"
_OPAQUE = re.compile(r"[^a-z*?]")


def number_fields() -> list[str]:
    """The fields that hold points from 0 to 100."""
    return [SCORE, GAIN, *(_dimension_field(id) for id in DIMENSIONS)]


def in_solr(field: str) -> str:
    """The name in Solr of a field of ours."""
    return f"{_IN_SOLR}{field}" if field in WITH_SEVERAL else field


def token(value: str) -> str:
    """How Solr holds a value of a field with several. Wildcards stay what they are."""
    return _WORD + _OPAQUE.sub("", value.lower())


@functools.cache
def values_by_token() -> dict[str, dict[str, str]]:
    """The value of each token, by our name of the field."""
    criteria = [row.id for row in load().everything]
    values = {
        CRITERIA: [result(id, outcome) for id in criteria for outcome in get_args(Outcome)],
        FAILED: criteria,
        THEME: list(theme_titles()),
        KIND: list(kind_names()),
    }
    return {field: {token(value): value for value in found} for field, found in values.items()}


def result(criterion: str, outcome: str) -> str:
    """A result as it is searched for: `licence-open.fail`."""
    return f"{criterion}.{outcome}"


def points(number: float) -> str:
    """Points as Solr holds them, so that strings sort as numbers do: 9.5 is `009.5`."""
    return f"{min(max(number, 0.0), 999.9):05.1f}"


def index_fields(evaluation: Evaluation, facets: Facets) -> Fields:
    """What the search index holds of a dataset: of its evaluation, and of what it is about. Facets show the values."""
    return {**evaluation_fields(evaluation), **_facet_fields(facets)}


def evaluation_fields(evaluation: Evaluation) -> Fields:
    """Those that depend on the evaluation alone: that of the dataset's own page, with what was looked at."""
    scores = {_dimension_field(id): found.score for id, found in evaluation.dimensions.items()}
    numbers = {SCORE: evaluation.score, GAIN: _greatest_gain(evaluation), **scores}
    failed = [found.criterion for found in evaluation.results if found.result == "fail"]
    results = [result(found.criterion, found.result) for found in evaluation.results]
    return {
        "aivision_country": COUNTRIES.get(evaluation.country, evaluation.country),
        "aivision_grade": evaluation.grade,
        **({"aivision_gate": evaluation.gates[0].gate} if evaluation.gates else {}),
        **{field: points(number) for field, number in numbers.items() if number is not None},
        **_several(CRITERIA, results),
        **_several(FAILED, failed),
    }


def _facet_fields(facets: Facets) -> Fields:
    texts = {
        "aivision_level": facets.level,
        "aivision_agency": facets.agency,
        "aivision_licence": facets.licence_class,
    }
    return {
        **{field: text for field, text in texts.items() if text},
        **_several(THEME, facets.themes),
        **_several(KIND, facets.kinds),
    }


def _several(field: str, values: list[str]) -> Fields:
    return {in_solr(field): [token(value) for value in values]} if values else {}


def _greatest_gain(evaluation: Evaluation) -> float | None:
    """The points that the one fix with the greatest effect would add; None where the weights are not known."""
    rubric = load()
    if evaluation.rubric_version != rubric.version:
        return None
    rows = {row.id: row for row in rubric.at(evaluation.beyond)}
    results = [found for found in evaluation.results if found.criterion in rows]
    return max(gains(results, [rows[found.criterion] for found in results]), default=0.0)


def _dimension_field(id: str) -> str:
    return f"{SCORE}_{name_of(id)}"
