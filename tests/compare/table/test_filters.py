"""What a comparison is narrowed to: every filter narrows, and what means nothing is refused with what can be chosen."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.compare.table.rows import CHOSEN, TRICKY, entry

from ckanext.aivision.compare.table.build import in_memory
from ckanext.aivision.compare.table.dataset_table import DatasetTable
from ckanext.aivision.compare.table.filters import NAMES, Filters, known_values, parse
from ckanext.aivision.errors import UsageError
from ckanext.aivision.scoring.rubric import Criterion

# Datasets that each filter tells apart: the name, a value, what has it, and what nearly has it.
NARROWED: dict[tuple[str, str], tuple[list[dict[str, Any]], list[dict[str, Any]]]] = {
    ("country", "GB"): ([{"country": "GB"}], [{"country": "US"}, {"country": "GBR"}, {"country": ""}]),
    ("level", "local"): ([{"level": "local"}], [{"level": "national"}, {"level": ""}]),
    ("agency", "us-026"): ([{"agency": "us-026"}], [{"agency": "us-0260"}, {"agency": "us-02"}, {"agency": ""}]),
    ("publisher", "us/a"): (
        [{"publisher": "us/a"}],
        [{"publisher": "us/A"}, {"publisher": "us/a "}, {"publisher": ""}],
    ),
    ("source", "gsa"): ([{"source": "gsa"}], [{"source": "gsa2"}, {"source": ""}]),
    ("theme", "health"): (
        [{"themes": ["health"]}, {"themes": ["economy", "health"]}],
        [{"themes": []}, {"themes": ["economy"]}],
    ),
    ("kind", "tabular"): ([{"kinds": ["api", "tabular"]}], [{"kinds": ["api"]}, {"kinds": []}]),
    ("format", "CSV"): ([{"formats": ["CSV"]}], [{"formats": ["CSVW"]}, {"formats": []}]),
    ("licence", "none"): ([{"licence_class": "none"}], [{"licence_class": "open"}, {"licence_class": "own-terms"}]),
    ("year", "2024"): ([{"year": 2024}], [{"year": 2023}, {"year": 2025}, {"year": None}]),
    ("year", "2020-2024"): (
        [{"year": 2020}, {"year": 2022}, {"year": 2024}],
        [{"year": 2019}, {"year": 2025}, {"year": None}],
    ),
    ("year", "2024-2024"): ([{"year": 2024}], [{"year": 2023}, {"year": 2025}]),
    ("looked_at", "metadata"): ([{"looked_at": ""}], [{"looked_at": "links"}, {"looked_at": "links content"}]),
    ("looked_at", "links"): (
        [{"looked_at": "links"}, {"looked_at": "links content"}],
        [{"looked_at": ""}, {"looked_at": "content"}],
    ),
    ("looked_at", "content"): (
        [{"looked_at": "content"}, {"looked_at": "links content"}],
        [{"looked_at": ""}, {"looked_at": "links"}],
    ),
}


def ids(table: DatasetTable, filters: Filters) -> list[str]:
    return [row[0] for row in table.select("id", *filters.condition(), then="ORDER BY id").fetchall()]


def test_every_filter_is_tested() -> None:
    assert {name for name, _ in NARROWED} == set(NAMES)


@pytest.mark.long
@pytest.mark.parametrize("pair", NARROWED, ids="=".join)
def test_a_filter_lets_through_what_has_the_value_and_nothing_else(criteria: list[Criterion], pair: Any) -> None:
    having, lacking = NARROWED[pair]
    rows = [entry(f"in {place}", **fields) for place, fields in enumerate(having)]
    rows += [entry(f"out {place}", **fields) for place, fields in enumerate(lacking)]
    assert ids(in_memory(rows, criteria), parse([pair])) == [row.id for row in rows[: len(having)]]


def test_several_values_of_one_filter_are_alternatives_and_several_filters_all_hold(criteria: list[Criterion]) -> None:
    rows = [
        entry("csv health", formats=["CSV"], themes=["health"]),
        entry("pdf health", formats=["PDF"], themes=["health"]),
        entry("csv economy", formats=["CSV"], themes=["economy"]),
        entry("csv energy", formats=["CSV"], themes=["energy"]),
    ]
    chosen = parse([("theme", "health"), ("format", "CSV"), ("theme", "economy")])
    assert ids(in_memory(rows, criteria), chosen) == ["csv economy", "csv health"]


def test_years_and_spans_are_alternatives_too(criteria: list[Criterion]) -> None:
    rows = [entry(str(year), year=year) for year in range(2000, 2010)]
    chosen = parse([("year", "2000"), ("year", "2003-2004"), ("year", "2009-2030")])
    assert ids(in_memory(rows, criteria), chosen) == ["2000", "2003", "2004", "2009"]


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("country", "uk", "GB"),
        ("country", "UK", "GB"),
        ("country", "gb", "GB"),
        ("country", "us", "US"),
        ("theme", "Health", "health"),
        ("format", "csv", "CSV"),
        ("format", "geojson", "GeoJSON"),
        ("kind", " tabular ", "tabular"),
        ("licence", "OPEN", "open"),
        ("level", "Local", "local"),
        ("year", " 2024", "2024"),
        ("agency", " us-026 ", "us-026"),
    ],
)
def test_values_are_read_in_either_case_and_without_space_around(name: str, value: str, read: str) -> None:
    assert parse([(name, value)]).pairs() == [(name, read)]


def test_every_value_of_every_list_is_accepted() -> None:
    for name, values in known_values().items():
        assert len(values) > 1
        for value in values:
            assert parse([(name, value)]).pairs() == [(name, value)]


@pytest.mark.parametrize("name", ["", "Theme", "theme ", "themes", "sample", "id", "1=1; --", "x" * 10_000, "a\nb"])
def test_a_name_that_means_nothing_is_refused_with_those_that_do(name: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse([("theme", "health"), (name, "health")])
    assert f"there is no such filter; there are {', '.join(NAMES)}" in str(refused.value)
    assert len(str(refused.value)) < 400
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", known_values())
@pytest.mark.parametrize("value", ["nonsense", "health,transport", "*", "health\nx", *TRICKY, "x" * 2000])
def test_a_value_that_means_nothing_is_refused_with_those_that_do(name: str, value: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse([(name, value)])
    message = str(refused.value)
    assert message.startswith(f"{name}=")
    assert message.endswith(f"unknown; it can be {', '.join(known_values()[name])}")
    assert "\n" not in message


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", ["", " ", "x" * 2001])
def test_a_missing_or_endless_value_is_refused(name: str, value: str) -> None:
    with pytest.raises(UsageError, match=rf"^{name}: a value is missing, or longer than 2000 characters$"):
        parse([(name, value)])


@pytest.mark.parametrize("name", NAMES)
def test_what_is_no_text_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match=f"^{name}=a\\?: not text in UTF-8$"):
        parse([(name, "a\udcff")])


@pytest.mark.parametrize(
    "value",
    ["24", "20244", "2024-", "-2024", "2024-2020", "2020–2024", "2020-2024-2025", "now", "2024.0", "٢٠٢٤", "2024'; --"],
)
def test_what_is_no_year_or_span_is_refused_with_an_example(value: str) -> None:
    with pytest.raises(UsageError, match="not a year or a span of years, such as 2023 or 2020-2024"):
        parse([("year", value)])


def test_fifty_values_can_be_chosen_and_no_more(criteria: list[Criterion]) -> None:
    sources = [("source", f"s{number:02}") for number in range(51)]
    table = in_memory([entry(source=name) for _, name in sources], criteria)
    assert len(ids(table, parse(sources[:50]))) == 50
    # A value twice is one.
    assert parse([*sources[:50], sources[0]]) == parse(sources[:50])
    with pytest.raises(UsageError, match=r"^source: 50 values at most can be chosen$"):
        parse(sources)


@pytest.mark.long
@given(chosen=CHOSEN, data=st.data())
def test_names_and_values_of_an_address_are_read_to_the_same_filters(chosen: Any, data: Any) -> None:
    pairs = [(name, value) for name, values in chosen.items() for value in values]
    found = parse(data.draw(st.permutations(pairs)))
    assert parse(found.pairs()) == found
    assert sorted(found.pairs()) == sorted(pairs)
    assert list(found.chosen) == [name for name in NAMES if name in chosen]
    assert bool(found) == bool(pairs)


def test_one_filter_can_be_taken_away() -> None:
    found = parse([("theme", "health"), ("year", "2024")])
    assert found.without("theme") == parse([("year", "2024")])
    assert found.without("kind") == found


@pytest.mark.long
@pytest.mark.parametrize("name", ["agency", "publisher", "source"])
def test_values_of_the_data_mean_nothing_to_sql(criteria: list[Criterion], name: str) -> None:
    tricky = [entry(f"tricky {place}", **{name: value}) for place, value in enumerate(TRICKY)]
    table = in_memory([*tricky, entry("other", **{name: "x"})], criteria)
    for place, value in enumerate(TRICKY):
        chosen = parse([(name, value)])
        chosen.check(table)
        assert ids(table, chosen) == [f"tricky {place}"], value
    assert len(ids(table, Filters())) == len(TRICKY) + 1


@pytest.mark.long
@pytest.mark.parametrize("name", ["agency", "publisher", "source"])
def test_a_value_that_no_dataset_has_is_refused_in_one_line(criteria: list[Criterion], name: str) -> None:
    table = in_memory([entry(**{name: "x\ny"})], criteria)
    for value in TRICKY:
        with pytest.raises(UsageError, match=f"no dataset is of this {name}; there is x y$") as refused:
            parse([(name, value)]).check(table)
        assert "\n" not in str(refused.value)


def test_the_values_most_alike_are_named(criteria: list[Criterion]) -> None:
    names = ["gb-perth-and-kinross", *(f"us-{number:03}" for number in range(40))]
    table = in_memory([entry(agency=name) for name in names], criteria)
    with pytest.raises(UsageError, match=r"no dataset is of this agency; there is gb-perth-and-kinross$"):
        parse([("agency", "gb-perth-kinross")]).check(table)
    with pytest.raises(UsageError, match=r"no dataset is of this agency; there are us-00., us-0.*"):
        parse([("agency", "us-050")]).check(table)
    with pytest.raises(UsageError, match=r"no dataset is of this agency; there are 41 others$"):
        parse([("agency", "zzz")]).check(table)


def test_a_department_is_chosen_with_its_bureaus(criteria: list[Criterion]) -> None:
    table = in_memory(
        [entry(agency=name) for name in ("us-009", "us-009-20", "us-009-38", "us-010", "us-010-24")], criteria
    )
    sql, values = parse([("agency", "us-009")]).condition()
    assert sorted(row[0] for row in table.select("agency", sql, values).fetchall()) == [
        "us-009",
        "us-009-20",
        "us-009-38",
    ]
    sql, values = parse([("agency", "us-009-20")]).condition()
    assert table.select("agency", sql, values).fetchall() == [("us-009-20",)]
    parse([("agency", "us-009")]).check(in_memory([entry(agency="us-009-20")], criteria))


def test_where_nothing_is_known_that_is_said(criteria: list[Criterion]) -> None:
    with pytest.raises(UsageError, match=r"no dataset is of this agency; of none the agency is known$"):
        parse([("agency", "us-026")]).check(in_memory([entry()], criteria))
    with pytest.raises(UsageError, match="of none the agency is known"):
        parse([("agency", "us-026")]).check(in_memory([], criteria))


def test_no_filters_are_no_condition() -> None:
    assert Filters().condition() == ("", [])
    assert not Filters()
