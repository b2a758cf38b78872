"""Python programs that need CKAN, run as processes that begin at once (tests/process_server.py)."""

from __future__ import annotations

import atexit
import contextlib
import functools
import json
import os
import socket
import struct
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from ckanext.aivision.errors import ServiceError
from ckanext.aivision.services.stack import Stack, ckan_command

ROOT = Path(__file__).resolve().parent.parent
_LIMIT = 240


def run_python(
    *words: object,
    environment: Mapping[str, str] | None = None,
    directory: Path | None = None,
    given: str = "",
    limit: float = _LIMIT,
) -> subprocess.CompletedProcess[str]:
    """Runs a program, and gives how it ended and what it printed.

    words: `-c PROGRAM` or `-m MODULE`, and arguments. environment: beside that of the tests. given: its input.
    Raises subprocess.TimeoutExpired after `limit` seconds, and the program is ended.
    """
    command = [str(word) for word in words]
    asked = {
        "words": command,
        "directory": str(directory or ROOT),
        "environment": {**os.environ, **(environment or {})},
    }
    with contextlib.ExitStack() as files:
        streams = [files.enter_context(tempfile.TemporaryFile()) for _ in range(3)]
        streams[0].write(given.encode())
        streams[0].seek(0)
        status = _ask(asked, streams, limit)
        out, err = (_text(stream) for stream in streams[1:])
    return subprocess.CompletedProcess(command, status, out, err)


def run_ckan(ini: Path, *words: object, limit: float = _LIMIT) -> subprocess.CompletedProcess[str]:
    """Runs a `ckan` command on a catalogue, and gives how it ended and what it printed."""
    _, *command = ckan_command(ini)
    return run_python(*command, *words, limit=limit)


_CLIENT = """#!{python} -IS
import json, os, socket, struct, sys
asked = {{"words": [*{words!r}, *sys.argv[1:]], "directory": os.getcwd(), "environment": dict(os.environ)}}
text = json.dumps(asked).encode()
with socket.socket(socket.AF_UNIX) as connection:
    connection.connect({address!r})
    socket.send_fds(connection, [struct.pack("!I", len(text))], [0, 1, 2])
    connection.sendall(text)
    sys.exit(struct.unpack("!i", connection.recv(4))[0])
"""


@functools.cache
def folder_of_commands() -> str:
    """A folder for PATH whose `ckan` and `aivision` are processes of this kind: for commands that a shell runs."""
    _, *ckan = ckan_command(Path("ckan.ini"))
    for name, words in (("ckan", ckan[:2]), ("aivision", ["-m", "ckanext.aivision.cli.main"])):
        program = Path(address()).with_name(name)
        program.write_text(_CLIENT.format(python=sys.executable, words=words, address=address()))
        program.chmod(0o755)
    return str(Path(address()).parent)


class QuickStack(Stack):
    """A stack whose `ckan` commands begin at once."""

    def ckan(self, *words: str, seconds: float = 300) -> str:
        done = run_ckan(self.ini, *words, limit=seconds)
        if done.returncode:
            raise ServiceError(f"`{' '.join(words)}` failed: {done.stderr or done.stdout}")
        return done.stdout


def _ask(asked: dict[str, Any], streams: Sequence[IO[bytes]], limit: float) -> int:
    text = json.dumps(asked).encode()
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(limit)
        connection.connect(address())
        socket.send_fds(connection, [struct.pack("!I", len(text))], [stream.fileno() for stream in streams])
        connection.sendall(text)
        try:
            answer = connection.recv(4)
        except TimeoutError as error:
            raise subprocess.TimeoutExpired(asked["words"], limit) from error
    assert answer, "the process server has ended"
    status: int = struct.unpack("!i", answer)[0]
    return status


def _text(stream: IO[bytes]) -> str:
    stream.seek(0)
    return stream.read().decode()


@functools.cache
def address() -> str:
    """The path of the server's socket; the first call starts it, and it ends with this process."""
    folder = tempfile.TemporaryDirectory(prefix="aivision-processes-")
    path = f"{folder.name}/socket"
    command = [sys.executable, "-m", "tests.process_server", path]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)
    atexit.register(folder.cleanup)
    atexit.register(server.wait, 20)
    assert server.stdin is not None
    assert server.stdout is not None
    atexit.register(server.stdin.close)
    assert server.stdout.readline() == b"ready\n"
    return path
