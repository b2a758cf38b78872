"""Whatever a stranger's record holds, normalisation answers, keeps the original, and does not take long over it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ckanext.aivision.normalise import contacts, dates, frequencies, languages, licences, media_types, text, themes
from ckanext.aivision.normalise.geography import places
from ckanext.aivision.record import Term

pytestmark = pytest.mark.long

TERMS: dict[str, Callable[[str], Term]] = {
    "licence": licences.clean,
    "media type": media_types.clean,
    "format": media_types.from_format,
    "address": media_types.of_url,
    "rhythm": frequencies.clean,
    "language": languages.clean,
    "theme": themes.clean,
}
VALUES: dict[str, Callable[[object], object]] = {
    "date": dates.moment,
    "period": dates.period,
    "place": places.location,
    "e-mail": contacts.email,
    "text": text.one,
    "texts": text.many,
}
STRINGS: dict[str, Callable[[str], object]] = {
    **TERMS,
    **VALUES,
    "plain text": text.plain,
    "placeholder": text.is_placeholder,
    "repaired": text.repaired,
    "no-reply": contacts.is_no_reply,
}

# Any code point, lone surrogates among them, and pieces that the readers look for.
_ANY = st.text(st.characters(), max_size=200)
_PIECES = st.sampled_from(
    [
        *(
            "R/P",
            "/",
            "http://",
            "creativecommons.org/licenses/",
            "2010",
            "-",
            "P9",
            "T",
            "Y",
            "[",
            "{",
            '"',
            "<p",
            "&lt;",
        ),
        *("@", ".csv", "text/", "every ", "9" * 40, " to ", "Jan ", "\ud800", "\x00", "(", "POLYGON((", '{"type":'),
        *("mailto:", "service=wfs", "not ", "-1 ", "1e9"),
    ]
)
_STRINGS = st.one_of(_ANY, st.lists(st.one_of(_PIECES, _ANY), max_size=8).map("".join))
_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), _STRINGS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(_STRINGS, inner, max_size=4)),
    max_leaves=12,
)

MEGABYTE = 1_000_000
LONG = [
    *("a", "9", " ", "\n", "/", "-", ".", "[", "<", "&", "(", "@", "{", ",", "\ud800"),
    *(
        "a@",
        "a.",
        "<p>",
        "</p>",
        "<br",
        "<div>",
        "<i>a</b>",
        "&amp;",
        "P1",
        "2010-",
        "2010 to ",
        "not the ",
        "-1 ",
        "-1,",
    ),
    *(
        "http://",
        "%40",
        "cc by ",
        "open government licence ",
        "R/P1Y",
        "every 2 ",
        "every two",
        "no longer ",
        "x_",
        "{{",
    ),
    *(
        "lorem ipsum",
        "[[",
        "POLYGON((1 1,",
        '{"type":',
        '"coordinates":[',
        "mailto:",
        "1.",
        "a/b;",
        ".csv",
        "?service=",
    ),
    *("/services/", "use constraints: ", "Jan 1, ", "no description "),
]


@pytest.mark.parametrize("kind", TERMS)
@given(written=_STRINGS)
@example("R/P" + "9" * 5000 + "Y")
@example("[" * 5000)
def test_any_string_is_kept_beside_its_reading(kind: str, written: str) -> None:
    term = TERMS[kind](written)
    assert term.original == written
    assert (term.id is None) == (term.rule == "")


@pytest.mark.parametrize("kind", STRINGS)
@given(written=_STRINGS)
@example("2010-01-01/P" + "9" * 5000 + "Y")
@example("2010-01-01/P9999999999Y")
@example("0001-01-01T00:00:00+14:00")
@example("Jan 99999999999999999999 2010")
def test_any_string_gets_an_answer(kind: str, written: str) -> None:
    STRINGS[kind](written)


@pytest.mark.parametrize("kind", VALUES)
@given(value=_JSON)
@example(10**5000)
@example(float("nan"))
@example({"type": "Polygon", "coordinates": [float("nan"), [None, {}], 10**400]})
@example([10**400, 0, 0, 0])
def test_any_json_value_gets_an_answer(kind: str, value: object) -> None:
    VALUES[kind](value)


@pytest.mark.parametrize("kind", VALUES)
def test_nesting_without_end_gets_an_answer(kind: str) -> None:
    nested: object = "x"
    for _ in range(100_000):
        nested = {"type": "Polygon", "coordinates": [nested], "bbox": nested}
    VALUES[kind](nested)


@given(start=_JSON, end=_JSON)
def test_any_two_values_make_a_period_or_none(start: object, end: object) -> None:
    dates.between(start, end)


@given(sides=st.tuples(_JSON, _JSON, _JSON, _JSON))
def test_any_four_values_make_a_box_or_none(sides: tuple[object, object, object, object]) -> None:
    found = places.box(*sides)
    assert found is None or found.bbox is not None


@given(value=_JSON)
def test_a_box_lies_on_the_earth(value: object) -> None:
    found = places.location(value)
    if found is not None and found.bbox is not None:
        west, south, east, north = found.bbox
        assert -180 <= west <= 180
        assert -180 <= east <= 180
        assert -90 <= south <= north <= 90


@given(markup=_STRINGS)
def test_plain_text_can_be_encoded(markup: str) -> None:
    text.plain(markup).encode("utf-8")


@pytest.mark.long
@pytest.mark.parametrize("kind", STRINGS)
def test_a_megabyte_is_read(kind: str) -> None:
    """A pattern whose time grows with the square of a length would pass pytest's own limit."""
    for piece in LONG:
        STRINGS[kind]((piece * MEGABYTE)[:MEGABYTE])
