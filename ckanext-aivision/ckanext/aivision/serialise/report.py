"""A comparison as one self-contained HTML page: drawings and styles inside, no scripts, nothing loaded."""

from __future__ import annotations

import functools
from importlib import resources

import jinja2

from ckanext.aivision.compare.charts import svg
from ckanext.aivision.compare.figures import Overview


def page(overview: Overview) -> str:
    """The page for one overview. Everything that comes from records is escaped."""
    first, second = (country.label for country in overview.countries)
    template = environment().get_template("aivision/compare_report.html")
    title = f"Data sets' readiness for AI: {first} and {second} compared"
    return template.render(overview=overview, draw=functools.partial(svg, overview), title=title)


@functools.cache
def environment() -> jinja2.Environment:
    """Reads our templates without CKAN; `_` leaves texts as they are, in English."""
    templates = resources.files("ckanext.aivision") / "templates"
    loader = jinja2.FunctionLoader(lambda name: (templates / name).read_text(encoding="utf-8"))
    environment = jinja2.Environment(autoescape=True, loader=loader, undefined=jinja2.ChainableUndefined)
    environment.globals["_"] = str
    return environment
