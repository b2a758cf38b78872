"""Texts of tables and constants that pages show: those that `config/translation/messages.yaml` lists, and rules."""

from __future__ import annotations

import ast
import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from ckanext.aivision.compare.estimates.measures import in_words
from ckanext.aivision.scoring.free_text import load_free_text
from ckanext.aivision.scoring.registry import DIMENSIONS
from ckanext.aivision.scoring.rubric import load

PACKAGE = Path(__file__).resolve().parents[1]
_MESSAGES = "config/translation/messages.yaml"
_WITH_STANDARD = "{label} (ISO 19115)"


class TableText(NamedTuple):
    """place: the file, below the package."""

    text: str
    place: str


def table_texts(package: Path = PACKAGE) -> Iterator[TableText]:
    """Every text that pages show and that no call of `_()` holds, in the order of the list; some come twice."""
    listed: dict[str, Any] = yaml.safe_load((package / _MESSAGES).read_text(encoding="utf-8"))
    for pattern, members in listed["yaml"].items():
        for path in sorted((package / "config").glob(pattern)):
            place = path.relative_to(package).as_posix()
            for text in _members(yaml.safe_load(path.read_text(encoding="utf-8")), frozenset(members)):
                yield TableText(text, place)
    for name, columns in listed["csv"].items():
        yield from _columns(package, f"config/{name}", columns)
    for place, names in listed["python"].items():
        for text in _constants((package / place).read_text(encoding="utf-8"), frozenset(names)):
            yield TableText(text, place)
    for word in [*listed["ckan"], *listed["words"]]:
        yield TableText(word, _MESSAGES)
    yield from _rubric_texts()


def _rubric_texts() -> Iterator[TableText]:
    """What is made from the rubric: rules with their limits, and the names of criteria and dimensions."""
    for row in load().everything:
        place = f"config/rubric/{row.dimension}.yaml"
        yield TableText(in_words(row.id), place)
        if row.rule:
            yield TableText(row.rule, place)
    yield TableText(load_free_text().rule.strip(), "config/rubric/free_text.yaml")
    for dimension in DIMENSIONS:
        for text in (dimension.capitalize(), dimension.replace("-", " ").capitalize()):
            yield TableText(text, "scoring/registry.py")


def _members(node: Any, names: frozenset[str]) -> Iterator[str]:
    """The texts under these names in a YAML document."""
    if isinstance(node, Mapping):
        for name, value in node.items():
            if isinstance(value, str):
                if name in names and value:
                    yield value
            else:
                yield from _members(value, names)
    elif isinstance(node, list):
        for value in node:
            yield from _members(value, names)


def _columns(package: Path, place: str, columns: list[str]) -> Iterator[TableText]:
    lines = (package / place).read_text(encoding="utf-8").splitlines()
    for row in csv.DictReader(line for line in lines if not line.startswith("#")):
        for column in columns:
            if text := row[column]:
                # The form shows the topics of ISO 19115 beside those of the EU.
                topic = row.get("vocabulary") == "iso19115-topic"
                yield TableText(_WITH_STANDARD.format(label=text) if topic else text, place)


def _constants(source: str, names: frozenset[str]) -> Iterator[str]:
    """The texts of assignments to these names at the top of a module."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and any(getattr(target, "id", "") in names for target in node.targets):
            yield from _strings(node.value)


def _strings(node: ast.AST | None) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value
    elif isinstance(node, ast.Dict):
        for value in node.values:
            yield from _strings(value)
    elif isinstance(node, ast.Tuple | ast.List):
        for value in node.elts:
            yield from _strings(value)
