"""A page's records are read one at a time, and are those that a reading of the whole gives."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.corpora import files_of_corpora, records_of

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.parsing import json_items
from ckanext.aivision.harvesters.parsing.decoding import text_of
from ckanext.aivision.harvesters.parsing.json_text import JsonText

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


def whole(content: bytes) -> Any:
    return JsonText(iter((text_of(content),)), "a page").value()


def one_by_one(content: bytes) -> Any:
    found = json_items.read(content, "results", "a page")
    return found if found is None else {**found, "results": list(found["results"])}


@given(st.lists(values, max_size=5), st.dictionaries(st.text(max_size=5), values, max_size=3), st.booleans())
def test_the_items_and_what_stands_beside_them_are_those_of_the_whole(
    items: list[Any], beside: dict[str, Any], is_ascii: bool
) -> None:
    answer = {**beside, "results": items}
    content = json.dumps(answer, ensure_ascii=is_ascii).encode("utf-8", "surrogatepass")
    assert one_by_one(content) in (whole(content), None)


@pytest.mark.parametrize("path", files_of_corpora("us/harbors*", "us/gsa*"))
def test_items_of_a_page_are_read_when_they_are_asked_for(path: Path) -> None:
    records = records_of(path)
    page = json.dumps({"results": [{"dcat": record} for record in records], "after": "next"}).encode()
    found = json_items.read(page, "results", "a page")
    assert found is not None
    assert len(found["results"]) == len(records)
    assert list(found["results"]) == list(found["results"]) == whole(page)["results"]


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b'{"results": {}}', b'{"results": [1, 2', b"\xef\xbb\xbf{}", b"\xff"]
)
def test_what_is_no_such_page_is_left_to_the_reading_of_the_whole(content: bytes) -> None:
    assert json_items.read(content, "results", "a page") is None


@given(st.binary(max_size=40))
def test_no_bytes_end_in_a_trace(content: bytes) -> None:
    for text in (content, b'{"results": [' + content + b"]}"):
        with contextlib.suppress(SourceError):
            one_by_one(text)
