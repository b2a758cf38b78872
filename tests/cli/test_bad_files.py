"""Each bad and each DCAT-US 3.0 file goes through both commands: what cannot be read is refused with its reason."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import account, call, lines, refusal, stored
from tests.corpora import files_of_corpora

FILES = files_of_corpora("bad/*.json", "dcat-us-3/*.json")


def listed(catalogue: dict[str, Any]) -> list[Any]:
    """The records of a catalogue's lists, and of those in the catalogues inside it."""
    own = [record for member in ("dataset", "service", "datasetSeries") for record in catalogue.get(member, [])]
    return own + [record for inner in catalogue.get("catalog", []) for record in listed(inner)]


def records_in(path: Path) -> int:
    """What is listed, and the datasets that stand nowhere but inside a series or a service."""
    records = listed(json.loads(path.read_text(encoding="utf-8")))
    objects = [record for record in records if isinstance(record, dict)]
    inside = [item for record in objects for key in ("seriesMember", "servesDataset") for item in record.get(key, [])]
    named = {str(record.get("identifier")) for record in objects}
    return len(records) + len({item["identifier"] for item in inside if "title" in item} - named)


@pytest.mark.parametrize("path", FILES)
def test_score_says_of_each_record_what_it_is_worth_or_why_it_is_refused(path: Path) -> None:
    done = call("score", path, "--format", "ndjson")
    rows = lines(done.out)
    assert len(rows) == records_in(path)
    assert all(row["problems"][0]["message"] if row.get("refused") else row["grade"] for row in rows)
    if done.status == 2:
        assert path.name in refusal(done)
    else:
        assert done.status == any(row.get("refused") for row in rows)


@pytest.mark.parametrize("path", FILES)
def test_score_prints_a_table_or_one_line(path: Path) -> None:
    done = call("score", path)
    if done.status == 2:
        refusal(done)
    else:
        assert f"{records_in(path)} records" in done.out


@pytest.mark.parametrize("path", FILES)
def test_harvest_loses_no_record_of_it(path: Path, tmp_path: Path) -> None:
    done = call("harvest", path, "--into", tmp_path)
    if done.status:
        refusal(done)
    counts = account(tmp_path)["counts"]
    assert counts["fetched"] == counts["new"] + counts["refused"] == records_in(path)
    refused = [row["where"] for row in stored(tmp_path, "problems") if row["severity"] == "error"]
    assert len(set(refused)) == counts["refused"]
    for kind in ("datasets", "evaluations"):
        assert max(Counter(row["identifier"] for row in stored(tmp_path, kind)).values(), default=1) == 1
        assert len(stored(tmp_path, kind)) == counts["new"]
