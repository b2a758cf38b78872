"""`ckan aivision doctor`: checks the CKAN whose configuration is loaded."""

from __future__ import annotations

import sys

import click

from ckanext.aivision.cli.ckan.one_line import one_line_errors
from ckanext.aivision.cli.doctor.report import DoctorReport, show_findings
from ckanext.aivision.cli.output.format_registry import format_option


@click.command()
@format_option(DoctorReport)
@one_line_errors
def doctor(form: str) -> None:
    """Check this installation and say what to do about each fault. Changes nothing.

    Exit status 0 if there are no errors (warnings may be there), 1 if there are.
    """
    from ckanext.aivision.services.doctor.examine import examine

    sys.exit(show_findings(examine(), form))
