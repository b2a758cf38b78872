"""The recipes of CONTRIBUTING.md as a newcomer follows them, in a copy of the checkout."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = "ckanext-aivision/ckanext/aivision"
_BLOCK = re.compile(r"^```(?:python|json|html)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def copy_checkout(into: Path, *folders: str) -> None:
    """Copies the package with `harvesters/`, `config/`, `pyproject.toml` and these other folders or files."""

    def ignored(folder: str, names: list[str]) -> set[str]:
        # Large, and no recipe needs them.
        large = {"standards", "solr"} if Path(folder).name == "config" else set()
        return {"__pycache__", *large} & set(names)

    shutil.copytree(ROOT / PACKAGE, into / PACKAGE, ignore=ignored, symlinks=True)
    for name in ("harvesters", "config", "pyproject.toml", *folders):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, into / name, ignore=ignored)
        else:
            shutil.copy(ROOT / name, into / name)


def read_recipe(heading: str) -> tuple[str, list[str]]:
    """The text of a section of CONTRIBUTING.md, and its blocks of code."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return text, _BLOCK.findall(text)


def write_file(checkout: Path, name: str, text: str) -> None:
    """Writes a new file."""
    path = checkout / name
    assert not path.exists()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def run_python(checkout: Path, *words: object) -> subprocess.CompletedProcess[str]:
    """Runs Python with the copy in place of the installed package."""
    path = os.pathsep.join(map(str, (checkout / "ckanext-aivision", checkout)))
    return subprocess.run(
        [sys.executable, *map(str, words)],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": path, "COLUMNS": "80"},
        capture_output=True,
        text=True,
        timeout=3000,
        check=False,
    )


def add_protocol(checkout: Path) -> None:
    """Follows "A new protocol" as far as its sample; what is expected of it is not written yet."""
    text, blocks = read_recipe("A new protocol")
    folder = "tests/harvesters/protocols/tide_tables"
    names = [
        "harvesters/protocols/tide_tables/__init__.py",
        "harvesters/protocols/tide_tables/protocol.py",
        f"{folder}/sample.json",
    ]
    for name, block in zip(names, blocks, strict=True):
        assert f"`{name}`" in text
        write_file(checkout, name, block)


def add_format(checkout: Path) -> None:
    """Follows "An output format"."""
    _, (block,) = read_recipe("An output format")
    write_file(checkout, f"{PACKAGE}/cli/output/formats/tsv.py", block)


def add_page(checkout: Path) -> None:
    """Follows "A page"."""
    text, (view, template, registration, tab) = read_recipe("A page")
    package = checkout / PACKAGE
    for name, block in {"views/grades.py": view, "templates/aivision/grades.html": template}.items():
        assert f"`{name}`" in text
        write_file(package, name, block)
    imported, listed = (line for line in registration.splitlines() if line)
    plugin = package / "plugins/core.py"
    _insert_below(plugin, "from ckanext.aivision.views.file_profiles ", imported)
    # As the last line of the list, above its closing bracket.
    source, lists = re.subn(
        r"(?ms)^(    BLUEPRINTS: .*?\n)(    \))$", rf"\g<1>{listed}\n\g<2>", plugin.read_text("utf-8"), count=1
    )
    assert lists == 1
    plugin.write_text(source, encoding="utf-8")
    _insert_below(package / "templates/header.html", "'aivision_best_practice.show'", tab.rstrip())


def _insert_below(path: Path, mark: str, line: str) -> None:
    """Inserts a line below the one that has `mark` in it."""
    lines = path.read_text("utf-8").splitlines()
    (number,) = (number for number, existing in enumerate(lines, 1) if mark in existing)
    path.write_text("\n".join([*lines[:number], line, *lines[number:], ""]), encoding="utf-8")
