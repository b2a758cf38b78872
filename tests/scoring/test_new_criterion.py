"""The recipe for a new criterion in CONTRIBUTING.md, followed in a copy: a row, a function, examples."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.recipes import CRITERION, add_criterion

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
ROW, FUNCTION, EXAMPLES = CRITERION
# The tests that ask something of every criterion, and need no services.
TESTS = (
    "tests/scoring/test_criteria.py",
    "tests/scoring/test_rubric.py",
    "tests/scoring/test_fairness.py",
    "tests/scoring/test_advice.py::test_every_fix_has_advice_to_follow",
    "tests/scoring/lenses/test_lenses.py",
    "tests/scoring/lenses/test_lens_view.py",
    "tests/scoring/test_judged.py",
    "tests/scoring/test_properties.py::test_one_thing_said_in_an_empty_record_makes_no_answer_worse",
    "tests/cli/test_criteria.py",
    "tests/bench/test_evaluation_page.py",
    "tests/exemplars/test_excerpts.py",
)


def repository(folder: Path) -> Path:
    """A copy of the repository without what a newcomer's criterion does not need."""
    ignored = shutil.ignore_patterns("__pycache__", "images", "solr", "*.egg-info")
    for name in ("ckanext-aivision", "harvesters", "config", "bench", "docs", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignored, symlinks=True)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository with the criterion of the recipe, after `make docs`."""
    copy = repository(tmp_path_factory.mktemp("copy"))
    add_criterion(copy)
    docs = run(copy, "-m", "docs.generate")
    assert docs.returncode == 0, docs.stderr
    return copy


def run(copy: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """What Python says with the copy in place of the installed package."""
    environment = {**os.environ, "PYTHONPATH": f"{copy / 'ckanext-aivision'}{os.pathsep}{copy}", "COLUMNS": "200"}
    return subprocess.run(
        [sys.executable, *words], cwd=copy, env=environment, capture_output=True, text=True, timeout=280, check=False
    )


def aivision(copy: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return run(copy, "-m", "ckanext.aivision.cli.main", *words)


def test_the_rubric_has_no_problems(copy: Path) -> None:
    done = aivision(copy, "criteria", "--check")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


def test_every_record_is_evaluated_by_it(copy: Path) -> None:
    done = aivision(copy, "score", "config/samples/us.data.json", "--limit", "1", "--format", "ndjson")
    assert done.returncode == 0, done.stderr
    (row,) = (found for found in json.loads(done.stdout)["results"] if found["criterion"] == "creator-named")
    assert row["result"] == "unknown"
    assert row["fix"].startswith("Name the body that produced the data")


@pytest.mark.parametrize(("lens", "group"), [("aivision", "traceable"), ("us-commerce", "2.1"), ("fair", "R1.2")])
def test_it_is_in_the_lenses_whose_documents_it_cites(copy: Path, lens: str, group: str) -> None:
    found = [each for each in groups(copy, lens) if "creator-named" in [row.get("criterion") for row in each["rows"]]]
    assert [each["id"] for each in found] == [group]


def groups(copy: Path, lens: str) -> list[dict[str, Any]]:
    top = json.loads(aivision(copy, "lenses", lens, "--format", "json").stdout)["groups"]
    return [{"rows": [], **group} for outer in top for group in (outer, *outer.get("groups", []))]


def test_it_is_in_no_other_lens(copy: Path) -> None:
    for lens in ("mqa", "odi", "uk-dsit"):
        assert "creator-named" not in aivision(copy, "lenses", lens, "--format", "json").stdout


def test_it_has_a_page_and_a_line_in_the_list(copy: Path) -> None:
    assert "DOC 2.1.1" in aivision(copy, "criteria", "creator-named", "--format", "markdown").stdout
    assert "a name alone gets 0.5" in (copy / "docs/criteria/creator-named.md").read_text("utf-8")
    assert "(creator-named.md)" in (copy / "docs/criteria/README.md").read_text("utf-8")


@pytest.mark.nightly
def test_no_test_of_all_criteria_has_to_be_changed(copy: Path) -> None:
    done = run(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "pure and not long", *TESTS)
    assert done.returncode == 0, done.stdout[-3000:]


# By day the step without which nothing works; the others nightly.
@pytest.mark.parametrize(
    ("steps", "line"),
    [
        ((ROW,), f'{ROW}: creator-named: no function: write one below @criterion("creator-named") in {FUNCTION}'),
        pytest.param(
            *((FUNCTION,), f"{FUNCTION}: creator-named: no row: add one with this id to {ROW}"),
            marks=pytest.mark.nightly,
        ),
        pytest.param(
            (ROW, FUNCTION),
            f"{EXAMPLES}: creator-named: no examples: add two records that pass, two that fail, one that is partial "
            "and one that is unknown",
            marks=pytest.mark.nightly,
        ),
    ],
)
def test_a_step_that_is_left_out_is_one_line_and_never_a_trace(
    tmp_path: Path, steps: tuple[str, ...], line: str
) -> None:
    copy = repository(tmp_path)
    add_criterion(copy, steps)
    done = aivision(copy, "criteria", "--check")
    assert (done.returncode, done.stdout, done.stderr) == (1, f"{line}\n", "")
    for words in (
        ("criteria",),
        ("criteria", "creator-named"),
        ("score", "config/samples/us.data.json", "--limit", "1"),
    ):
        other = aivision(copy, *words)
        assert "Traceback" not in other.stderr
        # Without examples everything works; without a row or a function nothing can be evaluated.
        expected = (0, "") if FUNCTION in steps and ROW in steps else (2, f"Error: {line}\n")
        assert (other.returncode, other.stderr) == expected
