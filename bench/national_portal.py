"""A portal as large as a country's: the search of catalog.data.gov over real records, repeated with new identifiers.

    python -m bench.national_portal --copies N [--corpus DIR]

It prints its address. `/search?per_page=&after=` gives the records; `/change?every=N&from=M` gives another title to one
of N from now on, starting with the Mth; `/identifiers` lists every identifier once. Records are kept as text, so that
the portal takes little of the machine that the harvest is measured on.
"""

from __future__ import annotations

import argparse
import http.server
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from bench import catalogues


class Served(NamedTuple):
    """A record as text. rest: its members but for title and identifier, as they stand in an object."""

    agency: str
    identifier: str
    title: str
    rest: str


class Portal:
    """Records of the corpus, `copies` times; one of `every` has another title, from the one at `first` on."""

    def __init__(self, corpus: Path, copies: int) -> None:
        self._served = [_served(name, row) for name, row in _rows(corpus)]
        self._number = copies * len(self._served)
        self.every, self.first = 0, 0

    def page(self, start: int, size: int) -> str:
        """An answer of the search."""
        end = min(start + size, self._number)
        after = f', "after": "{end}"' if end < self._number else ""
        return f'{{"results": [{", ".join(map(self._result, range(start, end)))}]{after}}}'

    def identifiers(self) -> Iterator[str]:
        """Every identifier once."""
        yield from {self._identifier(place) for place in range(self._number)}

    def _identifier(self, place: int) -> str:
        copy, row = divmod(place, len(self._served))
        return self._served[row].identifier + (f"-copy{copy}" if copy else "")

    def _result(self, place: int) -> str:
        record = self._served[place % len(self._served)]
        changed = self.every and place >= self.first and (place - self.first) % self.every == 0
        title = json.dumps(f"{record.title} (revised)" if changed else record.title)
        identifier, agency = json.dumps(self._identifier(place)), json.dumps(record.agency)
        return (
            f'{{"title": {title}, "slug": "{record.agency}-{place}", "identifier": {identifier}, '
            f'"organization": {{"slug": {agency}, "name": {agency}}}, '
            f'"dcat": {{"title": {title}, "identifier": {identifier}{record.rest}}}}}'
        )


def _rows(corpus: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for name in catalogues.agencies(corpus):
        for row in catalogues.records(corpus, [name]):
            yield name, row


def _served(agency: str, row: dict[str, Any]) -> Served:
    rest = json.dumps({key: value for key, value in row.items() if key not in ("identifier", "title")})[1:-1]
    return Served(agency, str(row.get("identifier")).strip(), str(row.get("title")), f", {rest}" if rest else "")


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    portal: Portal

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        path, words = urlsplit(self.path).path, dict(parse_qsl(urlsplit(self.path).query))
        match path:
            case "/search":
                self._answer(200, self.portal.page(int(words.get("after", 0)), int(words.get("per_page", 10))))
            case "/change":
                self.portal.every, self.portal.first = int(words["every"]), int(words["from"])
                self._answer(200, "{}")
            case "/identifiers":
                self._answer(200, json.dumps(list(self.portal.identifiers())))
            case _:
                self._answer(404, '{"error": "not found"}')

    def _answer(self, status: int, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=catalogues.CORPUS)
    parser.add_argument("--copies", type=int, required=True)
    parser.add_argument("--port", type=int, default=0, help="any free one where 0")
    options = parser.parse_args()
    _Handler.portal = Portal(options.corpus, options.copies)
    with http.server.ThreadingHTTPServer(("127.0.0.1", options.port), _Handler) as server:
        print(f"http://127.0.0.1:{server.server_port}", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
