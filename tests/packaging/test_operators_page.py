"""docs/operators.md followed from its first command to its last: on one machine, and on a fresh CKAN from the registry.

Installs another CKAN, which takes minutes.
"""

from __future__ import annotations

import configparser
import contextlib
import datetime
import json
import os
import re
import shutil
import signal
import subprocess
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import psycopg2
import pytest
from bench.peer import Peer, peer
from tests.catalogue.history import OLD
from tests.docs.commands import DOCS
from tests.packaging.test_existing_ckan import CALLS
from tests.packaging.test_light import NO_INDEX

pytestmark = [pytest.mark.services, pytest.mark.nightly, pytest.mark.long, pytest.mark.timeout(2400)]
_SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
ONE_MACHINE = ("One machine", "Check an installation", "Back up and restore")
# What is not run here, with the reason.
NOT_HERE = {
    "make setup": "this environment was made by it",
    "ckan -c ckan.ini aivision doctor": "there is no ckan.ini yet on one machine",
    "aivision up --data check --demo --once": "tests/services/test_up.py: it harvests, with a network or without",
    "ckan -c ckan.ini jobs worker": "it ends only when it is stopped; with --burst instead",
    "ckan -c ckan.ini jobs worker aivision-short aivision-snapshot": "the same",
    "mkdir -p /etc/ckan/i18n/cy": "tests/translation/test_language_directory.py: it writes into the machine",
}
_NOT_HERE_BEGINNINGS = ('ln -s "$(python',)
_TAKEN_OUT = "ckan -c ckan.ini search-index rebuild"
_THEIRS = {
    "ckan.plugins": "scheming_datasets activity",
    "scheming.dataset_schemas": "ckanext.scheming:ckan_dataset.yaml",
    "scheming.presets": "ckanext.scheming:presets.json",
}
_OURS = ("aivision", "ckanext.aivision.", "ckanext.dcat.")
_READY = "Open http"


class Block(NamedTuple):
    section: str
    language: str
    text: str

    @property
    def lines(self) -> list[str]:
        return [line for line in self.text.splitlines() if line.strip()]


def blocks() -> list[Block]:
    """The blocks of the page, in its order."""
    _, *parts = _SECTION.split((DOCS / "operators.md").read_text("utf-8"))
    return [
        Block(title, *found)
        for title, text in zip(parts[::2], parts[1::2], strict=True)
        for found in _BLOCK.findall(text)
    ]


def run(line: str, folder: Path, environment: dict[str, str], answers: str = "y\n" * 9) -> str:
    """What a command prints. answers: of the operator, to its questions."""
    # After a start the page gives the workers a minute before `doctor` finds them.
    end = time.monotonic() + (120 if line.startswith("aivision doctor") else 0)
    while (done := _shell(line, folder, environment, answers)).returncode and time.monotonic() < end:
        time.sleep(5)
    if done.returncode and "pip install" in line and (seen := NO_INDEX.search(done.stderr)):
        pytest.skip(f"pip reaches no package index from here ({seen[0]})")
    assert done.returncode == 0, f"{line}\n{done.stdout[-2000:]}\n{done.stderr[-3000:]}"
    assert "Traceback" not in done.stderr, done.stderr
    print(f"$ {line}\n{done.stdout.strip()[-300:]}")
    return done.stdout


def _shell(line: str, folder: Path, environment: dict[str, str], answers: str) -> subprocess.CompletedProcess[str]:
    command = ["sh", "-c", line]
    return subprocess.run(
        command, cwd=folder, env=environment, input=answers, capture_output=True, text=True, timeout=900, check=False
    )


@contextlib.contextmanager
def started(line: str, folder: Path, environment: dict[str, str]) -> Iterator[None]:
    """`aivision up`, until it is stopped as by Ctrl-C."""
    with (folder / "up.log").open("w+b") as log:
        process = subprocess.Popen(["sh", "-c", f"exec {line}"], cwd=folder, env=environment, stdout=log, stderr=log)
        try:
            end = time.monotonic() + 300
            while _READY not in (folder / "up.log").read_text():
                assert process.poll() is None, (folder / "up.log").read_text()
                assert time.monotonic() < end
                time.sleep(0.2)
            yield
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(120)


def test_one_machine_is_started_checked_backed_up_and_restored() -> None:
    environment = {**os.environ, "PATH": os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])}
    lines = [
        line for block in blocks() if block.section in ONE_MACHINE and block.language == "sh" for line in block.lines
    ]
    up = ".venv/bin/aivision up --data aivision-data"
    backup, restore = (line for line in lines if "catalogue.backup" in line)
    rest = [line for line in lines if line not in (up, backup, restore) and line not in NOT_HERE]
    with tempfile.TemporaryDirectory(prefix="aivision-page-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o711)
        (folder / ".venv").symlink_to(Path(sysconfig.get_path("scripts")).parent)
        with started(up, folder, environment):
            for line in [*rest, backup]:
                run(line, folder, environment)
        password = (folder / "aivision-data" / "admin-password").read_text()
        shutil.rmtree(folder / "aivision-data")
        run(restore, folder, environment)
        with started(up, folder, environment):
            for line in rest:
                run(line, folder, environment)
        assert (folder / "aivision-data" / "admin-password").read_text() == password


class Site:
    """A fresh CKAN with some datasets, as its operator follows the page."""

    def __init__(self, running: Peer, folder: Path) -> None:
        self.folder, self.ini = folder, folder / "ckan.ini"
        path = os.pathsep.join([str(running.python / "bin"), os.environ["PATH"]])
        self.environment = {**os.environ, **running.variables, "PATH": path}
        self.ini.write_text(running.ini.read_text())
        self.ini.chmod(0o600)
        self.set(_THEIRS)
        self.ran: list[str] = []

    def settings(self) -> configparser.RawConfigParser:
        found = configparser.RawConfigParser()
        found.optionxform = str  # type: ignore[assignment,method-assign]
        found.read(self.ini)
        return found

    def set(self, values: dict[str, str], section: str = "app:main") -> None:
        found = self.settings()
        if not found.has_section(section):
            found.add_section(section)
        for key, value in values.items():
            found.set(section, key, value)
        self.write(found)

    def write(self, settings: configparser.RawConfigParser) -> None:
        with self.ini.open("w") as file:
            settings.write(file)

    def add(self, text: str) -> None:
        """Puts a block of settings of the page into the file."""
        read = configparser.RawConfigParser()
        read.optionxform = str  # type: ignore[assignment,method-assign]
        read.read_string(text if text.startswith("[") else f"[app:main]\n{text}")
        for section in read.sections():
            self.set(dict(read.items(section)), section)

    def take_out(self) -> None:
        """Takes our plugins, settings and schema out, as the page says in words."""
        found = self.settings()
        for key, value in found.items("app:main"):
            if key.startswith(_OURS) or "ckanext.aivision" in value:
                found.remove_option("app:main", key)
        self.write(found)
        self.set(_THEIRS)

    def follow(self, line: str) -> None:
        """Runs a command of the page."""
        if "jobs worker" in line:
            line += " --burst"
        if line.startswith("pip install"):
            run(line, self.folder / "checkout", self.environment)
        elif line not in NOT_HERE or "jobs worker" in line:
            run(self._for_today(line), self.folder, self.environment)
        self.ran.append(line)

    def _for_today(self, line: str) -> str:
        today = datetime.datetime.now(datetime.timezone.utc).date()
        line = re.sub(r"--remove \S+", f"--remove {today}", line)
        if "--announce" not in line:
            return line
        # Everything has evaluations of an earlier rubric, as after an update that brings a new one.
        url = self.settings().get("app:main", "sqlalchemy.url").replace("%%", "%")
        with contextlib.closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
            cursor.execute("UPDATE aivision_evaluation SET rubric_version = %s", (OLD,))
        return re.sub(r"--announce \S+", f"--announce {today + datetime.timedelta(days=14)}", line)

    def call(self, *calls: tuple[str, dict[str, object]], pages: tuple[str, ...] = ()) -> dict[str, Any]:
        (self.folder / "calls.json").write_text(json.dumps(calls))
        (self.folder / "calls.py").write_text(CALLS)
        printed = run(f"python calls.py ckan.ini calls.json {' '.join(pages)}", self.folder, self.environment)
        found: dict[str, Any] = json.loads(printed.splitlines()[-1])
        return found


def package(number: int) -> tuple[str, dict[str, object]]:
    fields = {
        "name": f"bins-{number}",
        "title": f"Litter bins {number}",
        "notes": "One row for each bin.",
        "owner_org": "council",
    }
    return ("package_create", {**fields, "license_id": "cc-by", "maintainer_email": "data@council.example.gov.uk"})


@pytest.fixture
def site(checkout: Path) -> Iterator[Site]:
    # Not among pytest's own directories: a second pytest run shuts them to PostgreSQL's system user.
    with tempfile.TemporaryDirectory(prefix="aivision-page-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "checkout").symlink_to(checkout)
        with peer(folder, folder) as running:
            yield Site(running, folder)


def test_a_fresh_ckan_follows_the_page_from_the_first_command_to_the_last(site: Site) -> None:
    run("ckan -c ckan.ini db upgrade", site.folder, site.environment)
    organization = ("organization_create", {"name": "council", "title": "Council"})
    site.call(organization, *(package(number) for number in range(5)))
    for block in blocks():
        if block.section in ONE_MACHINE:
            continue
        if block.language == "ini":
            # `here` and the like are none of these.
            site.add(block.text)
        if block.language not in ("sh", "text"):
            continue
        for line in block.lines:
            if line.startswith(_NOT_HERE_BEGINNINGS):
                continue
            if line == _TAKEN_OUT and site.ran[-1].endswith("uninstall"):
                ours = site.ini.read_text()
                site.take_out()
                site.follow(line)
                # The rest of the page is for those who stay.
                site.ini.write_text(ours)
                run("ckan -c ckan.ini db upgrade -p aivision", site.folder, site.environment)
                run(line, site.folder, site.environment)
                continue
            site.follow(line)
    found = json.loads(run("ckan -c ckan.ini aivision doctor --format json || true", site.folder, site.environment))
    # The workers were started with --burst and have ended.
    assert [one for one in found if one["level"] == "error" and one["check"] != "queues"] == []
    pages = ("/", "/best-practice", "/dataset/bins-1", "/data.json", "/dumps")
    after = site.call(
        ("package_search", {"fq": "title:litter", "rows": 0}), ("aivision_score_show", {"id": "bins-1"}), pages=pages
    )
    assert after["statuses"] == dict.fromkeys(pages, 200)
    search, score = after["results"]
    assert search["count"] == 5
    assert score["score"] > 0
