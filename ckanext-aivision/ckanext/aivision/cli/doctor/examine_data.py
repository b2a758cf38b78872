"""The checks of a data directory of `aivision up`, running or not."""

from __future__ import annotations

from pathlib import Path

from ckanext.aivision.cli.harvest.running_catalogue import load_running_catalogue
from ckanext.aivision.errors import UsageError
from ckanext.aivision.services.doctor.examine import examine
from ckanext.aivision.services.doctor.finding import Finding, error
from ckanext.aivision.services.doctor.storage import private_files

_SECRETS = ("admin-password", "secrets.json", "ckan.ini")


def examine_data(data: Path) -> list[Finding]:
    """What the checks find. If the catalogue does not run, only its files are checked."""
    files = list(private_files([data / name for name in _SECRETS if (data / name).exists()]))
    try:
        load_running_catalogue(data)
    except UsageError as failure:
        return [*files, error("servers", str(failure), f"run `aivision up --data {data}`, then check again")]
    return [*files, *examine()]
