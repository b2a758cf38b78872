"""What the search index holds of an entry, so that registers can be filtered, sorted and found by criterion."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ckanext.aivision.catalogue.index.search_fields import token
from ckanext.aivision.scoring.rubric import load

KIND, STATUS, DAY = "aivision_entry_kind", "aivision_entry_status", "aivision_entry_day"
# Of CKAN's own schema only `vocab_*` can hold several values (catalogue.index.search_fields).
COUNTRY, CRITERIA = "vocab_aivision_entry_country", "vocab_aivision_entry_criteria"


def entry_fields(document: Mapping[str, Any]) -> dict[str, str | list[str]]:
    """document: a package as CKAN's `before_dataset_index` gives it."""
    entry = json.loads(document["validated_data_dict"])
    one = {KIND: entry.get("kind"), STATUS: entry.get("status"), DAY: newest_date(entry)}
    several = {
        COUNTRY: list(entry.get("country") or ()),
        CRITERIA: [token(id) for id in related_criteria(entry.get("criteria") or (), entry.get("cited_as") or ())],
    }
    return {name: value for name, value in (one | several).items() if value}


def related_criteria(listed: Iterable[str], cited_as: Iterable[str]) -> list[str]:
    """The ids of criteria that an entry lists, or that cite it, in the rubric's order.

    cited_as: a document (`DOC`), which each of its clauses cites, or one clause (`UK data-quality`).
    """
    wanted, codes = set(listed), set(cited_as)
    return [
        row.id
        for row in load().everything
        if row.id in wanted or any(source in codes or source.split(" ")[0] in codes for source in row.sources)
    ]


def newest_date(entry: Mapping[str, Any]) -> str:
    """The day that an entry is sorted by: when it was issued, or else since when it applies."""
    return str(entry.get("issued") or entry.get("in_force_since") or "")
