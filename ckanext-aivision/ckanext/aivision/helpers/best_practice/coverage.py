"""Template helpers of the pages of coverage and method."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import NamedTuple

import ckan.model as model
import markdown
import nh3
from ckan.plugins import toolkit
from markupsafe import Markup

from ckanext.aivision.compare.charts.marks import Mark, Row
from ckanext.aivision.compare.coverage import Bodies, CountryCoverage, Level
from ckanext.aivision.compare.coverage_sentence import coverage_sentence
from ckanext.aivision.compare.method_text import method_text
from ckanext.aivision.harvesters.sources.kind_registry import KINDS
from ckanext.aivision.normalise import licences
from ckanext.aivision.scoring.registry import DIMENSIONS
from ckanext.aivision.scoring.rubric import Rubric
from ckanext.aivision.snapshot import read
from ckanext.aivision.snapshot.coverage import read_coverage

__all__ = [
    "aivision_body_rows",
    "aivision_coverage_sentence",
    "aivision_coverage_sentences",
    "aivision_level_rows",
    "aivision_licence_title",
    "aivision_method_text",
    "aivision_protocol",
    "aivision_weights",
]

_TAGS = {"h2", "h3", "p", "ul", "ol", "li", "strong", "em", "code", "table", "thead", "tbody", "tr", "th", "td", "a"}
_ATTRIBUTES = {"a": {"href"}, "th": {"scope"}}


class Weight(NamedTuple):
    """How much a dimension counts: share of all weights, per cent, and number of criteria."""

    id: str
    share: float
    criteria: int


def aivision_coverage_sentence(country: CountryCoverage) -> str:
    """Who is counted in a country, in one sentence."""
    return coverage_sentence(country, toolkit._)


def aivision_coverage_sentences() -> list[str]:
    """The same of each country in the newest snapshot; empty while there is none."""
    found = read.newest()
    coverage = read_coverage(found) if found is not None else None
    return [aivision_coverage_sentence(one) for one in coverage.countries] if coverage is not None else []


def aivision_share_row(id: str, title: str, country: CountryCoverage, place: int, part: int) -> Row:
    """A bar of one part of a country's datasets, in per cent."""
    value = 100 * part / country.data_sets if country.data_sets else None
    return Row(id, title, (Mark(toolkit._("datasets"), place, value),))


def aivision_body_rows(country: CountryCoverage, place: int) -> list[tuple[Row, Bodies]]:
    """The sorts of agencies of a country as bars of their share of the datasets, the largest first."""
    return [
        (
            aivision_share_row(
                f"bodies-{country.code}-{one.id}", _upper(toolkit._(one.many)), country, place, one.data_sets
            ),
            one,
        )
        for one in country.bodies
    ]


def aivision_level_rows(country: CountryCoverage, place: int, words: Sequence[str]) -> list[tuple[Row, Level]]:
    """The levels of government as bars. words: the name of each level, in their order."""
    return [
        (aivision_share_row(f"level-{country.code}-{one.level or 'none'}", word, country, place, one.data_sets), one)
        for one, word in zip(country.levels, words, strict=True)
    ]


def aivision_protocol(kind: str) -> str:
    """What a kind of source is called; empty if it is not known."""
    return KINDS[kind].title if kind in KINDS else kind


def aivision_licence_title(id: str) -> str:
    """A licence's name by its id, as the site's register of licences has it where the rubric does not know it."""
    found = licences.info(id) or model.Package.get_license_register().get(id)
    return str(found.title) if found is not None else id


def aivision_weights(rubric: Rubric) -> list[Weight]:
    """How much each dimension counts when the metadata alone are looked at."""
    total = sum(row.weight for row in rubric.criteria)
    found = []
    for id in DIMENSIONS:
        rows = [row for row in rubric.criteria if row.dimension == id]
        found.append(Weight(id, 100 * sum(row.weight for row in rows) / total, len(rows)))
    return found


@functools.cache
def aivision_method_text() -> Markup:
    """The text of the method as HTML, without its first heading. It is ours, and cleaned all the same."""
    _, _, text = method_text().partition("\n")
    clean = nh3.clean(markdown.markdown(text, extensions=["tables"]), tags=_TAGS, attributes=_ATTRIBUTES)
    return Markup(clean.replace("<table>", '<table class="table table-sm">'))  # noqa: S704 - cleaned


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]
