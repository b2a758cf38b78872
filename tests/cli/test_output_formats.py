"""An output format is one module: every command whose report can be written in it offers it."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ckanext.aivision.cli.compare.report import ComparisonReport
from ckanext.aivision.cli.output.format_registry import load_formats, names_of
from ckanext.aivision.cli.profile.report import ProfileReport
from ckanext.aivision.cli.score.report import ScoreReport
from ckanext.aivision.cli.validate.report import ValidationReport

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "ckanext-aivision/ckanext/aivision"
MAIN = ("-m", "ckanext.aivision.cli.main")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package with the format of CONTRIBUTING.md in its place, as a newcomer would write it."""
    folder = tmp_path_factory.mktemp("copy")
    package = folder / "ckanext" / "aivision"
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    _, recipe = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("## An output format\n")
    code = re.search(r"^```python\n(.*?)^```", recipe, re.MULTILINE | re.DOTALL)
    assert code is not None
    (package / "cli/output/formats/tsv.py").write_text(code[1], encoding="utf-8")
    return folder


def run(copy: Path, *words: object) -> str:
    """What Python prints with the copy in place of the installed package."""
    environment = {**os.environ, "PYTHONPATH": str(copy), "COLUMNS": "80"}
    done = subprocess.run(
        [sys.executable, *map(str, words)],
        cwd=copy,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_new_format_holds_what_the_report_of_the_command_gives(copy: Path, samples: Path) -> None:
    words = (*MAIN, "score", samples / "us.data.json", "--on", "2026-11-24", "--format")
    tabs = [line.split("\t") for line in run(copy, *words, "tsv").splitlines()]
    commas = list(csv.reader(run(copy, *words, "csv").splitlines()))
    assert tabs[0] == commas[0]
    identifiers = [[row[0] for row in rows] for rows in (tabs, commas)]
    assert identifiers[0] == identifiers[1]
    assert len(tabs) > 35


@pytest.mark.parametrize(
    ("command", "offers"),
    [("score", True), ("validate", True), ("profile", True), ("criteria", False), ("lenses", False)],
)
def test_a_new_format_is_offered_where_the_report_has_what_it_needs(copy: Path, command: str, offers: bool) -> None:
    choices = re.search(r"--format\s+\[([^\]]+)\]", run(copy, *MAIN, command, "--help"))
    assert choices is not None
    assert ("tsv" in choices[1].split("|")) is offers


def test_a_new_format_is_on_the_generated_page_of_commands(copy: Path) -> None:
    shutil.copy(ROOT / "docs/generate.py", copy / "generate.py")
    page = run(copy, "-c", "import generate; print(generate.commands())")
    row = "| `tsv` | rows with a tab between cells | `aivision score`, `aivision validate`, `aivision profile` |"
    assert row in page.splitlines()


def test_every_module_of_the_folder_is_a_format() -> None:
    modules = {path.stem.replace("_", "-") for path in (PACKAGE / "cli/output/formats").glob("[!_]*.py")}
    assert modules == set(load_formats())


@pytest.mark.parametrize(
    ("report", "missing"),
    [
        (ScoreReport, {"text", "markdown", "table-schema", "csvw"}),
        (ValidationReport, {"text", "markdown", "table-schema", "csvw", "html"}),
        (ComparisonReport, {"text", "markdown", "table-schema", "csvw", "csv", "ndjson", "junit", "sarif"}),
        (ProfileReport, {"text", "markdown", "html", "ndjson", "junit", "sarif"}),
    ],
)
def test_a_command_offers_all_formats_but_those_that_need_what_its_report_has_not(
    report: type, missing: set[str]
) -> None:
    assert set(load_formats()) - set(names_of(report)) == missing
