"""A real Chromium on the really served site; skipped with the reason where there is none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    path = next((found for name in _NAMES if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("no Chromium is installed; on Debian: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # Root has no user namespace to put the sandbox into.
        options = ["--no-sandbox"] if os.geteuid() == 0 else []
        running = playwright.chromium.launch(executable_path=path, args=["--disable-gpu", *options])
        yield running
        running.close()


@pytest.fixture(params=[(1280, 900), (390, 844)], ids=["wide", "narrow"])
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
