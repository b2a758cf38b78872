"""`pip install ckanext-aivision` gives the linter: no CKAN, no services, and the same results.

The packages are those of requirements-linter.lock, with their hashes, from the index that pip asks here; nothing of the
environment that runs the tests is to be found in this one. By day a contract of import-linter shows that the linter
imports nothing else (pyproject.toml), and test_wheel.py that what is installed works.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from tests.packaging.conftest import REPOSITORY

pytestmark = [pytest.mark.nightly, pytest.mark.long]
LOCK = REPOSITORY / "requirements-linter.lock"
WHOLE = Path(sys.executable).with_name("aivision")
MOST_MEGABYTES = 250
INSTALL = ("install", "--quiet", "--no-compile", "--no-deps", "--require-hashes", "--only-binary", ":all:", "-r")
NO_INDEX = re.compile(r"NewConnectionError|NameResolutionError|ConnectTimeout|ProxyError|ReadTimeout")
FORMS = ["table", "sarif", "json", "ndjson", "csv", "html", "junit"]


def pip(folder: Path, *words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pip", "--python", folder, "--no-input", "--retries", "1", *words]
    return subprocess.run([*map(str, command)], capture_output=True, text=True, timeout=240, check=False)


@pytest.fixture(scope="module")
def light(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with the lock's packages and the wheel."""
    folder = tmp_path_factory.mktemp("light")
    venv.create(folder, with_pip=False)
    done = pip(folder, *INSTALL, LOCK)
    if done.returncode and (seen := NO_INDEX.search(done.stderr)):
        pytest.skip(f"pip reaches no package index from here ({seen[0]})")
    assert done.returncode == 0, done.stderr
    done = pip(folder, "install", "--quiet", "--no-deps", "--no-index", wheel)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def sample(samples: Path, tmp_path: Path) -> Path:
    """A file in the directory where the commands run, so that both installations name it alike."""
    return Path(shutil.copy(samples / "us.data.json", tmp_path))


def run(program: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    clean = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    return subprocess.run([program, *words], cwd=folder, env=clean, capture_output=True, timeout=120, check=False)


def test_no_ckan_can_be_imported_and_the_linter_can(light: Path, tmp_path: Path) -> None:
    for module, found in (("ckanext.aivision.cli.score.command", True), ("ckan", False), ("sqlalchemy", False)):
        done = run(light / "bin" / "python", tmp_path, "-c", f"import {module}")
        assert (done.returncode == 0) is found, done.stderr
        assert found or f"ModuleNotFoundError: No module named '{module}'".encode() in done.stderr


def test_what_setup_py_asks_for_is_there_and_it_is_light(light: Path) -> None:
    done = pip(light, "check")
    assert done.returncode == 0, done.stdout
    # An empty environment would lack nothing either.
    assert "ckanext-aivision" in {row["name"] for row in json.loads(pip(light, "list", "--format", "json").stdout)}
    files = (path for path in light.rglob("*") if path.is_file() and not path.is_symlink())
    assert sum(path.stat().st_size for path in files) < MOST_MEGABYTES * 1_000_000


@pytest.mark.parametrize(
    "words", [["--version"], ["--help"], ["criteria"], ["criteria", "issued-stated"], ["lenses", "mqa"]]
)
def test_what_is_told_without_records_is_told(light: Path, tmp_path: Path, words: list[str]) -> None:
    done, whole = (run(program, tmp_path, *words) for program in (light / "bin" / "aivision", WHOLE))
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == whole.stdout


@pytest.mark.parametrize("form", FORMS)
def test_results_are_those_of_the_whole_installation(light: Path, tmp_path: Path, sample: Path, form: str) -> None:
    words = ("score", sample.name, "--format", form, "--on", "2026-11-01")
    done, whole = (run(program, tmp_path, *words) for program in (light / "bin" / "aivision", WHOLE))
    assert (done.returncode, done.stderr) == (whole.returncode, whole.stderr) == (0, b"")
    assert len(done.stdout) > 1000
    assert done.stdout == whole.stdout


def test_metadata_are_checked_by_the_standards(light: Path, tmp_path: Path, sample: Path) -> None:
    (tmp_path / "a.ttl").write_text("<https://a.example.gov> a <http://www.w3.org/ns/dcat#Dataset> .")
    for name in (sample.name, "a.ttl"):
        done, whole = (run(program, tmp_path, "validate", name) for program in (light / "bin" / "aivision", WHOLE))
        assert done.returncode == 1
        assert (done.stdout, done.stderr) == (whole.stdout, whole.stderr)


@pytest.fixture(scope="module")
def harvests(light: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder where it has harvested a US and a UK source."""
    folder = tmp_path_factory.mktemp("harvests")
    for name in ("sample-us", "sample-uk"):
        assert run(light / "bin" / "aivision", folder, "harvest", name, "--into", name).returncode == 0
    return folder


def test_harvests_into_directories_are_compared(light: Path, harvests: Path) -> None:
    aivision = light / "bin" / "aivision"
    done = run(aivision, harvests, "compare", "sample-us", "sample-uk", "--format", "json")
    assert [row["code"] for row in json.loads(done.stdout)["countries"]] == ["US", "GB"]
    page = run(aivision, harvests, "compare", "sample-us", "sample-uk", "--format", "html")
    assert page.stdout.startswith(b"<!doctype html>")
    assert b"aivision-shape-1" in page.stdout


def test_a_file_is_looked_into(light: Path, tmp_path: Path) -> None:
    (tmp_path / "levels.csv").write_text("station,level\nA1,1.5\nA2,2.5\n")
    done = run(light / "bin" / "aivision", tmp_path, "profile", "levels.csv", "--format", "json")
    assert [column["name"] for column in json.loads(done.stdout)["columns"]] == ["station", "level"]


@pytest.mark.parametrize(
    ("words", "extra"),
    [
        (["up"], "catalogue"),
        (["harvest", "sample-us"], "catalogue"),
        (["harvest", "sample-us", "--dry-run"], "catalogue"),
        (["compare", "us", "--format", "svg"], "charts"),
        (["mcp", "us"], "mcp"),
    ],
)
def test_what_is_not_there_is_refused_in_a_sentence(
    light: Path, harvests: Path, tmp_path: Path, words: list[str], extra: str
) -> None:
    shutil.copytree(harvests / "sample-us", tmp_path / "us")
    done = run(light / "bin" / "aivision", tmp_path, *words)
    assert (done.returncode, done.stdout) == (2, b"")
    assert re.fullmatch(rb"Error: [^\n]+ not installed [^\n]+\n", done.stderr), done.stderr
    assert f'`pip install "ckanext-aivision[{extra}]"`'.encode() in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["us"]
