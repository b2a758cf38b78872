"""A set of texts of which only digests are kept."""

from __future__ import annotations

import tracemalloc

from hypothesis import given
from hypothesis import strategies as st

from ckanext.aivision.harvesters.mapping.digests import Digests

# A lone surrogate may stand in a record's JSON.
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=8)


@given(st.lists(ANY_TEXT, max_size=60), ANY_TEXT)
def test_it_has_each_text_once_and_numbers_them_as_they_come(texts: list[str], other: str) -> None:
    digests = Digests()
    assert [text for text in texts if digests.add(text)] == list(dict.fromkeys(texts))
    assert [digests.number(text) for text in dict.fromkeys(texts)] == list(range(len(digests)))
    assert (other in digests) is (other in texts)


def test_it_knows_every_text_again_after_it_has_grown() -> None:
    digests = Digests()
    for number in range(5000):
        digests.add(f"record {number}")
    assert [digests.number(f"record {number}") for number in range(5000)] == list(range(5000))
    assert "record 5000" not in digests


def test_a_text_takes_less_than_30_bytes() -> None:
    tracemalloc.start()
    try:
        digests = Digests()
        for number in range(4_000):
            digests.add(f"https://data.example.gov/catalogue/records/{number:036}")
        assert tracemalloc.get_traced_memory()[0] / len(digests) < 30
    finally:
        tracemalloc.stop()
