"""Render our templates without CKAN, for self-contained pages."""

from __future__ import annotations

import functools
from collections.abc import Callable
from importlib import resources
from types import SimpleNamespace

import jinja2

from ckanext.aivision.compare.charts import marks
from ckanext.aivision.compare.charts.agency_marks import agency_rows
from ckanext.aivision.scoring.guidance import cite

_ROWS: tuple[Callable[..., object], ...] = (
    marks.data_set_rows,
    marks.grade_rows,
    marks.grade_rows_by_data_set,
    marks.measure_rows,
    agency_rows,
    marks.signed,
    marks.strips,
)


@functools.cache
def environment() -> jinja2.Environment:
    """Reads our templates without CKAN; `_` leaves texts as they are, in English.

    Of CKAN's helpers `h` has those that these pages share with the catalogue's: `aivision_citation`, `aivision_english`
    and the rows of charts.
    """
    templates = resources.files("ckanext.aivision") / "templates"
    loader = jinja2.FunctionLoader(lambda name: (templates / name).read_text(encoding="utf-8"))
    environment = jinja2.Environment(autoescape=True, loader=loader, undefined=jinja2.ChainableUndefined)
    environment.globals["_"] = str
    rows = {f"aivision_{row.__name__}": row for row in _ROWS}
    environment.globals["h"] = SimpleNamespace(aivision_citation=cite, aivision_english=_english, **rows)
    return environment


def _english(text: str | None) -> str:
    """The whole page is in English: no part of it has to be marked."""
    return text or ""
