"""Gates on the command line: listed, explained, first among the findings, selected and in the baseline."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.cli.conftest import Write, call, lines
from tests.records import record

from ckanext.aivision.scoring.rubric import load


def pdf(**members: Any) -> dict[str, Any]:
    return record(1, distribution=[{"downloadURL": "https://rivers.gov.uk/plan.pdf"}], **members)


def test_the_gates_are_listed_and_each_is_explained() -> None:
    listed = call("criteria", "--gates")
    assert (listed.status, listed.err) == (0, "")
    for row in load().gates:
        assert row.id in listed.out
        assert row.fix in call("criteria", row.id, "--format", "markdown").out


def test_the_table_names_the_gate_and_gives_its_fix_first(write: Write) -> None:
    out = call("score", write([pdf()])).out
    assert out.index("limits the grade") < out.index("fix first")
    assert "nothing that a program" in out


def test_explain_says_what_would_raise_the_grade(write: Write) -> None:
    out = call("score", write([pdf()]), "--explain").out
    assert "our judgement: " in out
    assert "lift the limit 'nothing that a program can read'" in " ".join(out.split())
    (row,) = lines(call("score", write([pdf()]), "--explain", "--format", "ndjson").out)
    assert row["gates"][0]["label"] == "nothing that a program can read"
    assert row["next_grade"]["gates"] == ["nothing-readable"]


def test_a_gate_is_the_first_finding_and_an_error(write: Write) -> None:
    (run,) = json.loads(call("score", write([pdf()]), "--format", "sarif").out)["runs"]
    first = run["results"][0]
    assert (first["ruleId"], first["level"]) == ("nothing-readable", "error")
    assert run["tool"]["driver"]["rules"][first["ruleIndex"]]["id"] == "nothing-readable"


def test_a_gate_can_be_ignored_and_is_left_out_where_others_are_selected(write: Write) -> None:
    source = write([pdf()])
    for words in (("--ignore", "nothing-readable"), ("--select", "licence-open")):
        (row,) = lines(call("score", source, *words, "--format", "ndjson").out)
        assert "gates" not in row, words
    (row,) = lines(call("score", source, "--select", "licence-open,nothing-readable", "--format", "ndjson").out)
    assert [hit["gate"] for hit in row["gates"]] == ["nothing-readable"]


def test_a_gate_of_the_baseline_is_no_new_problem(write: Write, tmp_path: Path) -> None:
    source, baseline = write([pdf()]), tmp_path / "baseline.json"
    call("score", source, "--write-baseline", baseline)
    assert call("score", source, "--baseline", baseline).status == 0
    worse = call("score", write([pdf(license="N/A")]), "--baseline", baseline, "--format", "sarif")
    assert "licence-missing" in {found["ruleId"] for found in json.loads(worse.out)["runs"][0]["results"]}
