"""Runs Python programs in processes forked from this one, which has imported CKAN already.

`tests/processes.py` starts it and asks it. A process that imports CKAN and our plugins needs two seconds of a processor
before it begins; one forked from here begins at once, and else is like any other: its own arguments, environment,
directory, input, output and exit status.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import struct
import sys
import types
from typing import Any

# What `ckan` imports whatever it is asked.
_IMPORTED_BEFORE = (
    *("ckan.cli.cli", "ckan.config.middleware", "ckan.lib.jobs", "ckan.model", "sqlalchemy.dialects.postgresql"),
    *(f"ckanext.aivision.plugins.{name}" for name in ("core", "dcat", "form", "harvest")),
)


def serve(address: str) -> None:
    """Listens at a path, and forks for each program that is asked for, until standard input is closed."""
    _import_before()
    gc.collect()
    gc.freeze()  # The forks share these objects' memory.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # Nobody waits for those that attend to a program.
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(address)
        listening.listen()
        print("ready", flush=True)
        while True:
            asked, _, _ = select.select([listening, sys.stdin], [], [])
            if sys.stdin in asked:
                return
            connection, _ = listening.accept()
            if os.fork() == 0:
                listening.close()
                break
            connection.close()
    _attend(connection)


def _import_before() -> None:
    from ckan.common import config

    # ckanext-dcat reads this when it is imported, which in a `ckan` of its own is after the settings are loaded.
    config["ckan.locale_default"] = "en"
    for name in _IMPORTED_BEFORE:
        importlib.import_module(name)
    del config["ckan.locale_default"]


def _attend(connection: socket.socket) -> None:
    """Forks the program and says how it ended; ends it if nobody waits for it any more."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    length, descriptors, _, _ = socket.recv_fds(connection, 4, 3)
    (left,) = struct.unpack("!I", length)
    text = b""
    while len(text) < left:
        text += connection.recv(left - len(text))
    program = os.fork()
    if program == 0:
        connection.close()
        _become(json.loads(text), descriptors)
        return
    for descriptor in descriptors:
        os.close(descriptor)
    ended = os.pidfd_open(program)
    waited: list[Any] = [ended, connection]
    happened, _, _ = select.select(waited, [], [])
    if ended not in happened:
        os.killpg(program, signal.SIGKILL)
    _, status = os.waitpid(program, 0)
    with contextlib.suppress(OSError):
        connection.sendall(struct.pack("!i", os.waitstatus_to_exitcode(status)))
    os._exit(0)


def _become(asked: dict[str, Any], descriptors: list[int]) -> None:
    """Runs the program as `python WORDS` does. asked: words, directory and environment."""
    os.setsid()
    for number, descriptor in enumerate(descriptors):
        os.dup2(descriptor, number)
        os.close(descriptor)
    # What the server had there may have been a file, and its streams think that theirs still is.
    sys.stdin = os.fdopen(0, closefd=False)
    sys.stdout = os.fdopen(1, "w", closefd=False)
    sys.stderr = os.fdopen(2, "w", buffering=1, errors="backslashreplace", closefd=False)
    os.chdir(asked["directory"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    sys.path[:1] = ["", *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    importlib.invalidate_caches()
    kind, what, *arguments = asked["words"]
    sys.argv = [kind, *arguments]
    if kind == "-m":
        runpy.run_module(what, run_name="__main__", alter_sys=True)
    else:
        main = types.ModuleType("__main__")
        sys.modules["__main__"] = main
        exec(compile(what, "<string>", "exec"), main.__dict__)


if __name__ == "__main__":
    serve(sys.argv[1])
