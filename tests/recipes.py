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
_BLOCK = re.compile(r"^```(?:python|json|html|yaml|text)\n(.*?)^```", re.MULTILINE | re.DOTALL)
ADVICE = "tests/scoring/advice_followed.py"
CRITERION = (
    "config/rubric/traceable.yaml",
    "scoring/criteria/traceable.py",
    "scoring/criteria/traceable_examples.yaml",
)


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
    """Writes a new file. It may be there already: a newcomer may have followed the recipe to try it."""
    path = checkout / name
    assert not path.exists() or path.read_text("utf-8") == text
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
        "harvesters/protocols/tide_tables/protocol.py",
        "harvesters/protocols/tide_tables/__init__.py",
        f"{folder}/sample.json",
    ]
    for name, block in zip(names, blocks, strict=True):
        assert f"`{name}`" in text
        write_file(checkout, name, block)
    (checkout / folder / "expected.ndjson").unlink(missing_ok=True)


def add_criterion(checkout: Path, files: tuple[str, ...] = CRITERION) -> None:
    """Follows "A new criterion" in these of its three files, and leaves the others without it.

    With all three, the advice and the version follow.
    """
    text, (*blocks, advice) = read_recipe("A new criterion")
    assert all(f"`{name}`" in text for name in (*CRITERION, "config/rubric/VERSION"))
    for name, block in zip(CRITERION, blocks, strict=True):
        path = checkout / name if name.startswith("config/") else checkout / PACKAGE / name
        space = "\n\n" if name.endswith(".py") else ""
        before = path.read_text("utf-8").replace(space + block, "")
        path.write_text(before + space + block if name in files else before, encoding="utf-8")
    if files == CRITERION:
        assert f"`{ADVICE}`" in text
        if (checkout / ADVICE).exists():
            _insert_below(checkout / ADVICE, "ADVICE: dict", advice.rstrip())
        version = checkout / "config/rubric/VERSION"
        first, middle, _ = version.read_text("utf-8").split(".")
        version.write_text(f"{first}.{int(middle) + 1}.0\n", encoding="utf-8")


def add_format(checkout: Path) -> None:
    """Follows "An output format"."""
    _, (block,) = read_recipe("An output format")
    write_file(checkout, f"{PACKAGE}/cli/output/formats/tsv.py", block)


def add_page(checkout: Path) -> None:
    """Follows "A page"."""
    text, (view, template, registration, tab) = read_recipe("A page")
    _write_page(checkout, text, {"views/grades.py": view, "templates/aivision/grades.html": template})
    _register(checkout, "from ckanext.aivision.views.dumps ", registration)
    _insert_below(checkout / PACKAGE / "templates/header.html", "'aivision_best_practice.show'", tab.rstrip())


def add_best_practice_page(checkout: Path) -> None:
    """Follows "A page below /best-practice"."""
    text, (view, template, registration, row) = read_recipe("A page below /best-practice")
    named = {"views/best_practice/sizes.py": view, "templates/aivision/best_practice/sizes.html": template}
    _write_page(checkout, text, named)
    _register(checkout, "from ckanext.aivision.views.best_practice.robustness ", registration)
    pages = "helpers/best_practice/pages.py"
    assert f"`{pages}`" in text
    _insert_below(checkout / PACKAGE / pages, '("aivision_robustness.show"', row.rstrip())


def add_agency_figure(checkout: Path) -> None:
    """Follows "A figure of agencies"."""
    text, (field, value, words) = read_recipe("A figure of agencies")
    marks = {
        "compare/estimates/agency_figures.py": [
            ("    publishers: Annotated[int", field),
            ("            publishers=int(under[place]),", value),
        ],
        "templates/aivision/best_practice/agencies.html": [
            ("""{{ _("{number} datasets").format(number="{:,}".format(one.data_sets))""", words),
        ],
    }
    for name, lines in marks.items():
        assert f"`{name}`" in text
        for mark, line in lines:
            _insert_below(checkout / PACKAGE / name, mark, line.rstrip())


def _write_page(checkout: Path, text: str, files: dict[str, str]) -> None:
    for name, block in files.items():
        assert f"`{name}`" in text
        write_file(checkout / PACKAGE, name, block)


def _register(checkout: Path, mark: str, registration: str) -> None:
    """Imports a blueprint below the line with `mark`, and lists it last."""
    imported, listed = (line for line in registration.splitlines() if line)
    blueprints = checkout / PACKAGE / "views/blueprints.py"
    _insert_below(blueprints, mark, imported)
    before = blueprints.read_text("utf-8")
    if listed not in before.splitlines():
        # Above the closing bracket of the list.
        source, lists = re.subn(r"(?ms)^(CORE: .*?\n)(\))$", rf"\g<1>{listed}\n\g<2>", before, count=1)
        assert lists == 1
        blueprints.write_text(source, encoding="utf-8")


def _insert_below(path: Path, mark: str, line: str) -> None:
    """Inserts a line below the one that has `mark` in it, if it is not in the file yet."""
    lines = path.read_text("utf-8").splitlines()
    if line in lines:
        return
    (number,) = (number for number, existing in enumerate(lines, 1) if mark in existing)
    path.write_text("\n".join([*lines[:number], line, *lines[number:], ""]), encoding="utf-8")
