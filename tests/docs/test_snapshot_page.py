"""What docs/reference/snapshot.md says of the table is so: its examples run, and its columns are there."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from tests.compare.table.rows import entry as own_entry
from tests.compare.table.rows import numbers

from ckanext.aivision.compare.table.build import write_files
from ckanext.aivision.compare.table.entry import Entry
from ckanext.aivision.compare.table.groups import GROUP_FILES
from ckanext.aivision.compare.table.members import MEMBER_FILES
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.snapshot.files import KEPT_DAYS, KEPT_WHOLE

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "snapshot.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def entry(id: str, **fields: object) -> Entry:
    return own_entry(id, **fields)._replace(numbers=numbers(*[1000] * len(load().criteria)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A snapshot's table of two datasets of health and one of none."""
    folder = tmp_path_factory.mktemp("snapshot")
    health = {"themes": ["health"], "year": 2024, "licence_class": "open"}
    write_files([entry("1", **health), entry("2", country="GB", **health), entry("3")], load().criteria, folder)
    return folder


def test_every_column_is_listed_with_its_type(folder: Path) -> None:
    listed = re.findall(r"^\| `(\w+)` \| `([A-Z\[\]]+)` \|", PAGE, re.MULTILINE)
    with duckdb.connect() as connection:
        found = connection.execute("DESCRIBE FROM read_parquet(?)", [str(folder / "datasets.parquet")]).fetchall()
    assert listed == [(row[0], row[1]) for row in found]


def test_the_files_and_how_long_they_are_kept_are_told() -> None:
    assert all(f"`{name}`" in PAGE for name in ("datasets.parquet", *GROUP_FILES, *MEMBER_FILES))
    words = " ".join(PAGE.split())
    assert f"The last {KEPT_WHOLE} snapshots are kept whole." in words
    assert f"its `datasets.parquet` for {KEPT_DAYS} days" in words


@pytest.mark.long
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda code: code.split()[1])
def test_the_examples_run(example: str, folder: Path) -> None:
    module = example.split()[1]
    if importlib.util.find_spec(module) is None:
        pytest.skip(f"{module} is not among the packages of the tests")
    done = subprocess.run(
        [sys.executable, "-c", example], cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert all(code in done.stdout for code in ("US", "GB"))


def test_there_are_examples_for_duckdb_and_pandas() -> None:
    assert [example.split()[1] for example in EXAMPLES] == ["duckdb", "pandas"]
