"""A portal of the tests' own: serves catalogues as the portals of both countries do, and goes wrong on request.

/us/NAME/data.json                      a DCAT-US catalogue, with ETag and Last-Modified
/search?org_slug=&per_page=&after=      the search of catalog.data.gov, with its cursor
/uk/NAME/api/3/action/package_search    CKAN's action API (NAME `all`: every catalogue); package_show, package_list
/catalog/NAME.jsonld?page=              DCAT in JSON-LD, page by page with Hydra's links
/_log                                   the requests so far: path and status
"""

from __future__ import annotations

import email.utils
import gzip
import hashlib
import json
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, urlsplit

from tests.corpora import catalogues_of, copies_of

FAULTS = ("429", "500", "reset", "truncate", "slow", "garbage", "html", "bomb", "redirect-private")
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "hydra": "http://www.w3.org/ns/hydra/core#",
}
MODIFIED = email.utils.formatdate(1_700_000_000, usegmt=True)

Record = dict[str, Any]


class Answer(NamedTuple):
    body: bytes
    status: int = 200
    content_type: str = "application/json"
    headers: Mapping[str, str] = {}


NOT_FOUND = Answer(b'{"error": "not found"}', 404)


def as_json(value: Any, status: int = 200, content_type: str = "application/json") -> Answer:
    return Answer(json.dumps(value).encode(), status, content_type)


class QuietServer(ThreadingHTTPServer):
    """Does not complain of clients that leave, which is what some tests are about."""

    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def serve_answers(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    """Answers HEAD, GET and POST on this machine with what a function does, until the end of the block; its address."""

    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            with suppress(ConnectionError):
                answer(self)

        def do_HEAD(self) -> None:
            self.do_GET()

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    server = QuietServer(("127.0.0.1", 0), Answering)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


class Portal:
    """What is served.

    us, uk: DCAT-US records and CKAN packages by the name of their catalogue. faults: the share of requests that go
    wrong in each way, 0 to 1. latency: seconds before each answer. most_rows: of a page of CKAN's. page: datasets of
    a page in RDF.
    """

    def __init__(
        self,
        us: Mapping[str, Sequence[Record]],
        uk: Mapping[str, Sequence[Record]],
        faults: Mapping[str, float] | None = None,
        seed: int = 0,
        latency: float = 0.0,
        most_rows: int = 1000,
        page: int = 100,
    ) -> None:
        self._us, self._faults, self._latency = us, faults or {}, latency
        self._uk = {**uk, "all": [package for packages in uk.values() for package in packages]}
        self._most_rows, self._page = most_rows, page
        self._random, self._lock = random.Random(seed), threading.Lock()
        self._documents: dict[str, bytes] = {}
        self._log: list[dict[str, Any]] = []
        self.stopped = threading.Event()
        self.address = ""

    def wait(self) -> None:
        time.sleep(self._latency)

    def note(self, path: str, status: int) -> None:
        """Adds an answer to the log; a connection that was reset has the status 0."""
        with self._lock:
            self._log.append({"path": path, "status": status})

    def fault(self) -> str:
        """What goes wrong with the next request; nothing if empty."""
        with self._lock:
            return next((name for name, share in self._faults.items() if self._random.random() < share), "")

    def answer(self, url: str, conditions: Mapping[str, str]) -> Answer:
        """The answer to a request where nothing goes wrong. conditions: its headers."""
        path, words = urlsplit(url).path, dict(parse_qsl(urlsplit(url).query))
        match path.strip("/").split("/"):
            case ["us", name, "data.json"] if name in self._us:
                return self._document(name, conditions)
            case ["search"]:
                return self._search(words)
            case ["uk", name, "api", "3", "action", action] if name in self._uk:
                return self._action(self._uk[name], action, words)
            case ["catalog", file] if file.removesuffix(".jsonld") in self._us:
                return self._graph(file.removesuffix(".jsonld"), int(words.get("page", 1)))
            case ["_log"]:
                return as_json(self._log)
        return NOT_FOUND

    def _document(self, name: str, conditions: Mapping[str, str]) -> Answer:
        if name not in self._documents:
            catalogue = {"conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "dataset": self._us[name]}
            self._documents[name] = json.dumps(catalogue).encode()
        body = self._documents[name]
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if conditions.get("If-None-Match") == tag or conditions.get("If-Modified-Since") == MODIFIED:
            return Answer(b"", 304, headers={"ETag": tag})
        return Answer(body, headers={"ETag": tag, "Last-Modified": MODIFIED})

    def _search(self, words: Mapping[str, str]) -> Answer:
        size, start = int(words.get("per_page", 10)), int(words.get("after", 0))
        if not 1 <= size <= 1000:
            return as_json({"error": "Search failed", "message": "per_page must be between 1 and 1000"}, 400)
        wanted = words.get("org_slug")
        rows = [(name, row) for name, rows in self._us.items() if wanted in (None, name) for row in rows]
        results = [
            {
                "title": record.get("title"),
                "slug": f"{name}-{start + place}",
                "description": record.get("description"),
                "identifier": record.get("identifier"),
                "organization": {"slug": name, "name": name.upper()},
                "dcat": record,
            }
            for place, (name, record) in enumerate(rows[start : start + size])
        ]
        after = {"after": str(start + size)} if start + size < len(rows) else {}
        return as_json({"results": results, "sort": "relevance", **after})

    def _action(self, packages: Sequence[Record], name: str, words: Mapping[str, str]) -> Answer:
        result: Any = None
        if name == "package_search":
            start, size = int(words.get("start", 0)), min(int(words.get("rows", 10)), self._most_rows)
            result = {"count": len(packages), "results": packages[start : start + size], "facets": {}, "sort": ""}
        elif name == "package_list":
            result = [package["name"] for package in packages]
        elif name == "package_show":
            result = next((each for each in packages if words.get("id") in (each["id"], each["name"])), None)
        if result is None:
            return as_json({"success": False, "error": {"__type": "Not Found Error", "message": "Not found"}}, 404)
        return as_json({"help": "", "success": True, "result": result})

    def _graph(self, name: str, page: int) -> Answer:
        records, base = self._us[name], f"{self.address}/catalog/{name}.jsonld"
        last = max(1, -(-len(records) // self._page))
        view: Record = {"@id": f"{base}?page={page}", "@type": "hydra:PagedCollection"}
        view |= {"hydra:totalItems": len(records), "hydra:lastPage": f"{base}?page={last}"}
        if page < last:
            view["hydra:nextPage"] = f"{base}?page={page + 1}"
        datasets = [_in_rdf(record, base) for record in records[(page - 1) * self._page : page * self._page]]
        catalogue = {"@id": base, "@type": "dcat:Catalog", "dcat:dataset": [{"@id": each["@id"]} for each in datasets]}
        return as_json({"@context": CONTEXT, "@graph": [catalogue, view, *datasets]}, 200, "application/ld+json")


def _in_rdf(record: Record, base: str) -> Record:
    """A DCAT-US record as a node of JSON-LD."""
    identifier, licence = str(record.get("identifier")), str(record.get("license", ""))
    address = identifier if identifier.startswith("http") else f"{base}#{quote(identifier)}"
    files = [item for item in record.get("distribution") or [] if isinstance(item, dict)]
    return {
        "@id": address,
        "@type": "dcat:Dataset",
        "dct:identifier": record.get("identifier"),
        "dct:title": record.get("title"),
        "dct:description": record.get("description"),
        "dcat:keyword": record.get("keyword"),
        "dct:modified": record.get("modified"),
        "dct:license": {"@id": licence} if licence.startswith("http") else None,
        "dct:publisher": {"@type": "foaf:Agent", "foaf:name": (record.get("publisher") or {}).get("name")},
        "dcat:distribution": [
            {
                "@type": "dcat:Distribution",
                "dct:title": item.get("title"),
                "dcat:mediaType": item.get("mediaType"),
                "dct:format": item.get("format"),
                "dcat:accessURL": {"@id": url},
            }
            for item in files
            if (url := item.get("downloadURL") or item.get("accessURL"))
        ],
    }


def portal_of(corpus: Path, copies: int = 1, **options: Any) -> Portal:
    """A portal with the catalogues of a corpus, each `copies` times over. options: those of `Portal`."""
    us, uk = (
        {name: copies_of(records, copies, key) for name, records in catalogues_of(corpus, country).items()}
        for country, key in (("us", "identifier"), ("uk", "id"))
    )
    return Portal(us, uk, **options)


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
            portal.wait()
            fault = "" if self.path == "/_log" else portal.fault()
            if fault == "reset":
                portal.note(self.path, 0)
                self.close_connection = True
                return
            if fault == "slow":
                # Longer than any client waits; the end of the test ends it.
                portal.stopped.wait(60)
            answer = _broken(fault) or portal.answer(self.path, self.headers)
            portal.note(self.path, answer.status)
            self._send(answer, len(answer.body) // 2 if fault == "truncate" else len(answer.body))
            self.close_connection = self.close_connection or fault == "truncate"

        def do_HEAD(self) -> None:
            self._send(portal.answer(self.path, self.headers), 0)

        def _send(self, answer: Answer, until: int) -> None:
            self.send_response(answer.status)
            headers = {"Content-Type": answer.content_type, "Content-Length": str(len(answer.body)), **answer.headers}
            for name, value in headers.items():
                self.send_header(name, value)
            try:
                self.end_headers()
                self.wfile.write(answer.body[:until])
            except ConnectionError:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = QuietServer(("127.0.0.1", 0), Handler)
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
