"""Each bad and each DCAT-US 3.0 file goes through both commands: what cannot be read is refused with its reason."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from tests.cli.conftest import account, call, lines, refusal, stored
from tests.conftest import SHARED

# Where there is no corpus, one name is left to skip with the fixture's reason.
FILES = [
    f"{folder}/{path.name}"
    for folder in ("bad", "dcat-us-3")
    for path in sorted((SHARED / "corpus" / folder).glob("*.json"))
] or ["bad/dcatus.json"]


def records_in(path: Path) -> int:
    return len(json.loads(path.read_text(encoding="utf-8")).get("dataset", []))


@pytest.mark.parametrize("name", FILES)
def test_score_says_of_each_record_what_it_is_worth_or_why_it_is_refused(corpus: Path, name: str) -> None:
    done = call("score", corpus / name, "--format", "json")
    rows = lines(done.out)
    assert len(rows) == records_in(corpus / name)
    assert all(row["problems"][0]["message"] if row.get("refused") else row["grade"] for row in rows)
    if done.status:
        assert Path(name).name in refusal(done)


@pytest.mark.parametrize("name", FILES)
def test_score_prints_a_table_or_one_line(corpus: Path, name: str) -> None:
    done = call("score", corpus / name)
    if done.status:
        refusal(done)
    else:
        assert f"{records_in(corpus / name)} records" in done.out


@pytest.mark.parametrize("name", FILES)
def test_harvest_loses_no_record_of_it(corpus: Path, tmp_path: Path, name: str) -> None:
    done = call("harvest", corpus / name, "--into", tmp_path)
    if done.status:
        refusal(done)
    counts = account(tmp_path)["counts"]
    assert counts["fetched"] == counts["new"] + counts["refused"] == records_in(corpus / name)
    refused = [row["where"] for row in stored(tmp_path, "problems") if row["severity"] == "error"]
    assert len(set(refused)) == counts["refused"]
    for kind in ("datasets", "evaluations"):
        assert max(Counter(row["identifier"] for row in stored(tmp_path, kind)).values(), default=1) == 1
        assert len(stored(tmp_path, kind)) == counts["new"]
