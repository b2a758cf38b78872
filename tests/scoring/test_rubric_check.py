"""`aivision criteria --check`: what is missing or wrong in the rubric is one line with its file and its id."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.conftest import call

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
PACKAGE = "ckanext-aivision/ckanext/aivision"
TIMELY = "config/rubric/timely.yaml"
FUNCTIONS = "scoring/criteria/timely.py"
EXAMPLES = "scoring/criteria/timely_examples.yaml"
COMMERCE = "config/lenses/us-commerce.yaml"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package, whose files can be changed."""
    ignored = shutil.ignore_patterns("__pycache__", "standards", "solr", "static", "templates", "*.egg-info")
    for name in ("ckanext-aivision", "harvesters", "config"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored, symlinks=True)
    return tmp_path


def aivision(copy: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(copy / "ckanext-aivision")}
    return subprocess.run(
        [sys.executable, "-m", "ckanext.aivision.cli.main", *words],
        cwd=copy,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def change(copy: Path, name: str, old: str, new: str) -> None:
    path = copy / name if name.startswith("config/") else copy / PACKAGE / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_rubric_of_this_installation_has_no_problems() -> None:
    done = call("criteria", "--check")
    assert (done.status, done.out.count("\n"), done.err) == (0, 1, "")


# Problems that are reported together, as changes of files and as lines.
CHANGES: dict[str, list[tuple[str, str, str]]] = {
    "fields and clauses that do not exist": [
        (TIMELY, "needs: [issued", "needs: [isued"),
        (TIMELY, "form_field: issued", "form_field: isued"),
        (TIMELY, "[MQA contextuality.issued", "[MQAS contextuality.issued"),
        (TIMELY, "[DOC 2.1.1, UKMEM Dataset, US metadata]", "[DOC 2.1.11, US metadata]"),
        (TIMELY, "weight: 1", "weight: 99 # "),
    ],
    "rows and functions that do not fit together": [
        (TIMELY, "weight: 1", "weight: 0 # "),
        (FUNCTIONS, '@criterion("issued-stated"', '@criterion("issued-given"'),
    ],
    "rows that cannot be read": [
        (TIMELY, "- id: issued-stated", "- this\n- id: issued-stated"),
        (TIMELY, "weight: 1", "weight: much # "),
    ],
    "examples that give another result": [
        (EXAMPLES, "issued-stated:\n- gives: pass\n", "issued-stated:\n- gives: fail\n")
    ],
    "an unknown id": [(EXAMPLES, "issued-stated:\n", "isued-stated:\n")],
    "no YAML": [(EXAMPLES, "issued-stated:\n", "issued-stated: [\n")],
    "no list": [(EXAMPLES, "issued-stated:\n", "issued-stated:\nnext:\n")],
    "an unknown field": [(EXAMPLES, "- gives: pass\n  record: {", "- gives: pass\n  record: {x: 1, ")],
    "no Python": [(FUNCTIONS, "from __future__", "form __future__")],
    "a module that is missing": [(FUNCTIONS, "from __future__ import annotations\n", "import nowhere\n")],
    "an unknown dimension": [(COMMERCE, "  clause: DOC 2\n", "  clause: DOC 2\n  dimension: timley\n")],
}
LINES = {
    "fields and clauses that do not exist": [
        f"{TIMELY}: issued-stated: `needs`: a record has no field 'isued'; do you mean 'issued'?",
        f"{TIMELY}: issued-stated: `form_field`: config/schemas/ai_ready_dataset.yaml has no field 'isued'; do",
        f"{TIMELY}: issued-stated: `sources`: config/guidance.yaml has no document 'MQAS'; do you mean 'MQA'?",
        f"{TIMELY}: modified-stated: `sources`: DOC in config/guidance.yaml has no clause '2.1.11'; do you mean",
        f"{TIMELY}: issued-stated: weight 99",
    ],
    "rows and functions that do not fit together": [
        f"{TIMELY}: issued-stated: weight 0",
        f'{TIMELY}: issued-stated: no function: write one below @criterion("issued-stated") in {FUNCTIONS}',
        f"{FUNCTIONS}: issued-given: no row: add one with this id to {TIMELY}",
    ],
    "rows that cannot be read": [
        f"{TIMELY}: row 1: Expected `object`, got `str`",
        f"{TIMELY}: issued-stated: Expected `",
    ],
    "examples that give another result": [f"{EXAMPLES}: issued-stated: example 1 gives pass, not fail (issued: "],
    "an unknown id": [
        "scoring/criteria: isued-stated: examples of an unknown criterion; do you mean 'issued-stated'?",
        f"{EXAMPLES}: issued-stated: no examples: add two records that pass, two that fail",
    ],
    "no YAML": [f"{EXAMPLES}: "],
    "no list": [f"{EXAMPLES}: issued-stated: Expected `array`, got `null`"],
    "an unknown field": [f"{EXAMPLES}: issued-stated: example 1: Unexpected keyword argument 'x'"],
    "no Python": [f"{FUNCTIONS}: line 3: SyntaxError: "],
    "a module that is missing": [f"{FUNCTIONS}: line 3: ModuleNotFoundError: No module named 'nowhere'"],
    "an unknown dimension": [f"{COMMERCE}: line "],
}


@pytest.mark.parametrize("kind", CHANGES)
def test_each_problem_is_one_line_with_its_file_and_id(copy: Path, kind: str) -> None:
    for name, old, new in CHANGES[kind]:
        change(copy, name, old, new)
    done = aivision(copy, "criteria", "--check")
    assert (done.returncode, done.stderr) == (1, "")
    printed = done.stdout.splitlines()
    assert [line for line in LINES[kind] if not any(each.startswith(line) for each in printed)] == [], done.stdout
    assert all(any(each.startswith(line) for line in LINES[kind]) for each in printed), done.stdout


@pytest.mark.parametrize("kind", ["fields and clauses that do not exist", "an unknown field", "no Python", "no list"])
def test_other_commands_work_or_say_on_one_line_why_they_do_not(copy: Path, kind: str) -> None:
    for name, old, new in CHANGES[kind]:
        change(copy, name, old, new)
    done = aivision(copy, "criteria", "issued-stated")
    assert (done.returncode, done.stderr.count("\n")) in ((0, 0), (2, 1)), done.stderr


def test_an_example_is_reported_for_a_function_that_raises(copy: Path) -> None:
    head = "def issued_stated(dataset: Dataset, context: Context) -> Finding:\n"
    change(copy, FUNCTIONS, head, f"{head}    1 / 0\n")
    done = aivision(copy, "criteria", "--check", "issued-stated")
    line = f"{EXAMPLES}: issued-stated: example 1: the function raises ZeroDivisionError: division by zero\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, line, "")


def test_a_clause_without_a_group_is_reported_for_the_lens(copy: Path) -> None:
    change(copy, TIMELY, "sources: [", "sources: [DOC integrity, ")
    change(copy, COMMERCE, "issued-stated, ", "")
    done = aivision(copy, "criteria", "--check")
    line = "no group has the clause DOC integrity: add the criterion to a group or to `left_out`"
    assert (done.returncode, done.stdout) == (1, f"{COMMERCE}: issued-stated: {line}\n")
