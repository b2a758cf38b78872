"""The recipe for a new protocol in CONTRIBUTING.md, followed in a copy of the package: two files and a sample."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.recipes import add_protocol, copy_checkout, run_python

SAMPLE = "tests/harvesters/protocols/tide_tables/sample.json"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package and of the samples' tests, with the files of the recipe and no other change."""
    copy = tmp_path_factory.mktemp("copy")
    copy_checkout(copy, "tests/harvesters/protocols")
    add_protocol(copy)
    return copy


def aivision(copy: Path, *words: str | Path) -> str:
    """Standard output. The status is 1 because the sample has a record that is refused."""
    done = run_python(copy, "-m", "ckanext.aivision.cli.main", *words)
    assert done.returncode in (0, 1), done
    return done.stdout


@pytest.mark.long
def test_the_linter_recognises_a_file_of_the_new_protocol(copy: Path) -> None:
    lines = aivision(copy, "score", SAMPLE, "--format", "ndjson", "--jobs", "1").splitlines()
    scored, refused = map(json.loads, lines)
    assert (scored["identifier"], scored["score"] is None) == ("WHI", False)
    assert refused["problems"][0]["code"] == "title-missing"


@pytest.mark.long
def test_a_source_of_it_can_be_checked_before_it_is_harvested(copy: Path) -> None:
    report = json.loads(aivision(copy, "sources", "check", SAMPLE, "--format", "json"))
    assert (report["kind"], report["profile"], report["datasets"]) == ("tide-tables", "ckan-flat", 2)
    assert [reason["code"] for reason in report["refusals"]] == ["title-missing"]


@pytest.mark.long
@pytest.mark.parametrize("stated", [(), ("--kind", "tide-tables")])
def test_it_is_harvested(copy: Path, stated: tuple[str, ...]) -> None:
    out = copy / f"out-{len(stated)}"
    aivision(copy, "harvest", SAMPLE, *stated, "--into", out)
    account = json.loads((out / "run.json").read_bytes())
    assert (account["kind"], account["country"], account["counts"]["new"]) == ("tide-tables", "GB", 1)
    (record,) = map(json.loads, (out / "datasets.ndjson").read_text().splitlines())
    assert (record["title"], record["landing_page"]) == ("Whitby", "https://tides.example.gov/whitby")


@pytest.mark.long
def test_its_sample_is_asked_for_and_read_like_the_others(copy: Path) -> None:
    tests = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/harvesters/protocols")
    asked = run_python(copy, *tests)
    assert "run `python -m tests.harvesters.protocols.samples`" in asked.stdout
    written = run_python(copy, "-m", "tests.harvesters.protocols.samples")
    assert '+  "title": "Whitby",' in written.stdout, written
    tested = run_python(copy, *tests)
    assert tested.returncode == 0, tested.stdout
