"""The guidance that is cited: every clause is listed, with a title, an address and how we know it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from ckanext.aivision.scoring.guidance import cite, cite_all, load_guidance
from ckanext.aivision.scoring.lenses.load import load_lens, names
from ckanext.aivision.scoring.rubric import Rubric

CONFIG = resources.files("ckanext.aivision.config")
CODES = [f"{id} {clause}" for id, document in load_guidance().items() for clause in document.clauses]
# What criteria and gates of the next rubric cite.
NOT_YET_CITED = {"CIPSEA", "RFC"}
# Our own lens has the dimensions of the rubric in place of clauses.
OWN_LENS = names()[0]


def listed(code: str) -> bool:
    id, _, clause = code.partition(" ")
    return id in load_guidance() and clause in load_guidance()[id].clauses


def in_the_files_of_the_rubric() -> Iterator[list[str]]:
    """The sources of each row in config/rubric: of criteria and, where there are any, of gates."""
    for path in (CONFIG / "rubric").iterdir():
        if path.name.endswith(".yaml"):
            yield from sources_in(yaml.safe_load(path.read_text("utf-8")))


def sources_in(data: Any) -> Iterator[list[str]]:
    if isinstance(data, dict):
        for key, value in data.items():
            if key == "sources":
                yield value
            else:
                yield from sources_in(value)
    elif isinstance(data, list):
        for item in data:
            yield from sources_in(item)


def test_every_clause_that_the_rubric_cites_is_listed() -> None:
    cited = [code for sources in in_the_files_of_the_rubric() for code in sources]
    assert len(cited) > 100
    assert [code for code in cited if not listed(code)] == []


@pytest.mark.parametrize("name", [name for name in names() if name != OWN_LENS])
def test_every_clause_that_a_lens_names_is_listed(name: str) -> None:
    codes = load_lens(name).clauses()
    assert codes
    assert [code for code in codes if not listed(code)] == []


def test_nothing_rests_only_on_clauses_that_could_not_be_verified(rubric: Rubric) -> None:
    assert all(row.sources for row in rubric.everything)
    for sources in filter(None, in_the_files_of_the_rubric()):
        found = [load_guidance()[id].clauses[clause] for id, _, clause in (code.partition(" ") for code in sources)]
        assert any(clause.verified != "unverified" for clause in found), sources


def test_a_document_is_known_in_full_only_if_the_text_of_each_clause_was_read() -> None:
    for id, document in load_guidance().items():
        read = all(clause.verified == "text" for clause in document.clauses.values())
        assert read or document.sure != "full", id


@pytest.mark.parametrize("code", CODES)
def test_every_clause_has_a_title_and_an_address(code: str) -> None:
    found = cite(code)
    assert found.title[:1] == found.title[:1].upper() != ""
    assert len(found.title) < 100
    address = urlsplit(found.url)
    assert address.scheme == "https"
    assert "." in address.netloc
    assert " " not in found.url


def test_no_document_is_listed_without_being_cited() -> None:
    lenses = [code for name in names() for code in load_lens(name).clauses()]
    rows = [code for sources in in_the_files_of_the_rubric() for code in sources]
    cited = {code.partition(" ")[0] for code in (*rows, *lenses)}
    assert set(load_guidance()) - cited - NOT_YET_CITED == set()


def test_a_code_is_shown_with_its_title_and_its_address() -> None:
    found = cite("DOC 2.1.2")
    assert found.label == "DOC 2.1.2 Variable-level metadata"
    assert str(found) == f"{found.label} ({found.url})"
    assert found.markdown() == f"[{found.label}]({found.url})"
    assert found.url.startswith("https://github.com/DOC-OUSEA-CDO/")
    assert found.url.endswith("#212-add-comprehensive-variable-level-metadata-for-machine-understandability")
    assert found.note.startswith("Generative Artificial Intelligence and Open Data: Guidelines and Best Practices: ")


def test_an_address_relative_to_the_document_is_resolved() -> None:
    assert cite("RFC 9309").url == "https://www.rfc-editor.org/rfc/rfc9309"
    assert cite("CRO rai-dataBiases").url.startswith(
        "https://docs.mlcommons.org/croissant/docs/croissant-rai-spec.html#"
    )


@pytest.mark.parametrize("code", ["Rule 1", "DOC", "DOC 9.9", "", "findable"])
def test_a_code_that_is_not_listed_stays_as_it_is(code: str) -> None:
    assert str(cite(code)) == cite(code).markdown() == code
    assert cite_all([code, "DOC 1"]) == {"DOC 1": cite("DOC 1")}
