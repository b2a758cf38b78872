"""Our side: `ckan aivision harvest` in the stack of `aivision up`, without its site."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from bench.commands import run
from bench.side import Came, Kept, Took

from ckanext.aivision.services.stack import Stack, ckan_command

_LIMIT = 1800


class _Account(msgspec.Struct):
    """What is needed of catalogue.harvest.run_account.Run."""

    started: datetime.datetime
    finished: datetime.datetime


class Ours:
    """The project's own catalogue."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self._kept = Kept(stack.database_url, stack.solr_url)

    def harvest(self, url: str, kind: str) -> Took:
        account = self.stack.data / "account.json"
        ended = run([*ckan_command(self.stack.ini), *words(url, kind), "--account", account], _LIMIT)
        return Took(ended.seconds, _run_seconds(account), ended.peak_bytes)

    def came(self) -> Came:
        return self._kept.came()

    def reset(self) -> None:
        self._kept.reset()


def words(url: str, kind: str) -> list[str]:
    """The command that harvests an address on loopback."""
    return ["aivision", "harvest", url, "--kind", kind, "--allow-host", urlsplit(url).netloc]


def _run_seconds(account: Path) -> float:
    read = msgspec.json.decode(account.read_bytes(), type=_Account)
    return (read.finished - read.started).total_seconds()


@contextlib.contextmanager
def ours(folder: Path) -> Iterator[Ours]:
    """Our side with a data directory of its own in `folder`."""
    stack = Stack(folder / "ours", port=5200)
    stack.start()
    try:
        yield Ours(stack)
    finally:
        stack.stop()
