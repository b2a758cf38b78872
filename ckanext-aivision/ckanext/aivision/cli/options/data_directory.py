"""The option `--data` of the commands about a catalogue that `aivision up` runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

RUNNING = "The data directory of the running catalogue (see `aivision up`)."


def data_option(help: str = RUNNING) -> Callable[[Any], Any]:
    """Adds `--data`, a directory that need not exist; the command gets it as `data`."""
    return click.option(
        "--data",
        type=click.Path(file_okay=False, path_type=Path),
        default=Path("aivision-data"),
        show_default=True,
        help=help,
    )
