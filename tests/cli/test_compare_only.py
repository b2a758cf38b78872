"""`aivision compare DIR... --only NAME=VALUE`, on harvests of the samples."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import aivision, call, refusal, stored

from ckanext.aivision.compare.table.filters import NAMES
from ckanext.aivision.scoring.rubric import load

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def harvests(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("harvests")
    for name in ("us", "uk"):
        assert call("harvest", f"sample-{name}", "--into", folder / name).status == 0
    return [folder / "us", folder / "uk"]


def sizes(harvests: list[Path], *only: str) -> list[int]:
    """The datasets of the US and of the UK."""
    words = [word for pair in only for word in ("--only", pair)]
    found: dict[str, Any] = json.loads(call("compare", *harvests, "--format", "json", *words).out)
    return [row["data_sets"] for row in found["countries"]]


def with_year(folder: Path, first: int, last: int) -> int:
    """The datasets of a harvest that were last changed in these years, else published in them."""
    found = 0
    for row in stored(folder):
        days = (row.get(name, {}).get("value") for name in ("modified", "issued"))
        year = next((int(day[:4]) for day in days if day), None)
        found += year is not None and first <= year <= last
    return found


def test_without_only_everything_is_compared(harvests: list[Path]) -> None:
    assert sizes(harvests) == [len(stored(folder)) for folder in harvests]


def test_only_the_datasets_of_a_country_a_source_or_some_years_are_compared(harvests: list[Path]) -> None:
    us, uk = (len(stored(folder)) for folder in harvests)
    assert sizes(harvests, "country=uk") == [0, uk]
    assert sizes(harvests, "source=sample-us") == [us, 0]
    assert sizes(harvests, "country=us", "country=UK") == [us, uk]
    assert sizes(harvests, "country=us", "source=sample-uk") == [0, 0]
    years = [with_year(folder, 2020, 2024) for folder in harvests]
    assert sum(years)
    assert sizes(harvests, "year=2020-2024") == years
    assert sizes(harvests, "year=2020-2022", "year=2023", "year=2024-2024") == years


@pytest.mark.parametrize("pair", ["theme=health", "kind=tabular", "format=CSV", "licence=open"])
def test_what_is_left_is_less_than_everything(harvests: list[Path], pair: str) -> None:
    assert sum(sizes(harvests, pair)) < sum(sizes(harvests))


def test_spaces_around_a_name_and_a_value_do_not_matter(harvests: list[Path]) -> None:
    assert sizes(harvests, " country = uk ") == sizes(harvests, "country=uk")


def test_only_what_metadata_say_was_looked_at_in_a_directory(harvests: list[Path]) -> None:
    assert sizes(harvests, "looked_at=metadata") == sizes(harvests)
    assert sizes(harvests, "looked_at=links") == [0, 0]


@pytest.mark.parametrize("form", ["table", "json"])
def test_where_nothing_is_left_that_is_said_and_it_is_no_error(harvests: list[Path], form: str) -> None:
    done = call("compare", *harvests, "--only", "looked_at=content", "--format", form)
    assert (done.status, done.err) == (0, "")
    assert "There are no datasets of the US or the UK, so nothing can be compared." in done.out
    assert load().version in done.out
    assert "evaluated as of \n" not in done.out


def test_only_goes_with_a_lens(harvests: list[Path]) -> None:
    words = ("compare", *harvests, "--only", "country=us", "--lens", "mqa", "--format", "json")
    found = json.loads(call(*words).out)
    assert found["lens"]["overall"]["countries"]["US"]["data_sets"] == len(stored(harvests[0]))


@pytest.mark.parametrize(
    ("pair", "says"),
    [
        ("", "--only : not NAME=VALUE, such as theme=health or year=2020-2024"),
        ("health", "--only health: not NAME=VALUE, such as theme=health or year=2020-2024"),
        ("theme", "--only theme: not NAME=VALUE"),
        ("=health", f"there is no such filter; there are {', '.join(NAMES)}"),
        ("themes=health", f"themes: there is no such filter; there are {', '.join(NAMES)}"),
        ("theme=", "theme: a value is missing"),
        ("theme=helth", "theme=helth: unknown; it can be agriculture, economy"),
        ("country=FR", "country=FR: unknown; it can be US, GB"),
        ("year=20", "year=20: not a year or a span of years, such as 2023 or 2020-2024"),
        ("year=2024-2020", "year=2024-2020: not a year or a span of years"),
        ("agency=us-999", "agency=us-999: no dataset is of this agency; "),
        ("source=sample", "source=sample: no dataset is of this source; there are sample-uk, sample-us"),
        ("source='; DROP TABLE datasets; --", "no dataset is of this source; there are sample-us, sample-uk"),
        ("source=\x1b[2Jx\r\ny", "no dataset is of this source"),
    ],
)
def test_a_filter_that_means_nothing_is_one_line_and_status_2(harvests: list[Path], pair: str, says: str) -> None:
    told = refusal(call("compare", *harvests, "--only", pair))
    assert says in told
    assert not set(told) & {"\x1b", "\r"}


def test_bytes_that_are_no_text_are_one_line_and_status_2(harvests: list[Path]) -> None:
    assert "source=a?: not text in UTF-8" in refusal(aivision("compare", *harvests, "--only", "source=a\udcff"))


def test_more_than_fifty_values_are_refused(harvests: list[Path]) -> None:
    words = [word for year in range(1950, 2001) for word in ("--only", f"year={year}")]
    assert "year: 50 values at most can be chosen" in refusal(call("compare", *harvests, *words))


def test_filters_are_read_before_the_directories(tmp_path: Path) -> None:
    assert "no such filter" in refusal(call("compare", tmp_path / "nowhere", "--only", "colour=red"))


def test_the_help_names_every_filter() -> None:
    told = " ".join(call("compare", "--help").out.split())
    assert "--only NAME=VALUE" in told
    assert all(name in told for name in NAMES)
