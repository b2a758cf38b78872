"""What a text that another schema left in a repeating field becomes."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ckanext.aivision.catalogue.stored_values import entries_of

PARTS = ("uri", "name", "url")
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(PARTS) | st.text(), inner),
)


@given(st.text() | ANY_JSON.map(json.dumps))
def test_any_text_is_entries_and_nothing_of_it_is_lost(text: str) -> None:
    entries = entries_of("publisher", text, PARTS)
    assert all(isinstance(entry, dict) for entry in entries)
    said = {"name": text}
    assert entries == ([said] if text.strip() else []) or json.loads(text) in (entries, entries[0] if entries else None)


@given(st.lists(st.dictionaries(st.sampled_from(PARTS), st.text())))
def test_entries_of_ours_are_what_they_say(entries: list[dict[str, Any]]) -> None:
    assert entries_of("publisher", json.dumps(entries), PARTS) == entries
