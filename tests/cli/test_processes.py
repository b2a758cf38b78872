"""What only a process can meet: closed pipes, full disks, permissions, interruptions, terminals."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import resource
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from subprocess import PIPE
from typing import NamedTuple

import pytest
from tests.cli.conftest import COMMAND, ENVIRONMENT, Write, account, aivision, call, refusal, stored
from tests.conftest import Handler
from tests.records import record

pytestmark = pytest.mark.long
NOBODY = 65534
MANY = 2000
LONGEST = 120


def test_a_reader_that_has_had_enough_ends_the_command_without_a_word(samples: Path) -> None:
    words = [str(COMMAND), "score", str(samples / "us.data.json"), "--format", "ndjson"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith(b'{"identifier":')
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(30) == 0


@pytest.mark.parametrize("words", [("score", "sample-us"), ("score", "sample-us", "--format", "ndjson"), ("--help",)])
def test_output_onto_a_full_disk_is_one_line(words: tuple[str, ...]) -> None:
    with open("/dev/full", "w") as full:
        assert "cannot write: No space left on device; free some space" in refusal(aivision(*words, stdout=full))


@pytest.mark.parametrize("words", [("score", "sample-us"), ("score", "sample-us", "--format", "ndjson")])
def test_closed_standard_output_is_no_trace(words: tuple[str, ...]) -> None:
    done = aivision(*words, stdout=None, preexec_fn=lambda: os.close(1))
    assert (done.status, done.err) == (0, "")


def test_characters_that_the_locale_lacks_are_replaced(write: Write) -> None:
    source = write([record(1, title="Niveau de la rivière")])
    done = aivision("score", source, env={**ENVIRONMENT, "PYTHONIOENCODING": "ascii"})
    assert (done.status, done.err) == (0, "")
    assert "Niveau de la rivi?re" in done.out


@pytest.fixture
def held(write: Write, tmp_path: Path) -> tuple[Path, Path]:
    """A source, and a directory that holds its harvest of long ago: one record."""
    source = write([record(1)])
    assert aivision("harvest", source, "--into", tmp_path / "out").status == 0
    return write([record(number) for number in range(MANY)]), tmp_path / "out"


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() if path.is_file() else b"" for path in folder.iterdir()}


def test_a_full_disk_leaves_the_directory_as_it_was(held: tuple[Path, Path]) -> None:
    source, folder = held
    before = content(folder)
    done = aivision("harvest", source, "--into", folder, preexec_fn=_with_small_files)
    assert f"{folder}: cannot be written: File too large; choose another directory" in refusal(done)
    assert content(folder) == before


def _with_small_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))


@pytest.mark.parametrize("name", [".datasets.ndjson.new", ".evaluations.ndjson.new", ".run.json.new"])
def test_a_disk_that_is_full_at_the_end_leaves_the_directory_as_it_was(
    write: Write, held: tuple[Path, Path], name: str
) -> None:
    folder = held[1]
    before = content(folder)
    # What fits into the buffers is first written at the end.
    (folder / name).symlink_to("/dev/full")
    done = aivision("harvest", write([record(1), record(2)]), "--into", folder)
    assert "cannot be written: No space left on device" in refusal(done)
    assert content(folder) == before


class Interrupted(NamedTuple):
    """A harvest in the middle of its work, the directory it writes, and what lets its portal send the rest."""

    process: subprocess.Popen[str]
    words: tuple[object, ...]
    folder: Path
    go_on: threading.Event


@pytest.fixture
def harvesting(serve: Callable[[Handler], str], tmp_path: Path) -> Iterator[Interrupted]:
    """A second harvest into a directory of one record. Its portal sends half of the catalogue and waits."""
    catalogue = [record(1)]
    go_on = threading.Event()
    go_on.set()

    def answer(request: BaseHTTPRequestHandler) -> None:
        body = json.dumps({"dataset": catalogue}).encode()
        request.send_response(200)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        if request.command == "GET":
            request.wfile.write(body[: len(body) // 2])
            go_on.wait(LONGEST)
            request.wfile.write(body[len(body) // 2 :])

    folder = tmp_path / "out"
    words = ("harvest", f"{serve(answer)}/data.json", "--allow-host", "127.0.0.1", "--into", folder)
    assert aivision(*words).status == 0
    catalogue[:] = [record(number) for number in range(MANY)]
    go_on.clear()
    command = [str(COMMAND), *map(str, words)]
    with subprocess.Popen(command, stdout=PIPE, stderr=PIPE, text=True, env=ENVIRONMENT) as process:
        try:
            deadline = time.monotonic() + LONGEST
            written = folder / ".evaluations.ndjson.new"
            while not (written.exists() and written.stat().st_size):
                assert process.poll() is None, process.communicate()
                assert time.monotonic() < deadline, "the harvest wrote nothing"
                time.sleep(0.01)
            yield Interrupted(process, words, folder, go_on)
        finally:
            go_on.set()
            process.kill()


def test_an_interrupted_harvest_is_one_line_and_leaves_the_directory_as_it_was(harvesting: Interrupted) -> None:
    harvesting.process.send_signal(signal.SIGINT)
    out, err = harvesting.process.communicate(timeout=LONGEST)
    # The empty line ends the one on which the terminal shows ^C.
    assert (harvesting.process.returncode, out, err) == (130, "", "\nError: interrupted; run the command again\n")
    assert [row["identifier"] for row in stored(harvesting.folder)] == ["river-1"]
    assert not list(harvesting.folder.glob("*.new"))


def test_after_a_harvest_was_killed_the_next_one_goes_through(harvesting: Interrupted) -> None:
    folder = harvesting.folder
    harvesting.process.kill()
    harvesting.process.wait(LONGEST)
    assert [row["identifier"] for row in stored(folder)] == ["river-1"]
    harvesting.go_on.set()
    assert aivision(*harvesting.words).status == 0
    counts = account(folder)["counts"]
    assert (counts["new"], counts["unchanged"], len(stored(folder))) == (MANY - 1, 1, MANY)
    assert not list(folder.glob("*.new"))


def test_a_directory_that_another_harvest_is_writing_is_refused(harvesting: Interrupted) -> None:
    assert "another harvest is writing there; wait until it ends" in refusal(aivision(*harvesting.words))
    harvesting.go_on.set()
    assert harvesting.process.wait(LONGEST) == 0
    assert len(stored(harvesting.folder)) == len(stored(harvesting.folder, "evaluations")) == MANY


@pytest.fixture
def folder() -> Iterator[Path]:
    """A directory that anybody may enter."""
    with tempfile.TemporaryDirectory(prefix="aivision-test-") as name:
        os.chmod(name, 0o755)
        yield Path(name)


@contextlib.contextmanager
def nobody() -> Iterator[None]:
    """Who runs this may not do everything, though it be root."""
    # What is loaded when a command first runs may lie where nobody else may look.
    assert call("score", "sample-us").status == call("harvest", "--help").status == 0
    user = os.geteuid()
    os.seteuid(user or NOBODY)
    try:
        yield
    finally:
        os.seteuid(user)


def test_a_file_that_may_not_be_read_is_one_line(folder: Path) -> None:
    source, into = folder / "data.json", folder / "out"
    source.write_text('{"dataset": []}')
    source.chmod(0)
    into.mkdir()
    into.chmod(0o777)
    with nobody():
        for words in (("score", source), ("harvest", source, "--into", into)):
            assert f"{source}: cannot be read: Permission denied" in refusal(call(*words))


def test_a_file_in_a_directory_that_may_not_be_entered_is_one_line(folder: Path) -> None:
    source = folder / "closed" / "data.json"
    source.parent.mkdir(mode=0)
    with nobody():
        assert f"{source}: cannot be read: Permission denied" in refusal(call("score", source))


def test_a_directory_that_may_not_be_written_is_one_line(folder: Path) -> None:
    folder.chmod(0o555)
    with nobody():
        for into in (folder, folder / "new"):
            said = refusal(call("harvest", "sample-us", "--into", into))
            assert f"{into}: cannot be written: Permission denied; choose another directory" in said


def test_a_harvest_shows_its_progress_on_a_terminal_with_the_name_as_it_is(write: Write, tmp_path: Path) -> None:
    source = write([record(1)], "a[b]c[.json")
    master, terminal = pty.openpty()
    environment = {**ENVIRONMENT, "COLUMNS": "300", "TERM": "xterm", "NO_COLOR": "1"}
    done = aivision("harvest", source, "--into", tmp_path / "out", stderr=terminal, env=environment)
    os.close(terminal)
    shown = b""
    with contextlib.suppress(OSError):  # Linux's end of a terminal
        while piece := os.read(master, 65536):
            shown += piece
    os.close(master)
    assert done.status == 0
    assert source.name in shown.decode()
    assert "1/?" in shown.decode()
