"""An output format is one module: every command whose report can be written in it offers it."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from pathlib import Path

import pytest
from tests.recipes import add_format, copy_checkout, read_recipe, run_python

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
    catalogue = json.loads((samples / "us.data.json").read_bytes())
    catalogue["dataset"][0]["identifier"] = "=1+1"
    (copy / "data.json").write_text(json.dumps(catalogue), "utf-8")
    words = (*MAIN, "score", copy / "data.json", "--on", "2026-11-24", "--format")
    tabs = [line.split("\t") for line in run(copy, *words, "tsv").splitlines()]
    commas = list(csv.reader(io.StringIO(run(copy, *words, "csv"))))
    # A cell of TSV has no tab and no line break.
    assert tabs == [[" ".join(cell.split()) for cell in row] for row in commas]
    assert len(tabs) > 35
    # Nothing would be compared without a zero, a cell that is empty, and one that a spreadsheet computes.
    assert {"0.0", "", "'=1+1"} <= {cell for row in tabs for cell in row}


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
    shutil.copytree(ROOT / "docs/generator", copy / "docs/generator")
    page = run(copy, "-c", "from docs.generator.programs import commands; print(commands())")
    (line,) = (line for line in page.splitlines() if line.startswith("| `tsv` | rows with a tab between cells |"))
    commands = re.findall(r"`(?:ckan -c ckan.ini )?aivision (\w+)`", line)
    # The recipe names all of them.
    text, _ = read_recipe("An output format")
    (named,) = re.findall(r"offers the format: here (.*?)\.", text, re.DOTALL)
    assert commands == re.findall(r"`(?:ckan aivision )?(\w+)`", named)


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
