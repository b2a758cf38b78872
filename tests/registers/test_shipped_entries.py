"""The entries of config/registers: each is of its schema, dated and sourced, and cites what exists."""

from __future__ import annotations

import datetime
import re
from importlib import resources
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from ckanext.aivision.catalogue.registers.index_fields import related_criteria
from ckanext.aivision.catalogue.registers.shipped import Entry, fingerprint, shipped_entries
from ckanext.aivision.scoring.guidance import cite, load_guidance
from ckanext.aivision.scoring.registry import DIMENSIONS
from ckanext.aivision.scoring.rubric import load

LEAST = {"guidance": 12, "cooperation": 6, "training": 6}
ENTRIES = [
    pytest.param(register, entry, id=f"{register}/{entry.name}")
    for register in LEAST
    for entry in shipped_entries(register)
]
DAY = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
LONGEST_SUMMARY = 450


def schema(register: str) -> dict[str, Any]:
    path = resources.files("ckanext.aivision.config") / "schemas" / f"{register}.yaml"
    found: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return found


def choices(register: str, field: str) -> dict[str, str]:
    fields = {row["field_name"]: row for row in schema(register)["dataset_fields"]}
    return {choice["value"]: choice["label"] for choice in fields[field]["choices"]}


def is_day(text: str) -> bool:
    if DAY.fullmatch(text) is None:
        return False
    return datetime.date.fromisoformat(f"{text}-01-01"[:10]) <= datetime.date(2027, 12, 31)


@pytest.mark.parametrize("register", LEAST)
def test_each_register_has_enough_entries_of_different_names(register: str) -> None:
    names = [entry.name for other in LEAST for entry in shipped_entries(other)]
    assert len(shipped_entries(register)) >= LEAST[register]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(("register", "entry"), ENTRIES)
def test_an_entry_has_sources_with_the_day_they_were_seen(register: str, entry: Entry) -> None:
    assert entry.sources
    for source in entry.sources:
        parts = urlsplit(source.url)
        assert parts.scheme in ("http", "https")
        assert "." in (parts.hostname or "")
        assert source.title
        assert datetime.date.fromisoformat(source.seen) >= datetime.date(2026, 11, 1)


@pytest.mark.parametrize(("register", "entry"), ENTRIES)
def test_an_entry_is_dated(register: str, entry: Entry) -> None:
    days = [entry.issued, entry.in_force_since, entry.next_review, *(part.date for part in entry.clauses)]
    assert any(days)
    assert all(is_day(day) for day in days if day)


@pytest.mark.parametrize(("register", "entry"), ENTRIES)
def test_an_entry_has_the_values_of_its_schema(register: str, entry: Entry) -> None:
    assert entry.kind in choices(register, "kind")
    assert entry.status in choices(register, "status")
    assert set(entry.country) <= choices(register, "country").keys()
    assert entry.country
    assert set(entry.content()) <= {row["field_name"] for row in schema(register)["dataset_fields"]}
    assert re.fullmatch(r"[a-z0-9-]{2,100}", entry.name)


@pytest.mark.parametrize(("register", "entry"), ENTRIES)
def test_an_entry_cites_what_exists(register: str, entry: Entry) -> None:
    assert set(entry.criteria) <= {row.id for row in load().everything}
    assert set(entry.priorities) <= set(DIMENSIONS)
    assert all(code in load_guidance() or cite(code).title for code in entry.cited_as)


@pytest.mark.parametrize(("register", "entry"), ENTRIES)
def test_a_summary_is_short(register: str, entry: Entry) -> None:
    assert len(entry.notes) <= LONGEST_SUMMARY
    assert "data set" not in entry.notes or entry.name == "us-uk-declaration-on-ai"


def test_what_criteria_cite_leads_to_an_entry() -> None:
    entries = [entry for register in LEAST for entry in shipped_entries(register)]
    led = {id for entry in entries for id in related_criteria(entry.criteria, entry.cited_as)}
    assert {"licence-open", "personal-data-addressed", "format-structured", "spatial-coverage-stated"} <= led


@pytest.mark.long
def test_a_value_has_one_label_in_all_registers() -> None:
    for field in ("kind", "status", "country"):
        labels: dict[str, set[str]] = {}
        for register in LEAST:
            for value, label in choices(register, field).items():
                labels.setdefault(value, set()).add(label)
        assert all(len(found) == 1 for found in labels.values())


def test_a_fingerprint_is_that_of_what_the_form_gives_back() -> None:
    entry = shipped_entries("guidance")[0].content()
    given_back = {
        **entry,
        "notes": f"{entry['notes']}\r\n",
        "criteria": [],
        "next_review": "",
        "priorities": list(reversed(entry["priorities"])),
        "id": "1",
        "metadata_modified": "2026-11-30T12:00:00",
    }
    assert fingerprint(given_back) == fingerprint(entry)
    assert fingerprint({**entry, "status": "withdrawn"}) != fingerprint(entry)
