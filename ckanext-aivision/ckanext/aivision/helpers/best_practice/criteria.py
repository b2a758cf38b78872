"""Template helpers: where criteria, and what is behind their figures, lead."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from ckan.plugins import toolkit

from ckanext.aivision.catalogue.index.search_fields import CRITERIA, KIND, THEME, result
from ckanext.aivision.compare.charts.passing import agency_passing_rows as aivision_agency_passing_rows
from ckanext.aivision.compare.charts.passing import passing_row as aivision_passing_row
from ckanext.aivision.compare.estimates.measures import in_words
from ckanext.aivision.helpers.request_cache import once_a_request
from ckanext.aivision.record import COUNTRIES
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.snapshot.answers.comparison import Question

__all__ = [
    "aivision_agency_address",
    "aivision_agency_passing_rows",
    "aivision_criteria_address",
    "aivision_criterion_address",
    "aivision_criterion_addresses",
    "aivision_criterion_title",
    "aivision_passing_row",
    "aivision_result_list_address",
    "aivision_result_search_address",
]

# The filters that the search knows too, by its names.
_IN_SEARCH = {
    "country": "aivision_country",
    "level": "aivision_level",
    "agency": "aivision_agency",
    "licence": "aivision_licence",
    "theme": THEME,
    "kind": KIND,
}


def aivision_criteria_address(question: Question | None = None) -> str:
    """The address of the list of criteria, narrowed as `question` is."""
    return _address(_index(), question)


def aivision_criterion_address(id: str, question: Question | None = None) -> str:
    """The address of a criterion's page, narrowed as `question` is."""
    return _address(f"{_index()}/{quote(id)}", question)


@once_a_request
def _index() -> str:
    """A page asks for up to a hundred addresses below it; CKAN takes as long for each as for this one."""
    return str(toolkit.url_for("aivision_criteria.index"))


def aivision_criterion_addresses(question: Question) -> dict[str, str]:
    """The addresses of the pages of all criteria of the rubric, by id."""
    return {row.id: aivision_criterion_address(row.id, question) for row in load().everything}


def aivision_criterion_title(id: str) -> str:
    """The name of a criterion in words: `Licence open`."""
    return str(toolkit._(in_words(id)))


def aivision_agency_address(id: str) -> str:
    """The address of an agency's page."""
    address: str = toolkit.url_for("aivision_agencies.show", id=id)
    return address


def aivision_result_list_address(id: str, outcome: str, question: Question) -> str:
    """The address in the API of the list of all datasets with an outcome (`fail`) of a criterion."""
    pairs = [("criterion", result(id, outcome)), *question.filters.pairs()]
    return f"/api/3/action/aivision_evaluation_list?{urlencode(pairs)}"


def aivision_result_search_address(id: str, outcome: str, question: Question) -> str:
    """The address of the search for all datasets with an outcome of a criterion.

    Empty where the search cannot be narrowed as the page is: it knows fewer filters, and no alternatives.
    """
    chosen = question.filters.chosen
    if any(name not in _IN_SEARCH or len(values) > 1 for name, values in chosen.items()):
        return ""
    pairs = [(_IN_SEARCH[name], _in_search(name, values[0])) for name, values in chosen.items()]
    return f"{toolkit.url_for('dataset.search')}?{urlencode([(CRITERIA, result(id, outcome)), *pairs])}"


def _in_search(name: str, value: str) -> str:
    return COUNTRIES.get(value, value) if name == "country" else value


def _address(path: str, question: Question | None) -> str:
    pairs = question.pairs() if question is not None else []
    return f"{path}?{urlencode(pairs)}" if pairs else path
