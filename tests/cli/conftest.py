"""What the command's tests share: `aivision` as a person runs it, and the same in this process where that is enough."""

from __future__ import annotations

import contextlib
import io
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from tests.conftest import PortalOf
from tests.corpora import OWN, catalogues_of, copies_of

from ckanext.aivision.cli.main import main

COMMAND = Path(sys.executable).with_name("aivision")
ENVIRONMENT = {**os.environ, "COLUMNS": "80"}

Write = Callable[..., Path]


class Done(NamedTuple):
    """A command that has ended."""

    status: int
    out: str
    err: str


def aivision(*words: object, **options: Any) -> Done:
    """Runs the command in a separate process. options: of subprocess.run."""
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "env": ENVIRONMENT, "cwd": "/", **options}
    done = subprocess.run([COMMAND, *map(str, words)], text=True, timeout=120, check=False, **options)
    return Done(done.returncode, done.stdout or "", done.stderr or "")


def call(*words: object) -> Done:
    """Runs the command in this process: what would end in a trace is raised."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    status: Any = 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main([str(word) for word in words])
        except SystemExit as end:
            status = end.code
    texts = []
    for stream in (out, err):
        stream.flush()
        texts.append(stream.buffer.getvalue().decode())
    return Done(status, *texts)


def refusal(done: Done) -> str:
    """The one line of a refusal; a line of its own is left to the terminal's ^C."""
    assert done.status == 2, done
    assert done.err.startswith("Error: "), done.err
    assert done.err.count("\n") == 1, done.err
    return done.err


def lines(text: str) -> list[dict[str, Any]]:
    """The objects of JSON lines, which may hold what Python takes for an end of line as well."""
    return [json.loads(line) for line in text.split("\n") if line]


def stored(folder: Path, name: str = "datasets") -> list[dict[str, Any]]:
    """What a harvest wrote: `datasets`, `evaluations` or `problems`."""
    return lines((folder / f"{name}.ndjson").read_bytes().decode())


def account(folder: Path) -> dict[str, Any]:
    """The account of the last harvest into a directory."""
    found: dict[str, Any] = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a data.json of these records, always at the same place: one source whose content changes."""

    def catalogue(records: list[Any], name: str = "data.json") -> Path:
        path = tmp_path / name
        path.write_text(json.dumps({"dataset": records}))
        return path

    return catalogue


@pytest.fixture(scope="session")
def agency() -> list[Any]:
    """350 records of our own corpus: those of its US catalogues, again and again with identifiers of their own."""
    return copies_of([record for records in catalogues_of(OWN, "us").values() for record in records], 25)


@pytest.fixture
def unused_port() -> int:
    """A port of this machine where nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def address(portal: PortalOf) -> Iterator[str]:
    """The address of one portal for all of these tests, with each record of our own corpus 25 times."""
    with portal(copies=25) as served:
        yield served
