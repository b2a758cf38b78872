"""schema.org by sitemap: the pages that a site lists, as robots.txt allows, and again only those that have changed."""

from __future__ import annotations

import datetime
import gzip
import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

import msgspec
import pytest
from tests.harvesters.listed_portals import DAY, NOON

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.http.clock import Clock
from ckanext.aivision.harvesters.http.limits import Limits
from ckanext.aivision.harvesters.open_source import Harvest
from ckanext.aivision.harvesters.sources.source_state import SourceState

Serve = Callable[[Callable[[BaseHTTPRequestHandler], None]], str]
Start = Callable[..., Harvest]


class Site:
    """A site whose pages describe a dataset each; those without one have no number.

    robots: its robots.txt. broken: path -> the status of its answer.
    """

    def __init__(self, count: int) -> None:
        self.changed: dict[str, datetime.datetime | None] = {f"/dataset/{n}": NOON - n * DAY for n in range(count)}
        self.robots, self.base = "", ""
        self.others: list[str] = []
        self.broken: dict[str, int] = {}
        self.cut = False
        self.index = False
        self.asked: list[str] = []

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        self.base = f"http://{request.headers['Host']}"
        self.asked.append(request.path)
        status, body = self.broken.get(request.path, 200), b""
        if request.path == "/robots.txt":
            status, body = (200, self.robots.encode()) if self.robots else (404, b"")
        elif request.path == "/sitemap.xml":
            body = (self.sitemaps() if self.index else self.pages()).encode()
        elif request.path == "/pages.xml.gz":
            body = gzip.compress(self.pages().encode())
        elif status == 200:
            body = self.page(request.path).encode()
        request.send_response(status)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    def pages(self) -> str:
        dates = {path: f"<lastmod>{day.isoformat()}</lastmod>" if day else "" for path, day in self.changed.items()}
        entries = [f"<url><loc>{self.base}{path}</loc>{day}</url>" for path, day in dates.items()]
        entries += [f"<url><loc>{url}</loc></url>" for url in self.others]
        text = f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{"".join(entries)}'
        return text if self.cut else f"{text}</urlset>\n"

    def sitemaps(self) -> str:
        return f"<sitemapindex><sitemap><loc>{self.base}/pages.xml.gz</loc></sitemap></sitemapindex>"

    def page(self, path: str) -> str:
        number = path.rpartition("/")[2]
        if not number.isdecimal():
            return "<html><h1>News</h1></html>"
        node: dict[str, Any] = {"@context": "https://schema.org", "@type": "Dataset", "name": f"River {number}"}
        return f'<html><script type="application/ld+json">{json.dumps(node)}</script></html>'


class Reader:
    def __init__(self, site: Site, serve: Serve, harvest: Start) -> None:
        self.site, self.harvest = site, harvest
        self.base = serve(site)
        self.time, self.slept = NOON, list[float]()
        self.state: SourceState | None = None

    def start(self, path: str = "/sitemap.xml", **stated: Any) -> Harvest:
        self.site.asked.clear()
        clock = Clock(lambda: self.time, self.slept.append)
        stated = {"kind": "schema-org", "limits": Limits(retries=0), **stated}
        return self.harvest(f"{self.base}{path}", state=self.state, clock=clock, **stated)

    def read(self, path: str = "/sitemap.xml", **stated: Any) -> tuple[Harvest, list[str]]:
        reading = self.start(path, **stated)
        found = [record.dataset.title for record in reading if record.dataset is not None]
        self.state = msgspec.json.decode(msgspec.json.encode(reading.state), type=SourceState)
        return reading, found


@pytest.fixture
def reader(serve: Serve, harvest: Start) -> Callable[[int], Reader]:
    return lambda count: Reader(Site(count), serve, harvest)


def rivers(*numbers: int) -> list[str]:
    return [f"River {number}" for number in numbers]


@pytest.mark.parametrize("index", [False, True])
def test_every_page_of_a_sitemap_or_of_an_index_of_them_is_read(index: bool, reader: Callable[[int], Reader]) -> None:
    it = reader(3)
    it.site.index = index
    reading, found = it.read()
    assert found == rivers(0, 1, 2)
    assert (reading.complete, reading.source.kind) == (True, "schema-org")
    assert it.site.asked.count("/robots.txt") == 1


def test_a_dataset_without_a_name_of_its_own_is_known_by_its_page(reader: Callable[[int], Reader]) -> None:
    it = reader(1)
    [record] = it.start()
    assert record.dataset is not None
    assert (record.identifier, record.dataset.landing_page) == (f"{it.base}/dataset/0", f"{it.base}/dataset/0")
    assert record.where == f"{it.base}/dataset/0, JSON-LD 1: $"


def test_a_sitemap_and_a_page_of_no_stated_kind_are_known(reader: Callable[[int], Reader]) -> None:
    it = reader(2)
    assert it.read(kind="")[1] == rivers(0, 1)
    assert it.read("/dataset/1", kind="")[1] == rivers(1)


def test_only_pages_that_have_changed_are_read_again(reader: Callable[[int], Reader]) -> None:
    it = reader(20)
    it.read()
    it.time += DAY
    it.site.changed["/dataset/9"] = it.time
    reading, found = it.read()
    assert found == rivers(0, 1, 9)
    assert (reading.complete, reading.incremental) == (False, True)


def test_a_sitemap_that_tells_no_dates_is_read_in_full_each_time(reader: Callable[[int], Reader]) -> None:
    it = reader(3)
    it.site.changed = dict.fromkeys(it.site.changed)
    it.read()
    it.time += DAY
    reading, found = it.read()
    assert (found, reading.complete) == (rivers(0, 1, 2), True)


def test_what_robots_txt_forbids_and_what_is_elsewhere_is_not_fetched_and_said(
    reader: Callable[[int], Reader],
) -> None:
    it = reader(3)
    it.site.robots = "User-agent: *\nDisallow: /dataset/1\nCrawl-delay: 2\n"
    it.site.others = ["http://169.254.169.254/latest/meta-data/"]
    it.site.changed["/news"] = NOON
    reading, found = it.read()
    assert found == rivers(0, 2)
    assert "/dataset/1" not in it.site.asked
    assert [remark.code for remark in reading.remarks][:3] == [
        "pages-without-dataset",
        "pages-elsewhere",
        "pages-not-allowed",
    ]
    assert set(it.slept) == {2.0}


def test_a_sitemap_that_robots_txt_forbids_is_not_read(reader: Callable[[int], Reader]) -> None:
    it = reader(1)
    it.site.robots = "User-agent: *\nDisallow: /\n"
    with pytest.raises(SourceError, match=r"robots\.txt"):
        it.read()
    assert it.site.asked == ["/robots.txt"]


def test_a_sitemap_that_was_cut_is_an_error_and_nothing_is_gone(reader: Callable[[int], Reader]) -> None:
    it = reader(3)
    it.site.cut = True
    reading = it.start()
    with pytest.raises(SourceError, match="ends in the middle"):
        list(reading)
    assert not reading.complete


def test_a_page_that_cannot_be_had_is_told_and_its_dataset_is_not_taken_for_gone(
    reader: Callable[[int], Reader],
) -> None:
    it = reader(3)
    it.site.broken = {"/dataset/1": 500}
    reading = it.start()
    records = list(reading)
    assert [record.dataset is not None for record in records] == [True, False, True]
    assert records[1].problems[0].code == "page-unreadable"
    assert (reading.complete, reading.incremental) == (False, True)


def test_a_page_that_is_gone_takes_its_dataset_with_it(reader: Callable[[int], Reader]) -> None:
    it = reader(3)
    it.site.broken = {"/dataset/1": 404}
    reading, found = it.read()
    assert (found, reading.complete) == (rivers(0, 2), True)


def test_a_site_that_gives_no_page_is_left_after_twenty(reader: Callable[[int], Reader]) -> None:
    it = reader(30)
    it.site.broken = {f"/dataset/{number}": 503 for number in range(30)}
    with pytest.raises(SourceError, match="20 pages in a row"):
        it.read()


def test_a_reading_that_breaks_off_goes_on_behind_its_last_page(reader: Callable[[int], Reader]) -> None:
    it = reader(10)
    records = iter(reading := it.start())
    for _ in range(4):
        next(records)
    it.state = reading.state
    reading, found = it.read()
    assert found == rivers(*range(3, 10))
    assert (reading.complete, reading.incremental) == (False, True)


def test_a_sample_reads_a_few_pages_of_a_large_site(reader: Callable[[int], Reader]) -> None:
    it = reader(0)
    it.site.changed = dict.fromkeys(f"/news-{number}" for number in range(100))
    reading, found = it.read(limit=5)
    assert (found, reading.complete) == ([], False)
    assert len(it.site.asked) < 30
