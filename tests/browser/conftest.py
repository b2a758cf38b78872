"""Pages of a real Chromium on the really served site."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

SCREENS = WIDE, NARROW = (1280, 900), (390, 844)
# For a long journey, whose pages are looked at `on_each_screen`: the whole of it on a phone nightly.
WIDE_BY_DAY = pytest.mark.parametrize(
    "page",
    [pytest.param(WIDE, id="wide"), pytest.param(NARROW, id="narrow", marks=pytest.mark.nightly)],
    indirect=True,
)


def on_each_screen(page: Any) -> Iterator[None]:
    """The same page wide and as on a phone; it is as wide as before afterwards."""
    before = page.viewport_size
    for width, height in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": height})
        yield
    page.set_viewport_size(before)


@pytest.fixture(params=SCREENS, ids=["wide", "narrow"])
def page(request: pytest.FixtureRequest, browser: Any) -> Iterator[Any]:
    """A page of its own session, wide and as on a phone. What it loads from another host fails the test."""
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height})
    context.set_default_timeout(30_000)
    opened = context.new_page()
    foreign: list[str] = []
    opened.on("request", lambda asked: None if _is_ours(asked.url) else foreign.append(asked.url))
    yield opened
    context.close()
    assert foreign == []


def _is_ours(url: str) -> bool:
    return url.startswith(("http://127.0.0.1:", "data:", "blob:", "about:"))
