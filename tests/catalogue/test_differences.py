"""What differs between two records: no more than a person has to look at."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.aivision.catalogue.harvest.differences import differences
from ckanext.aivision.record import Dataset, Distribution, Term


def dataset(**fields: Any) -> Dataset:
    return Dataset(**{"identifier": "1", "title": "Rivers", "profile": "ckan", "country": "GB", **fields})


def changes_of(before: Dataset, after: Dataset) -> list[tuple[str, str, str]]:
    return [(one.field, one.before, one.after) for one in differences(before, after)]


def test_a_long_text_is_shown_where_it_begins_to_differ() -> None:
    (one,) = differences(
        dataset(description="river " * 500 + "in metres"), dataset(description="river " * 500 + "in feet")
    )
    assert one.before == "… " + "river " * 6 + "in metres"
    assert one.after.endswith("in feet")
    assert len(one.before) <= 201


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (["a", "b"], ["new", "a", "b"], [("keyword[0]", "(nothing)", "new")]),
        (["a", "b", "c"], ["a", "c"], [("keyword[1]", "b", "(nothing)")]),
        (["a", "b", "c"], ["a", "d", "c"], [("keyword[1]", "b", "d")]),
        (["a", "a"], ["a"], [("keyword[1]", "a", "(nothing)")]),
        (["a", "b"], ["b", "a"], [("keyword", "(the same values in a different order)", "(the same)")]),
        ([], ["a"], [("keyword[0]", "(nothing)", "a")]),
    ],
)
def test_of_a_list_only_what_came_and_went_is_shown(
    before: list[str], after: list[str], told: list[tuple[str, str, str]]
) -> None:
    assert changes_of(dataset(keyword=before), dataset(keyword=after)) == told


def test_a_distribution_that_moved_is_no_change_and_one_that_changed_is_one_field() -> None:
    csv, pdf, zipped = (
        Distribution(download_url=f"https://rivers.example.gov/1.{end}") for end in ("csv", "pdf", "zip")
    )
    named = msgspec.structs.replace(csv, media_type=Term("text/csv", "text/csv", "id"))
    assert changes_of(dataset(distribution=[csv, pdf]), dataset(distribution=[zipped, named, pdf])) == [
        ("distribution[0].download_url", csv.download_url, zipped.download_url),
        ("distribution[1].download_url", "(nothing)", csv.download_url),
        ("distribution[1].media_type.original", "(nothing)", "text/csv"),
        ("distribution[1].media_type.id", "(nothing)", "text/csv"),
        ("distribution[1].media_type.rule", "(nothing)", "id"),
    ]
    assert changes_of(dataset(distribution=[csv, pdf]), dataset(distribution=[named, pdf]))[0][1] == "(nothing)"


def test_what_the_source_wrote_beside_the_record_is_not_compared() -> None:
    assert changes_of(dataset(raw={"a": 1}, beside=["1"]), dataset(raw={"a": 2}, beside=["2"])) == []


words = st.lists(st.text(max_size=5), max_size=6)


@given(words, words)
def test_equal_records_differ_in_nothing_and_others_in_something(before: list[str], after: list[str]) -> None:
    one, other = dataset(keyword=before), dataset(keyword=after)
    assert (changes_of(one, other) == []) == (before == after)
    assert len(changes_of(one, other)) <= max(len(before), len(after))
