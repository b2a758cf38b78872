"""The wheel and the sdist hold the whole package, and the wheel works where it is installed.

What is clean in the environment here: its own directory has nothing but the wheel, no pip, no editable install; there
is no PYTHONPATH, and another working directory. What is not: the dependencies are those of the environment that runs
the tests, borrowed by a .pth file, so that a test needs no network and a second instead of a minute. That they can be
installed from the locks is what `make setup` and test_light.py show.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path, PurePosixPath

import pytest
from tests.packaging.conftest import SOURCE

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def sources(checkout: Path) -> set[str]:
    """Every file of the package in the checkout, those behind the links too, as `ckanext/aivision/...`."""
    top = checkout / SOURCE
    return {
        str(PurePosixPath(folder, name).relative_to(top))
        for folder, _, names in os.walk(top / "ckanext", followlinks=True)
        for name in names
    }


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with the wheel; see the top of this file."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    install = ["--python", str(folder), "install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    subprocess.run([sys.executable, "-m", "pip", *install], check=True, timeout=120)
    (own,) = folder.glob("lib/python*/site-packages")
    borrowed = Path(sysconfig.get_path("purelib"))
    (own / "borrowed.pth").write_text(f"{borrowed}\n")
    if (borrowed / "libmagic.pth").exists():
        shutil.copy(borrowed / "libmagic.pth", own)
    return folder


def run(environment: Path, tmp_path: Path, program: str, *arguments: str) -> str:
    clean = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    command = [str(environment / "bin" / program), *arguments]
    done = subprocess.run(command, cwd=tmp_path, env=clean, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_holds_every_file_of_the_package(wheel: Path, sources: set[str]) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert held == sources


def test_a_wheel_made_from_a_clone_without_an_sdist_is_the_same(checkout: Path, wheel: Path, tmp_path: Path) -> None:
    """Where setuptools-scm is installed, as here, setuptools asks git for the files, and is told of links as well."""
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index", "--no-build-isolation"]
    done = subprocess.run(
        [*command, "--wheel-dir", tmp_path, checkout], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    with zipfile.ZipFile(wheel) as first, zipfile.ZipFile(tmp_path / wheel.name) as second:
        assert set(first.namelist()) == set(second.namelist())


def test_the_wheel_has_the_compiled_translations(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    for locale in ("cy", "es"):
        assert f"ckanext/aivision/i18n/{locale}/LC_MESSAGES/ckanext-aivision.mo" in names


def test_what_lies_at_the_top_of_the_repository_is_in_the_wheel(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    for name in (
        "config/__init__.py",
        "config/ckan.ini.tmpl",
        "config/sources.yaml",
        "config/rubric/VERSION",
        "config/rubric/findable.yaml",
        "config/samples/us.data.json",
        "config/schemas/ai_ready_dataset.yaml",
        "config/solr/jgo.lock.toml",
        "config/vocabularies/licences.csv",
        "harvesters/http/session.py",
        "migration/aivision/alembic.ini",
        "migration/aivision/versions/0001_ledger_and_evaluations.py",
        "templates/aivision/best_practice/comparison.html",
        "assets/webassets.yml",
        "site_templates/home/index.html",
        "public/aivision/mark.svg",
    ):
        assert f"ckanext/aivision/{name}" in held


def test_the_sdist_holds_every_file_of_the_package_and_no_links(built: Path, sources: set[str]) -> None:
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        members = archive.getmembers()
    assert [member.name for member in members if member.issym() or member.islnk()] == []
    held = {str(PurePosixPath(*PurePosixPath(member.name).parts[1:])) for member in members if member.isfile()}
    assert {f"{SOURCE}/{name}" for name in sources} <= held
    assert {"LICENSE", "CHANGELOG.md", "setup.py", "pyproject.toml", "requirements.lock"} <= held


def test_the_wheel_is_licensed_and_names_its_entry_points(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        texts = {name.split(".dist-info/")[1]: name for name in archive.namelist() if ".dist-info/" in name}
        licence = archive.read(texts["licenses/LICENSE"]).decode()
        entry_points = archive.read(texts["entry_points.txt"]).decode()
    assert "GNU AFFERO GENERAL PUBLIC LICENSE" in licence
    assert "aivision = ckanext.aivision.plugins:AivisionPlugin" in entry_points
    assert "aivision_core = ckanext.aivision.plugins:AivisionCorePlugin" in entry_points
    assert "aivision = ckanext.aivision.cli.main:main" in entry_points


def test_the_wheel_says_that_it_is_typed(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        assert "ckanext/aivision/py.typed" in archive.namelist()


def test_the_installed_command_shows_its_help(environment: Path, tmp_path: Path) -> None:
    text = run(environment, tmp_path, "aivision", "--help")
    assert all(command in text for command in ("up", "harvest", "score", "compare"))


def test_the_installed_command_evaluates_a_sample_with_its_own_rubric(environment: Path, tmp_path: Path) -> None:
    (sample,) = environment.glob("lib/python*/site-packages/ckanext/aivision/config/samples/us.data.json")
    lines = run(environment, tmp_path, "aivision", "score", str(sample), "--format", "ndjson").splitlines()
    assert len(lines) == len(json.loads(sample.read_text(encoding="utf-8"))["dataset"])
    assert all(0 <= json.loads(line)["score"] <= 100 for line in lines)


def test_ckan_finds_and_loads_the_plugin_of_the_wheel(environment: Path, tmp_path: Path) -> None:
    program = """
from importlib.metadata import entry_points
(found,) = entry_points(group="ckan.plugins", name="aivision")
plugin = found.load()
import sys, ckanext.aivision.config, ckanext.aivision.harvesters, ckanext.dcat
for name in (plugin.__module__, "ckanext.aivision.config", "ckanext.aivision.harvesters"):
    print(sys.modules[name].__file__)
"""
    files = [Path(line) for line in run(environment, tmp_path, "python", "-c", program).splitlines()]
    assert len(files) == 3
    assert all(file.is_relative_to(environment) for file in files), files
