"""The official client of MCP, as tests use it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from mcp import Client


def session(server: Any, use: Callable[[Client], Any]) -> Any:
    """What a client makes of a server."""

    async def run() -> Any:
        async with Client(server, read_timeout_seconds=120) as client:
            return await use(client)

    # In a thread of its own: tests in a browser leave an event loop in the one that tests run in.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, run()).result(300)


def call(server: Any, tool: str, **arguments: Any) -> Any:
    """The answer of a tool; the text of its error where it refuses."""

    async def use(client: Client) -> Any:
        answer = await client.call_tool(tool, arguments)
        (content,) = answer.content
        return content.text if answer.is_error else json.loads(content.text)

    return session(server, use)
