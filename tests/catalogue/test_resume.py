"""A run that is cut off at any instant: the next one ends in just the state of an undisturbed one.

On services of its own, because they are killed too. `make soak` does the same with more records and twenty kills.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from tests.catalogue.conftest import record
from tests.catalogue.services import emptied, rows

from ckanext.aivision.services.stack import Stack, ckan_command

RECORDS = int(os.environ.get("AIVISION_SOAK_RECORDS", "1100"))
KILLS = int(os.environ.get("AIVISION_SOAK_KILLS", "3"))
LONGEST_RUN = 600


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "data.json"
    path.write_text(json.dumps({"dataset": [record(number) for number in range(RECORDS)]}))
    return path


def harvest(services: Stack, source: Path) -> subprocess.Popen[str]:
    command = [*ckan_command(services.ini), "aivision", "harvest", str(source), "--kind", "dcat-us"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def finish(services: Stack, source: Path) -> str:
    done = harvest(services, source)
    text, _ = done.communicate(timeout=LONGEST_RUN)
    assert done.returncode == 0, text
    return text


def stored(services: Stack) -> int:
    return int(rows(services, "SELECT count(*) FROM aivision_record")[0][0])


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < end, "it did not happen within 120 s"
        time.sleep(0.05)


def indexed(services: Stack) -> set[str]:
    asked = {"q": "entity_type:package", "fl": "id", "rows": RECORDS * 2}
    answer = requests.get(f"{services.solr_url}/select", asked, timeout=60).json()
    ids = [document["id"] for document in answer["response"]["docs"]]
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


@pytest.mark.timeout(LONGEST_RUN)
@pytest.mark.parametrize("seed", range(KILLS))
def test_a_run_killed_at_any_instant_is_ended_by_the_next_one(services: Stack, source: Path, seed: int) -> None:
    emptied(services)
    running = harvest(services, source)
    wait_until(lambda: stored(services) > 0 or running.poll() is not None)
    time.sleep(random.Random(seed).uniform(0, 1.5))
    running.send_signal(signal.SIGKILL)
    running.communicate(timeout=60)
    finish(services, source)
    assert_whole(services)
    assert f"{RECORDS} unchanged" in finish(services, source)


@pytest.mark.timeout(LONGEST_RUN)
def test_a_run_survives_a_restart_of_the_database_or_is_ended_by_the_next_one(services: Stack, source: Path) -> None:
    emptied(services)
    running = harvest(services, source)
    wait_until(lambda: stored(services) > 0 or running.poll() is not None)
    services._postgres.stop()
    services._postgres.start()
    text, _ = running.communicate(timeout=LONGEST_RUN)
    assert "Traceback" not in text
    finish(services, source)
    assert_whole(services)


@pytest.mark.timeout(LONGEST_RUN)
def test_a_run_without_an_index_fails_in_one_line_and_the_next_one_brings_the_index_up(
    services: Stack, source: Path
) -> None:
    emptied(services)
    running = harvest(services, source)
    wait_until(lambda: stored(services) > 0 or running.poll() is not None)
    os.kill(services._solr._child.pid, signal.SIGKILL)
    text, _ = running.communicate(timeout=LONGEST_RUN)
    assert "Traceback" not in text
    services.stop()
    services.start()
    finish(services, source)
    assert_whole(services)
