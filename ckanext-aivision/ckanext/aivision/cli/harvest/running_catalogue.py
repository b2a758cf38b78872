"""Load the configuration of a running `aivision up`."""

from __future__ import annotations

from pathlib import Path

from ckanext.aivision.cli.options.extras import need
from ckanext.aivision.errors import UsageError


def load_running_catalogue(data: Path) -> None:
    """Loads the CKAN of a data directory into this process.

    Raises UsageError if nothing runs there, or if needed packages are not installed.
    """
    need("a harvest into a catalogue", "catalogue", "harvest without a server with --into DIR")
    ini = data.expanduser().resolve() / "ckan.ini"
    if not ini.exists():
        raise UsageError(
            f"{data}: there is no catalogue; start one with `aivision up --data {data}`, "
            "or harvest without a server with --into DIR"
        )
    from ckan.cli import load_config
    from ckan.config.middleware import make_app
    from sqlalchemy.exc import OperationalError

    try:
        app = make_app(load_config(str(ini)))
    except (OperationalError, OSError) as error:
        raise UsageError(f"{data}: the catalogue is not running; start it with `aivision up --data {data}`") from error
    app._wsgi_app.test_request_context().push()
