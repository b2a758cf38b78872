"""Reading JSON piece by piece gives what reading it at once gives, wherever the pieces are cut."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.parsing import json_text
from ckanext.aivision.harvesters.parsing.decoding import text_chunks
from ckanext.aivision.harvesters.parsing.json_text import JsonText

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=15,
)


def pieces(text: str, sizes: list[int]) -> Iterator[str]:
    """The text cut into pieces of these sizes, again and again."""
    start, turn = 0, 0
    while start < len(text):
        size = sizes[turn % len(sizes)]
        yield text[start : start + size]
        start, turn = start + size, turn + 1


SIZES = st.lists(st.integers(1, 7), min_size=1, max_size=4)


@pytest.mark.long
@given(values=st.lists(JSON), sizes=SIZES, ascii_only=st.booleans(), indent=st.sampled_from([None, 1]))
def test_the_elements_of_a_list_come_out_as_they_went_in(
    values: list[Any], sizes: list[int], ascii_only: bool, indent: int | None
) -> None:
    text = json.dumps(values, ensure_ascii=ascii_only, indent=indent)
    assert list(JsonText(pieces(text, sizes), "x").elements()) == values


@pytest.mark.long
@given(value=st.dictionaries(st.text(), JSON, max_size=6), sizes=SIZES)
def test_the_members_of_an_object_come_out_as_they_went_in(value: dict[str, Any], sizes: list[int]) -> None:
    text = JsonText(pieces(json.dumps(value), sizes), "x")
    assert {name: text.value() for name in text.members()} == value


@pytest.mark.long
@given(values=st.lists(JSON, min_size=1), sizes=SIZES, data=st.data())
def test_a_text_that_is_cut_off_gives_its_first_elements_and_then_an_error(
    values: list[Any], sizes: list[int], data: st.DataObject
) -> None:
    whole = json.dumps(values)
    cut = data.draw(st.integers(0, len(whole) - 1))
    taken: list[Any] = []
    with pytest.raises(SourceError):
        taken.extend(JsonText(pieces(whole[:cut], sizes), "x").elements())
    # A number is read before the bracket that ends it is seen to be missing.
    complete = values[: len(taken)]
    assert taken[:-1] == complete[:-1]
    assert taken == complete or isinstance(taken[-1], (int, float))


def test_a_value_of_millions_of_characters_takes_linear_time() -> None:
    whole = json.dumps(["x" * 8_000_000])
    reads = 0

    def counted() -> Iterator[str]:
        nonlocal reads
        for piece in pieces(whole, [1000]):
            reads += len(piece)
            yield piece

    assert list(JsonText(counted(), "x").elements()) == ["x" * 8_000_000]
    assert reads == len(whole)


def test_a_value_without_an_end_is_refused_before_it_fills_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_text, "MAX_VALUE", 10_000)
    endless = (f'["{"x" * 1000}' if n == 0 else "x" * 1000 for n in range(1_000_000))
    with pytest.raises(SourceError, match="longer than 10,000 characters"):
        list(JsonText(endless, "x").elements())


def test_a_fault_is_placed_in_the_whole_text() -> None:
    text = "[" + '"abc", ' * 1000 + "fault, " + '"abc", ' * 10 + "1]"
    with pytest.raises(SourceError, match=f"line 1, column {text.index('fault') + 1:,}:"):
        list(JsonText(pieces(text, [50]), "x").elements())


@given(
    text=st.text(st.characters(exclude_characters="\ufeff", exclude_categories=["Cs"])),
    charset=st.sampled_from(["utf-8", "utf-8-sig"]),
)
def test_utf_8_is_decoded_as_it_is(text: str, charset: str) -> None:
    # JSON begins with ASCII characters: its charset is told by them.
    assert "".join(text_chunks(io.BytesIO(("[[[[" + text).encode(charset)))) == "[[[[" + text


class Dripping(io.BytesIO):
    """A file that gives one byte at a time, as a slow connection may."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(1 if size else size)


@given(
    text=st.text(st.characters(exclude_characters="\ufeff", exclude_categories=["Cs"])),
    charset=st.sampled_from(["utf-8", "utf-16", "utf-32"]),
)
def test_characters_are_not_cut_where_pieces_are(text: str, charset: str) -> None:
    assert "".join(text_chunks(Dripping(("[[[[" + text).encode(charset)))) == "[[[[" + text
