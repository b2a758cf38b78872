"""A comparison as one self-contained HTML page: charts and styles inside, no scripts, nothing loaded."""

from __future__ import annotations

from importlib import resources

from ckanext.aivision.compare.estimates.figures import Overview
from ckanext.aivision.serialise.pages import environment


def page(overview: Overview) -> str:
    """The page for one overview. Everything that comes from records is escaped."""
    first, second = (country.label for country in overview.countries)
    template = environment().get_template("aivision/compare_report.html")
    title = f"AI readiness of datasets: {first} and {second} compared"
    styles = resources.files("ckanext.aivision") / "assets" / "css" / "charts.css"
    return template.render(overview=overview, styles=styles.read_text(encoding="utf-8"), title=title)
