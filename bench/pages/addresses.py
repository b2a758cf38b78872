"""The addresses that readers ask for, by kind of page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ckanext.aivision.scoring.lenses.load import names

HOME = "/"
COMPARISON = "/best-practice"
JSON = "/best-practice.json"
CRITERIA = "/best-practice/criteria"
CRITERION = f"{CRITERIA}/licence-open"
AGENCIES = "/best-practice/agencies"
EXEMPLARS = "/best-practice/exemplars"
FIGURES = "/best-practice/figures"
# Pages of policy staff that take filters, and their registers and texts, which do not.
NARROWED = ("priorities", "brief", "exemplars", "trends", "coverage", "robustness")
TEXTS = ("/about", "/accessibility", "/privacy", "/best-practice/method", "/guidance", "/cooperation", "/training")
# One filter each, or several; each kind of filter once at least.
FILTERS = (
    "country=GB",
    "level=national",
    "level=local",
    "agency=us-026",
    "theme=health",
    "theme=environment",
    "kind=geospatial",
    "kind=tabular",
    "format=csv",
    "licence=open",
    "year=2020-2024",
    "looked_at=metadata",
    "theme=health&theme=environment&licence=open",
    "kind=tabular&level=national&year=2015-2024",
    "country=US&kind=geospatial&licence=open&year=2000-2024",
)


class Kind(NamedTuple):
    """A kind of page with its addresses."""

    name: str
    paths: tuple[str, ...]


def kinds(datasets: Sequence[str], filters: tuple[str, ...] = FILTERS) -> list[Kind]:
    """All kinds. datasets: names of some in the catalogue and in the search index, one at least."""
    lenses, dataset = names()[1:], datasets[0]
    action = "/api/3/action"
    return [
        Kind("the home page", (HOME,)),
        Kind("the comparison", (COMPARISON,)),
        Kind("the comparison through a lens", tuple(f"{COMPARISON}/frameworks/{name}" for name in lenses)),
        Kind("the comparison, narrowed", tuple(f"{COMPARISON}?{one}" for one in filters)),
        Kind(
            "the comparison, narrowed and through a lens",
            tuple(f"{COMPARISON}/frameworks/{name}?{filters[4]}" for name in lenses),
        ),
        Kind("the criteria", (CRITERIA,)),
        Kind("the criteria, narrowed", tuple(f"{CRITERIA}?{one}" for one in filters)),
        Kind("a criterion", (CRITERION, f"{CRITERIA}/limitations-described")),
        Kind("a criterion, narrowed", tuple(f"{CRITERION}?{one}" for one in filters)),
        Kind("the comparison as JSON", (JSON, f"{JSON}?lens={lenses[0]}")),
        Kind("the comparison as JSON, narrowed", tuple(f"{JSON}?{one}" for one in filters)),
        Kind("the agencies", tuple(f"{AGENCIES}{more}" for more in ("", "?sort=title", "?country=GB", "?country=US"))),
        Kind("an agency", (f"{AGENCIES}/us-026", f"{AGENCIES}/gb-cabinet-office")),
        *(Kind(f"the {name} page", (f"{COMPARISON}/{name}",)) for name in NARROWED),
        Kind(
            "the exemplars of a criterion",
            tuple(f"{EXEMPLARS}?criterion={id}" for id in ("limitations-described", "licence-open")),
        ),
        Kind(
            "the frameworks",
            tuple(f"{COMPARISON}/frameworks{more}" for more in ("", "/crosswalk")),
        ),
        Kind("registers and texts", TEXTS),
        Kind("a figure's page", (f"{FIGURES}/dimensions", f"{FIGURES}/criteria?{filters[4]}")),
        Kind("a figure as CSV", (f"{FIGURES}/dimensions.csv", f"{FIGURES}/agencies.csv")),
        Kind(
            "the API's comparison",
            (f"{action}/aivision_compare", f"{action}/aivision_compare?lens={lenses[0]}"),
        ),
        Kind(
            "the API's comparison, narrowed",
            tuple(f"{action}/aivision_compare?{one}" for one in filters if one.count("theme") < 2),
        ),
        Kind(
            "other actions of the API",
            (
                f"{action}/aivision_lens_list",
                f"{action}/aivision_trend_list",
                f"{action}/aivision_score_show?id={dataset}",
                f"{action}/aivision_score_history?id={dataset}",
            ),
        ),
        Kind("a dataset's page", tuple(f"/dataset/{name}" for name in datasets)),
        Kind("the search", ("/dataset/", "/dataset/?q=health", "/dataset/?aivision_grade=C")),
    ]
