"""Searches in our own names of fields and values, put into Solr's, and what Solr counts put back.

A reader asks for `fq=aivision_criteria:licence-open.fail`, `aivision_score:[70 TO 100]` or the facet `aivision_theme`.
How Solr holds these is in `search_fields`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ckanext.aivision.catalogue.index.search_fields import (
    WITH_SEVERAL,
    in_solr,
    number_fields,
    points,
    token,
    values_by_token,
)

_QUERIES = ("q", "fq")
# What follows the colon: alternatives in brackets, a phrase, or a word.
_SEVERAL = re.compile(
    rf"(?<![\w.])({'|'.join(WITH_SEVERAL)}):"
    r"""(\((?:[^()"]|"[^"]*")*\)|"[^"]*"|[^\s()]+)"""
)
_VALUE = re.compile(r"[A-Za-z][\w.*?\\-]*", re.ASCII)
_OPERATORS = frozenset(("AND", "OR", "NOT", "TO"))
_NUMBERS = re.compile(
    rf"(?<![\w.])({'|'.join(sorted(number_fields(), key=len, reverse=True))}):"
    r"""([\[{][^\]}]*[\]}]|"?\d[\d.]*"?)"""
)
_NUMBER = re.compile(r"\d{1,3}(?:\.\d+)?", re.ASCII)


def to_solr(search: dict[str, Any]) -> dict[str, Any]:
    """The parameters of `package_search` with Solr's names for our fields. Changes nothing else of a query."""
    found = dict(search)
    for name in _QUERIES:
        if isinstance(found.get(name), str):
            found[name] = _query(found[name])
    if isinstance(found.get("fq_list"), list):
        found["fq_list"] = [_query(one) if isinstance(one, str) else one for one in found["fq_list"]]
    if isinstance(found.get("facet.field"), list):
        found["facet.field"] = [in_solr(field) for field in found["facet.field"]]
    return found


def from_solr(results: dict[str, Any]) -> dict[str, Any]:
    """What `package_search` gives, its facets in our own names."""
    found = dict(results)
    for field in WITH_SEVERAL:
        values = values_by_token()[field]
        for part in ("facets", "search_facets"):
            if in_solr(field) in found.get(part, {}):
                members = dict(found[part])
                members[field] = _named(field, members.pop(in_solr(field)), values)
                found[part] = members
    return found


def _query(text: str) -> str:
    text = _SEVERAL.sub(lambda match: f"{in_solr(match[1])}:{_VALUE.sub(_token, match[2])}", text)
    return _NUMBERS.sub(lambda match: f"{match[1]}:{_NUMBER.sub(_points, match[2])}", text)


def _token(match: re.Match[str]) -> str:
    return match[0] if match[0] in _OPERATORS else token(match[0])


def _points(match: re.Match[str]) -> str:
    return points(float(match[0]))


def _named(field: str, counted: Any, values: Mapping[str, str]) -> Any:
    """counted: numbers by token, or CKAN's list of items with names."""
    if "items" not in counted:
        return {values.get(key, key): number for key, number in counted.items()}
    items = [
        {**item, "name": values.get(item["name"], item["name"]), "display_name": values.get(item["name"], item["name"])}
        for item in counted["items"]
    ]
    return {**counted, "title": field, "items": items}
