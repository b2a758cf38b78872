"""Portals of the products whose lists come page by page, as their documentation says that they answer.

Each serves numbered records with the date of their last change, and what goes wrong is set on it.
"""

from __future__ import annotations

import datetime
import json
import urllib.parse
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

import msgspec

from ckanext.aivision.harvesters.http.clock import Clock
from ckanext.aivision.harvesters.http.limits import Limits
from ckanext.aivision.harvesters.open_source import Harvest
from ckanext.aivision.harvesters.sources.source_state import SourceState

NOON = datetime.datetime(2026, 11, 1, 12, tzinfo=datetime.timezone.utc)
DAY = datetime.timedelta(days=1)
Query = dict[str, str]
Serve = Callable[[Callable[[BaseHTTPRequestHandler], None]], str]
Start = Callable[..., Harvest]
ONCE = Limits(retries=0)


class ListedPortal:
    """A portal with `count` records, one changed each day, the first one today.

    total: what it says it has, if that is a lie. most_rows: of a page, whatever is asked. repeats: whether it gives the
    first page whatever is asked. sorts: whether it sorts by the last change if it is asked to. endless: whether every
    page has new records. before_page: called with the number of the request. broken: answers a request in its place.
    """

    kind = ""
    path = ""
    most_rows = 4

    def __init__(self, count: int) -> None:
        self.numbers = list(range(count))
        self.changed = {number: NOON - number * DAY for number in range(count)}
        self.total: int | None = None
        self.repeats = self.endless = False
        self.sorts = True
        self.asked: list[Query] = []
        self.before_page: Callable[[int], None] = lambda number: None
        self.broken: Callable[[BaseHTTPRequestHandler], bool] = lambda request: False

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        if self.broken(request):
            return
        parts = urllib.parse.urlsplit(request.path)
        query = dict(urllib.parse.parse_qsl(parts.query, keep_blank_values=True))
        self.before_page(len(self.asked))
        self.asked.append(query)
        send(request, self.answer(query, f"http://{request.headers['Host']}{parts.path}"))

    def answer(self, query: Query, address: str) -> Any:
        raise NotImplementedError

    def page(self, start: int, limit: int, newest_first: bool) -> list[int]:
        if self.endless:
            return list(range(start, start + min(limit, self.most_rows)))
        numbers = self.numbers
        if newest_first and self.sorts:
            numbers = sorted(numbers, key=lambda number: self.changed[number], reverse=True)
        start = 0 if self.repeats else start
        return numbers[start : start + min(limit, self.most_rows)]

    @property
    def stated(self) -> int:
        return 10**6 if self.endless else len(self.numbers) if self.total is None else self.total

    def date(self, number: int) -> datetime.datetime:
        return self.changed.get(number, NOON)

    @staticmethod
    def identifier(number: int) -> str:
        return f"aaaa-{number:04}"


class Socrata(ListedPortal):
    """Pages by number or by the identifier of the last record (https://dev.socrata.com/docs/other/discovery)."""

    kind, path = "socrata", "/api/catalog/v1"
    # A page that is shorter than asked is the last one.
    most_rows = 1000

    def answer(self, query: Query, address: str) -> Any:
        limit = int(query["limit"])
        if "scroll_id" in query:
            behind = [n for n in self.numbers if self.identifier(n) > query["scroll_id"]]
            start = len(self.numbers) - len(behind)
            if self.endless:
                start = int(query["scroll_id"].rpartition("-")[2] or -1) + 1
            numbers = self.page(start, limit, newest_first=False)
        else:
            numbers = self.page(int(query["offset"]), limit, query.get("order") == "updatedAt DESC")
        return {"results": [self.record(number) for number in numbers], "resultSetSize": self.stated}

    def record(self, number: int) -> Any:
        resource = {"id": self.identifier(number), "name": f"River {number}", "type": "dataset"}
        changed = self.date(number).isoformat().replace("+00:00", ".000Z")
        return {
            "resource": {**resource, "updatedAt": changed, "data_updated_at": changed},
            "classification": {},
            "metadata": {"domain": "rivers.example.gov"},
            "permalink": f"https://rivers.example.gov/d/{self.identifier(number)}",
        }


class Opendatasoft(ListedPortal):
    """Pages by number (https://help.opendatasoft.com/apis/ods-explore-v2/)."""

    kind, path = "opendatasoft", "/api/explore/v2.1/catalog/datasets"

    def answer(self, query: Query, address: str) -> Any:
        if address.endswith("/exports/json"):
            return [self.record(number) for number in self.numbers]
        newest_first = query["order_by"] == "default.metadata_processed desc"
        numbers = self.page(int(query["offset"]), int(query["limit"]), newest_first)
        return {"total_count": self.stated, "results": [self.record(number) for number in numbers]}

    def record(self, number: int) -> Any:
        basic = {"title": f"River {number}", "metadata_processed": self.date(number).isoformat()}
        return {"dataset_id": self.identifier(number), "has_records": True, "metas": {"default": basic}, "fields": []}


class Features(ListedPortal):
    """Pages with a link to the next one (OGC 17-069r4, 7.15.6)."""

    other_host = ""

    def answer(self, query: Query, address: str) -> Any:
        start, limit = int(query.get("startindex", 1)) - 1, int(query["limit"])
        newest_first = query.get("sortby") == "-updated" or query.get("sortBy") == "-properties.modified"
        numbers = self.page(start, limit, newest_first)
        after = start + len(numbers)
        links = []
        if numbers and (self.endless or self.repeats or after < len(self.numbers)):
            following = {**query, "startindex": str(after + 1)}
            links = [{"rel": "next", "href": f"{self.other_host or address}?{urllib.parse.urlencode(following)}"}]
        features = [
            {"type": "Feature", "id": self.identifier(number), "geometry": None, "properties": self.properties(number)}
            for number in numbers
        ]
        return {"type": "FeatureCollection", "numberMatched": self.stated, "features": features, "links": links}

    def properties(self, number: int) -> Any:
        raise NotImplementedError


class ArcgisHub(Features):
    kind, path = "arcgis-hub", "/api/search/v1/collections/dataset/items"

    def properties(self, number: int) -> Any:
        modified = int(self.date(number).timestamp() * 1000)
        return {"title": f"River {number}", "type": "CSV", "snippet": "", "orgId": "Q", "modified": modified}


class OgcRecords(Features):
    kind, path = "ogc-records", "/collections/main/items"

    def properties(self, number: int) -> Any:
        return {"title": f"River {number}", "keywords": ["rivers"], "updated": self.date(number).isoformat()}


PORTALS: dict[str, type[ListedPortal]] = {one.kind: one for one in (Socrata, Opendatasoft, ArcgisHub, OgcRecords)}


class Reader:
    """Reads one portal again and again, at the times of its own clock."""

    def __init__(self, portal: ListedPortal, serve: Serve, harvest: Start) -> None:
        self.portal, self.url, self.harvest = portal, serve(portal), harvest
        self.time = NOON
        self.state: SourceState | None = None

    def start(self, limits: Limits = ONCE, **stated: Any) -> Harvest:
        self.portal.asked.clear()
        clock = Clock(lambda: self.time, lambda seconds: None)
        url = f"{self.url}{self.portal.path}"
        return self.harvest(url, kind=self.portal.kind, state=self.state, clock=clock, limits=limits, **stated)

    def read(self, limits: Limits = ONCE, **stated: Any) -> tuple[Harvest, list[str]]:
        reading = self.start(limits, **stated)
        found = [str(record.identifier) for record in reading]
        self.state = msgspec.json.decode(msgspec.json.encode(reading.state), type=SourceState)
        return reading, found


def identifiers(numbers: range | list[int]) -> list[str]:
    return [ListedPortal.identifier(number) for number in numbers]


def send(request: BaseHTTPRequestHandler, answer: Any, status: int = 200, **headers: str) -> None:
    """Sends JSON, or text as it is."""
    body = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
    request.send_response(status)
    for name, value in {**{key.replace("_", "-"): text for key, text in headers.items()}}.items():
        request.send_header(name, value)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)
