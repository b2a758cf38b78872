"""Made-up samples are compared only where there is nothing else, and every form says so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.compare.test_compare_command import evaluations, run

from ckanext.aivision.compare.overview import overview
from ckanext.aivision.compare.tallies.tally import collect, merged, without_samples
from ckanext.aivision.harvesters.sources.source import is_sample, load_sources, resolve
from ckanext.aivision.scoring.lenses.schema import Lens
from ckanext.aivision.scoring.results import Evaluation
from ckanext.aivision.scoring.rubric import Criterion
from ckanext.aivision.serialise.report import page

US = ["Agency A", "Agency B", "Agency C"]
UK = ["Council A", "Council B", "Council C"]


def samples(rows: Any) -> Any:
    return [msgspec.structs.replace(tally, sample=True) for tally in collect(rows)]


@pytest.fixture
def all_samples(both: list[Evaluation], criteria: list[Criterion]) -> Any:
    return overview(samples(both), criteria)


def test_samples_alone_are_compared_under_a_banner(all_samples: Any) -> None:
    assert all_samples.samples
    assert "made up" in all_samples.banner
    assert [row.data_sets for row in all_samples.countries] == [40, 40]


@pytest.mark.long
def test_the_page_says_so_before_any_figure(all_samples: Any) -> None:
    drawn = page(all_samples)
    assert drawn.index(all_samples.banner) < drawn.index("<h2")


def test_real_records_are_compared_without_a_banner(compare: Any, both: list[Evaluation]) -> None:
    found = compare(both)
    assert (found.samples, found.banner) == (False, "")


def test_samples_beside_real_records_are_left_out_and_the_note_says_how_many(
    both: list[Evaluation], criteria: list[Criterion], country: Any
) -> None:
    invented = samples(country("US", [(1, 1, 1)] * 3) + country("GB", [(0, 0, 0)] * 3))
    found, real = overview([*collect(both), *invented], criteria), overview(collect(both), criteria)
    assert found.notes == [
        *real.notes,
        "60 sample datasets are made up and not counted here, because there are real datasets.",
    ]
    assert msgspec.structs.replace(found, notes=[]) == msgspec.structs.replace(real, notes=[])


def test_a_sample_and_a_real_publisher_of_one_name_are_never_added_up(evaluation: Any) -> None:
    real, invented = collect([evaluation((1, 1, 1))]), samples([evaluation((0, 0, 0))])
    assert merged([*real, *invented]) == [*real, *invented]


@pytest.mark.parametrize("code", ["US", "GB"])
def test_samples_of_one_country_are_not_compared_with_real_records_of_the_other(
    country: Any, criteria: list[Criterion], code: Any
) -> None:
    other = "GB" if code == "US" else "US"
    found = overview(collect(country(code, [(1, 0, 1)] * 4)) + samples(country(other, [(1, 1, 1)] * 4)), criteria)
    assert found.notes[0].endswith("so nothing can be compared.")
    assert {row.country for row in found.publishers} == {code}
    assert (found.samples, found.overall.comparison.verdict) == (False, "not compared")


def test_real_records_of_a_third_country_leave_the_samples_the_only_ones_to_compare(
    both: list[Evaluation], criteria: list[Criterion], evaluation: Any
) -> None:
    third = collect([evaluation((1, 1, 1), "Statistics Canada", "CA")])
    found = overview([*samples(both), *third], criteria)
    assert (found.samples, found.other_countries) == (True, {"CA": 1})


def test_the_lens_leaves_samples_out_too(
    both: list[Evaluation], criteria: list[Criterion], country: Any, lens: Lens
) -> None:
    invented = samples(country("US", [(0, 0, 0)] * 9))
    assert (
        overview([*collect(both), *invented], criteria, lens=lens).lens
        == overview(collect(both), criteria, lens=lens).lens
    )


def test_without_samples_keeps_them_where_there_is_nothing_else(both: list[Evaluation]) -> None:
    assert without_samples(samples(both), ("US", "GB")) == samples(both)


def test_the_samples_of_this_project_are_known_by_name_and_by_file() -> None:
    ours = [source for source in load_sources().values() if source.sample]
    assert {source.name for source in ours} == {"sample-us", "sample-uk"}
    assert all(resolve(source.url).sample for source in ours)
    assert is_sample("sample-uk", "/opt/elsewhere/uk.ckan.ndjson")
    assert not is_sample("gsa", "https://open.gsa.gov/data.json")
    assert not is_sample("/srv/samples/data.json", "/srv/samples/data.json")


@pytest.fixture
def mixed(harvest_directory: Any) -> dict[str, Path]:
    us, uk = evaluations("US", US, "dcat-us-1.1", ""), evaluations("GB", UK, "ckan", "uk-ogl")
    folders = {"us": harvest_directory("us", us), "sample-us": harvest_directory("sample-us", us)}
    return {**folders, "uk": harvest_directory("uk", uk), "sample-uk": harvest_directory("sample-uk", uk)}


@pytest.mark.long
def test_directories_of_samples_alone_are_compared_with_the_banner(mixed: Any) -> None:
    words = [mixed["sample-us"], mixed["sample-uk"]]
    assert "every record and every publisher here is made up" in " ".join(run(*words).stdout.split())
    found = json.loads(run(*words, "--format", "json").stdout)
    assert found["samples"]
    assert found["banner"]
    assert [row["data_sets"] for row in found["countries"]] == [33, 33]


@pytest.mark.long
def test_directories_of_samples_beside_real_ones_are_left_out(mixed: Any) -> None:
    found = json.loads(run(*mixed.values(), "--format", "json").stdout)
    assert [row["data_sets"] for row in found["countries"]] == [33, 33]
    assert "66 sample datasets are made up and not counted here, because there are real datasets." in found["notes"]


@pytest.mark.long
def test_a_directory_is_one_of_samples_where_its_account_says_so(mixed: Any) -> None:
    account = mixed["us"] / "run.json"
    account.write_bytes(msgspec.json.encode({**json.loads(account.read_bytes()), "sample": True}))
    found = json.loads(run(mixed["us"], mixed["uk"], "--format", "json").stdout)
    assert [row["data_sets"] for row in found["countries"]] == [0, 33]


def test_a_harvest_of_a_harvest_of_samples_is_one_of_samples(mixed: Any) -> None:
    assert resolve(str(mixed["sample-us"])).sample
    assert not resolve(str(mixed["us"])).sample
