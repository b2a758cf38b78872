"""Render our templates without CKAN, for self-contained pages."""

from __future__ import annotations

import functools
from importlib import resources

import jinja2


@functools.cache
def environment() -> jinja2.Environment:
    """Reads our templates without CKAN; `_` leaves texts as they are, in English."""
    templates = resources.files("ckanext.aivision") / "templates"
    loader = jinja2.FunctionLoader(lambda name: (templates / name).read_text(encoding="utf-8"))
    environment = jinja2.Environment(autoescape=True, loader=loader, undefined=jinja2.ChainableUndefined)
    environment.globals["_"] = str
    return environment
