"""`--into DIR`: a harvest without any server."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.records import record

from ckanext.aivision.cli.harvest.command import harvest
from ckanext.aivision.errors import AivisionError

SourceFile = Callable[[list[Any]], Path]


def _into(source: Path, folder: Path, *words: str) -> dict[str, Any]:
    done = CliRunner().invoke(harvest, [str(source), "--into", str(folder), *words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    account: dict[str, Any] = json.loads((folder / "run.json").read_text())
    return account


def _identifiers(folder: Path) -> list[str]:
    return [json.loads(line)["identifier"] for line in (folder / "datasets.ndjson").read_text().splitlines()]


def test_a_first_run_writes_each_record_and_its_evaluation_once(source_file: SourceFile, tmp_path: Path) -> None:
    account = _into(source_file([record(1), record(2)]), tmp_path / "out")
    assert account["counts"] == {"fetched": 2, "new": 2, "changed": 0, "unchanged": 0, "refused": 0, "gone": 0}
    assert _identifiers(tmp_path / "out") == ["river-1", "river-2"]
    assert len((tmp_path / "out" / "evaluations.ndjson").read_text().splitlines()) == 2


def test_a_second_run_of_the_same_content_changes_nothing(source_file: SourceFile, tmp_path: Path) -> None:
    source = source_file([record(1), record(2)])
    _into(source, tmp_path / "out")
    before = (tmp_path / "out" / "datasets.ndjson").read_bytes()
    assert _into(source, tmp_path / "out")["counts"]["unchanged"] == 2
    assert (tmp_path / "out" / "datasets.ndjson").read_bytes() == before


def _marked(folder: Path, **other: str) -> None:
    """Puts a mark into each stored evaluation, by which one that is kept differs from a new one; `other` values too."""
    path = folder / "evaluations.ndjson"
    rows = [{**json.loads(line), **other} for line in path.read_text().splitlines()]
    for row in rows:
        row["results"][0]["evidence"] = "marked"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def _kept(folder: Path) -> list[bool]:
    """Of each evaluation, whether it has the mark."""
    return ['"marked"' in line for line in (folder / "evaluations.ndjson").read_text().splitlines()]


def test_the_evaluation_of_the_same_record_is_kept_and_the_others_are_new(
    source_file: SourceFile, tmp_path: Path
) -> None:
    _into(source_file([record(0), record(1)]), tmp_path / "out")
    before = _into(source_file([record(0), record(1)]), tmp_path / "out")
    _marked(tmp_path / "out")
    account = _into(source_file([record(2), record(1), record(0, title="Renamed river levels")]), tmp_path / "out")
    assert _identifiers(tmp_path / "out") == ["river-2", "river-1", "river-0"]
    assert _kept(tmp_path / "out") == [False, True, False]
    assert (before["scored"], account["scored"]) == (2, 3)


@pytest.mark.parametrize("other", [{"rubric_version": "1.0.0"}, {"reference_date": "2001-01-01"}])
def test_an_evaluation_of_another_rubric_or_day_is_made_again(
    source_file: SourceFile, tmp_path: Path, other: dict[str, str]
) -> None:
    source = source_file([record(0), record(1)])
    _into(source, tmp_path / "out")
    fresh = (tmp_path / "out" / "evaluations.ndjson").read_bytes()
    _marked(tmp_path / "out", **other)
    _into(source, tmp_path / "out")
    assert (tmp_path / "out" / "evaluations.ndjson").read_bytes() == fresh


def test_what_changed_and_what_went_is_counted(source_file: SourceFile, tmp_path: Path) -> None:
    _into(source_file([record(number) for number in range(10)]), tmp_path / "out")
    rest = [record(number) for number in range(1, 9)]
    counts = _into(source_file([record(0, title="Renamed river levels, station 0"), *rest]), tmp_path / "out")["counts"]
    assert (counts["changed"], counts["unchanged"], counts["gone"]) == (1, 8, 1)
    assert "river-9" not in _identifiers(tmp_path / "out")


def test_a_run_that_would_remove_too_much_removes_nothing_until_it_is_confirmed(
    source_file: SourceFile, tmp_path: Path
) -> None:
    _into(source_file([record(number) for number in range(10)]), tmp_path / "out")
    source = source_file([record(1)])
    assert _into(source, tmp_path / "out")["state"] == "needs-confirmation"
    assert len(_identifiers(tmp_path / "out")) == 10
    assert _into(source, tmp_path / "out", "--confirm-removal")["counts"]["gone"] == 9
    assert _identifiers(tmp_path / "out") == ["river-1"]


def test_nothing_is_held_for_gone_while_a_record_cannot_be_read(tmp_path: Path) -> None:
    """One line of ten is torn, and one is missing: the torn one may be anybody's."""
    packages = [{"id": f"p{number}", "name": f"p{number}", "title": "River", "resources": []} for number in range(10)]
    lines = [json.dumps(package) for package in packages]
    source = tmp_path / "portal.ckan.ndjson"
    source.write_text("\n".join(lines))
    _into(source, tmp_path / "out")
    source.write_text("\n".join([*lines[:4], lines[8][:-20], *lines[4:8]]))
    account = _into(source, tmp_path / "out")
    assert (account["state"], account["counts"]["gone"], account["counts"]["refused"]) == ("finished", 0, 1)
    assert "could not be read: 1; so none of the 2 missing records was marked as gone" in account["message"]
    assert len(_identifiers(tmp_path / "out")) == 10
    source.write_text("\n".join(lines[:9]))
    assert _into(source, tmp_path / "out", "--confirm-removal")["counts"]["gone"] == 1


def test_a_limit_removes_nothing(source_file: SourceFile, tmp_path: Path) -> None:
    source = source_file([record(number) for number in range(10)])
    _into(source, tmp_path / "out")
    assert _into(source, tmp_path / "out", "--limit", "2")["state"] == "limited"
    assert len(_identifiers(tmp_path / "out")) == 10


def test_a_source_that_breaks_off_keeps_what_was_there(source_file: SourceFile, tmp_path: Path) -> None:
    source = source_file([record(number) for number in range(10)])
    _into(source, tmp_path / "out")
    source.write_text(source.read_text()[:-900])
    with pytest.raises(AivisionError, match="nothing was removed"):
        CliRunner().invoke(harvest, [str(source), "--into", str(tmp_path / "out")], catch_exceptions=False)
    assert len(_identifiers(tmp_path / "out")) == 10


def test_a_refused_record_is_kept_with_its_reason_and_its_raw_form(source_file: SourceFile, tmp_path: Path) -> None:
    account = _into(source_file([record(1), {"title": "No identifier"}]), tmp_path / "out")
    (problem,) = map(json.loads, (tmp_path / "out" / "problems.ndjson").read_text().splitlines())
    assert account["counts"]["refused"] == 1
    assert problem["code"] == "identifier-missing"
    assert problem["raw"] == {"title": "No identifier"}


def test_a_directory_of_another_source_is_refused(source_file: SourceFile, tmp_path: Path) -> None:
    _into(source_file([record(1)]), tmp_path / "out")
    other = tmp_path / "other.json"
    other.write_text(json.dumps({"dataset": [record(1)]}))
    with pytest.raises(AivisionError, match="choose another directory"):
        CliRunner().invoke(harvest, [str(other), "--into", str(tmp_path / "out")], catch_exceptions=False)


@pytest.mark.long
def test_every_bad_file_goes_through_without_a_trace(corpus: Path, tmp_path: Path) -> None:
    for path in sorted((corpus / "bad").iterdir()):
        done = CliRunner().invoke(harvest, [str(path), "--into", str(tmp_path / path.stem)])
        assert done.exception is None or isinstance(done.exception, (AivisionError, SystemExit)), path.name
        assert (tmp_path / path.stem / "run.json").exists(), path.name
