"""`read` and `evaluate`: records of any source, and their evaluations."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
from pathlib import Path

import pytest

from ckanext.aivision import SourceError, UsageError, evaluate, read
from ckanext.aivision.record import Harvested

TODAY = datetime.date(2026, 11, 1)
RECORD = {"identifier": "gauge-1", "title": "River gauges of the north", "accessLevel": "public"}


def saved(folder: Path, *records: object) -> Path:
    path = folder / "data.json"
    path.write_text(json.dumps({"dataset": records}))
    return path


def test_importing_the_package_imports_nothing_heavy() -> None:
    code = "import ckanext.aivision, sys; print(*(name.split('.')[0] for name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert not {"ckan", "duckdb", "msgspec", "numpy", "pyarrow", "requests"} & set(done.stdout.split())


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    import ckanext.aivision

    with pytest.raises(AttributeError, match="no attribute 'harvest'"):
        ckanext.aivision.harvest  # noqa: B018
    assert {"evaluate", "read", "open_catalogue"} <= set(dir(ckanext.aivision))


def test_records_come_with_their_problems(tmp_path: Path) -> None:
    whole, refused = read(saved(tmp_path, RECORD, {"identifier": "gauge-2"}))
    assert whole.dataset is not None
    assert whole.dataset.title == "River gauges of the north"
    assert (refused.dataset, [problem.code for problem in refused.problems]) == (None, ["title-missing"])


@pytest.mark.long
def test_a_record_scores_as_the_command_scores_it(corpus: Path) -> None:
    path = sorted((corpus / "us").rglob("*data.json*"))[0]
    command = [str(Path(sys.executable).with_name("aivision")), "score", str(path), "--format", "ndjson"]
    done = subprocess.run([*command, "--on", str(TODAY), "--limit", "20"], capture_output=True, timeout=120, check=True)
    told = [row["score"] for line in done.stdout.splitlines() if "score" in (row := json.loads(line))]
    records = [record for record in read(path, limit=20) if record.dataset is not None]
    assert [evaluate(record, today=TODAY).score for record in records] == told
    assert told


def test_the_day_is_the_one_that_is_given(tmp_path: Path) -> None:
    (record,) = read(saved(tmp_path, RECORD))
    assert evaluate(record, today=TODAY).reference_date == TODAY
    assert evaluate(record.dataset).reference_date == datetime.datetime.now(datetime.timezone.utc).date()


def test_a_refused_record_has_no_evaluation_and_the_error_says_why() -> None:
    with pytest.raises(UsageError, match=r"\$\.dataset\[3\]: the record was refused"):
        evaluate(Harvested(where="$.dataset[3]", raw=None))


def test_what_is_no_source_is_refused_before_anything_is_read() -> None:
    for wrong in ("no-such-source", "", "file:///etc/passwd", "nul\0", "x" * 5000):
        with pytest.raises(UsageError):
            read(wrong)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kind": "nope"}, "no such kind; there are"),
        ({"profile": "nope"}, "no such profile; there are"),
        ({"limit": 0}, "at least one record"),
    ],
)
def test_what_an_option_cannot_be_is_refused(options: dict[str, object], message: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=message):
        read(saved(tmp_path, RECORD), **options)


def test_a_private_address_is_not_fetched() -> None:
    with pytest.raises(SourceError, match="public Internet"):
        list(read("http://127.0.0.1:9/data.json"))
