"""The walls between packages, and the size and the names of modules and functions (CONTRIBUTING.md, Style)."""

from __future__ import annotations

import ast
import functools
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click
import pytest

from ckanext.aivision.cli.main import aivision

REPOSITORY = Path(__file__).parents[1]
PACKAGE = REPOSITORY / "ckanext-aivision/ckanext/aivision"
LONGEST_FUNCTION = 60
LONGEST_MODULE = 300
MOST_MODULES = 15
LINT = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache"]


def modules() -> Iterator[Path]:
    for folder, _, names in os.walk(PACKAGE, followlinks=True):
        yield from (Path(folder, name) for name in names if name.endswith(".py"))


class Function(NamedTuple):
    """Where a function stands, and how many lines it has."""

    name: str
    line: int
    length: int


@functools.cache
def functions(path: Path) -> list[Function]:
    return [
        Function(node.name, node.lineno, (node.end_lineno or 0) - node.lineno + 1)
        for node in statements(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def statements(node: ast.AST) -> Iterator[ast.AST]:
    """All below a node, and those below them. Expressions hold no functions with a name, and are most of a tree."""
    for field in ("body", "handlers", "orelse", "finalbody", "cases"):
        inner = getattr(node, field, [])
        for each in inner if isinstance(inner, list) else []:
            yield each
            yield from statements(each)


def lint(folder: Path, package: Path) -> subprocess.CompletedProcess[str]:
    clean = {**os.environ, "PYTHONPATH": str(package)}
    return subprocess.run(LINT, cwd=folder, env=clean, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.long
def test_data_moves_one_way_through_the_rooms() -> None:
    done = lint(REPOSITORY, REPOSITORY / "ckanext-aivision")
    assert done.returncode == 0, done.stdout


WRONG_WAY = [
    ("harvesters/http/session.py", "ckan.model"),
    ("harvesters/http/session.py", "ckanext.aivision.scoring.scores.score"),
    ("scoring/scores/score.py", "ckanext.aivision.harvesters.http.session"),
    ("compare/tallies/tally.py", "ckanext.aivision.harvesters.http.session"),
    ("compare/tallies/tally.py", "ckan.model"),
    ("catalogue/harvest/run_harvest.py", "ckanext.aivision.plugins"),
    ("record.py", "ckanext.aivision.normalise.text"),
    ("normalise/text.py", "ckanext.aivision.normalise.web.addresses"),
    ("scoring/facts/text/mentions.py", "ckanext.aivision.scoring.facts.evidence"),
    ("compare/estimates/statistics/intervals.py", "ckanext.aivision.compare.estimates.sample"),
    ("cli/profile/command.py", "altair"),
    ("catalogue/harvest/directory_store.py", "sqlalchemy"),
    ("views/best_practice/comparison.py", "ckanext.aivision.compare.charts.svg"),
    ("logic/action/evaluate.py", "ckanext.aivision.snapshot.build"),
    ("views/best_practice/comparison.py", "ckanext.aivision.snapshot.jobs"),
    ("compare/table_comparison.py", "ckanext.aivision.snapshot.read"),
    ("catalogue/ckan/ckan_store.py", "ckanext.aivision.snapshot.jobs"),
    ("helpers/evaluation.py", "vl_convert"),
    ("downloads/pictures.py", "ckanext.aivision.compare.charts.draw"),
    ("snapshot/read.py", "ckanext.aivision.downloads.registry"),
]


def renamed(text: str) -> str:
    return text.replace("ckanext.aivision", "ckanext_rooms")


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What is said of all imports of WRONG_WAY at once, by the same contracts.

    In a package of another name: the installed one would be found first.
    """
    folder = tmp_path_factory.mktemp("broken")
    rooms = folder / "ckanext_rooms"
    for path in modules():
        copy = rooms / path.relative_to(PACKAGE)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(renamed(path.read_text(encoding="utf-8")))
    for module_folder, _, _ in os.walk(rooms):
        Path(module_folder, "__init__.py").touch()
    (folder / "pyproject.toml").write_text(renamed((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")))
    for module, imported in WRONG_WAY:
        with (rooms / module).open("a") as file:
            file.write(f"\nimport {renamed(imported)}\n")
    done = lint(folder, folder)
    assert done.returncode == 1, done.stdout
    return done.stdout


@pytest.mark.long
@pytest.mark.parametrize(("module", "imported"), WRONG_WAY)
def test_an_import_the_wrong_way_is_seen(broken: str, module: str, imported: str) -> None:
    importer = "ckanext_rooms." + module.removesuffix(".py").replace("/", ".")
    imported = renamed(imported) if imported.startswith("ckanext.") else imported.split(".")[0]
    assert re.search(rf"{re.escape(importer)} -> {re.escape(imported)}\b", " ".join(broken.split()))


def test_every_command_stands_behind_the_linters_wall() -> None:
    contracts = (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")
    commands = aivision.list_commands(click.Context(aivision))
    assert [name for name in commands if f'"ckanext.aivision.cli.{name}.command",' not in contracts] == []


@pytest.mark.long
def test_a_function_fits_a_screen() -> None:
    long = {
        f"{path.relative_to(PACKAGE)}:{function.line} {function.name}": function.length
        for path in modules()
        for function in functions(path)
        if function.length > LONGEST_FUNCTION
    }
    assert long == {}


def test_a_module_has_one_subject() -> None:
    lengths = {str(path.relative_to(PACKAGE)): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    assert {path: length for path, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_a_folder_can_be_read_at_a_glance() -> None:
    sizes = Counter(path.parent.relative_to(PACKAGE) for path in modules() if path.name != "__init__.py")
    del sizes[Path("migration/aivision/versions")]  # one for each change of the tables
    assert {str(folder): size for folder, size in sizes.items() if size > MOST_MODULES} == {}


def test_modules_are_named_after_what_they_hold() -> None:
    vague = {"utils", "util", "helper", "manager", "misc", "common", "tools"}
    assert [str(path) for path in modules() if path.stem in vague or path.parent.name in vague] == []


TEMPLATES = PACKAGE / "templates/aivision"


@pytest.mark.parametrize("snippets", sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("snippets")))
def test_a_page_and_a_snippet_beside_it_have_names_of_their_own(snippets: str) -> None:
    names = {path.name for path in (TEMPLATES / snippets).glob("*.html")}
    assert sorted(names & {path.name for path in (TEMPLATES / snippets).parent.glob("*.html")}) == []


PARTICIPLES = {
    "found",
    "held",
    "kept",
    "made",
    "mended",
    "said",
    "seen",
    "shown",
    "stated",
    "taken",
    "told",
    "wanted",
    "written",
}


@pytest.mark.long
def test_functions_are_named_after_what_they_do() -> None:
    vague = [
        f"{path.relative_to(PACKAGE)}:{function.line} {function.name}"
        for path in modules()
        for function in functions(path)
        if function.name.strip("_") in PARTICIPLES
    ]
    assert vague == []
