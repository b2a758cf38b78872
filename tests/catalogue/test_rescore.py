"""Everything evaluated again: the same bytes however it is cut and wherever it runs, and after any interruption."""

from __future__ import annotations

import datetime
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest
from tests.catalogue.history import as_of, execute, rows
from tests.records import record
from tests.waiting import until_cancellation_is_noticed

from ckanext.aivision.errors import RunCancelled, UsageError

NUMBER = 240
LONGEST = 120  # seconds
BEFORE = datetime.date(2024, 1, 1)
# In processes of its own and by small batches; the datasets of other tests are of a later day, and stay as they are.
RESCORE = """
import sys
from ckan.cli import load_config
from ckan.config.middleware import make_app
app = make_app(load_config(sys.argv[1]))._wsgi_app
with app.test_request_context():
    import datetime
    from ckanext.aivision.catalogue.rescore import run_rescore
    run_rescore.SIZE = int(sys.argv[3])
    run, account = run_rescore.rescore(datetime.date.fromisoformat(sys.argv[2]), int(sys.argv[4]))
    print(account.evaluated)
"""
PLACES = [
    (7, 1, {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"}),
    (100, 3, {"PYTHONHASHSEED": "2", "TZ": "America/Los_Angeles", "LC_ALL": "C.UTF-8"}),
]


def varied(number: int) -> dict[str, Any]:
    """Records of which some change with the day and some do not. No other test has links of theirs checked."""
    return record(
        number,
        distribution=[{"downloadURL": f"https://rescored.example.gov/{number}.csv", "mediaType": "text/csv"}],
        publisher={"name": f"Rescored office {number % 3}"},
        modified=f"2024-{number % 12 + 1:02}-01",
        accrualPeriodicity=["R/P1D", "R/P1M", "R/P1Y", "irregular"][number % 4],
    )


@pytest.fixture(scope="module")
def harvested(ckan_application: Any, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The ids of datasets that were evaluated long ago."""
    from ckanext.aivision.catalogue.ckan.harvest_job import harvest_into_ckan
    from ckanext.aivision.harvesters.sources.source import Source

    path = tmp_path_factory.mktemp("rescore") / "data.json"
    path.write_text(json.dumps({"dataset": [varied(number) for number in range(NUMBER)]}))
    with ckan_application.test_request_context():
        source = Source(name="rescored", url=str(path), kind="dcat-us", profile="dcat-us-1.1", country="US")
        harvest_into_ckan(source)
        ids = [row[0] for row in rows("SELECT package_id FROM aivision_record WHERE source = 'rescored' ORDER BY 1")]
        as_of(BEFORE, ids)
    return ids


def rescoring(stack: Any, on: datetime.date, size: int = 20, jobs: int = 2, **environment: str) -> Any:
    words = [sys.executable, "-c", RESCORE, str(stack.ini), on.isoformat(), str(size), str(jobs)]
    given = {**os.environ, **environment}
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=given)


def stored(ids: list[str]) -> list[dict[str, Any]]:
    # What the database works out by itself is left out.
    columns = "to_jsonb(e) - 'looked_at'"
    query = f"SELECT {columns} FROM aivision_evaluation e WHERE package_id = ANY(:ids) ORDER BY package_id"
    return [row[0] for row in rows(query, ids=ids)]


def expected(ids: list[str], on: datetime.date) -> list[dict[str, Any]]:
    """The rows as they follow from the records, and from what other tests have stored of links and files."""
    from ckanext.aivision.catalogue.evaluations.evaluation_store import evaluate_all, to_row
    from ckanext.aivision.catalogue.tables.records import datasets
    from ckanext.aivision.scoring.rubric import load

    records = list(datasets(ids))
    evaluations = evaluate_all([dataset for _, dataset in records], load(), on)
    found = [{"package_id": id, **to_row(one)} for (id, _), one in zip(records, evaluations, strict=True)]
    return [{**row, "reference_date": on.isoformat()} for row in found]


def facets(ckan: Any) -> dict[str, str]:
    """The grades of the datasets by which the index finds them."""
    offices = " OR ".join(f"rescored-office-{number}-us" for number in range(3))
    found: dict[str, str] = {}
    for grade in "ABCDE":
        query = {"fq": f"organization:({offices}) AND aivision_grade:{grade}", "rows": 1000, "fl": "id"}
        results = ckan.get_action("package_search")({"ignore_auth": True}, query)["results"]
        found |= {document["id"]: grade for document in results}
    return found


def grades(ids: list[str]) -> dict[str, str]:
    return {row["package_id"]: row["grade"] for row in stored(ids)}


def until(condition: Callable[[], bool], process: Any) -> None:
    end = time.monotonic() + LONGEST
    while not condition():
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < end, f"it did not happen within {LONGEST} s"
        time.sleep(0.005)


@pytest.mark.parametrize(("size", "jobs", "environment"), PLACES)
def test_the_same_records_version_and_date_give_the_same_bytes_everywhere(
    ckan: Any, stack: Any, harvested: list[str], size: int, jobs: int, environment: dict[str, str]
) -> None:
    on = datetime.date(2024, 6, 1 + size % 28)
    with rescoring(stack, on, size, jobs, **environment) as process:
        out, error = process.communicate(timeout=LONGEST)
    assert process.returncode == 0, error
    assert int(out) == NUMBER
    assert stored(harvested) == expected(harvested, on)


def test_a_run_killed_in_the_middle_is_ended_by_the_next_one(ckan: Any, stack: Any, harvested: list[str]) -> None:
    from ckanext.aivision.catalogue.rescore.run_rescore import rescore

    on = datetime.date(2025, 3, 1)
    count = "SELECT count(*) FROM aivision_evaluation WHERE package_id = ANY(:ids) AND reference_date = :on"
    # As if everything were in another grade: all has to be indexed again.
    execute("UPDATE aivision_evaluation SET grade = 'A' WHERE package_id = ANY(:ids)", ids=harvested)

    def done() -> int:
        return int(rows(count, ids=harvested, on=on)[0][0])

    with rescoring(stack, on) as killed:
        until(lambda: done() > 0, killed)
        killed.send_signal(signal.SIGKILL)
    # The database server notices within moments.
    time.sleep(1)
    assert 0 < (before := done()) < NUMBER, "it was to be killed in the middle"
    run, account = rescore()
    assert (run.continued, run.reference_date) == (True, on)
    assert account.evaluated == NUMBER - before
    assert stored(harvested) == expected(harvested, on)
    assert rows("SELECT count(*) FROM aivision_unindexed") == [(0,)]
    assert facets(ckan) == grades(harvested)
    states = rows("SELECT state FROM aivision_rescore ORDER BY started DESC LIMIT 2")
    assert states == [("finished",), ("interrupted",)]


def test_what_is_evaluated_already_is_written_no_second_time(ckan: Any, harvested: list[str]) -> None:
    from ckanext.aivision.catalogue.rescore.run_rescore import rescore

    query = (
        "SELECT sum(CAST(CAST(xmin AS text) AS bigint)), count(*) FROM aivision_evaluation WHERE package_id = ANY(:ids)"
    )
    on = datetime.date(2025, 4, 1)
    assert rescore(on)[1].evaluated == NUMBER
    before = rows(query, ids=harvested)
    assert rescore(on)[1].evaluated == 0
    assert rows(query, ids=harvested) == before


def test_a_day_later_only_what_tells_an_age_has_another_text(ckan: Any, harvested: list[str]) -> None:
    from ckanext.aivision.catalogue.rescore.run_rescore import rescore

    rescore(datetime.date(2025, 5, 1))
    _, account = rescore(datetime.date(2025, 5, 2))
    assert account.rewritten == NUMBER
    assert 0 < account.with_text < NUMBER


def test_evaluations_of_the_same_day_that_were_stored_before_there_was_a_history_get_their_point(
    ckan: Any, harvested: list[str]
) -> None:
    from ckanext.aivision.catalogue.rescore.run_rescore import rescore

    on = datetime.date(2025, 5, 20)
    rescore(on)
    execute("UPDATE aivision_evaluation SET point = NULL WHERE package_id = ANY(:ids)", ids=harvested)
    execute("DELETE FROM aivision_history WHERE package_id = ANY(:ids)", ids=harvested)
    assert rescore(on)[1].evaluated == NUMBER
    query = "SELECT reference_date, count(*) FROM aivision_history WHERE package_id = ANY(:ids) GROUP BY 1"
    assert rows(query, ids=harvested) == [(on, NUMBER)]
    assert stored(harvested) == expected(harvested, on)


def test_a_second_run_is_refused_and_a_run_can_be_called_off(
    ckan: Any, harvested: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from ckanext.aivision.catalogue import lease
    from ckanext.aivision.catalogue.rescore import rescore_lease, run_rescore

    monkeypatch.setattr(lease, "HEARTBEAT_SECONDS", 0.02)
    monkeypatch.setattr(run_rescore, "SIZE", 10)

    def disturbed(stage: str, done: int, total: int) -> None:
        with pytest.raises(UsageError, match="another run is in progress"):
            run_rescore.rescore(datetime.date(2025, 6, 1))
        assert rescore_lease.cancel()
        until_cancellation_is_noticed()

    with pytest.raises(RunCancelled, match="the next run continues from there"):
        run_rescore.rescore(datetime.date(2025, 6, 1), listener=disturbed)
    assert not rescore_lease.cancel()
    assert rows("SELECT state FROM aivision_rescore ORDER BY started DESC LIMIT 1") == [("cancelled",)]
    run, account = run_rescore.rescore()
    assert (run.continued, run.reference_date, account.evaluated) == (True, datetime.date(2025, 6, 1), NUMBER - 10)


def test_what_somebody_is_writing_is_left_to_them(ckan: Any, harvested: list[str]) -> None:
    import ckan.model as model
    import sqlalchemy as sa

    from ckanext.aivision.catalogue.rescore.run_rescore import rescore

    with model.meta.engine.begin() as other:
        other.execute(sa.text("SELECT FROM package WHERE id = :id FOR UPDATE"), {"id": harvested[0]})
        assert rescore(datetime.date(2025, 7, 1))[1].evaluated == NUMBER - 1
    assert rescore(datetime.date(2025, 7, 1))[1].evaluated == 1
