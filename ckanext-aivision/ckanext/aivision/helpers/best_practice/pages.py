"""Template helpers of the pages below /best-practice: the list of them."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlencode

from ckan.plugins import toolkit

from ckanext.aivision.snapshot.answers.comparison import Question

__all__ = ["aivision_best_practice_pages"]


class Page(NamedTuple):
    """endpoint: of its view.

    current: as `aria-current` takes it: `page` for the page that is open, `true` for one above it, or empty.
    """

    endpoint: str
    title: str
    address: str
    current: str


def aivision_best_practice_pages(question: Question | None) -> list[Page]:
    """The pages below /best-practice, in the order of a reader's questions.

    question: what the open page is narrowed to, if it can be; pages with the same filters are narrowed alike.
    """
    return [_page(endpoint, title, question if narrows else None) for endpoint, title, narrows in _pages()]


def _pages() -> list[tuple[str, str, bool]]:
    """The view of each page, its name, and whether it takes the filters of the comparison."""
    return [
        ("aivision_best_practice.show", toolkit._("Comparison"), True),
        ("aivision_criteria.index", toolkit._("Criteria"), True),
        ("aivision_agencies.index", toolkit._("Agencies"), True),
        ("aivision_exemplars.show", toolkit._("Examples"), True),
        ("aivision_priorities.show", toolkit._("Priorities"), True),
        ("aivision_frameworks.index", toolkit._("Frameworks"), True),
        ("aivision_trends.show", toolkit._("Trends"), False),
        ("aivision_coverage.show", toolkit._("Coverage"), False),
        ("aivision_brief.show", toolkit._("Brief"), True),
        ("aivision_robustness.show", toolkit._("How sure"), True),
        ("aivision_method.show", toolkit._("Method"), False),
    ]


def _page(endpoint: str, title: str, question: Question | None) -> Page:
    # The list of agencies takes filters, and neither a lens nor a day.
    pairs = question.filters.pairs() if question is not None else []
    address: str = toolkit.url_for(endpoint)
    return Page(endpoint, title, f"{address}?{urlencode(pairs)}" if pairs else address, _current(endpoint))


def _current(endpoint: str) -> str:
    open_now = toolkit.request.endpoint or ""
    if endpoint == open_now:
        return "page"
    return "true" if endpoint.split(".")[0] == open_now.split(".")[0] else ""
