"""A pattern that is tried only near its words finds what it would find anywhere."""

from __future__ import annotations

import importlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.aivision.scoring.facts.text.keyword_regex import Near
from ckanext.aivision.scoring.registry import DIMENSIONS

ROOM = "ckanext.aivision.scoring.criteria"
MODULES = [importlib.import_module(f"{ROOM}.{name.replace('-', '_')}") for name in DIMENSIONS]
PATTERNS = {name: value for module in MODULES for name, value in vars(module).items() if isinstance(value, Near)}


def matching(pattern: Near) -> st.SearchStrategy[str]:
    flags = re.IGNORECASE | re.ASCII
    return st.from_regex(re.compile(pattern.expression.pattern, flags), alphabet=st.characters(max_codepoint=127))


def test_criteria_have_such_patterns() -> None:
    assert len(PATTERNS) >= 5


@pytest.mark.long
@pytest.mark.parametrize("name", PATTERNS)
@given(data=st.data())
def test_every_match_holds_one_of_the_words(name: str, data: st.DataObject) -> None:
    pattern = PATTERNS[name]
    text = data.draw(matching(pattern))
    plain = pattern.expression.search(text)
    found = pattern.search(text)
    assert (found and found.span()) == (plain and plain.span())
    assert [hit.span() for hit in pattern.finditer(text)] == [hit.span() for hit in pattern.expression.finditer(text)]


def test_beyond_ascii_the_pattern_is_tried_in_any_case() -> None:
    assert Near("service", "service").search("\N{LATIN SMALL LETTER LONG S}ervice")
