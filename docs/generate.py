"""Writes docs/reference and docs/criteria from what they describe. `make docs` runs it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import click
import yaml

from ckanext.aivision.cli.ckan import aivision as ckan_group
from ckanext.aivision.cli.criterion_page import criterion_page
from ckanext.aivision.cli.main import aivision as aivision_group
from ckanext.aivision.logic import action
from ckanext.aivision.scoring.guidance import load_guidance
from ckanext.aivision.scoring.registry import DIMENSIONS
from ckanext.aivision.scoring.rubric import Criterion, load

HERE = Path(__file__).parent
_MADE = "<!-- Made by docs/generate.py (`make docs`); a change here is lost. -->\n"


def commands() -> str:
    """Every command with its own --help."""
    parts = ["# Commands\n", _MADE]
    for name, group in (("aivision", aivision_group), ("ckan -c ckan.ini aivision", ckan_group)):
        for path, command in _leaves(name, group):
            context = click.Context(command, info_name=path, terminal_width=100, max_content_width=100)
            parts.append(f"## `{path}`\n\n```text\n{command.get_help(context)}\n```\n")
    return "\n".join(parts)


def _leaves(path: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        yield path, command
        return
    context = click.Context(command, info_name=path)
    for name in command.list_commands(context):
        found = command.get_command(context, name)
        if found is not None:
            yield from _leaves(f"{path} {name}", found)


def actions() -> str:
    """Every action with its docstring, and whether it can be read with GET."""
    parts = ["# Actions of the API\n", _MADE]
    for name in action.__all__:
        function = getattr(action, name)
        method = "GET or POST" if getattr(function, "side_effect_free", False) else "POST"
        parts.append(
            f"## `{name}`\n\n{method} `/api/3/action/{name}`\n\n{_described(inspect.getdoc(function) or '')}\n"
        )
    return "\n".join(parts)


def _described(docstring: str) -> str:
    """A docstring with its `:param name:` fields as a list."""
    text, *fields = re.split(r"^:", docstring, flags=re.MULTILINE)
    items = []
    for field in fields:
        label, _, told = field.partition(":")
        kind, _, name = label.partition(" ")
        shown = f"`{name}`" if name else kind
        items.append(f"- {f'{kind} ' if kind == 'raises' else ''}{shown}: {' '.join(told.split())}")
    return "\n".join([text.strip(), "", *items]) if items else text.strip()


def criteria() -> str:
    """The list of criteria, each with a link to its page, and the documents they come from."""
    rubric = load()
    parts = [
        "# Criteria\n",
        _MADE,
        f"Rubric version {rubric.version}: {len(rubric.everything)} criteria in {len(DIMENSIONS)} dimensions. The "
        "weight is a criterion's share in the score; it counts where it is known and applies.\n",
    ]
    for dimension in DIMENSIONS:
        parts += [
            f"## {dimension.capitalize()}\n",
            "| criterion | question | weight | depth |\n| --- | --- | ---: | --- |",
        ]
        for row in (row for row in rubric.everything if row.dimension == dimension):
            parts.append(f"| [`{row.id}`]({row.id}.md) | {row.question} | {row.weight} | {row.depth} |")
        parts.append("")
    parts.append("## The documents cited\n")
    guidance = load_guidance()
    parts += [f"- **{key}**: {row.title} ({row.publisher}, {row.date})" for key, row in guidance.items()]
    return "\n".join(parts) + "\n"


def criterion(row: Criterion) -> str:
    """The page of one criterion."""
    heading, _, rest = criterion_page(row, load()).partition("\n")
    return f"{heading}\n\n{_MADE}{rest}"


def settings() -> str:
    """Every setting of config_declaration.yaml."""
    path = resources.files("ckanext.aivision") / "config_declaration.yaml"
    parts = ["# Settings\n", _MADE, "In CKAN's configuration file.\n"]
    for group in yaml.safe_load(path.read_text("utf-8"))["groups"]:
        for option in group["options"]:
            default = f"\n\nDefault: `{option['default']}`" if "default" in option else ""
            example = f"\n\nExample: `{option['key']} = {option['example']}`" if "example" in option else ""
            parts.append(f"## `{option['key']}`\n\n{' '.join(option['description'].split())}{default}{example}\n")
    return "\n".join(parts)


def pages() -> dict[str, str]:
    """Every page by its path below docs/."""
    found = {f"reference/{page.__name__}.md": page() for page in (actions, commands, settings)}
    found["criteria/README.md"] = criteria()
    return found | {f"criteria/{row.id}.md": criterion(row) for row in load().everything}


if __name__ == "__main__":
    written = pages()
    for folder in ("reference", "criteria"):
        (HERE / folder).mkdir(exist_ok=True)
        for old in (HERE / folder).glob("*.md"):
            if old.relative_to(HERE).as_posix() not in written:
                old.unlink()
    for name, text in written.items():
        (HERE / name).write_text(text, encoding="utf-8")
