"""A page that did not come whole removes nothing and overwrites nothing, of whatever API it is."""

from __future__ import annotations

import gzip
import os
import random
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.cli.conftest import account, call, stored
from tests.conftest import Handler
from tests.portal import Portal

pytestmark = pytest.mark.long

FILES = [{"downloadURL": "https://town.gov.uk/a.csv", "mediaType": "text/csv"}]
US = [{"identifier": f"town-{n}", "title": f"River levels {n}", "distribution": FILES} for n in range(6)]
UK = [{"id": f"p{n}", "name": f"p{n}", "title": f"Levels {n}", "resources": []} for n in range(6)]
# The path of the API, its kind, and how many requests a reading takes.
APIS = {
    "package_search": ("uk/town", "ckan", 3),
    "search": ("search", "datagov-search", 1),
    "hydra": ("catalog/town.jsonld", "dcat-rdf", 3),
}
# `make nightly` cuts at a thousand places.
CUTS = int(os.environ.get("AIVISION_CUTS", "6"))


class CutPages:
    """Serves a portal two records a page, with one page cut. page: its number. kept: the share of it that is sent."""

    def __init__(self) -> None:
        self._portal = Portal({"town": US}, {"town": UK}, most_rows=2, page=2)
        self.page, self.kept, self.transport, self.answered = 0, 1.0, "length", 0

    def serve_at(self, address: str) -> None:
        self._portal.address = address

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        found = self._portal.answer(handler.path, handler.headers)
        if urlsplit(handler.path).path != "/robots.txt":
            self.answered += 1
        whole, is_cut = found.body, self.answered == self.page
        sent = whole[: int(len(whole) * self.kept)] if is_cut else whole
        handler.send_response(found.status)
        handler.send_header("Content-Type", found.content_type)
        handler.send_header("Connection", "close")
        handler.close_connection = True
        if self.transport == "gzip":
            handler.send_header("Content-Encoding", "gzip")
            packed = gzip.compress(whole)
            sent = packed[: max(1, int(len(packed) * self.kept) - 1)] if is_cut else packed
        elif self.transport == "length":
            handler.send_header("Content-Length", str(len(whole)))
        handler.end_headers()
        handler.wfile.write(sent)
        if is_cut:
            # A page that is asked for again is cut again.
            self.answered -= 1


@pytest.mark.parametrize("transport", ["length", "gzip", "close"])
@pytest.mark.parametrize("api", APIS)
def test_a_page_that_was_cut_changes_nothing(
    api: str, transport: str, serve: Callable[[Handler], str], tmp_path: Path
) -> None:
    pages, folder = CutPages(), tmp_path / "out"
    address = serve(pages.answer)
    pages.serve_at(address)
    path, kind, requests = APIS[api]
    words = ("harvest", f"{address}/{path}", "--kind", kind, "--allow-host", "127.0.0.1", "--into", folder)
    done = call(*words)
    assert done.status == 0, done
    before: list[dict[str, Any]] = stored(folder)
    assert (len(before), pages.answered) == (6, requests)
    rng = random.Random(f"{api} {transport}")
    for _ in range(CUTS):
        pages.page, pages.kept, pages.transport = rng.randint(1, requests), rng.uniform(0.01, 0.999), transport
        pages.answered = 0
        done = call(*words)
        place = f"page {pages.page} cut to {pages.kept:.1%}"
        assert (done.status, account(folder)["state"]) == (2, "incomplete"), (place, done)
        assert account(folder)["counts"]["gone"] == account(folder)["counts"]["changed"] == 0, place
        assert stored(folder) == before, place
    pages.page = 0
    assert call(*words).status == 0
    assert account(folder)["counts"]["unchanged"] == 6
