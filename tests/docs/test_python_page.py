"""What docs/python.md says is so: each of its examples runs as it stands there."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import aivision
from tests.compare.table.rows import entry, numbers

from ckanext.aivision.compare.table.build import write_files
from ckanext.aivision.scoring.rubric import load

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = re.findall(r"^```python\n(.*?)^```", (ROOT / "docs" / "python.md").read_text("utf-8"), re.M | re.S)
ADDRESS = "127.0.0.1:5000"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, samples: Path) -> Path:
    """Where the examples run: with a data.json, a harvest and the table of a snapshot."""
    folder = tmp_path_factory.mktemp("python")
    shutil.copy(samples / "us.data.json", folder / "data.json")
    assert aivision("harvest", "sample-us", "--into", folder / "us").status == 0
    results = numbers(*[1000] * len(load().criteria))
    write_files([entry("a")._replace(numbers=results)], load().criteria, folder)
    return folder


def run(example: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", example],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.long
@pytest.mark.parametrize("example", [code for code in EXAMPLES if ADDRESS not in code])
def test_an_example_runs_and_prints_something(example: str, folder: Path) -> None:
    assert run(example, folder).strip()


def test_the_example_with_a_running_catalogue_runs(live_site: str, stack: Any, folder: Path) -> None:
    stack.ckan("aivision", "harvest", "sample-us")
    stack.ckan("aivision", "snapshot")
    (example,) = (code for code in EXAMPLES if ADDRESS in code)
    assert "mean" in run(example.replace(ADDRESS, live_site.removeprefix("http://")), folder)
