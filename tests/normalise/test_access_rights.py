"""Statements on access, in the words of each vocabulary, to one of three levels."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.aivision.normalise import access_rights

EU = "http://publications.europa.eu/resource/authority/access-right/"


@pytest.mark.parametrize(
    ("text", "level", "rule"),
    [
        ("public", "public", "label"),
        ("restricted public", "restricted", "label"),
        ("non-public", "non-public", "label"),
        (f"{EU}NON_PUBLIC", "non-public", "uri"),
        (f"{EU}PUBLIC", "public", "uri"),
        ("OPEN", "public", "label"),
        ("COMMERCIAL", "restricted", "label"),
        ("INTERNAL", "non-public", "label"),
        ("Restricted - Fully", "non-public", "label"),
        ("Unrestricted", "public", "label"),
        ("There are no restrictions on access", "public", "pattern"),
        ("Ask the curator", None, ""),
        ("", None, ""),
    ],
)
def test_a_statement_has_the_level_of_its_vocabulary(text: str, level: str | None, rule: str) -> None:
    found = access_rights.clean(text)
    assert (found.original, found.id, found.rule) == (text, level, rule)


@given(text=st.text())
def test_any_text_is_kept_as_it_was(text: str) -> None:
    assert access_rights.clean(text).original == text
