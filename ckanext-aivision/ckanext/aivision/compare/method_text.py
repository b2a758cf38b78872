"""How the countries are compared, in Markdown: one text for the page of the method and for docs/method.md."""

from __future__ import annotations

from importlib import resources

from ckanext.aivision.compare.estimates import losses
from ckanext.aivision.compare.estimates.measures import DRAWS
from ckanext.aivision.compare.estimates.robustness.sensitivity import WEIGHTINGS
from ckanext.aivision.compare.estimates.sample import LEAST_DATA_SETS, LEAST_OF_AGENCY
from ckanext.aivision.compare.estimates.statistics.intervals import LEAST_CLUSTERS, LEVEL


def method_text() -> str:
    """The text, its numbers taken from what the figures are computed with."""
    text = (resources.files("ckanext.aivision.compare") / "method.md").read_text(encoding="utf-8")
    return text.format(
        correction="Holm",
        draws=f"{DRAWS:,}",
        dropped_agencies=losses.LEAST_AGENCIES,
        dropped_chance=f"{100 * losses.MOST_CHANCE:.0f}",
        dropped_data_sets=losses.LEAST_DATA_SETS,
        error=f"{1 - LEVEL:.2f}",
        least_agencies=LEAST_CLUSTERS,
        least_data_sets=LEAST_DATA_SETS,
        least_of_agency=LEAST_OF_AGENCY,
        level=f"{100 * LEVEL:.0f}",
        weightings=f"{WEIGHTINGS:,}",
    )
