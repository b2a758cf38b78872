"""An output format is one module: every command whose report can be written in it offers it."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import pytest
from tests.recipes import add_format, copy_checkout, run_python

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
    copy = tmp_path_factory.mktemp("copy")
    copy_checkout(copy)
    add_format(copy)
    return copy


def run(copy: Path, *words: object) -> str:
    """What Python prints with the copy in place of the installed package."""
    done = run_python(copy, *words)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.long
def test_a_new_format_holds_what_the_report_of_the_command_gives(copy: Path, samples: Path) -> None:
    words = (*MAIN, "score", samples / "us.data.json", "--on", "2026-11-24", "--format")
    tabs = [line.split("\t") for line in run(copy, *words, "tsv").splitlines()]
    commas = list(csv.reader(run(copy, *words, "csv").splitlines()))
    assert tabs[0] == commas[0]
    identifiers = [[row[0] for row in rows] for rows in (tabs, commas)]
    assert identifiers[0] == identifiers[1]
    assert len(tabs) > 35


@pytest.mark.long
@pytest.mark.parametrize(
    ("command", "offers"),
    [("score", True), ("validate", True), ("profile", True), ("criteria", False), ("lenses", False)],
)
def test_a_new_format_is_offered_where_the_report_has_what_it_needs(copy: Path, command: str, offers: bool) -> None:
    choices = re.search(r"--format\s+\[([^\]]+)\]", run(copy, *MAIN, command, "--help"))
    assert choices is not None
    assert ("tsv" in choices[1].split("|")) is offers


@pytest.mark.long
def test_a_new_format_is_on_the_generated_page_of_commands(copy: Path) -> None:
    shutil.copy(ROOT / "docs/generate.py", copy / "generate.py")
    page = run(copy, "-c", "import generate; print(generate.commands())")
    own = "`aivision score`, `aivision validate`, `aivision profile`, `aivision agencies`"
    commands = f"{own}, `ckan -c ckan.ini aivision unplaced`"
    assert f"| `tsv` | rows with a tab between cells | {commands} |" in page.splitlines()


def test_every_module_of_the_folder_is_a_format() -> None:
    modules = {path.stem.replace("_", "-") for path in (PACKAGE / "cli/output/formats").glob("[!_]*.py")}
    assert modules == set(load_formats())


@pytest.mark.parametrize(
    ("report", "offered", "missing"),
    [
        (ScoreReport, "table csv html json junit ndjson sarif", "text markdown table-schema csvw svg"),
        (ValidationReport, "table csv json junit ndjson sarif", "text markdown table-schema csvw html"),
        (ComparisonReport, "table html json svg", "text markdown table-schema csvw csv ndjson junit sarif"),
        (ProfileReport, "table csv json table-schema csvw", "text markdown html ndjson junit sarif"),
    ],
)
def test_a_command_offers_the_formats_that_need_what_its_report_has(report: type, offered: str, missing: str) -> None:
    names = set(names_of(report))
    assert set(offered.split()) <= names
    assert names.isdisjoint(missing.split())
