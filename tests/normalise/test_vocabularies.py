"""The vocabularies of config/vocabularies: whole, and with their sources said."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from ckanext.aivision.normalise import vocabulary

FOLDER = resources.files("ckanext.aivision.config") / "vocabularies"
FILES = sorted(entry.name for entry in FOLDER.iterdir() if entry.name.endswith(".csv"))
FOLDED = [("formats", "key"), ("frequencies", "id"), ("themes", "id")]


def test_there_are_vocabularies() -> None:
    assert {"licences.csv", "formats.csv", "frequencies.csv", "themes.csv", "languages.csv"} <= set(FILES)


@pytest.mark.parametrize("name", FILES)
def test_a_vocabulary_says_its_source_and_date_first(name: str) -> None:
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    head = " ".join(line for line in lines[:6] if line.startswith("#"))
    assert lines[0].startswith("#")
    assert re.search(r"\b20\d\d-\d\d\b", head), "the head gives no date"


@pytest.mark.parametrize("name", FILES)
def test_every_row_has_every_column(name: str) -> None:
    rows = vocabulary.rows(name.removesuffix(".csv"))
    assert rows
    assert [row for row in rows if None in row or None in row.values()] == []


@pytest.mark.parametrize(("name", "key"), FOLDED)
def test_aliases_are_written_folded(name: str, key: str) -> None:
    aliases = [alias for row in vocabulary.rows(name) for alias in row["aliases"].split()]
    assert [alias for alias in aliases if alias != vocabulary.folded(alias)] == []


@pytest.mark.parametrize(("name", "key"), FOLDED)
def test_an_alias_belongs_to_one_row(name: str, key: str) -> None:
    owners: dict[str, set[str]] = {}
    for row in vocabulary.rows(name):
        for alias in (vocabulary.folded(row[key]), *row["aliases"].split()):
            owners.setdefault(alias, set()).add(row[key])
    assert {alias: keys for alias, keys in owners.items() if len(keys) > 1} == {}


@pytest.mark.parametrize(("name", "key"), [*FOLDED, ("licences", "id"), ("languages", "id")])
def test_a_key_stands_once(name: str, key: str) -> None:
    keys = [row[key] for row in vocabulary.rows(name)]
    assert len(keys) == len(set(keys))


def test_the_readme_names_every_vocabulary() -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert [name for name in FILES if f"`{name}`" not in text] == []
