"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from ckanext.aivision.harvesters.sources.kind_registry import KINDS
from ckanext.aivision.normalise.geography.countries import code_of_name

Command = Callable[..., Any]


def source_options(command: Command) -> Command:
    """How to read a source: --kind, --profile, --country, --limit and --allow-host."""
    options = (
        click.option(
            "--kind",
            type=click.Choice(list(KINDS)),
            help="Protocol or format of the source (default: detected from its content).",
        ),
        click.option(
            "--profile",
            callback=_known_profile,
            help="Metadata standard of its records: a key of config/profiles.yaml.",
        ),
        click.option(
            "--country",
            metavar="CODE",
            callback=_known_country,
            help="Country of the publishers, such as US or GB. Those of other countries are read, and not compared.",
        ),
        click.option("--limit", type=click.IntRange(min=1), help="Read at most this many records."),
        allow_host_option,
    )
    for option in reversed(options):
        command = option(command)
    return command


def allow_host_option(command: Command) -> Command:
    """--allow-host, which lets a private host through."""
    help_text = "Allow this host although its address is private."
    return click.option("--allow-host", multiple=True, metavar="HOST[:PORT]", help=help_text)(command)


def _known_country(_: click.Context, option: click.Parameter, name: str | None) -> str | None:
    """The code (ISO 3166-1 alpha-2) of a country that is given by its code or its name."""
    if name is None:
        return None
    if not (code := code_of_name(name)):
        raise click.BadParameter(f"{name!r} is no country that is known here: give its code, such as US.", param=option)
    return code


def _known_profile(_: click.Context, option: click.Parameter, name: str | None) -> str | None:
    """Refuses an unknown profile: it could carry nothing, so that all that is missing would count as unknown."""
    from ckanext.aivision.scoring.rubric import load

    if name is not None and name not in (known := load().profiles):
        raise click.BadParameter(f"{name!r} is not one of {', '.join(map(repr, known))}.", param=option)
    return name
