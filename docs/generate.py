"""Writes docs/reference/*.md from what they describe: commands, actions, criteria, settings. `make docs` runs it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from importlib import resources
from pathlib import Path

import click
import yaml

from ckanext.aivision.cli.ckan import aivision as ckan_group
from ckanext.aivision.cli.main import aivision as aivision_group
from ckanext.aivision.logic import action
from ckanext.aivision.scoring.registry import DIMENSIONS
from ckanext.aivision.scoring.rubric import load

REFERENCE = Path(__file__).parent / "reference"
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
    """Every criterion with question, reason, fix, weight and the guidance it comes from."""
    rubric = load()
    guidance = yaml.safe_load((resources.files("ckanext.aivision.config") / "guidance.yaml").read_text("utf-8"))
    count = len(rubric.everything)
    parts = [
        "# Criteria\n",
        _MADE,
        f"Rubric version {rubric.version}: {count} criteria in {len(DIMENSIONS)} dimensions. The weight is "
        "a criterion's share in the score; it counts where it is known and applies.\n",
    ]
    for dimension in DIMENSIONS:
        parts.append(f"## {dimension.capitalize()}\n")
        for row in (row for row in rubric.everything if row.dimension == dimension):
            sources = "; ".join(_clause(source, guidance) for source in row.sources)
            parts.append(
                f"### {row.question}\n\n`{row.id}`, weight {row.weight}{_depth(row.depth)}\n\n{row.reason}\n\n"
                f"**Fix:** {row.fix}\n\n**From:** {sources}\n"
            )
    parts.append("## The documents cited\n")
    parts += [f"- **{key}**: {row['title']} ({row['publisher']}, {row['date']})" for key, row in guidance.items()]
    return "\n".join(parts) + "\n"


def _depth(depth: str) -> str:
    return "" if depth == "metadata" else f", where the {depth} were looked at (`--depth {depth}`)"


def _clause(source: str, guidance: dict[str, dict[str, dict[str, str]]]) -> str:
    document, _, clause = source.partition(" ")
    told = guidance[document]["clauses"].get(clause, "")
    return f"{source} ({told})" if told else source


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


PAGES: dict[str, Callable[[], str]] = {
    "actions.md": actions,
    "commands.md": commands,
    "criteria.md": criteria,
    "settings.md": settings,
}


if __name__ == "__main__":
    REFERENCE.mkdir(exist_ok=True)
    for name, page in PAGES.items():
        (REFERENCE / name).write_text(page(), encoding="utf-8")
