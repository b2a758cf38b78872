"""Pages of a real Chromium on the really served site."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

_POLICY = "Content Security Policy"


@pytest.fixture(params=[(1280, 900), (390, 844)], ids=["wide", "narrow"])
def page(request: pytest.FixtureRequest, browser: Any) -> Iterator[Any]:
    """A page of its own session, wide and as on a phone.

    What it loads from another host, and what its own policy (Content-Security-Policy) refuses, fails the test.
    """
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height})
    context.set_default_timeout(30_000)
    opened = context.new_page()
    foreign: list[str] = []
    refused: list[str] = []
    opened.on("console", lambda message: refused.append(message.text) if _POLICY in message.text else None)
    opened.on("request", lambda asked: None if _is_ours(asked.url) else foreign.append(asked.url))
    yield opened
    context.close()
    assert foreign == []
    assert refused == []


def _is_ours(url: str) -> bool:
    return url.startswith(("http://127.0.0.1:", "data:", "blob:", "about:"))
