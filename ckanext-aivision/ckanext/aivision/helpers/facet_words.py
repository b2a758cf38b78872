"""The values of facets as people say them, for the comparison, its filters and the search alike."""

from __future__ import annotations

from collections.abc import Mapping

from ckan.plugins import toolkit

from ckanext.aivision.compare.table.facets import theme_titles
from ckanext.aivision.helpers.request_cache import once_a_request
from ckanext.aivision.record import COUNTRIES

# The words of values, by facet and value.
Words = Mapping[str, Mapping[str, str]]


@once_a_request
def facet_words() -> Words:
    """The words in the reader's language, lower case as within a sentence."""
    return {
        "country": COUNTRIES,
        "theme": {slug: toolkit._(title) for slug, title in theme_titles().items()},
        "level": {
            "national": toolkit._("national"),
            "devolved": toolkit._("devolved (Scotland, Wales, Northern Ireland)"),
            "regional": toolkit._("regional or state"),
            "local": toolkit._("local"),
        },
        "kind": {
            "tabular": toolkit._("tables"),
            "structured": toolkit._("structured text (JSON, XML, RDF)"),
            "geospatial": toolkit._("maps and places"),
            "scientific": toolkit._("scientific arrays"),
            "api": toolkit._("API or service"),
            "document": toolkit._("documents"),
            "page": toolkit._("web pages"),
            "image": toolkit._("images, video or sound"),
            "archive": toolkit._("archives (ZIP)"),
            "program": toolkit._("programs and source code"),
        },
        "licence": {
            "open": toolkit._("any use"),
            "restricts": toolkit._("some uses"),
            "forbids": toolkit._("no reuse"),
            "own-terms": toolkit._("terms of its own"),
            "none": toolkit._("nothing is said"),
        },
        "looked_at": {
            "metadata": toolkit._("the metadata alone"),
            "links": toolkit._("the links too"),
            "content": toolkit._("the files too"),
        },
    }
