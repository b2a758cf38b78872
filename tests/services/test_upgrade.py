"""A catalogue of release 0.1.0 goes on under this version, and back under its own from a copy."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
import venv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import requests
from tests.records import record

from ckanext.aivision.services.stack import Stack

ROOT = Path(__file__).resolve().parents[2]
RELEASE = "0.1.0"
# The commit of that release, for clones without its tag.
COMMIT = "ff0b2dcfc0d18b9f46a4669952dffc4d771ab4d6"
RECORDS = int(os.environ.get("AIVISION_UPGRADE_RECORDS", "300"))
LONGEST = 300 + RECORDS / 20  # seconds
PORT = 5650
pytestmark = [pytest.mark.services, pytest.mark.nightly, pytest.mark.timeout(4 * LONGEST)]
# What stays as it is, whatever a new version evaluates and indexes.
_KEPT = {
    "packages": "SELECT id, name, title, notes, license_id, owner_org, state, private FROM package ORDER BY id",
    "extras": "SELECT id, (SELECT jsonb_object_agg(key, value) FROM jsonb_each_text(extras)) FROM package ORDER BY id",
    "resources": "SELECT id, package_id, url, name, format, state FROM resource ORDER BY id",
    "users": 'SELECT id, name, email, password, sysadmin FROM "user" ORDER BY id',
    "organizations": 'SELECT id, name, title, state FROM "group" ORDER BY id',
    "records": "SELECT source, identifier, package_id, state FROM aivision_record ORDER BY 1, 2",
    "runs": "SELECT id, source, state FROM aivision_run ORDER BY id",
}


def git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip()


def revision() -> str:
    """The commit of the release: by its tag, or by its own name in the history."""
    for name in (f"refs/tags/{RELEASE}", COMMIT):
        if found := git("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}"):
            return found
    if git("rev-parse", "--is-shallow-repository") == "true":
        pytest.skip(f"this clone is shallow and lacks release {RELEASE}; `git fetch --unshallow` brings it")
    pytest.skip(
        f"there is no history here that has release {RELEASE} ({COMMIT}); run this in a clone of the repository"
    )


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A directory that PostgreSQL's system user may enter, as root's runs need."""
    with tempfile.TemporaryDirectory(prefix="aivision-upgrade-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o711)
        yield Path(name)


@pytest.fixture(scope="module")
def release(folder: Path) -> Path:
    """The interpreter of an environment with the release, and with today's versions of what it needs."""
    source, home = folder / "source", folder / "release"
    source.mkdir()
    archive = subprocess.run(["git", "archive", revision()], cwd=ROOT, capture_output=True, check=True).stdout
    subprocess.run(["tar", "--extract", "--directory", str(source)], input=archive, check=True)
    venv.create(home, symlinks=True)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    site = home / "lib" / version / "site-packages"
    # CKAN puts its own folder first into the path, where it has another `types`.
    (site / "needs.pth").write_text(sysconfig.get_path("purelib") + "\nimport types\n")
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*install, "--target", str(site), str(source)], check=True, timeout=300)
    return home / "bin" / "python"


class Old:
    """`aivision up` of the release."""

    def __init__(self, python: Path, data: Path, log: Path) -> None:
        self._python, self._data, self._log = python, data, log
        words = ["up", "--data", str(data), "--port", str(PORT)]
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                self._command(*words), stdout=output, stderr=subprocess.STDOUT, cwd=data.parent
            )

    def _command(self, *words: str) -> list[str]:
        return [str(self._python), "-m", "ckanext.aivision.cli.main", *words]

    def __enter__(self) -> Old:
        end = time.monotonic() + 300
        while b"Open http" not in self._log.read_bytes():
            assert self.process.poll() is None, self._log.read_text()
            assert time.monotonic() < end, self._log.read_text()
            time.sleep(0.2)
        return self

    def run(self, *words: str) -> str:
        done = subprocess.run(
            self._command(*words), capture_output=True, text=True, timeout=LONGEST, check=False, cwd=self._data.parent
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def count(self) -> int:
        """How many datasets its search finds."""
        answer = requests.get(f"http://127.0.0.1:{PORT}/api/3/action/package_search?rows=0", timeout=60)
        return int(answer.json()["result"]["count"])

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(120)


def kept(url: str) -> dict[str, Any]:
    connection = psycopg2.connect(url)
    with connection, connection.cursor() as cursor:
        found = {}
        for name, query in _KEPT.items():
            cursor.execute(query)
            found[name] = cursor.fetchall()
    connection.close()
    return found


def one(url: str, query: str) -> Any:
    connection = psycopg2.connect(url)
    with connection, connection.cursor() as cursor:
        cursor.execute(query)
        (row,) = cursor.fetchall()
    connection.close()
    return row[0]


def database_url(data: Path) -> str:
    (line,) = [line for line in (data / "ckan.ini").read_text().splitlines() if line.startswith("sqlalchemy.url")]
    return line.split("=", 1)[1].strip().replace("%%", "%")


@pytest.fixture(scope="module")
def source(folder: Path) -> Path:
    path = folder / "data.json"
    path.write_text(json.dumps({"dataset": [record(number) for number in range(RECORDS)]}))
    return path


@pytest.fixture(scope="module")
def before(release: Path, folder: Path, source: Path) -> dict[str, Any]:
    """What the release holds of a small catalogue with a setting of its own; a copy of it lies in `folder/copy`."""
    data = folder / "data"
    data.mkdir()
    (data / "ckan-extra.ini").write_text("ckan.site_title = Rivers of two countries\n")
    with Old(release, data, folder / "up.log") as old:
        old.run("harvest", str(source), "--kind", "dcat-us", "--data", str(data))
        assert old.count() == RECORDS
        held = kept(database_url(data))
    subprocess.run(["cp", "-a", str(data), str(folder / "copy")], check=True)
    return held


def test_everything_is_kept_and_evaluated_again_and_the_next_harvest_changes_nothing(
    before: dict[str, Any], folder: Path, source: Path
) -> None:
    from ckanext.aivision.scoring.rubric import load

    data = folder / "data"
    running = Stack(data, port=PORT)
    running.start()
    try:
        after = kept(running.database_url)
        assert {name: rows for name, rows in after.items() if rows != before[name]} == {}
        assert len(after["packages"]) == RECORDS
        running.ckan("aivision", "rescore", seconds=LONGEST)
        running.ckan("aivision", "snapshot", seconds=LONGEST)
        query = f"SELECT count(*) FROM aivision_evaluation WHERE rubric_version = '{load().version}'"
        assert one(running.database_url, query) == RECORDS
        found = json.loads(doctor(data))
        checked = ("versions", "migrations", "evaluations", "search index", "snapshot", "settings", "clock")
        assert [one for one in found if one["check"] in checked and one["level"] != "ok"] == []
        assert "ckan.site_title = Rivers of two countries" in (data / "ckan.ini").read_text()
        report = running.ckan("aivision", "harvest", str(source), "--kind", "dcat-us", seconds=LONGEST)
        assert f"{RECORDS} fetched: 0 new, " in report
        assert " 0 refused, 0 gone" in report
        again = kept(running.database_url)
        assert {row[0] for row in again["packages"]} == {row[0] for row in before["packages"]}
    finally:
        running.stop()


def doctor(data: Path) -> str:
    command = [sys.executable, "-m", "ckanext.aivision.cli.main", "doctor", "--data", str(data), "--format", "json"]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False).stdout


def test_the_way_back_is_the_copy_under_the_release_that_wrote_it(
    before: dict[str, Any], folder: Path, release: Path
) -> None:
    with Old(release, folder / "copy", folder / "back.log") as old:
        assert kept(database_url(folder / "copy")) == before
        assert old.count() == RECORDS
