"""Template helpers of the frameworks' pages: where they lead, and their results side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from ckan.plugins import toolkit

from ckanext.aivision.compare.answer import frameworks_answer
from ckanext.aivision.compare.charts.marks import Row, measure_rows
from ckanext.aivision.compare.estimates.figures import LensComparison, Overview
from ckanext.aivision.scoring.guidance import load_guidance
from ckanext.aivision.scoring.lenses.load import load_lens, names
from ckanext.aivision.scoring.lenses.schema import Lens, Subgroup
from ckanext.aivision.snapshot.answers.comparison import Question

__all__ = [
    "aivision_crosswalk_address",
    "aivision_framework_address",
    "aivision_framework_country",
    "aivision_framework_rows",
    "aivision_frameworks_address",
    "aivision_frameworks_answer",
    "aivision_groups_by_id",
    "aivision_lenses",
    "aivision_rows_by_id",
    "aivision_sure",
]

_ORDER = ("GB", "US", "EU", "international", "")


class FrameworkRow(NamedTuple):
    """A framework with the marks of both countries. lacking: why there are none. share: per cent of its questions that
    are compared; None where it has none."""

    lens: Lens
    label: str
    address: str
    row: Row
    lacking: str
    share: float | None


def aivision_frameworks_answer(overview: Overview, frameworks: Sequence[LensComparison]) -> str:
    """Under which frameworks each country is ahead."""
    return frameworks_answer(overview, frameworks, toolkit._("our view"))


def aivision_framework_rows(
    overview: Overview, frameworks: Sequence[LensComparison], question: Question
) -> list[FrameworkRow]:
    """Our view first, then each framework. The addresses are narrowed as `question` is."""
    wholes = {names()[0]: (overview.overall, ""), **{one.lens: (one.overall, one.lacking) for one in frameworks}}
    found = []
    for lens in aivision_lenses():
        name = lens.name
        if name not in wholes:
            continue
        whole, lacking = wholes[name]
        row = measure_rows([whole], overview.countries)[0]
        share = 100 * row.criteria / row.of_criteria if row.of_criteria else None
        label = toolkit._("Our view") if name == names()[0] else toolkit._(lens.short)
        found.append(FrameworkRow(lens, label, aivision_framework_address(name, question), row, lacking, share))
    return found


def aivision_lenses() -> list[Lens]:
    """The frameworks of this installation: our own view, those of the two countries, and the others."""
    own, *others = (load_lens(name) for name in names())
    return [own, *sorted(others, key=lambda lens: _ORDER.index(_jurisdiction(lens)))]


def aivision_rows_by_id(overview: Overview) -> dict[str, Row]:
    """The marks of both countries in each criterion, by its id."""
    return {row.id: row for row in measure_rows(overview.criteria, overview.countries)}


def aivision_groups_by_id(lens: Lens) -> dict[str, Subgroup]:
    """The groups of a framework, and those within them, by id."""
    return {found.id: found for group in lens.groups for found in (group, *group.groups)}


def aivision_framework_address(name: str, question: Question | None = None) -> str:
    """The address of a framework's page, narrowed as `question` is."""
    return _address(toolkit.url_for("aivision_frameworks.show", name=name), question)


def aivision_frameworks_address(question: Question | None = None) -> str:
    """The address of the page of all frameworks, narrowed as `question` is."""
    return _address(toolkit.url_for("aivision_frameworks.index"), question)


def aivision_crosswalk_address(question: Question | None = None) -> str:
    """The address of the guidance of both countries side by side, narrowed as `question` is."""
    return _address(toolkit.url_for("aivision_frameworks.crosswalk"), question)


def aivision_framework_country(lens: Lens) -> str:
    """Where a framework comes from, in words."""
    of = {
        "US": toolkit._("US"),
        "GB": toolkit._("UK"),
        "EU": toolkit._("European Union"),
        "international": toolkit._("international"),
    }
    return of.get(_jurisdiction(lens)) or toolkit._("this catalogue")


def aivision_sure(sure: str) -> str:
    """How well a document is known, in words."""
    words = {
        "full": toolkit._("read in full"),
        "part": toolkit._("a draft, from published reports and extracts"),
        "known": toolkit._("from general knowledge"),
    }
    return words[sure]


def _jurisdiction(lens: Lens) -> str:
    """As in config/guidance.yaml; empty where a lens is of no document of it."""
    document = load_guidance().get(lens.guidance)
    return document.jurisdiction if document is not None else ""


def _address(path: str, question: Question | None) -> str:
    pairs = question._replace(lens="").pairs() if question is not None else []
    return f"{path}?{urlencode(pairs)}" if pairs else path
