"""`aivision harvest --into DIR` on an agency's 350 records, from run to run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Write, account, call, refusal, stored

pytestmark = pytest.mark.long

COUNTS = ("fetched", "new", "changed", "unchanged", "refused", "gone")


class Directory:
    """A directory that a source is harvested into again and again."""

    def __init__(self, write: Write, path: Path) -> None:
        self._write, self.path = write, path

    def harvest(self, records: list[Any], *words: object) -> dict[str, int]:
        """The counts of a harvest of these records."""
        done = call("harvest", self._write(records), "--into", self.path, *words)
        assert (done.status, done.err) == (0, ""), done
        return self.counts()

    def counts(self) -> dict[str, int]:
        counts: dict[str, int] = account(self.path)["counts"]
        assert tuple(counts) == COUNTS
        assert counts["fetched"] == sum(counts[kind] for kind in ("new", "changed", "unchanged", "refused"))
        return {kind: count for kind, count in counts.items() if count}

    def identifiers(self, name: str = "datasets") -> list[str]:
        return [row["identifier"] for row in stored(self.path, name)]


@pytest.fixture
def directory(write: Write, tmp_path: Path, agency: list[Any]) -> Directory:
    """A directory that holds the whole source."""
    made = Directory(write, tmp_path / "agency")
    assert made.harvest(agency) == {"fetched": 350, "new": 350}
    return made


def test_a_first_run_writes_each_data_set_and_its_evaluation_in_the_order_of_the_source(
    directory: Directory, agency: list[Any]
) -> None:
    expected = [record["identifier"] for record in agency]
    assert directory.identifiers() == directory.identifiers("evaluations") == expected
    assert [row["raw"] for row in stored(directory.path)] == agency


def test_a_run_is_accounted_for(directory: Directory) -> None:
    run = account(directory.path)
    assert (run["state"], run["kind"], run["country"], run["scored"]) == ("finished", "dcat-us", "US", 350)
    assert run["started"] <= run["finished"]
    assert run["source"].endswith("/data.json")
    assert 0 <= run["mean_score"] <= 100


def test_nothing_else_is_left_in_the_directory(directory: Directory) -> None:
    names = {path.name for path in directory.path.iterdir()}
    assert names == {"datasets.ndjson", "evaluations.ndjson", "problems.ndjson", "run.json"}


def test_a_second_run_changes_nothing(directory: Directory, agency: list[Any]) -> None:
    before = (directory.path / "datasets.ndjson").read_bytes()
    assert directory.harvest(agency) == {"fetched": 350, "unchanged": 350}
    assert (directory.path / "datasets.ndjson").read_bytes() == before


def test_another_order_of_records_and_members_is_no_change(directory: Directory, agency: list[Any]) -> None:
    shuffled = [dict(reversed(record.items())) for record in reversed(agency)]
    assert directory.harvest(shuffled) == {"fetched": 350, "unchanged": 350}


def test_a_changed_record_is_changed(directory: Directory, agency: list[Any]) -> None:
    changed = {**agency[200], "description": "Leases of office space, by building and year."}
    assert directory.harvest([*agency[:200], changed, *agency[201:]]) == {
        "fetched": 350,
        "changed": 1,
        "unchanged": 349,
    }
    assert stored(directory.path)[200]["description"] == changed["description"]


def test_a_record_that_went_is_gone(directory: Directory, agency: list[Any]) -> None:
    assert directory.harvest(agency[1:]) == {"fetched": 349, "unchanged": 349, "gone": 1}
    expected = [record["identifier"] for record in agency[1:]]
    assert directory.identifiers() == directory.identifiers("evaluations") == expected


def test_a_record_that_came_is_new(directory: Directory, agency: list[Any]) -> None:
    added = {**agency[0], "identifier": "HARBOR-new"}
    assert directory.harvest([*agency, added]) == {"fetched": 351, "new": 1, "unchanged": 350}


def test_a_record_that_is_refused_this_time_is_not_gone(directory: Directory, agency: list[Any]) -> None:
    refused = {"identifier": agency[0]["identifier"]}
    assert directory.harvest([refused, *agency[1:]]) == {"fetched": 350, "unchanged": 349, "refused": 1}
    assert sorted(directory.identifiers()) == sorted(record["identifier"] for record in agency)


def test_a_record_that_comes_twice_is_taken_once(directory: Directory, agency: list[Any]) -> None:
    assert directory.harvest([*agency, agency[7]]) == {"fetched": 351, "unchanged": 350, "refused": 1}
    assert len(directory.identifiers()) == 350


def test_a_truncated_source_removes_nothing(directory: Directory, agency: list[Any], tmp_path: Path) -> None:
    source = tmp_path / "data.json"
    source.write_text(json.dumps({"dataset": agency})[:100_000])
    assert "nothing was removed" in refusal(call("harvest", source, "--into", directory.path))
    assert account(directory.path)["state"] == "incomplete"
    assert set(directory.counts()) == {"fetched", "unchanged"}
    for name in ("datasets", "evaluations"):
        assert sorted(directory.identifiers(name)) == sorted(record["identifier"] for record in agency)


def test_an_emptied_source_removes_nothing_and_says_what_to_do(directory: Directory) -> None:
    assert directory.harvest([]) == {}
    assert account(directory.path)["state"] == "needs-confirmation"
    assert "--confirm-removal" in account(directory.path)["message"]
    assert len(directory.identifiers()) == 350


def test_a_removal_that_is_confirmed_is_done(directory: Directory, agency: list[Any]) -> None:
    assert directory.harvest(agency[:9], "--confirm-removal") == {"fetched": 9, "unchanged": 9, "gone": 341}
    assert len(directory.identifiers()) == 9


def test_the_counts_are_told_in_one_line(write: Write, tmp_path: Path, agency: list[Any]) -> None:
    done = call("harvest", write([*agency[:20], None]), "--into", tmp_path / "out")
    assert done.out.count("\n") == 1
    assert "21 fetched: 20 new, 0 changed, 0 unchanged, 1 refused, 0 gone" in done.out


def test_a_lone_surrogate_is_harvested_once_and_then_unchanged(write: Write, tmp_path: Path, agency: list[Any]) -> None:
    records = [{**agency[0], "title": "Offices \ud83d"}, {"title": "\ud83d"}]
    directory = Directory(write, tmp_path / "out")
    assert directory.harvest(records) == {"fetched": 2, "new": 1, "refused": 1}
    assert directory.harvest(records) == {"fetched": 2, "unchanged": 1, "refused": 1}
