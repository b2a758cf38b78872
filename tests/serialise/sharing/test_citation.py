"""Citations of datasets: as DataCite recommends them, and as reference managers read them."""

from __future__ import annotations

import json
import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as some
from tests.serialise.conftest import EVERYTHING

from ckanext.aivision.normalise import dates
from ckanext.aivision.record import Agent, Dataset
from ckanext.aivision.serialise.sharing.citation import FORMS, Cited, cite, to_bibtex, to_csl, to_ris, to_text

PAGE = "https://catalogue.example.gov/dataset/levels"
LEVELS = Dataset(
    identifier="https://doi.org/10.21105/joss.01234",
    title="River levels & flows, 50 % of gauges",
    profile="dcat-us-1.1",
    country="GB",
    issued=dates.moment("2001-05"),
    version="2.1",
    publisher=Agent("River office"),
    creator=[Agent("Gauging team"), Agent("Flow team")],
)


def cited(**fields: object) -> Cited:
    import msgspec

    return cite(msgspec.structs.replace(LEVELS, **fields), "levels", PAGE)


def test_the_text_is_in_datacite_s_form() -> None:
    assert to_text(cited()).decode() == (
        "Gauging team; Flow team (2001): River levels & flows, 50 % of gauges. Version 2.1. River office. [Dataset]. "
        "https://doi.org/10.21105/joss.01234\n"
    )


def test_what_a_record_does_not_say_is_not_invented() -> None:
    bare = cited(identifier="levels-7", issued=None, version=None, publisher=None, creator=[])
    assert to_text(bare).decode() == f"River levels & flows, 50 % of gauges (n.d.). [Dataset]. {PAGE}\n"
    (item,) = json.loads(to_csl(bare))
    assert item.keys() == {"id", "type", "title", "URL"}


def test_the_publisher_s_own_words_come_first() -> None:
    assert to_text(cite(EVERYTHING, "levels", PAGE)).decode() == "River office (2026): Weekly river levels.\n"


def test_a_doi_that_only_stands_for_one_is_none() -> None:
    assert cited(identifier="https://doi.org/10.5555/12345678").doi == ""
    assert cited(identifier="doi:10.21105/joss.01234").doi == "10.21105/joss.01234"


def test_bibtex_takes_every_character_for_what_it_is() -> None:
    text = to_bibtex(cited()).decode()
    assert text.startswith("@misc{levels,\n")
    assert r"title = {{River levels \& flows, 50 \% of gauges}}" in text
    assert "author = {{Gauging team} and {Flow team}}" in text
    assert "year = {2001}" in text


def test_ris_has_a_line_for_each_author_and_a_month_without_a_day() -> None:
    lines = to_ris(cited()).decode().split("\r\n")
    assert lines[0] == "TY  - DATA"
    assert lines[1:3] == ["AU  - Gauging team", "AU  - Flow team"]
    assert "DA  - 2001/05//" in lines
    assert "DO  - 10.21105/joss.01234" in lines
    assert lines[-2:] == ["ER  - ", ""]


@given(title=some.text(min_size=1, max_size=60), name=some.text(max_size=30), version=some.text(max_size=10))
def test_nothing_in_a_record_makes_a_field_of_its_own(title: str, name: str, version: str) -> None:
    found = cited(title=title, publisher=Agent(name), creator=[Agent(name)], version=version)
    ris = to_ris(found).decode()
    assert all(re.match(r"(TY|AU|TI|PY|DA|PB|ET|DO|UR|N1|ER)  - ", line) for line in ris.split("\r\n")[:-1])
    assert ris.count("\r\n") == ris.count("\n") == ris.count("\r")
    (item,) = json.loads(to_csl(found))
    assert item["type"] == "dataset"
    bib = to_bibtex(found).decode()
    without = re.sub(r"\\textbackslash\{\}|\\textasciitilde\{\}|\\textasciicircum\{\}|\\[{}]", "", bib)
    assert without.count("{") == without.count("}")
    assert to_text(found).decode().count("\n") == 1


@pytest.mark.parametrize("form", FORMS)
def test_the_same_record_gives_the_same_bytes(form: str) -> None:
    assert FORMS[form].write(cited()) == FORMS[form].write(cited())
    assert set(form) <= set(string.ascii_lowercase + ".")
