"""CKAN's web application under waitress.

python -m ckanext.aivision.services.web CKAN_INI PORT [HOST]
python -m ckanext.aivision.services.web CKAN_INI fd:NUMBER      on a listening socket that the parent hands down
"""

from __future__ import annotations

import signal
import socket
import sys

THREADS = 8


def main(ini: str, where: str, host: str = "127.0.0.1") -> None:
    """Serves the CKAN of a configuration file, on a loopback port where no host is named, until it is ended.

    At SIGTERM the requests being answered are finished first, within waitress's limit of 5 s.
    """
    # Before CKAN's seconds of loading, so that an early SIGTERM ends us in the same way.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    from ckan.cli import load_config
    from ckan.config.middleware import make_app
    from waitress import serve

    # Waitress takes a socket or a host and port, not both.
    kind, _, number = where.rpartition(":")
    listening = {"sockets": [socket.socket(fileno=int(number))]} if kind == "fd" else {"listen": f"{host}:{where}"}
    serve(make_app(load_config(ini)), threads=THREADS, ident="CKAN", **listening)


if __name__ == "__main__":
    main(*sys.argv[1:])
