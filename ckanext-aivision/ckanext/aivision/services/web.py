"""CKAN's web application under waitress.

python -m ckanext.aivision.services.web CKAN_INI PORT [HOST]
python -m ckanext.aivision.services.web CKAN_INI fd:NUMBER      on a listening socket that the parent hands down

Several processes may listen on one socket: Python computes on one core at a time.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import socket
import sys
import threading
import time
from typing import Any

THREADS = 8
# Asked before any reader: loads modules, templates and the newest snapshot.
_ASKED_FIRST = ("/", "/best-practice", "/best-practice/criteria/licence-open", "/best-practice/agencies", "/dataset/")
_SEARCH = "/api/3/action/package_search?rows=1&fl=name"
# How long a process leaves a new connection to the others, for each that it has (seconds).
_PAUSE = 0.001
_MOST_PAUSES = 4


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
    from waitress import create_server

    reading = threading.Thread(target=_warm_up, daemon=True)
    reading.start()
    logging.basicConfig()
    application = make_app(load_config(ini))
    reading.join()
    _ask(application)
    # Waitress takes a socket or a host and port, not both.
    kind, _, number = where.rpartition(":")
    listening = {"sockets": [socket.socket(fileno=int(number))]} if kind == "fd" else {"listen": f"{host}:{where}"}
    server: Any = create_server(application, threads=THREADS, ident="CKAN", **listening)
    if kind == "fd":
        _share(server)
    server.run()


def _ask(application: Any) -> None:
    """Asks for some pages as a reader does, so that the first reader does not wait for what they load.

    A new catalogue may not be able to answer yet.
    """
    from werkzeug.test import Client

    client = Client(application)
    with contextlib.suppress(Exception):
        for path in _ASKED_FIRST:
            client.get(path)
        for row in client.get(_SEARCH).get_json()["result"]["results"]:
            client.get(f"/dataset/{row['name']}")


def _share(server: Any) -> None:
    """Has the process with fewest connections take the next one, where several listen on one socket."""
    accept = server.handle_accept

    def handle_accept() -> None:
        time.sleep(_PAUSE * min(len(server.active_channels), _MOST_PAUSES))
        # Does nothing where another process was faster.
        accept()

    server.handle_accept = handle_accept


def _warm_up() -> None:
    """Reads the tables that every comparison needs, so that the first reader does not wait for them."""
    from ckanext.aivision.agencies.register import load_register
    from ckanext.aivision.scoring.lenses.load import load_lens, names
    from ckanext.aivision.scoring.rubric import load
    from ckanext.aivision.serialise.edition import edition
    from ckanext.aivision.snapshot.answers import comparison

    edition()
    load()
    load_register()
    for name in names():
        load_lens(name)
    comparison.read_question([("kind", "tabular"), ("theme", "health")])


if __name__ == "__main__":
    main(*sys.argv[1:])
