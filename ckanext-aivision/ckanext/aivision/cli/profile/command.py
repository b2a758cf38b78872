"""`aivision profile`: profile the contents of a file, without any server."""

from __future__ import annotations

import datetime

import click

from ckanext.aivision.cli.options.source import allow_host_option
from ckanext.aivision.cli.output.destination import opened
from ckanext.aivision.cli.output.format_registry import format_option, write_report
from ckanext.aivision.cli.profile.report import ProfileReport
from ckanext.aivision.content.files import FETCHING
from ckanext.aivision.content.limits import MEBIBYTE, ProfileLimits
from ckanext.aivision.content.profile import profile_path, profile_url
from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.http.session import Session


@click.command()
@click.argument("file", metavar="FILE|URL")
@format_option(ProfileReport)
@click.option(
    "--max-size",
    type=click.IntRange(1, 2000),
    default=ProfileLimits().fetched // MEBIBYTE,
    show_default=True,
    metavar="MB",
    help="Fetch at most this much. Only the beginning of a larger file is profiled, if its format allows.",
)
@allow_host_option
def profile(file: str, form: str, max_size: int, allow_host: tuple[str, ...]) -> None:
    """Profile FILE or URL: columns, types, missing values, ranges, keys, likely personal data.

    Reads CSV, TSV, JSON, NDJSON, GeoJSON, Parquet, XLSX, XLS and ODS, also zipped or gzipped. The only cell values
    shown are the lowest and highest numbers and dates, and none are shown if the file seems to contain personal data.
    `--format table-schema` and `csvw` print a machine-readable data dictionary. The exit status is 2 if the file
    cannot be profiled.
    """
    now = datetime.datetime.now(datetime.timezone.utc)
    limits = ProfileLimits(fetched=max_size * MEBIBYTE)
    if "://" in file:
        with Session(allow_hosts=allow_host, limits=FETCHING) as session:
            found = profile_url(session, file, now, limits)
    else:
        found = profile_path(file, now, limits)
    if found.refusal:
        raise SourceError(found.reason if found.refusal == "not-fetched" else f"{file}: {found.reason}")
    with opened(None) as stream:
        write_report(ProfileReport(found), form, stream)
