"""The command as a user runs it, and a portal for it to talk to."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest


@pytest.fixture
def aivision() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs `aivision` with words in a process of its own."""

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "ckanext.aivision.cli.main", *words]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)

    return run


@pytest.fixture(scope="session")
def one_portal(portal: Callable[..., contextlib.AbstractContextManager[str]]) -> Iterator[str]:
    """The address of one portal with the corpus for all of these tests."""
    with portal() as base:
        yield base
