"""A run that is cut off at any instant: the next one ends in just the state of an undisturbed one.

On services of its own, because they are killed too. `make soak` does the same with more records and twenty kills, which
are spread over the whole of a run.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.catalogue.services import documents, emptied, pid_of, rows
from tests.records import record

from ckanext.aivision.services.stack import Stack, ckan_command

RECORDS = int(os.environ.get("AIVISION_SOAK_RECORDS", "300"))
KILLS = int(os.environ.get("AIVISION_SOAK_KILLS", "1"))
LONGEST_RUN = 600 + RECORDS / 10
# What the times of a run are not: a sum of hashes of the rows, so that their order does not count.
STATE = {
    "package": "id, name, title, notes, url, license_id, owner_org, state, extras",
    "resource": "id, package_id, url, name, description, format, mimetype, position, state, extras",
    "package_tag": "id, package_id, tag_id, state",
    "member WHERE table_name = 'package'": "id, table_id, table_name, group_id, capacity, state",
    "aivision_record": "source, identifier, content_hash, package_id, dataset, indexed, state, missing_in, fingerprint",
    # The day is one of the times: a run may be cut off before midnight (UTC) and ended after it.
    "aivision_evaluation": "package_id, country, publisher, score, coverage, grade, "
    "replace(evaluation, CAST(reference_date AS text), '') AS evaluation",
}
TIMES = ("created", "metadata_created", "metadata_modified", "last_modified")
# The job that a worker runs, with short pauses.
JOB = """
import logging, sys
from ckan.cli import load_config
from ckan.config.middleware import make_app
app = make_app(load_config(sys.argv[1]))._wsgi_app
logging.getLogger("ckanext").setLevel(logging.WARNING)
with app.test_request_context():
    from ckanext.aivision.catalogue.ckan import outages
    from ckanext.aivision.catalogue.ckan.harvest_job import harvest_job
    from ckanext.aivision.catalogue.writer import pipeline
    outages.PAUSES, pipeline.FIRST_PAUSE = (0.5,) * 5, 0.05
    harvest_job(sys.argv[2], "dcat-us", None)
"""

State = dict[str, Any]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("resume") / "data.json"
    path.write_text(json.dumps({"dataset": [record(number) for number in range(RECORDS)]}))
    return path


@pytest.fixture(scope="module")
def undisturbed(services: Stack, source: Path) -> State:
    """What there is after a run that nobody disturbed."""
    emptied(services)
    finish(services, source)
    return state(services)


def state(services: Stack) -> State:
    """What is in the database and in the index, but for the times of the run."""
    found: State = {}
    for table, columns in STATE.items():
        query = f"SELECT count(*), sum(hashtextextended(r::text, 0)::numeric) FROM (SELECT {columns} FROM {table}) AS r"
        found[table] = rows(services, query)
    for document in documents(services, "id,data_dict,validated_data_dict"):
        for form in ("data_dict", "validated_data_dict"):
            package = timeless(json.loads(document[form]))
            written = json.dumps(package, sort_keys=True).encode()
            found[f"{form} of {document['id']}"] = hashlib.blake2b(written, digest_size=16).hexdigest()
    return found


def timeless(package: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in package.items() if key not in TIMES}
    kept["resources"] = [timeless_resource(resource) for resource in package["resources"]]
    return kept


def timeless_resource(resource: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in resource.items() if key not in TIMES}


def assert_as_undisturbed(services: Stack, undisturbed: State) -> None:
    found = state(services)
    apart = sorted(key for key in found.keys() | undisturbed.keys() if found.get(key) != undisturbed.get(key))
    assert [(key, found.get(key), undisturbed.get(key)) for key in apart[:5]] == []


def harvest(services: Stack, source: Path) -> subprocess.Popen[str]:
    command = [*ckan_command(services.ini), "aivision", "harvest", str(source), "--kind", "dcat-us"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def finish(services: Stack, source: Path) -> str:
    return services.ckan("aivision", "harvest", str(source), "--kind", "dcat-us", seconds=LONGEST_RUN)


def stored(services: Stack) -> int:
    return int(rows(services, "SELECT count(*) FROM aivision_record")[0][0])


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + LONGEST_RUN
    while not condition():
        assert time.monotonic() < end, f"it did not happen within {LONGEST_RUN:.0f} s"
        time.sleep(0.05)


def indexed(services: Stack) -> set[str]:
    ids = [document["id"] for document in documents(services, "id")]
    assert len(ids) == len(set(ids))
    return set(ids)


def assert_whole(services: Stack) -> None:
    """Each record once: in the ledger, among the packages, with an evaluation, and in the index."""
    ledger = rows(services, "SELECT identifier, package_id FROM aivision_record WHERE indexed AND state = 'active'")
    assert {identifier for identifier, _ in ledger} == {f"river-{number}" for number in range(RECORDS)}
    packages = {row[0] for row in rows(services, "SELECT id FROM package WHERE state = 'active'")}
    assert {package for _, package in ledger} == packages
    assert {row[0] for row in rows(services, "SELECT package_id FROM aivision_evaluation")} == packages
    assert rows(services, "SELECT count(*) FROM resource WHERE state = 'active'") == [(RECORDS,)]
    assert rows(services, "SELECT count(*) FROM package_tag WHERE state = 'active'") == [(3 * RECORDS,)]
    assert rows(services, "SELECT count(*) FROM member WHERE table_name = 'package'") == [(RECORDS,)]
    assert rows(services, "SELECT count(*) FROM activity WHERE activity_type = 'new package'") == [(RECORDS,)]
    assert indexed(services) == packages


@pytest.mark.timeout(3 * LONGEST_RUN)
@pytest.mark.parametrize("seed", range(KILLS))
def test_a_run_killed_at_any_instant_is_ended_by_the_next_one(
    services: Stack, source: Path, undisturbed: State, seed: int
) -> None:
    emptied(services)
    running, chance = harvest(services, source), random.Random(seed)
    reached = round(chance.uniform(0, 1) * RECORDS)
    wait_until(lambda: stored(services) >= reached or running.poll() is not None)
    time.sleep(chance.uniform(0, 0.5))
    running.send_signal(signal.SIGKILL)
    running.communicate(timeout=60)
    (left,) = rows(services, "SELECT count(*), count(*) FILTER (WHERE indexed) FROM aivision_record")
    begin = time.monotonic()
    finish(services, source)
    print(
        f"killed with {left[0]:,} of {RECORDS:,} stored and {left[1]:,} noted as indexed; ended by the next run in "
        f"{time.monotonic() - begin:.0f} s"
    )
    assert_whole(services)
    assert_as_undisturbed(services, undisturbed)
    assert f"{RECORDS} unchanged" in finish(services, source)


@pytest.mark.nightly
@pytest.mark.timeout(LONGEST_RUN)
def test_a_run_survives_a_restart_of_the_database_or_is_ended_by_the_next_one(services: Stack, source: Path) -> None:
    emptied(services)
    running = harvest(services, source)
    wait_until(lambda: stored(services) > 0 or running.poll() is not None)
    services.postgres.stop()
    services.postgres.start()
    text, _ = running.communicate(timeout=LONGEST_RUN)
    assert "Traceback" not in text
    finish(services, source)
    assert_whole(services)


@pytest.mark.nightly
@pytest.mark.timeout(LONGEST_RUN)
def test_a_run_without_an_index_fails_in_one_line_and_the_next_one_brings_the_index_up(
    services: Stack, source: Path
) -> None:
    emptied(services)
    running = harvest(services, source)
    wait_until(lambda: stored(services) > 0 or running.poll() is not None)
    os.kill(pid_of(services, "solr"), signal.SIGKILL)
    text, _ = running.communicate(timeout=LONGEST_RUN)
    assert "Traceback" not in text
    assert "see that it runs. What was stored is kept: run it again" in text
    services.stop()
    services.start()
    finish(services, source)
    assert_whole(services)


@pytest.mark.timeout(LONGEST_RUN)
def test_a_job_whose_database_and_solr_are_killed_goes_on_by_itself_when_they_are_back(
    services: Stack, source: Path
) -> None:
    emptied(services)
    command = [sys.executable, "-c", JOB, str(services.ini), str(source)]
    job = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    wait_until(lambda: stored(services) > 0 or job.poll() is not None)
    os.kill(pid_of(services, "solr"), signal.SIGKILL)
    os.kill(pid_of(services, "postgres"), signal.SIGKILL)
    # Longer than a batch is tried for.
    time.sleep(3)
    for part in services.ended():
        if part.name in ("PostgreSQL", "Solr"):
            part.start()
    text, _ = job.communicate(timeout=LONGEST_RUN)
    assert job.returncode == 0, text
    assert text.count("this job waits and does so itself") >= 1
    assert stored(services) == len(indexed(services)) == RECORDS
    states = rows(services, "SELECT state FROM aivision_run ORDER BY started")
    assert states[-1] == ("finished",)
    assert len(states) >= 2
