"""YAML of anybody: what was written is what is read, and nothing grows beyond its size."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.parsing import yaml_text
from ckanext.aivision.harvesters.parsing.yaml_text import Document, documents


def read(*chunks: str) -> list[Document]:
    return list(documents(iter(chunks), "x"))


def values(text: str) -> list[Any]:
    return [document.value for document in read(text)]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1.10", "1.10"),
        ("2023-02", "2023-02"),
        ("2023-02-01", "2023-02-01"),
        ("no", "no"),
        ("0123", "0123"),
        ("12:30", "12:30"),
        ("1_000", "1_000"),
        ("14330000", 14_330_000),
        ("-5", -5),
        ("true", True),
        ('"true"', "true"),
        ("!!str 5", "5"),
        ("~", None),
        ("", None),
        ("[a, {b: c}]", ["a", {"b": "c"}]),
        ("|\n  two\n  lines\n", "two\nlines\n"),
    ],
)
def test_a_value_is_what_was_written_unless_json_would_write_it_so(written: str, value: Any) -> None:
    assert values(f"key: {written}\n") == [{"key": value}]


def test_documents_are_read_one_by_one_and_have_the_line_where_they_begin() -> None:
    text = "# A comment\n%YAML 1.2\n---\na: 1\n---\n# Nothing\n--- {b: 2}\n---\n- c\n---"
    assert [(found.line, found.value) for found in read(text)] == [(3, {"a": 1}), (7, {"b": 2}), (8, ["c"])]


def test_a_document_that_is_no_yaml_costs_no_other() -> None:
    first, second, third = read("a: 1\n---\nb: [\nc: ]}\n---\nd: 4\n")
    assert (first.value, third.value) == ({"a": 1}, {"d": 4})
    assert "line 4" in second.fault
    assert "\n" not in second.fault


def test_a_key_that_stands_twice_keeps_its_first_filled_value_and_is_told() -> None:
    assert read("a: 1\nb: 2\na: 3\n") == [Document(1, {"a": 1, "b": 2}, ("a",), left_out=("repeated:a: 3",))]


def test_aliases_and_merged_mappings_are_followed() -> None:
    text = "shared: &s {x: 1, y: 2}\none: *s\ntwo:\n  <<: *s\n  y: 3\n"
    assert values(text) == [{"shared": {"x": 1, "y": 2}, "one": {"x": 1, "y": 2}, "two": {"x": 1, "y": 3}}]


BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n + 1}: &a{n + 1} [{', '.join([f'*a{n}'] * 10)}]\n" for n in range(12)
)


@pytest.mark.long
@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BOMB, "200,000 values"),
        (f"a: &a {'x' * 1_000_000}\nb: [{'*a, ' * 20}]\n", "8,388,608 characters"),
        ("- a\n" * 2_000_000, "200,000 values"),
        ("[" * 1_000_000, "64 levels"),
        ("- " * 1_000_000, "64 levels"),
        ("a: &a [*a]", "has no matching anchor"),
        ("a: !!python/object/apply:os.system [ls]", "program object"),
        ("a: !ruby/object:Gem {}", "program object"),
        ("? [a]\n: b\n", "instead of the name of a member"),
        ("a: \0", "control characters"),
    ],
)
def test_what_would_grow_or_act_is_refused(text: str, said: str) -> None:
    (found,) = read(text)
    assert said in found.fault


def test_a_document_without_an_end_is_refused_before_it_fills_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_text, "MAX_DOCUMENT", 100_000)
    with pytest.raises(SourceError, match="longer than 100,000 characters"):
        list(documents(("a: b\n" * 1000 for _ in range(1_000_000)), "x"))


@pytest.mark.long
def test_a_stream_of_documents_is_read_in_constant_memory(peak: Callable[[Callable[[], object]], int]) -> None:
    def read_all(count: int) -> None:
        assert sum(1 for _ in documents((f"---\na: {'x' * 5000}\n" for _ in range(count)), "x")) == count

    read_all(10)
    assert peak(lambda: read_all(2000)) < peak(lambda: read_all(100)) + 500_000


TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.text(st.characters(codec="utf-8"), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=15,
)


def pieces(text: str, size: int) -> Iterator[str]:
    return (text[at : at + size] for at in range(0, len(text), size))


@pytest.mark.long
@given(found=st.lists(JSON.filter(lambda value: value is not None), max_size=3), size=st.integers(1, 9))
def test_what_yaml_writes_is_read_again_wherever_the_pieces_are_cut(found: list[Any], size: int) -> None:
    text = yaml.safe_dump_all(found, explicit_start=True, allow_unicode=True)
    read_again = list(documents(pieces(text, size), "x"))
    assert [document.fault for document in read_again] == [""] * len(read_again)
    # A mapping with the key `<<` is a merge, as YAML has it; and a line end of Unicode is folded, by PyYAML too.
    if "<<" not in text and list(yaml.safe_load_all(text)) == found:
        assert [document.value for document in read_again] == found


@given(text=st.text(st.characters(), max_size=200) | st.text("-:[]{}&*!<|>'\"#%?, \nab~", max_size=60))
def test_any_text_gives_values_of_json_or_faults_of_one_line(text: str) -> None:
    for document in read(text):
        assert "\n" not in document.fault
        assert bool(document.fault) == (document.value is None)
        json.dumps(document.value)
