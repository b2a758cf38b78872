"""aivision.toml and [tool.aivision] of pyproject.toml: the options that a project keeps."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import call, lines, refusal
from tests.records import record

from ckanext.aivision.scoring.rubric import load

TIMELY = [row.id for row in load().criteria if row.dimension == "timely"]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project's directory with a data.json, seen from a directory in it."""
    (tmp_path / "data.json").write_text(json.dumps({"dataset": [record(1)]}))
    (tmp_path / "deep" / "er").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "deep" / "er")
    return tmp_path


def criteria(*words: object) -> list[str]:
    (row,) = lines(call("score", "../../data.json", *words).out)
    return [result["criterion"] for result in row["results"]]


@pytest.mark.parametrize(("name", "head"), [("aivision.toml", ""), ("pyproject.toml", "[tool.aivision]\n")])
def test_the_options_of_a_project_count_in_every_directory_of_it(project: Path, name: str, head: str) -> None:
    (project / name).write_text(f'{head}select = ["timely"]\nformat = "ndjson"\nfail-under = 99.5\n')
    assert criteria() == TIMELY
    assert "below 99.5 of 100" in call("score", "../../data.json").err


def test_the_command_line_goes_before_the_file(project: Path) -> None:
    (project / "aivision.toml").write_text('select = "timely"\nformat = "html"\nexplain = true\nlimit = 5')
    assert criteria("--format", "ndjson", "--select", "licence-open", "--no-explain") == ["licence-open"]


def test_the_nearest_file_counts_and_its_own_before_the_shared_one(project: Path) -> None:
    (project / "aivision.toml").write_text('format = "nonsense"')
    (project / "deep" / "pyproject.toml").write_text("[tool.aivision]\nnonsense = 1")
    (project / "deep" / "aivision.toml").write_text('select = "timely"')
    (project / "deep" / "er" / "pyproject.toml").write_text("[tool.ruff]\nline-length = 120")
    assert criteria("--format", "ndjson") == TIMELY


def test_a_path_is_one_from_the_directory_of_the_file(project: Path) -> None:
    (project / "aivision.toml").write_text('baseline = "known.json"')
    assert f"{project}/known.json: the baseline cannot be read" in refusal(call("score", "../../data.json"))
    assert call("score", "../../data.json", "--no-config", "--write-baseline", project / "known.json").status == 0
    assert call("score", "../../data.json").status == 0


def test_a_file_can_be_named_and_none_be_read(project: Path) -> None:
    (project / "aivision.toml").write_text('format = "nonsense"')
    (project / "other.toml").write_text('select = "timely"\nformat = "ndjson"')
    assert criteria("--config", project / "other.toml") == TIMELY
    assert len(criteria("--no-config", "--format", "ndjson")) == len(load().criteria)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("fail_under = 3", "fail_under: no such option; did you mean fail-under?"),
        ("fail-undr = 3", "fail-undr: no such option; did you mean fail-under?"),
        ("zzz = true", "zzz: no such option; the options are kind, profile"),
        ('fail-under = "high"', "fail-under: must be a number"),
        ("fail-under = true", "fail-under: must be a number"),
        ("fail-under = 101", "fail-under: 101.0 is not in the range 0<=x<=100"),
        ("limit = 0", "limit: 0 is not in the range x>=1"),
        ('format = "xml"', "format: 'xml' is not one of 'table'"),
        ("format = 3", "format: must be a string"),
        ("select = [3]", "select: must be a list of strings"),
        ('select = "timly"', "'timly' is not a criterion or dimension; did you mean timely?"),
        ('explain = "yes"', "explain: must be true or false"),
        ('profile = "dcat"', "profile: 'dcat' is not one of 'dcat-us-1.1'"),
        ('output = "out"', "output: can only be set on the command line"),
        ('allow-host = ["127.0.0.1"]', "allow-host: can only be set on the command line"),
        ("[score]\nlimit = 3", "score: no such option"),
        ("limit", "is not valid TOML: "),
        ("\x00", "is not valid TOML: "),
    ],
)
def test_a_wrong_file_is_one_line_that_names_it(project: Path, content: str, says: str) -> None:
    (project / "aivision.toml").write_text(content)
    said = refusal(call("score", "../../data.json"))
    assert says in said
    assert str(project / "aivision.toml") in said or "timly" in says


def test_a_shared_file_that_is_no_table_or_says_nothing_is_one_line(project: Path) -> None:
    (project / "pyproject.toml").write_text("[tool]\naivision = 3")
    assert "tool.aivision must be a table" in refusal(call("score", "../../data.json"))
    (project / "pyproject.toml").write_text("[project]\n")
    assert call("score", "../../data.json").status == 0
    assert "has no [tool.aivision]" in refusal(call("score", "../../data.json", "--config", project / "pyproject.toml"))
    assert "the configuration cannot be read" in refusal(call("score", "../../data.json", "--config", "nowhere.toml"))
