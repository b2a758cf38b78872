"""The catalogues that both sides harvest, written from the corpus of real metadata and served as plain files."""

from __future__ import annotations

import contextlib
import functools
import gzip
import http.server
import json
import threading
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import ijson

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"


def agencies(corpus: Path) -> list[str]:
    return sorted(path.name.split(".")[0] for path in (corpus / "us").glob("*.data.json.gz"))


def write_us(path: Path, corpus: Path, names: Sequence[str], most: int | None = None, change_every: int = 0) -> int:
    """Writes one DCAT-US 1.1 catalogue of agencies' records, as they are, and returns how many they are.

    most: no more than so many. change_every: one of so many gets another title; 0 changes none. The records pass
    through one at a time: what this process holds would be taken for its children's.
    """
    count = 0
    with open(path, "w", encoding="utf-8") as file:
        file.write('{"conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "dataset": [')
        for record in islice(records(corpus, names), most):
            if change_every and count % change_every == 0:
                record["title"] = f"{record.get('title')} (revised)"
            file.write((",\n" if count else "\n") + json.dumps(record, ensure_ascii=False))
            count += 1
        file.write("\n]}\n")
    return count


def records(corpus: Path, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The records of agencies, one at a time."""
    for name in names:
        with gzip.open(corpus / "us" / f"{name}.data.json.gz") as file:
            yield from ijson.items(file, "dataset.item", use_float=True)


def write_rdf(path: Path, corpus: Path, name: str) -> int:
    """Writes a council's DCAT-AP catalogue in JSON-LD as it is and returns how many datasets it has."""
    body = gzip.decompress((corpus / "dcat" / f"{name}.jsonld.gz").read_bytes())
    path.write_bytes(body)
    return len(json.loads(body)["dcat:dataset"])


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serves a folder's files on loopback and gives the address. What follows a question mark changes nothing."""
    handler = functools.partial(_Files, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join(5)


class _Files(http.server.SimpleHTTPRequestHandler):
    extensions_map = {".json": "application/json", ".jsonld": "application/ld+json"}  # noqa: RUF012

    def log_message(self, format: str, *args: Any) -> None:
        pass
