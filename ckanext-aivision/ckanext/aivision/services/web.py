"""CKAN's web application under waitress.

python -m ckanext.aivision.services.web CKAN_INI PORT [HOST]
python -m ckanext.aivision.services.web CKAN_INI fd:NUMBER      on a listening socket that the parent hands down
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading

THREADS = 8


def main(ini: str, where: str, host: str = "127.0.0.1") -> None:
    """Serves the CKAN of a configuration file, on a loopback port where no host is named, until it is ended.

    At SIGTERM the requests being answered are finished first, within waitress's limit of 5 s.
    """
    # Before numpy is loaded. Threads of its own in each of ours take twice the time for the figures of a comparison.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Before CKAN's seconds of loading, so that an early SIGTERM ends us in the same way.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    from ckan.cli import load_config
    from ckan.config.middleware import make_app
    from waitress import serve

    threading.Thread(target=_warm_up, daemon=True).start()
    # Waitress takes a socket or a host and port, not both.
    kind, _, number = where.rpartition(":")
    listening = {"sockets": [socket.socket(fileno=int(number))]} if kind == "fd" else {"listen": f"{host}:{where}"}
    serve(make_app(load_config(ini)), threads=THREADS, ident="CKAN", **listening)


def _warm_up() -> None:
    """Reads the tables that every comparison needs, so that the first reader does not wait for them."""
    from ckanext.aivision.agencies.register import load_register
    from ckanext.aivision.scoring.lenses.load import load_lens, names
    from ckanext.aivision.scoring.rubric import load
    from ckanext.aivision.serialise.edition import edition
    from ckanext.aivision.snapshot import comparison

    edition()
    load()
    load_register()
    for name in names():
        load_lens(name)
    comparison.read_question([("kind", "tabular"), ("theme", "health")])


if __name__ == "__main__":
    main(*sys.argv[1:])
