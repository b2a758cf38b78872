"""Path and query of web addresses: those that urllib gives, and sooner."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ckanext.aivision.normalise.addresses import parts

PIECES = st.sampled_from(
    [
        *("http://", "https://", "HTTP://", "//", "/", "?", "#", ":", "@", "[", "]", "\t", "\n", " ", "é", "\\", ";"),
        "a.csv",
    ]
)


@given(st.lists(PIECES, max_size=8).map("".join))
@example("https://example.gov#a/b?c")
@example("https://example.gov?a/b#c")
@example("https:///a")
@example(" https://example.gov/a\n")
def test_an_address_has_the_parts_that_urllib_gives(url: str) -> None:
    try:
        expected = urlsplit(url)
    except ValueError:
        assert parts(url) is None
    else:
        assert parts(url) == (expected.path, expected.query)


@pytest.mark.parametrize("url", ["https://[example.gov/a", "http://]"])
def test_what_is_no_address_has_no_parts(url: str) -> None:
    assert parts(url) is None
