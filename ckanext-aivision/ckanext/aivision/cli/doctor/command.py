"""`aivision doctor`: checks a catalogue that `aivision up` runs."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ckanext.aivision.cli.doctor.report import DoctorReport, show_findings
from ckanext.aivision.cli.options.data_directory import data_option
from ckanext.aivision.cli.options.extras import need
from ckanext.aivision.cli.output.format_registry import format_option


@click.command()
@data_option("The data directory of the catalogue (see `aivision up`).")
@format_option(DoctorReport)
def doctor(data: Path, form: str) -> None:
    """Check the catalogue that `aivision up` runs, and say what to do about each fault. Changes nothing.

    Exit status 0 if there are no errors (warnings may be there), 1 if there are. In an existing CKAN use
    `ckan aivision doctor`.
    """
    need("`aivision doctor`", "catalogue")
    from ckanext.aivision.cli.doctor.examine_data import examine_data

    sys.exit(show_findings(examine_data(data), form))
