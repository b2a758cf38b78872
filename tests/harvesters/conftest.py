"""What the harvesters' tests share: documents on disk, readings of them."""

from __future__ import annotations

import contextlib
import json
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.records import shortest_record

from ckanext.aivision.harvesters.http.clock import CLOCK, Clock
from ckanext.aivision.harvesters.http.limits import Limits
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.open_source import Harvest, open_source
from ckanext.aivision.harvesters.sources.source import resolve
from ckanext.aivision.harvesters.sources.source_state import SourceState
from ckanext.aivision.record import Harvested

Peak = Callable[[Callable[[], object]], int]
Read = Callable[..., list[Harvested]]


@pytest.fixture
def peak() -> Peak:
    """Bytes that a piece of work has in memory at most."""

    def measure(work: Callable[[], object]) -> int:
        tracemalloc.start()
        try:
            work()
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    return measure


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., Harvest]]:
    """A reading of a document (bytes, text, or anything that JSON can hold) from a file, as a user would begin it."""
    with Session() as session:

        def open_document(document: Any, name: str = "data.json", limit: int | None = None, **stated: str) -> Harvest:
            content = document if isinstance(document, (bytes, str)) else json.dumps(document)
            path = tmp_path / name
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
            return open_source(resolve(str(path), **stated), session, limit)

        yield open_document


@pytest.fixture
def read(opened: Callable[..., Harvest]) -> Read:
    """The records of a document."""
    return lambda document, name="data.json", **stated: list(opened(document, name, **stated))


@pytest.fixture
def make() -> Callable[..., dict[str, Any]]:
    return shortest_record


@pytest.fixture
def harvest() -> Iterator[Callable[..., Harvest]]:
    """A reading of an address on this machine, with limits that suit a test."""
    with contextlib.ExitStack() as stack:

        def start(
            url: str,
            limit: int | None = None,
            limits: Limits | None = None,
            state: SourceState | None = None,
            clock: Clock = CLOCK,
            **stated: str,
        ) -> Harvest:
            session = stack.enter_context(Session(allow_hosts=["127.0.0.1"], limits=limits or Limits(retries=2)))
            return open_source(resolve(url, **stated), session, limit, state, clock)

        yield start


@pytest.fixture
def start_portal(portal: Callable[..., contextlib.AbstractContextManager[str]]) -> Iterator[Callable[..., str]]:
    """Serves our own corpus until the test ends, as `portal` does; gives the address."""
    with contextlib.ExitStack() as stack:
        yield lambda **options: stack.enter_context(portal(**options))
