"""A portal of the tests' own: serves records as the portals of both countries do, and goes wrong on request.

/data.json                          a DCAT-US catalogue
/search?per_page=&after=            the search of catalog.data.gov, with its cursor
/api/3/action/package_search        CKAN's action API, at most a hundred a page; package_show and package_list too
/catalog.jsonld?page=               DCAT in JSON-LD, page by page with Hydra's links
"""

from __future__ import annotations

import gzip
import json
import random
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

LARGEST_PAGE = 100
FAULTS = ("429", "500", "reset", "truncate", "slow", "garbage", "html", "bomb", "redirect-private")
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "hydra": "http://www.w3.org/ns/hydra/core#",
}


class Answer(NamedTuple):
    body: bytes
    status: int = 200
    content_type: str = "application/json"
    headers: Mapping[str, str] = {}


def as_json(value: Any, status: int = 200, content_type: str = "application/json") -> Answer:
    return Answer(json.dumps(value).encode(), status, content_type)


class Portal:
    """What is served. us: DCAT-US records. uk: CKAN packages. faults: the share of requests that go wrong so."""

    def __init__(
        self,
        us: Sequence[dict[str, Any]],
        uk: Sequence[dict[str, Any]],
        faults: Mapping[str, float] | None = None,
        seed: int = 0,
    ) -> None:
        self._us, self._uk, self._faults = us, uk, faults or {}
        self._random, self._lock = random.Random(seed), threading.Lock()
        self.stopped = threading.Event()
        self.address = ""

    def fault(self) -> str:
        """What goes wrong with the next request; nothing if empty."""
        with self._lock:
            return next((name for name, share in self._faults.items() if self._random.random() < share), "")

    def answer(self, url: str) -> Answer:
        """The answer to a request where nothing goes wrong."""
        path, words = urlsplit(url).path, dict(parse_qsl(urlsplit(url).query))
        if path == "/data.json":
            return as_json({"conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "dataset": self._us})
        if path == "/search":
            return self._search(int(words.get("per_page", 10)), int(words.get("after", 0)))
        if path == "/catalog.jsonld":
            return self._graph(int(words.get("page", 1)), 10)
        if path.startswith("/api/3/action/"):
            return self._action(path.rsplit("/", 1)[1], words)
        return as_json({"error": "not found"}, 404)

    def _search(self, size: int, start: int) -> Answer:
        rows = [
            {"title": record["title"], "slug": f"dataset-{number}", "identifier": record["identifier"], "dcat": record}
            for number, record in enumerate(self._us)
        ]
        after = {"after": str(start + size)} if start + size < len(rows) else {}
        return as_json({"results": rows[start : start + size], "sort": "relevance", **after})

    def _action(self, name: str, words: Mapping[str, str]) -> Answer:
        result: Any = None
        if name == "package_search":
            start, size = int(words.get("start", 0)), min(int(words.get("rows", 10)), LARGEST_PAGE)
            result = {"count": len(self._uk), "results": self._uk[start : start + size]}
        elif name == "package_list":
            result = [package["name"] for package in self._uk]
        elif name == "package_show":
            result = next((each for each in self._uk if words.get("id") in (each["id"], each["name"])), None)
        if result is None:
            return as_json({"success": False, "error": {"__type": "Not Found Error", "message": "Not found"}}, 404)
        return as_json({"success": True, "result": result})

    def _graph(self, page: int, size: int) -> Answer:
        base, last = f"{self.address}/catalog.jsonld", max(1, -(-len(self._us) // size))
        view: dict[str, Any] = {"@id": f"{base}?page={page}", "@type": "hydra:PagedCollection"}
        view |= {"hydra:totalItems": len(self._us), "hydra:lastPage": f"{base}?page={last}"}
        if page < last:
            view["hydra:nextPage"] = f"{base}?page={page + 1}"
        datasets = [
            {
                "@id": f"{base}#{record['identifier']}",
                "@type": "dcat:Dataset",
                "dct:identifier": record["identifier"],
                "dct:title": record["title"],
                "dct:description": record.get("description"),
                "dcat:keyword": record.get("keyword"),
            }
            for record in self._us[(page - 1) * size : page * size]
        ]
        catalogue = {"@id": base, "@type": "dcat:Catalog", "dcat:dataset": [{"@id": each["@id"]} for each in datasets]}
        return as_json({"@context": CONTEXT, "@graph": [catalogue, view, *datasets]}, 200, "application/ld+json")


def _broken(fault: str) -> Answer | None:
    """The whole answer of a fault that has one of its own."""
    if fault == "429":
        return Answer(b'{"error": "slow down"}', 429, headers={"Retry-After": "1"})
    if fault == "500":
        return Answer(b"Internal Server Error", 500, "text/plain")
    if fault == "garbage":
        return Answer(b'{"dataset": [{"title": "cut')
    if fault == "html":
        return Answer(b"<html><body><h1>Scheduled maintenance</h1></body></html>", 200, "text/html")
    if fault == "bomb":
        return Answer(gzip.compress(bytes(200 * 2**20), 9), headers={"Content-Encoding": "gzip"})
    if fault == "redirect-private":
        return Answer(b"", 302, headers={"Location": "http://169.254.169.254/latest/meta-data/"})
    return None


@contextmanager
def serve(portal: Portal) -> Iterator[str]:
    """Serves a portal on this machine until the end of the block; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            fault = portal.fault()
            if fault == "reset":
                self.close_connection = True
                return
            if fault == "slow":
                # Longer than any client waits; the end of the test ends it.
                portal.stopped.wait(60)
            answer = _broken(fault) or portal.answer(self.path)
            self.send_response(answer.status)
            headers = {"Content-Type": answer.content_type, "Content-Length": str(len(answer.body)), **answer.headers}
            for name, value in headers.items():
                self.send_header(name, value)
            cut = len(answer.body) // 2 if fault == "truncate" else len(answer.body)
            self.close_connection = fault == "truncate"
            try:
                self.end_headers()
                self.wfile.write(answer.body[:cut])
            except ConnectionError:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    portal.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield portal.address
    finally:
        portal.stopped.set()
        server.shutdown()
        thread.join()
        server.server_close()
