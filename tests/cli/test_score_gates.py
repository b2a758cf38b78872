"""What `aivision score` fails for: exit statuses, limits, baselines, chosen criteria, and what it explains."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Write, call, lines, refusal
from tests.records import record

from ckanext.aivision.scoring.rubric import load


def scores(source: Path, *words: object) -> list[float]:
    return [row["score"] for row in lines(call("score", source, "--format", "ndjson", *words).out)]


def test_nothing_found_is_status_0_and_silent(samples: Path) -> None:
    done = call("score", samples / "us.data.json", "--format", "ndjson")
    assert (done.status, done.err) == (0, "")


def test_a_refused_record_is_status_1(write: Write) -> None:
    done = call("score", write([record(1), None, 7]))
    assert (done.status, done.err) == (1, "Found: 2 records refused\n")


@pytest.mark.long
def test_any_data_set_below_the_limit_fails_the_run_and_is_named(samples: Path) -> None:
    found = scores(samples / "us.data.json")
    limit = sorted(found)[2]
    done = call("score", samples / "us.data.json", "--fail-under", limit)
    assert done.status == 1
    low = sum(score < limit for score in found)
    assert done.err.startswith(f"Found: {low} dataset{'s' * (low > 1)} below {limit:g} of 100 (")
    assert call("score", samples / "us.data.json", "--fail-under", min(found))[::2] == (0, "")


def test_a_dataset_that_no_question_applies_to_is_below_any_limit(write: Write) -> None:
    # An open licence allows any use, so that terms for AI are not asked for.
    source, words = write([record(1)]), ("--select", "ai-use-terms-stated")
    assert scores(source, *words) == [None]
    assert call("score", source, "--fail-under", 0, *words).status == 1
    assert "no mean score" in call("score", source, "--fail-under-mean", 1, *words).err


@pytest.mark.long
def test_a_low_mean_fails_the_run(samples: Path) -> None:
    found = scores(samples / "us.data.json")
    mean = sum(found) / len(found)
    assert call("score", samples / "us.data.json", "--fail-under-mean", mean - 0.1)[::2] == (0, "")
    done = call("score", samples / "us.data.json", "--fail-under-mean", mean + 0.1)
    assert done.status == 1
    assert "Found: mean score " in done.err


def test_everything_found_is_told_on_one_line(write: Write) -> None:
    done = call("score", write([record(1), None]), "--fail-under", 100, "--fail-under-mean", 100)
    assert done.err.count("\n") == 1
    assert "1 record refused; 1 dataset below 100 of 100 (river-1); mean score" in done.err


def test_what_is_found_cannot_steer_the_terminal(write: Write) -> None:
    assert "\x1b" not in call("score", write([record(1, identifier="\x1b[2J")]), "--fail-under", 100).err


def baseline_of(source: Path, path: Path) -> Path:
    call("score", source, "--format", "ndjson", "--write-baseline", path)
    return path


def test_known_problems_do_not_fail_the_run_wherever_their_records_stand(write: Write, tmp_path: Path) -> None:
    records = [record(number, license="Ask us") for number in range(20)] + [None, {"title": "no identifier"}]
    known = baseline_of(write(records), tmp_path / "known.json")
    random.Random(6).shuffle(records)
    assert call("score", write(records), "--baseline", known)[::2] == (0, "")


def test_a_new_problem_fails_the_run(write: Write, tmp_path: Path) -> None:
    known = baseline_of(write([record(1), record(2)]), tmp_path / "known.json")
    done = call("score", write([record(1), record(2, license="Ask us")]), "--baseline", known)
    assert done.status == 1
    # The licence names none, no program can recognise it, and it says nothing of use for AI.
    assert done.err == "Found: 3 problems not in the baseline\n"


def test_a_problem_that_became_worse_is_a_new_one_and_one_that_became_better_is_not(
    write: Write, tmp_path: Path
) -> None:
    half = record(1, title="Weekly river levels data_v2")
    better, worse = record(1), record(1, title="x")
    known = baseline_of(write([half]), tmp_path / "known.json")
    assert call("score", write([better]), "--baseline", known).status == 0
    assert call("score", write([worse]), "--baseline", known).status == 1


def test_a_new_refusal_fails_the_run_and_a_known_one_does_not(write: Write, tmp_path: Path) -> None:
    known = baseline_of(write([record(1), {"identifier": "a"}]), tmp_path / "known.json")
    assert call("score", write([{"identifier": "a"}, record(1)]), "--baseline", known).status == 0
    done = call("score", write([{"identifier": "a"}, record(1), {"identifier": "b"}]), "--baseline", known)
    assert done.err == "Found: 1 record refused\n"


@pytest.mark.parametrize("form", ["sarif", "table", "html"])
def test_known_problems_are_left_out_of_what_is_to_be_mended(write: Write, tmp_path: Path, form: str) -> None:
    source = write([record(1, license="Ask us")])
    words = ("score", source, "--select", "licence-open", "--format", form)
    assert "Ask us" in call(*words, "--explain").out
    known = baseline_of(source, tmp_path / "known.json")
    assert "Ask us" not in call(*words, "--explain", "--baseline", known).out


def test_a_baseline_has_a_record_a_line_in_the_order_of_their_names(samples: Path, tmp_path: Path) -> None:
    known = baseline_of(samples / "us.data.json", tmp_path / "known.json")
    text = known.read_text(encoding="utf-8")
    names = list(json.loads(text)["data_sets"])
    assert names == sorted(names)
    assert text.count("\n") == len(names) + 4
    assert baseline_of(samples / "us.data.json", tmp_path / "again.json").read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "not a baseline: "),
        (b"[]", "not a baseline: "),
        (b"\xff", "not a baseline: "),
        (b'{"aivision_baseline": 1}', "missing required field"),
        (b'{"aivision_baseline": 2, "rubric_version": "1"}', "is version 2, not 1"),
        (b'{"aivision_baseline": 1, "rubric_version": "1", "data_sets": {"a": {"b": "c"}}}', "not a baseline: "),
    ],
)
def test_a_file_that_is_no_baseline_is_one_line(write: Write, tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "known.json").write_bytes(content)
    assert says in refusal(call("score", write([record(1)]), "--baseline", tmp_path / "known.json"))


def test_no_baseline_is_written_where_the_source_breaks_off(write: Write, tmp_path: Path) -> None:
    (tmp_path / "cut.json").write_bytes(write([record(1)]).read_bytes()[:-9])
    refusal(call("score", tmp_path / "cut.json", "--write-baseline", tmp_path / "known.json"))
    assert not (tmp_path / "known.json").exists()


def criteria(samples: Path, *words: str) -> set[str]:
    (row,) = lines(call("score", samples / "us.data.json", "--limit", 1, "--format", "ndjson", *words).out)
    return {result["criterion"] for result in row["results"]}


def test_criteria_are_chosen_by_id_and_by_dimension(samples: Path) -> None:
    timely = {row.id for row in load().criteria if row.dimension == "timely"}
    every = {row.id for row in load().criteria}
    assert criteria(samples, "--select", "timely") == timely
    assert criteria(samples, "--select", "timely, licence-open") == timely | {"licence-open"}
    assert criteria(samples, "--select", "timely", "--select", "licence-open") == timely | {"licence-open"}
    assert criteria(samples, "--ignore", "timely,licence-open") == every - timely - {"licence-open"}
    assert criteria(samples, "--select", "timely", "--ignore", "issued-stated") == timely - {"issued-stated"}


def test_the_score_is_that_of_the_chosen_criteria(write: Write) -> None:
    source = write([record(1)])
    assert scores(source, "--select", "licence-open") == [100.0]
    assert scores(source, "--select", "issued-stated") == [0.0]


def test_each_problem_is_explained_with_reason_fix_and_sources(samples: Path) -> None:
    out = " ".join(call("score", samples / "us.data.json", "--explain").out.split())
    document: dict[str, Any] = json.loads(call("score", samples / "us.data.json", "--format", "json", "--explain").out)
    for row in document["results"]:
        for result in row["results"]:
            assert result["question"]
            assert result["sources"]
            if result["result"] in ("fail", "partial"):
                assert f"why: {result['reason']} fix: {result['fix']} source: {result['sources'][0]}" in out
