"""CONTRIBUTING.md leads to files that there are: each row of its table names the first one to open."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "ckanext-aivision/ckanext/aivision"
TEXT = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
# What stands for any of several names, and one of them.
EXAMPLES = {"DIMENSION": "traceable", "COMMAND": "score", "FORMAT": "csv", "LENS": "mqa"}
# Files of the examples, which the recipes add; CKAN's; and what lies outside the repository.
ELSEWHERE = re.compile(r"tide_tables|tsv\.py|grades\.(py|html)|sizes\.(py|html)|templates/emails/|\.\./shared|^\.venv")
ROWS = [
    line.split("|")[1:3]
    for line in TEXT.split("| you want to change | look in |")[1].split("\n\n")[0].splitlines()
    if line.startswith("| ") and not line.startswith("| ---")
]


def in_place(name: str) -> str:
    for mark, example in EXAMPLES.items():
        name = name.replace(mark, example)
    return name


def exists(name: str, before: Iterable[str] = ()) -> bool:
    """Whether a path is there: in the repository, in the package, or in the folder of one that was named before."""
    named = [root / in_place(other) for other in before for root in (ROOT, PACKAGE)]
    folders = [ROOT, PACKAGE, *named, *(path.parent for path in named)]
    return bool(ELSEWHERE.search(name)) or any((folder / in_place(name)).exists() for folder in folders)


@pytest.mark.parametrize(("task", "places"), ROWS)
def test_a_row_names_the_first_file_to_open_and_only_files_that_exist(task: str, places: str) -> None:
    names = re.findall(r"`([\w./-]+(?:\.(?:py|html|csv|yaml|css|svg|md)|/))`", places)
    assert names, task
    assert exists(names[0]), names[0]
    assert [name for place, name in enumerate(names) if not exists(name, names[:place])] == []


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`([\w.-]+/[\w./-]*)`", TEXT))))
def test_every_path_of_the_page_exists(name: str) -> None:
    assert exists(name)
