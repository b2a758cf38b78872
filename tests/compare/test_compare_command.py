"""`aivision compare`, as a user runs it, on evaluations under the real rubric."""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import msgspec
import pytest

from ckanext.aivision.compare.estimates.figures import Overview
from ckanext.aivision.normalise import licences
from ckanext.aivision.record import Agent, Dataset, Distribution
from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.rubric import load

pytestmark = pytest.mark.long
ON = datetime.date(2026, 11, 24)
TRICKY = "<b>Council</b> [bold]& more"


def evaluations(country: str, publishers: list[str], profile: str, licence: str) -> list[object]:
    """Eleven datasets of each publisher."""
    return [
        evaluate(
            Dataset(
                identifier=f"{publisher}-{number}",
                title=f"Air quality at site {number}",
                profile=profile,
                country=country,
                description="Hourly means of nitrogen dioxide, measured at the roadside. " * (number % 4),
                publisher=Agent(name=publisher),
                license=licences.clean(licence),
                distribution=[Distribution(title="Readings", download_url=f"https://data.example.gov/{number}.csv")],
            ),
            load(),
            ON,
        )
        for publisher in publishers
        for number in range(11)
    ]


@pytest.fixture
def folders(harvest_directory: Any) -> list[Path]:
    us = evaluations(
        "US", ["Agency A", "Agency B", "Agency C"], "dcat-us-1.1", "https://creativecommons.org/publicdomain/zero/1.0/"
    )
    uk = evaluations("GB", ["Council A", "Council B", TRICKY], "ckan", "uk-ogl")
    return [harvest_directory("us", us), harvest_directory("uk", uk, "limited")]


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    package = Path(__file__).resolve().parents[2] / "ckanext-aivision"
    return subprocess.run(
        [sys.executable, "-m", "ckanext.aivision.cli.main", "compare", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONPATH": str(package)},
    )


def test_the_table_shows_both_countries_within_80_columns(folders: Any) -> None:
    done = run(*folders)
    assert done.returncode == 0, done.stderr
    assert max(len(line) for line in done.stdout.splitlines()) <= 80
    for text in ("US and UK compared", "Agency A", "Council B", "Machine-readable", "Licence open", "uk (limited)"):
        assert text in done.stdout


def test_names_out_of_records_are_printed_as_they_are(folders: Any) -> None:
    assert TRICKY in run(*folders).stdout


def test_names_out_of_records_cannot_steer_the_terminal(harvest_directory: Any) -> None:
    rows = evaluations("US", ["Agency \x1b[2J\x1b]0;title\x07\r\nB"], "dcat-us-1.1", "")
    done = run(harvest_directory("us", rows))
    assert "Agency" in done.stdout
    assert not set(done.stdout) & {"\x1b", "\x07", "\r"}


def test_json_is_the_overview_of_every_criterion(folders: Any) -> None:
    found = msgspec.json.decode(run(*folders, "--format", "json").stdout, type=Overview)
    assert [row.id for row in found.criteria] == [row.id for row in load().criteria]
    assert [row.data_sets for row in found.countries] == [33, 33]
    assert found.sources == ["us", "uk (limited)"]
    assert found.first_date == ON


def test_the_order_of_directories_does_not_change_the_figures(folders: Any) -> None:
    one, other = (json.loads(run(*order, "--format", "json").stdout) for order in (folders, folders[::-1]))
    assert one.pop("sources") == other.pop("sources")[::-1]
    assert one == other


def test_output_goes_into_a_file(folders: Any, tmp_path: Path) -> None:
    done = run(*folders, "--format", "html", "--output", tmp_path / "page.html")
    assert (done.returncode, done.stdout) == (0, "")
    assert (tmp_path / "page.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_chart_for_a_slide_is_one_image_with_a_name(folders: Any) -> None:
    image = ElementTree.fromstring(run(*folders, "--format", "svg").stdout)
    assert image.tag == "{http://www.w3.org/2000/svg}svg"
    assert "Mean score by dimension" in image.get("aria-label", "")


def test_one_country_alone_is_shown_and_said_so(folders: Any) -> None:
    done = run(folders[0])
    assert done.returncode == 0
    assert "There are no datasets of the UK, so nothing can be compared." in done.stdout


def refusal(done: subprocess.CompletedProcess[str]) -> str:
    """The one line of a refusal."""
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
    return done.stderr


def test_a_missing_directory_is_one_line_and_status_2(tmp_path: Path) -> None:
    assert "no such directory" in refusal(run(tmp_path / "nowhere"))


def test_a_broken_line_is_one_line_and_status_2(folders: Any) -> None:
    with open(folders[0] / "evaluations.ndjson", "a") as file:
        file.write("{\n")
    assert "line 34: not an evaluation" in refusal(run(*folders))


def test_a_harvest_without_any_data_set_is_one_line_and_status_2(harvest_directory: Any) -> None:
    assert "no evaluated datasets" in refusal(run(harvest_directory("empty", [])))


def test_evaluations_of_another_rubric_version_are_one_line_and_status_2(
    harvest_directory: Any, evaluation: Any
) -> None:
    old = harvest_directory("old", [evaluation((1, 1, 1), version="0.1")])
    assert f"old: evaluated under rubric 0.1, but this installation has version {load().version}" in refusal(run(old))


def test_a_file_that_cannot_be_written_is_one_line_and_status_2(folders: Any, tmp_path: Path) -> None:
    assert "cannot be written" in refusal(run(*folders, "--output", tmp_path / "no" / "such" / "page.html"))
