"""What README and docs/ say is so: commands run, links lead somewhere, reference pages are those of today's code."""

from __future__ import annotations

import contextlib
import datetime
import importlib
import os
import re
import shlex
import shutil
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import requests
from tests.catalogue.history import OLD
from tests.processes import folder_of_commands

from ckanext.aivision.scoring.lenses.load import parse
from ckanext.aivision.validation.standards import table as standards

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), ROOT / "docs" / "criteria" / "README.md"]
# Each of its commands is run by test_developers_page.py, which looks at what comes out too.
JOBS = ROOT / "docs" / "developers.md"
# What a test run cannot do within itself, and the tests that do it.
PACKAGING, SERVICES = ROOT / "tests" / "packaging", ROOT / "tests" / "services"
SHOWN_ELSEWHERE = {
    ".venv/bin/aivision up --data aivision-data": SERVICES / "test_up.py",
    "aivision up --data check --demo --once": SERVICES / "test_up.py",
    "aivision doctor --data aivision-data": SERVICES / "test_doctor.py",
    "ckan -c ckan.ini aivision doctor": SERVICES / "test_doctor.py",
    "aivision backup catalogue.backup --data aivision-data": SERVICES / "test_backup.py",
    "aivision restore catalogue.backup --data aivision-data": SERVICES / "test_backup.py",
    "pip install --no-deps --require-hashes -r requirements-linter.lock": PACKAGING / "test_light.py",
    "pip install --no-deps .": PACKAGING / "test_light.py",
    'pip install ".[catalogue]"': PACKAGING / "test_locks.py",
    'pip install ".[plugin]"': PACKAGING / "test_existing_ckan.py",
    "ckan -c ckan.ini aivision uninstall": PACKAGING / "test_existing_ckan.py",
    "aivision harvest https://catalogue.example.gov.uk/csw --into harvested": ROOT / "tests/harvesters/test_csw.py",
    "mkdir -p /etc/ckan/i18n/cy": ROOT / "tests/translation/test_language_directory.py",
    """ln -s "$(python -c 'import ckan; print(ckan.__path__[0])')"/i18n/* /etc/ckan/i18n/""": ROOT
    / "tests/translation/test_language_directory.py",
    "ckan -c ckan.ini aivision adopt --country GB": ROOT / "tests" / "plugin" / "test_existing_catalogue.py",
}
# The address of the reader's own catalogue.
SITE = "http://127.0.0.1:5000"

_ANNOUNCE = "--announce "
_BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?!https?://|#)([^)#]+)[^)]*\)")


def blocks() -> list[Any]:
    """The shell blocks of all pages: the commands of one block follow on each other."""
    return [
        pytest.param(block.splitlines(), id=f"{page.name}-{number}")
        for page in PAGES
        if page != JOBS
        for number, block in enumerate(_BLOCK.findall(page.read_text("utf-8")), 1)
    ]


def python_blocks() -> list[Any]:
    """The programs of the page on the API and the formats."""
    page = ROOT / "docs" / "api.md"
    found = re.findall(r"^```python\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return [pytest.param(block, id=f"{page.name}-python-{number}") for number, block in enumerate(found, 1)]


@pytest.fixture
def folder(tmp_path: Path, samples: Path, stack: Any) -> Path:
    """Where the pages' commands run: with documents and a table of the reader's, and a running CKAN's ckan.ini."""
    shutil.copy(samples / "us.data.json", tmp_path / "data.json")
    shutil.copy(ROOT / "tests/harvesters/protocols/iso/sample-19115-3.xml", tmp_path / "river.xml")
    (tmp_path / "levels.csv").write_text("station,day,level\nA1,2026-01-31,1.5\n")
    (tmp_path / "ckan.ini").symlink_to(stack.ini)
    return tmp_path


@pytest.fixture(scope="module")
def shown(live_site: str, stack: Any) -> dict[str, str]:
    """What stands in the pages' addresses for the reader's own."""
    stack.ckan("aivision", "harvest", "sample-us")
    stack.ckan("aivision", "snapshot")
    stack.ckan("aivision", "dump")
    answer = requests.get(f"{live_site}/api/3/action/package_search?q=title:hotline&rows=1", timeout=60)
    package = answer.json()["result"]["results"][0]
    return {SITE: live_site, "NAME": package["name"], "ORGANIZATION": package["organization"]["name"]}


def _run(line: str, folder: Path) -> str:
    path = os.pathsep.join([folder_of_commands(), sysconfig.get_path("scripts"), os.environ["PATH"]])
    done = subprocess.run(
        ["sh", "-c", line],
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    # The sample has records that are not valid, which is what this command is there to tell.
    wanted = (0, 1) if line.startswith("aivision validate ") else (0,)
    assert done.returncode in wanted, f"{line}\n{done.stdout}\n{done.stderr}"
    assert "Traceback" not in done.stderr
    return done.stdout


@pytest.mark.parametrize("lines", blocks())
def test_every_command_of_the_pages_runs(lines: list[str], folder: Path, shown: dict[str, str], stack: Any) -> None:
    for line in lines:
        program = shlex.split(line)[0]
        if line in SHOWN_ELSEWHERE:
            assert SHOWN_ELSEWHERE[line].is_file()
        elif program == "make":
            # This very run was made by `make setup` and `make test`: that the target is there is what is left to show.
            _run(f"{line} --dry-run", ROOT)
        elif program == "curl":
            _run(_here(line, shown).replace("curl ", "curl --silent --show-error --fail --max-time 60 "), folder)
        elif program == "mlcroissant":
            _run(_here(line, shown), folder)
        else:
            assert program in ("aivision", "ckan"), f"no rule for {line}"
            line = line.replace(SITE, shown[SITE])
            if _ANNOUNCE in line:
                line = _to_announce(line, stack)
            _run(line, folder)


def _here(text: str, shown: dict[str, str]) -> str:
    for mark, own in shown.items():
        text = text.replace(mark, own)
    return text


@pytest.mark.parametrize("block", python_blocks())
def test_every_program_of_the_pages_runs(block: str, folder: Path, shown: dict[str, str]) -> None:
    (folder / "program.py").write_text(_here(block, shown), encoding="utf-8")
    assert _run("python program.py", folder).strip()


def _to_announce(line: str, stack: Any) -> str:
    """The command for a day that is to come, while everything has evaluations of a former rubric."""
    with contextlib.closing(psycopg2.connect(stack.database_url)) as connection, connection:
        connection.cursor().execute("UPDATE aivision_evaluation SET rubric_version = %s", (OLD,))
    command, _ = line.split(_ANNOUNCE)
    return f"{command}{_ANNOUNCE}{datetime.date.today() + datetime.timedelta(days=14)}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_the_pages_leads_to_a_file(page: Path) -> None:
    missing = [link for link in _LINK.findall(page.read_text("utf-8")) if not (page.parent / link).exists()]
    assert missing == []


def test_generated_pages_are_those_of_todays_code(ckan: Any) -> None:
    # With a CKAN, whose plugins it lists.
    module = importlib.import_module("docs.generate")
    folders = (module.HERE / "reference", module.HERE / "criteria")
    found = {f"{folder.name}/{path.name}": path.read_text("utf-8") for folder in folders for path in folder.iterdir()}
    found["method.md"] = (module.HERE / "method.md").read_text("utf-8")
    assert found == module.pages(), "run `make docs`"


def test_the_lens_file_of_the_reference_is_one() -> None:
    page = (ROOT / "docs" / "reference" / "lenses.md").read_text("utf-8")
    (shown,) = re.findall(r"^```yaml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    assert [group.id for group in parse(shown.encode(), "lenses.md").groups] == ["open", "kept"]


def test_the_page_of_the_linter_names_every_standard_that_is_checked_by() -> None:
    _, text = (ROOT / "docs" / "lint.md").read_text("utf-8").split("| `--standard` |")
    names = re.findall(r"^\| `([a-z0-9.-]+)` \|", text.split("\n\n")[0], re.MULTILINE)
    assert names == list(standards().standards)


def test_the_readme_is_short_and_begins_with_the_two_commands() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert len(text.splitlines()) < 120
    assert [block.strip() for block in _BLOCK.findall(text)][:2] == ["make demo", "make test"]


def test_every_target_of_the_makefile_says_what_it_is_for() -> None:
    told = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True).stdout
    targets = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert targets is not None
    assert [name for name in targets[1].split() if name != "help" and f"make {name} " not in told] == []
