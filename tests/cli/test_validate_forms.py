"""What `aivision validate` finds, in the forms that a pipeline takes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import call, lines, refusal
from tests.cli.test_score_forms import EVIL, junit, rows_of
from tests.cli.test_score_sarif import VALIDATOR, marked_text, place
from tests.cli.test_validate import FEDERAL, UK, catalogue

from ckanext.aivision.cli.output.format_registry import names_of
from ckanext.aivision.cli.validate.report import ValidationReport


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A valid record and one with two faults, as an editor would lay them out."""
    wrong = {
        **FEDERAL,
        "identifier": "r2",
        "theme": "water",
        "contactPoint": {"fn": "Data", "hasEmail": "x@y.example.gov"},
    }
    path = tmp_path / "data.json"
    path.write_text(json.dumps(catalogue(FEDERAL, wrong), indent=2))
    return path


def run_of(path: Path) -> dict[str, Any]:
    """The one run of a SARIF document, valid by the official schema."""
    document = json.loads(call("validate", path, "--format", "sarif").out)
    VALIDATOR.validate(document)
    found: dict[str, Any] = document["runs"][0]
    return found


def test_sarif_has_each_finding_at_its_value(source: Path) -> None:
    run = run_of(source)
    shown = {result["ruleId"]: marked_text(result, source.read_text()) for result in run["results"]}
    assert shown == {
        "dcat-us-1.1/theme/type": '"water"',
        "dcat-us-1.1/contactPoint.hasEmail/pattern": '"x@y.example.gov"',
    }
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])


def test_sarif_has_what_is_missing_at_the_object_that_lacks_it(tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    path.write_text(json.dumps(catalogue({**FEDERAL, "contactPoint": {"fn": "Data"}})))
    (result,) = run_of(path)["results"]
    assert marked_text(result, path.read_text()) == '{"fn": "Data"}'


def test_sarif_has_the_line_of_a_value_in_yaml(tmp_path: Path) -> None:
    path = tmp_path / "records.yaml"
    text = "".join(f"{key}: {json.dumps(value)}\n" for key, value in {**UK, "updateFrequency": "often"}.items())
    path.write_text(f"# Rivers\n---\n{text}---\n{text}")
    results = run_of(path)["results"]
    assert [marked_text(result, path.read_text()) for result in results] == ['"often"', '"often"']
    assert [place(result)[1]["startLine"] for result in results] == [14, 28]


def test_sarif_has_the_line_of_an_item_of_a_yaml_list(tmp_path: Path) -> None:
    path = tmp_path / "records.yaml"
    text = "\n  ".join(f"{key}: {json.dumps(value)}" for key, value in {**UK, "accessRights": "Open"}.items())
    path.write_text(f"- {text}\n- {text}\n")
    results = run_of(path)["results"]
    assert [(marked_text(result, path.read_text()), place(result)[1]["startLine"]) for result in results] == [
        ('"Open"', 7),
        ('"Open"', 20),
    ]


def test_sarif_has_the_line_of_a_node_of_rdf(tmp_path: Path) -> None:
    path = tmp_path / "data.ttl"
    path.write_text("@prefix dcat: <http://www.w3.org/ns/dcat#> .\n\n<https://a.example.gov/1> a dcat:Dataset .\n")
    results = run_of(path)["results"]
    assert results
    assert {place(result)[1]["startLine"] for result in results} == {3}


def test_the_same_finding_has_the_same_fingerprint_wherever_its_record_stands(source: Path) -> None:
    before = {result["partialFingerprints"]["primaryLocationLineHash"] for result in run_of(source)["results"]}
    document = json.loads(source.read_text())
    document["dataset"].reverse()
    source.write_text(json.dumps(document))
    after = {result["partialFingerprints"]["primaryLocationLineHash"] for result in run_of(source)["results"]}
    assert len(before) == 2
    assert before == after


def test_junit_is_valid_and_has_a_suite_for_each_record(source: Path) -> None:
    suites = junit(call("validate", source, "--format", "junit").out)
    assert [(suite.get("name"), suite.get("tests"), suite.get("failures")) for suite in suites] == [
        (FEDERAL["identifier"], "1", "0"),
        ("r2", "2", "2"),
        ("$", "1", "0"),
    ]


def test_csv_has_a_row_for_each_finding_and_no_formula(tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    path.write_text(json.dumps(catalogue({**FEDERAL, "identifier": EVIL, "theme": EVIL})))
    (row,) = rows_of(call("validate", path, "--format", "csv").out)
    assert (row["field"], row["level"], row["message"]) == ("theme", "error", "must be a list")
    assert row["identifier"].startswith("'=")
    assert row["seen"].startswith("'=")


def test_a_json_document_holds_the_lines_and_the_figures(source: Path) -> None:
    document = json.loads(call("validate", source, "--format", "json").out)
    assert document["results"] == lines(call("validate", source, "--format", "ndjson").out)
    assert [record["valid"] for record in document["results"]] == [True, False, True]
    figures = {"records": 2, "valid": 1, "invalid": 1, "catalogues": 1, "invalid_catalogues": 0, "errors": 2}
    assert figures.items() <= document["summary"].items()
    assert document["fault"] is None


def test_a_document_that_breaks_off_is_whole_in_every_form_and_says_so(source: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.json"
    cut.write_bytes(source.read_bytes()[:-20])
    for form in names_of(ValidationReport):
        done = call("validate", cut, "--format", form)
        assert "the text ends in the middle of a value" in refusal(done)
        assert done.out, form
    assert "the text ends in the middle" in json.loads(call("validate", cut, "--format", "json").out)["fault"]


def test_a_terminal_is_not_steered_by_what_records_hold(tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    path.write_text(json.dumps(catalogue({**FEDERAL, "identifier": "\x1b[2J", "theme": "\x1b]0;x\x07", "\x1b[1m": 1})))
    assert "\x1b" not in call("validate", path).out


def test_output_is_written_whole_or_not_at_all(source: Path, tmp_path: Path) -> None:
    output = tmp_path / "found.csv"
    assert call("validate", source, "--format", "csv", "--output", output).status == 1
    assert output.read_bytes().decode() == call("validate", source, "--format", "csv").out
    assert "would be overwritten" in refusal(call("validate", source, "--output", source))
