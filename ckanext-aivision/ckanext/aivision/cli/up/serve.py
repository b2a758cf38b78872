"""Start, watch and stop all services of a catalogue; Ctrl-C or SIGTERM stops them in order."""

from __future__ import annotations

import contextlib
import datetime
import functools
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from ckanext.aivision.cli.up.demo import harvest_demo
from ckanext.aivision.errors import ServiceError
from ckanext.aivision.services.restarts import Restarts
from ckanext.aivision.services.stack import ADMIN, Stack

_LOOK_EVERY = 2.0  # seconds
# Rounds between two checks of what is due: one minute.
_DUE_EVERY = 30
# Rounds until the registers are loaded: whoever stops at once does not wait for that.
_REGISTERS_AFTER = 10


class _Stopped(BaseException):
    """SIGTERM or Ctrl-C: stop everything in order."""


def serve(data: Path, port: int, web_processes: int, demo: bool, once: bool) -> None:
    """Starts everything over a data directory, the first free port from `port` on, and stops it at a signal.

    web_processes: that answer readers. demo: harvests the demonstration first. once: stops as soon as everything is up.
    Raises ServiceError if a service does not start, or ends unexpectedly after three restarts.
    """
    console = Console()
    with _signals():
        stack = Stack(data, port, web_processes)
        try:
            _start(stack, console)
            if demo:
                harvest_demo(stack, console)
            _say_ready(stack, console)
            if not once:
                console.print("Press Ctrl-C to stop.")
                _watch(stack, console)
        except (_Stopped, KeyboardInterrupt):
            console.print("\nStopping ...")
        finally:
            _without_signals()
            stack.stop()


def _start(stack: Stack, console: Console) -> None:
    console.print(f"Starting PostgreSQL, Valkey, Solr and CKAN in {stack.data}", soft_wrap=True, markup=False)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("Solr's files", total=None, visible=False)

        def fetched(count: int, total: int) -> None:
            progress.update(task, completed=count, total=total, visible=True)

        stack.start(fetched)
    stack.start_web()


def _say_ready(stack: Stack, console: Console) -> None:
    console.print(f"\nOpen [bold]{stack.site_url}[/bold] and {stack.site_url}/best-practice", soft_wrap=True)
    if stack.new_password is not None:
        console.print(f"Log in as {ADMIN} with the password {stack.new_password} (shown once)", soft_wrap=True)
    console.print(f"The password of {ADMIN} is kept in {stack.password_file}", soft_wrap=True, markup=False)


def _load_registers(stack: Stack, console: Console) -> None:
    """While the site is open for a while: it takes some seconds after the first start, and none later."""
    try:
        stack.load_registers()
    except ServiceError as error:
        console.print(f"The registers of guidance, cooperation and training are not loaded: {error}", soft_wrap=True)


def _watch(stack: Stack, console: Console) -> None:
    """Waits for a signal, and starts again what ends unexpectedly. Raises ServiceError if that does not help."""
    waiting, rounds = threading.Event(), 0
    restarts = Restarts(functools.partial(_say, console), waiting.wait)
    while not waiting.wait(_LOOK_EVERY):
        rounds += 1
        for part in stack.ended():
            restarts.start_again(part)
        if rounds == _REGISTERS_AFTER:
            _load_registers(stack, console)
        if rounds % _DUE_EVERY == 0:
            _queue_due(stack, console)


def _queue_due(stack: Stack, console: Console) -> None:
    try:
        if stack.has_schedules() or stack.snapshot_due():
            stack.ckan("aivision", "run-due")
    except ServiceError as error:
        # A server may just have ended: it is started again, and this is tried again.
        _say(console, f"What is due could not be queued ({error}); it is tried again in a minute")


def _say(console: Console, line: str) -> None:
    console.print(f"{datetime.datetime.now():%H:%M:%S} {line}", soft_wrap=True, markup=False, highlight=False)


@contextlib.contextmanager
def _signals() -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        _without_signals()
        raise _Stopped

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _without_signals() -> None:
    """A second Ctrl-C must not leave half of the services running."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
