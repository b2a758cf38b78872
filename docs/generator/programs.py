"""Pages about what programs call: commands, actions, settings and the Python interface."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from importlib import resources

import click
import yaml
from docs.generator import MADE

import ckanext.aivision
from ckanext.aivision.api import record_table
from ckanext.aivision.cli.ckan.group import aivision as ckan_group
from ckanext.aivision.cli.main import aivision as aivision_group
from ckanext.aivision.cli.output.format_registry import load_formats
from ckanext.aivision.logic.docstring import describe
from ckanext.aivision.plugins import AivisionPlugin
from ckanext.aivision.plugins.feature import FeaturePlugin


def commands() -> str:
    """All commands with their --help, and the output formats."""
    parts = ["# Commands\n", MADE]
    offering: dict[str, list[str]] = {}
    for name, group in (("aivision", aivision_group), ("ckan -c ckan.ini aivision", ckan_group)):
        for path, command in _leaves(name, group):
            context = click.Context(command, info_name=path, terminal_width=100, max_content_width=100)
            parts.append(f"## `{path}`\n\n```text\n{command.get_help(context)}\n```\n")
            for option in command.params:
                if option.name == "form" and isinstance(option.type, click.Choice):
                    for choice in option.type.choices:
                        offering.setdefault(choice, []).append(f"`{path}`")
    return "\n".join([*parts, _formats(offering)])


def _formats(offering: dict[str, list[str]]) -> str:
    """The output formats with the commands that offer them. offering: name -> commands."""
    head = ["## Output formats\n", "| `--format` | what is written | commands |", "| --- | --- | --- |"]
    rows = (
        f"| `{found.name}` | {found.description} | {', '.join(offering[found.name])} |"
        for found in load_formats().values()
        if found.name in offering
    )
    return "\n".join([*head, *rows, ""])


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
    """All actions with their docstrings, and whether GET works."""
    parts = ["# Actions of the API\n", MADE]
    # Without ckanext-dcat's, which are ours only where it is loaded.
    for name, function in sorted(FeaturePlugin.get_actions(AivisionPlugin()).items()):
        method = "GET or POST" if getattr(function, "side_effect_free", False) else "POST"
        parts.append(f"## `{name}`\n\n{method} `/api/3/action/{name}`\n\n{_described(function)}\n")
    return "\n".join(parts)


def _described(action: object) -> str:
    """The docstring of an action, with its parameters as a list."""
    found = describe(action)
    alike: dict[str, list[str]] = {}
    for name, told in found.parameters.items():
        alike.setdefault(told, []).append(name)
    items = [f"- `{', '.join(names)}`: {told}" for told, names in alike.items()]
    items += [f"- returns: {found.returns}"] if found.returns else []
    items += [f"- raises `{name}`: {told}" for name, told in found.raises.items()]
    return "\n".join([found.text, "", *items]) if items else found.text


def settings() -> str:
    """All settings of config_declaration.yaml."""
    path = resources.files("ckanext.aivision") / "config_declaration.yaml"
    parts = ["# Settings\n", MADE, "Set these in CKAN's configuration file.\n"]
    for group in yaml.safe_load(path.read_text("utf-8"))["groups"]:
        for option in group["options"]:
            default = f"\n\nDefault: `{option['default']}`" if "default" in option else ""
            example = f"\n\nExample: `{option['key']} = {option['example']}`" if "example" in option else ""
            parts.append(f"## `{option['key']}`\n\n{' '.join(option['description'].split())}{default}{example}\n")
    return "\n".join(parts)


def python() -> str:
    """The names that programs import, with their docstrings, and the columns of the table of records."""
    parts = ["# The Python API\n", MADE, _PYTHON]
    for name in ("read", "evaluate", "open_catalogue", "Catalogue"):
        thing = getattr(ckanext.aivision, name)
        parts.append(_documented(name, thing))
        if inspect.isclass(thing):
            methods = (value for key, value in vars(thing).items() if inspect.isfunction(value) and key[0] != "_")
            parts += [_documented(f"{name}.{method.__name__}", method) for method in methods]
    parts.append(_RECORDS)
    parts += [f"| `{field.name}` | `{_arrow_type(field.type)}` |" for field in record_table.schema()]
    return "\n".join([*parts, ""])


def _documented(name: str, thing: object) -> str:
    """The signature and docstring of a public name."""
    signature = "" if inspect.isclass(thing) else str(inspect.signature(thing))  # type: ignore[arg-type]
    head = f"## `{name}`\n\n"
    code = f"```text\n{name}{signature.replace('self, ', '').replace('self', '')}\n```\n\n" if signature else ""
    return f"{head}{code}```text\n{inspect.getdoc(thing)}\n```\n"


def _arrow_type(type: object) -> str:
    """A type of Arrow, without the names that Arrow gives to the items of lists."""
    return str(type).replace("<item: ", "<").replace("|", "\\|")


_PYTHON = """`from ckanext.aivision import read, evaluate, open_catalogue`. [The guide](../python.md) has
examples that run. `AivisionError`, `SourceError` and `UsageError` are imported from there too.
"""


_RECORDS = """## Columns of `records()`

The fields of a record, in DCAT's words. What the source did not say is empty (NULL), or a list without
items. `original` is
the text of the source, `id` the key that our vocabulary has for it. `raw` is the source's own record as JSON. The
columns of `evaluations()` are those of [snapshots](snapshot.md#columns).

| column | type |
| --- | --- |"""
