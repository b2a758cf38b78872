"""Corrections as plain values: what differs from a source, put back into what the source says next."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ckanext.aivision.catalogue.corrections.package_fields import (
    Fields,
    Key,
    Pair,
    apply_values,
    find_differences,
    find_outcome,
    plain_value,
    read_values,
)

FIELDS = Fields(frozenset(("title", "notes", "contact")), frozenset(("url", "name", "url_type")))
_TEXT = some.text(max_size=8)
_FILES = some.lists(
    some.fixed_dictionaries({"id": some.sampled_from("abcd"), "url": _TEXT}, optional={"name": _TEXT}),
    max_size=3,
    unique_by=lambda file: file["id"],
)
_PACKAGES = some.fixed_dictionaries(
    {
        "resources": _FILES,
        "tags": some.lists(some.fixed_dictionaries({"name": some.text("ab", min_size=1)}), max_size=3),
    },
    optional={
        "title": _TEXT,
        "notes": _TEXT,
        "contact": some.lists(some.dictionaries(some.sampled_from(("name", "email")), _TEXT), max_size=2),
    },
)


@given(source=_PACKAGES, current=_PACKAGES)
def test_the_differences_put_into_the_source_s_package_give_what_was_corrected(
    source: dict[str, Any], current: dict[str, Any]
) -> None:
    one, other = read_values(source, FIELDS), read_values(current, FIELDS)
    found = find_differences(one, other)
    applied = apply_values(source, {key: pair.value for key, pair in found.items()})
    assert find_differences(other, read_values(applied, FIELDS)) == {}


@given(source=_PACKAGES, current=_PACKAGES)
def test_a_correction_stands_while_the_source_is_the_same_and_ends_when_it_agrees(
    source: dict[str, Any], current: dict[str, Any]
) -> None:
    one, other = read_values(source, FIELDS), read_values(current, FIELDS)
    for key, pair in find_differences(one, other).items():
        if (
            key.field
            or pair.source is not None
            or (pair.value or {}).get("url") not in {file.get("url") for file in one.resources.values()}
        ):
            assert find_outcome(one, key, pair) is None
        if key.field:
            assert find_outcome(other, key, pair) == (
                "agreed" if not key.resource or key.resource in other.resources else "changed"
            )


@pytest.mark.parametrize("typed", ["Levels\r\nin metres", " Levels\nin metres ", "Levels\rin metres"])
def test_a_browser_s_line_ends_and_white_space_around_a_value_are_no_difference(typed: str) -> None:
    assert plain_value(typed) == plain_value("Levels\nin metres")


def test_a_source_that_says_something_new_ends_a_correction() -> None:
    now = read_values({"title": "New", "resources": []}, FIELDS)
    assert find_outcome(now, Key("", "title"), Pair("Old", "Corrected")) == "changed"
    assert find_outcome(now, Key("gone", "name"), Pair("a", "b")) == "changed"
