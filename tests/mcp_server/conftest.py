"""Harvests that the tools are answered from, and servers of their own processes."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import COMMAND, aivision


@pytest.fixture(scope="module")
def harvests(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Harvests of a US and a UK source."""
    folder = tmp_path_factory.mktemp("harvests")
    for name in ("sample-us", "sample-uk"):
        assert aivision("harvest", name, "--into", folder / name).status == 0
    return [folder / "sample-us", folder / "sample-uk"]


@pytest.fixture(scope="module")
def by_stdio(harvests: list[Path]) -> Any:
    """How to start a server that speaks over its standard input and output."""
    from mcp import StdioServerParameters

    return StdioServerParameters(command=str(COMMAND), args=["mcp", *map(str, harvests)])


@pytest.fixture(scope="module")
def by_http(harvests: list[Path]) -> Iterator[str]:
    """The address of a server of its own process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(COMMAND), "mcp", *map(str, harvests), "--http", "--port", str(port)]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as server:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert server.poll() is None, server.stderr.read() if server.stderr else ""
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/mcp"
        server.terminate()
