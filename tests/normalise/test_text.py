"""What text is made of HTML and of JSON's scalars, and what counts as nothing said."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.aivision.normalise import text

PLAIN = [
    (r"Levels of Leeds.\r\n\r\nOzone.\t\t\r\n\t\t\r\nMud", "Levels of Leeds. Ozone. Mud"),
    (r"C:\new\tides", r"C:\new\tides"),
    (None, ""),
    ("", ""),
    ("Plain words.", "Plain words."),
    ("  two\n lines\xa0and a space ", "two lines and a space"),
    ("<p>One.</p><p>Two.</p>", "One. Two."),
    ("<b>Usage</b><p>Data from a survey</p>", "Usage Data from a survey"),
    ("Layers:<ul><li>Bins</li><li>Posts</li></ul>", "Layers: Bins Posts"),
    ("<ul><li>One</li><li>Two</li></ul>", "One Two"),
    ("a<br/>b", "a b"),
    ("<span style='color:#333'>Esri</span> says", "Esri says"),
    ("Roads &amp; rails", "Roads & rails"),
    ("Roads &amp;amp; rails", "Roads & rails"),
    ("&lt;p&gt;Escaped &lt;b&gt;twice&lt;/b&gt;&lt;/p&gt;", "Escaped twice"),
    ("fewer than 5 < 6 and 7 > 3", "fewer than 5 < 6 and 7 > 3"),
    ("<script>alert(1)</script>kept", "kept"),
    ("<!-- hidden -->kept", "kept"),
    ("a lone \ud800 surrogate", "a lone � surrogate"),
]

PLACEHOLDERS = [
    *(
        "",
        "  ",
        "N/A",
        "n/a",
        "NA",
        "none",
        "None.",
        "NULL",
        "nan",
        "null",
        "undefined",
        "TBD",
        "tbc",
        "-",
        "--",
        "...",
        "?",
        "x",
        "[]",
    ),
    *(
        "{{description}}",
        "not applicable",
        "Not Available",
        "not provided",
        "unknown",
        "To be determined",
        "lorem ipsum dolor sit",
    ),
    *(
        "No description",
        "no description available",
        "No description provided.",
        "No description has been provided",
        "No abstract",
    ),
    *(
        "Description not available",
        "Trial the data: NULL",
        "test",
        "[object Object]",
        "Insert description here",
        "coming soon",
    ),
]

CONTENT = [
    *(
        "Nah",
        "Testing of drinking water",
        "None of the sites were closed",
        "Unknown soldiers' graves",
        "Null results of trials",
    ),
    *("Description of the sampling sites", "0", "7", "A", "Data not available for 2020 to 2022 were estimated"),
]

ONE = [
    ("  text ", "text"),
    ("", None),
    (" ", None),
    (7, "7"),
    (1.5, "1.5"),
    (True, "true"),
    (False, "false"),
    (None, None),
    (float("nan"), None),
    (float("inf"), None),
    ([], None),
    (["text"], None),
    ({"a": 1}, None),
]

MANY = [
    (["a", " b ", "a", "", None, 7], ["a", "b", "7"]),
    ("a", ["a"]),
    (None, []),
    ([], []),
    ([["a"], {"b": 1}], []),
    ({"a": 1}, []),
]


@pytest.mark.parametrize(("markup", "plain"), PLAIN)
def test_html_becomes_plain_text(markup: str | None, plain: str) -> None:
    assert text.plain(markup) == plain


@pytest.mark.parametrize("written", PLACEHOLDERS)
def test_a_placeholder_says_nothing(written: str) -> None:
    assert text.is_placeholder(written)


@pytest.mark.parametrize("written", CONTENT)
def test_content_is_no_placeholder(written: str) -> None:
    assert not text.is_placeholder(written)


@pytest.mark.parametrize(("value", "expected"), ONE)
def test_a_scalar_becomes_text(value: object, expected: str | None) -> None:
    assert text.one(value) == expected


def test_a_number_too_long_to_write_is_none() -> None:
    assert text.one(10**5000) is None


@pytest.mark.parametrize(("value", "expected"), MANY)
def test_a_list_or_a_scalar_becomes_distinct_texts(value: object, expected: list[str]) -> None:
    assert text.many(value) == expected


@given(st.from_regex(re.compile(f"(?:{text._PLACEHOLDER.pattern})", re.IGNORECASE | re.DOTALL), fullmatch=True))
def test_a_placeholder_is_known_whatever_it_begins_with(written: str) -> None:
    assert len(written) > 100 or text.is_placeholder(written)


@given(st.text(st.sampled_from("ab \n\t\x1c\xa0\u2028é")))
def test_white_space_is_folded_as_splitting_and_joining_would(written: str) -> None:
    assert text.folded_space(written) == " ".join(written.split())
