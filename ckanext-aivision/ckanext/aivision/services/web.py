"""CKAN's web application under waitress: `python -m ckanext.aivision.services.web CKAN_INI PORT [HOST]`."""

from __future__ import annotations

import sys

THREADS = 8


def main(ini: str, port: str, host: str = "127.0.0.1") -> None:
    """Serves the CKAN of a configuration file, on a loopback port where no host is named, until it is ended."""
    from ckan.cli import load_config
    from ckan.config.middleware import make_app
    from waitress import serve

    serve(make_app(load_config(ini)), host=host, port=int(port), threads=THREADS, ident="CKAN")


if __name__ == "__main__":
    main(*sys.argv[1:])
