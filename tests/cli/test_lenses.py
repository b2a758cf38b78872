"""`--lens` and `aivision lenses`, as a person calls them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import aivision, call, lines, refusal

from ckanext.aivision.scoring.guidance import cite
from ckanext.aivision.scoring.lenses.load import names
from ckanext.aivision.scoring.rubric import load

OWN = """\
name: rivers
title: What our river office asks
publisher: River office
version: "3"
date: "2026"
address: https://rivers.example.gov/rules
groups:
- {id: open, title: Open to all, question: "May all use it?", clause: Rule 1, rows: [{criterion: licence-open}]}
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "my-lens.yaml"
    path.write_text(OWN)
    return path


@pytest.fixture(scope="module")
def harvests(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The samples of both countries, harvested into directories."""
    folder = tmp_path_factory.mktemp("harvests")
    for name in ("us", "uk"):
        assert call("harvest", f"sample-{name}", "--into", folder / name).status == 0
    return [folder / "us", folder / "uk"]


def test_the_lenses_are_listed_with_their_publishers() -> None:
    told = call("lenses").out
    assert all(name in told for name in names())
    assert "data.europa.eu" in told


def test_one_lens_is_shown_with_its_clauses_and_what_answers_them() -> None:
    told = " ".join(call("lenses", "us-commerce").out.split())
    assert "DOC 2.1" in told
    assert "data-dictionary-linked" in told
    assert "not measured: Benchmarks." in told
    assert f"{cite('DOC 2.1')} " in told
    assert f"{cite('DOC 2.1.2')} " in told


def test_the_lenses_can_be_had_as_json() -> None:
    listed = json.loads(call("lenses", "--format", "json").out)
    assert [lens["name"] for lens in listed] == names()
    assert json.loads(call("lenses", "mqa", "--format", "json").out)["total"] == 405


@pytest.mark.parametrize("lens", names())
def test_a_score_is_shown_through_every_lens(lens: str, samples: Path) -> None:
    done = call("score", samples / "us.data.json", "--limit", "3", "--lens", lens)
    assert done.status == 0
    for group in json.loads(call("lenses", lens, "--format", "json").out)["groups"]:
        assert group["title"] in done.out


def test_points_that_could_not_be_known_are_told(samples: Path) -> None:
    told = call("score", samples / "us.data.json", "--lens", "mqa").out
    assert "of 405 points on average" in told
    assert " unknown" in told


def test_one_record_is_shown_with_its_evidence(samples: Path) -> None:
    told = call("score", samples / "us.data.json", "--limit", "1", "--lens", "mqa").out
    assert "Keywords are given" in " ".join(told.split())
    assert "1 dataset: " in told


def test_what_is_not_measured_is_told_with_its_clause(samples: Path) -> None:
    told = call("score", samples / "us.data.json", "--limit", "1", "--lens", "us-commerce").out
    reason = "not measured: Benchmarks. Benchmarks of models are not part of a dataset's metadata."
    assert f"{reason} source: {cite('DOC 5.2.1')} " in " ".join(told.split())
    # An address is in one piece.
    assert f"  source: {cite('DOC 5.2.1')}\n" in told


def test_json_has_the_lens_beside_the_evaluation(samples: Path) -> None:
    rows = lines(call("score", samples / "uk.ckan.ndjson", "--format", "ndjson", "--lens", "aivision").out)
    assert all(row["lens"]["score"] == row["score"] for row in rows)
    assert {result["criterion"] for result in rows[0]["results"]} == {row.id for row in load().criteria}
    plain = lines(call("score", samples / "uk.ckan.ndjson", "--format", "ndjson").out)
    assert "lens" not in plain[0]


@pytest.mark.long
def test_a_file_of_ones_own_works_wherever_a_name_does(own: Path, samples: Path, harvests: list[Path]) -> None:
    assert "Open to all" in call("score", samples / "us.data.json", "--lens", own).out
    assert "licence-open" in call("lenses", own).out
    # What no document of ours has stays as it is.
    assert call("lenses", own).out.splitlines()[-1].strip() == "Rule 1"
    assert "Open to all" in call("compare", *harvests, "--lens", own).out


@pytest.mark.long
@pytest.mark.parametrize("form", ["table", "json", pytest.param("html", marks=pytest.mark.long)])
def test_countries_are_compared_through_a_lens_in_every_form(form: str, harvests: list[Path]) -> None:
    words = ("compare", *harvests, "--format", form)
    for lens, group in (("mqa", "Findability"), ("uk-dsit", "Scale and performance")):
        assert group in call(*words, "--lens", lens).out
        assert group not in call(*words).out


@pytest.mark.parametrize("command", ["score", "compare", "lenses"])
def test_a_lens_that_cannot_be_read_is_refused_with_the_line(command: str, own: Path, samples: Path) -> None:
    own.write_text(OWN.replace("licence-open", "license-open"))
    words = [] if command == "lenses" else [samples / "us.data.json", "--lens"]
    told = refusal(call(command, *words, own))
    assert f"{own}: line 8: no criterion 'license-open' (do you mean 'licence-open'?)" in told
    assert "use one of aivision, fair" in refusal(call(command, *words, "mqua"))


@pytest.mark.long
def test_a_lens_is_of_all_criteria(samples: Path) -> None:
    done = aivision("score", samples / "us.data.json", "--lens", "mqa", "--select", "licensed")
    assert (done.status, done.out) == (2, "")
    assert "omit --select and --ignore" in done.err
