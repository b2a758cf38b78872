"""A mirror that follows `/changes` while four writers change the catalogue at random ends as the catalogue.

One pull in three is killed at a moment that nobody chose. `make soak` does the same with 10,000 changes.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from tests.catalogue.writers import Shared, Writer
from tests.processes import run_python

CHANGES = int(os.environ.get("AIVISION_SOAK_CHANGES", "150"))
WRITERS = 4
REST = min(10.0, CHANGES / 1000)  # seconds between two pulls
PUBLIC = "SELECT id FROM package WHERE state = 'active' AND NOT private AND type = 'dataset'"


@pytest.fixture
def shared(ckan: Any) -> Shared:
    user = ckan.get_action("get_site_user")({"ignore_auth": True}, {})["name"]

    def make(action: str) -> str:
        data = {"name": f"office-{uuid.uuid4().hex[:8]}", "title": "River office"}
        made: str = ckan.get_action(action)({"ignore_auth": True, "user": user}, data)["id"]
        return made

    return Shared(CHANGES, [make("organization_create") for _ in range(3)], make("group_create"))


def pull(site: str, folder: Path) -> str:
    words = ["pull", site, "--into", folder, "--allow-host", site.removeprefix("http://"), "--page-size", 37]
    done = run_python("-m", "ckanext.aivision.cli.main", *words, limit=600)
    assert done.returncode == 0, done.stderr
    return done.stdout


def kill_pull(site: str, folder: Path, seconds: float) -> bool:
    """Whether a pull that is killed after some seconds was still running then."""
    command = [sys.executable, "-m", "ckanext.aivision.cli.main", "pull", site, "--into", str(folder)]
    words = ["--allow-host", site.removeprefix("http://"), "--page-size", "37"]
    with subprocess.Popen([*command, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        try:
            running.wait(seconds)
        except subprocess.TimeoutExpired:
            running.kill()
            return True
    return False


def mirrored(folder: Path) -> dict[str, Any]:
    lines = [json.loads(line) for line in (folder / "packages.ndjson").read_text().splitlines()]
    found = {package["id"]: package for package in lines}
    assert len(found) == len(lines)
    return found


def stored(ckan: Any) -> dict[str, Any]:
    """Every public dataset as `package_show` gives it to anybody, and not as the index has it."""
    import ckan.model as model

    model.Session.rollback()
    ids = model.Session.execute(sa.text(PUBLIC)).scalars().all()
    show = ckan.get_action("package_show")
    # As JSON has it.
    return {id: json.loads(json.dumps(show({"user": "", "use_cache": False}, {"id": id}))) for id in ids}


@pytest.mark.long
@pytest.mark.timeout(600 + CHANGES)
def test_a_mirror_that_follows_four_writers_ends_as_the_catalogue(
    ckan: Any,
    ckan_application: Any,
    live_site: str,
    shared: Shared,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(ckan.config, "ckanext.aivision.gone_days", 0)
    mirror, began, pulls, killed, chance = tmp_path / "mirror", time.monotonic(), 0, 0, random.Random(1)
    writers = [Writer(ckan_application, shared, seed, tmp_path) for seed in range(WRITERS)]
    threads = [threading.Thread(target=writer.run, daemon=True) for writer in writers]
    for thread in threads:
        thread.start()
    try:
        while any(thread.is_alive() for thread in threads):
            pulls += 1
            if pulls % 3:
                pull(live_site, mirror)
            else:
                killed += kill_pull(live_site, mirror, chance.uniform(0.3, 3))
            time.sleep(REST)
    finally:
        shared.stop()
        for thread in threads:
            thread.join(60)
    assert shared.failures == []
    seconds = time.monotonic() - began
    pull(live_site, mirror)
    expected, found = stored(ckan), mirrored(mirror)
    print(f"{sum(shared.done.values())} changes in {seconds:.0f} s, followed by {pulls} pulls: {dict(shared.done)}")
    print(f"{killed} pulls were killed")
    print(f"refused, as another writer was faster: {dict(shared.refused)}; {len(expected)} public datasets at the end")
    differing = Counter(
        field
        for id in expected.keys() & found.keys()
        for field in expected[id].keys() | found[id].keys()
        if expected[id].get(field) != found[id].get(field)
    )
    assert (found.keys() - expected.keys(), expected.keys() - found.keys(), differing) == (set(), set(), Counter())
    assert found == expected
    assert expected
