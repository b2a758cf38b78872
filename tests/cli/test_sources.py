"""`aivision sources`: list, check and discover sources."""

from __future__ import annotations

import json
import urllib.parse
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.cli.conftest import call

from ckanext.aivision.harvesters.discovery import Found, new, plain_line, row
from ckanext.aivision.harvesters.sources.source import load_sources, sources_of

Serve = Callable[[Callable[[BaseHTTPRequestHandler], None]], str]
LOCAL = ("--allow-host", "127.0.0.1")


def send(request: BaseHTTPRequestHandler, answer: Any, status: int = 200, **headers: str) -> None:
    body = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
    request.send_response(status)
    for name, value in {**headers, "Content-Length": str(len(body))}.items():
        request.send_header(name, value)
    request.end_headers()
    request.wfile.write(body)


def record(number: int, **members: Any) -> dict[str, Any]:
    return {"identifier": f"agency-{number}", "title": f"Weekly river levels, station {number}", **members}


def checked(*words: str) -> tuple[int, dict[str, Any]]:
    done = call("sources", "check", *words, "--format", "json", *LOCAL)
    assert done.status in (0, 1), done.err
    return done.status, json.loads(done.out)


class TestList:
    def test_every_configured_source_is_listed_with_where_it_is(self) -> None:
        done = call("sources", "list", "--format", "json")
        rows = [json.loads(line) for line in done.out.splitlines()]
        assert done.status == 0
        assert {row["name"]: row["url"] for row in rows} == {name: s.url for name, s in load_sources().items()}

    def test_one_country_alone_can_be_listed(self) -> None:
        done = call("sources", "list", "--country", "GB")
        assert "data.gov.uk" in done.out
        assert "opm.gov" not in done.out


class TestCheck:
    def test_an_agencys_document_is_told_with_its_size_score_and_manners(self, address: str) -> None:
        status, report = checked(f"{address}/us/lakes/data.json")
        assert status == 0
        assert (report["kind"], report["profile"], report["country"]) == ("dcat-us", "dcat-us-1.1", "US")
        assert (report["datasets"], report["read"], report["whole"], report["refused"]) == (125, 125, True, 0)
        assert len(report["titles"]) == 5
        assert 0 < report["mean_score"] < 100
        assert report["conditional"] == {"etag": True, "last_modified": True, "honoured": True}
        assert report["robots"]["rule"] == "none"

    @pytest.mark.long
    def test_a_portals_total_is_known_though_only_a_sample_is_read(self, address: str) -> None:
        status, report = checked(f"{address}/uk/all", "--kind", "ckan")
        assert status == 0
        assert (report["kind"], report["country"]) == ("ckan", "GB")
        assert report["datasets"] > report["read"] == 200
        assert (report["whole"], report["requests"], report["conditional"]) == (False, 1, None)

    @pytest.mark.long
    def test_the_search_says_no_total_before_its_end(self, address: str) -> None:
        url = f"{address}/search?org_slug=harbors"
        assert checked(url)[1]["datasets"] is None
        status, report = checked(url, "--all")
        assert (status, report["kind"], report["datasets"], report["read"]) == (0, "datagov-search", 225, 225)

    def test_refused_and_repaired_records_are_counted_by_reason_with_the_first_of_each(self, tmp_path: Path) -> None:
        path = tmp_path / "data.json"
        records = [record(1), record(2, title=" "), record(3, title=""), record(1), record(5, keyword={"a": 1})]
        path.write_text(json.dumps({"dataset": records}))
        status, report = checked(str(path))
        assert status == 1
        assert (report["read"], report["refused"], report["warned"], report["robots"]) == (5, 3, 1, None)
        assert {row["code"]: row["records"] for row in report["refusals"]} == {
            "title-missing": 2,
            "identifier-repeated": 1,
        }
        assert report["refusals"][0]["example"]["where"] == "$.dataset[1].title"
        assert [row["code"] for row in report["warnings"]] == ["unexpected-type"]
        assert report["problems"] == ["3 of 5 records would be refused"]

    def test_a_person_gets_it_in_words(self, tmp_path: Path) -> None:
        path = tmp_path / "data.json"
        path.write_text(json.dumps({"dataset": [record(1, title="[bold]Rivers[/bold]")]}))
        done = call("sources", "check", str(path))
        assert done.status == 0
        assert "[bold]Rivers[/bold]" in done.out
        assert "ready to be harvested" in done.out

    def test_robots_that_forbid_are_a_problem_and_a_delay_is_told(self, serve: Serve) -> None:
        def answer(request: BaseHTTPRequestHandler) -> None:
            if request.path == "/robots.txt":
                send(request, "User-agent: *\nDisallow: /data.json\nCrawl-delay: 10\n")
            else:
                send(request, {"dataset": [record(1)]})

        status, report = checked(f"{serve(answer)}/data.json")
        assert (status, report["robots"]) == (1, {"rule": "disallowed", "delay": 10.0})
        assert any("robots.txt does not allow programs to read" in text for text in report["problems"])
        assert any("10 s between requests" in text for text in report["notes"])

    @pytest.mark.long
    @pytest.mark.parametrize(
        ("rules", "status", "rule"),
        [
            ("Disallow: /*.json$", 200, "disallowed"),  # RFC 9309, 2.2.3
            ("Disallow: /\nAllow: /data.json", 200, "allowed"),  # RFC 9309, 2.2.2: the longest match counts
            ("", 404, "none"),
            ("", 429, "unreadable"),
            ("", 503, "unreadable"),
        ],
    )
    def test_robots_are_read_as_rfc_9309_says(self, serve: Serve, rules: str, status: int, rule: str) -> None:
        def answer(request: BaseHTTPRequestHandler) -> None:
            if request.path == "/robots.txt":
                send(request, f"User-agent: *\n{rules}\n", status)
            else:
                send(request, {"dataset": [record(1)]})

        _, report = checked(f"{serve(answer)}/data.json")
        assert report["robots"]["rule"] == rule

    def test_validators_that_are_not_honoured_are_seen_through(self, serve: Serve) -> None:
        url = serve(lambda request: send(request, {"dataset": [record(1)]}, ETag='"same"'))
        _, report = checked(f"{url}/data.json")
        assert report["conditional"] == {"etag": True, "last_modified": False, "honoured": False}

    def test_an_empty_source_is_a_problem(self, tmp_path: Path) -> None:
        path = tmp_path / "data.json"
        path.write_text('{"dataset": []}')
        status, report = checked(str(path))
        assert (status, report["mean_score"]) == (1, None)
        assert report["problems"] == ["it has no datasets; a harvest would find nothing"]

    @pytest.mark.parametrize("content", ["<html></html>", "", '{"dataset": [{"title": "cut'])
    def test_what_cannot_be_read_ends_with_status_2_and_one_line(self, tmp_path: Path, content: str) -> None:
        path = tmp_path / "data.json"
        path.write_text(content)
        done = call("sources", "check", str(path))
        assert (done.status, done.out) == (2, "")
        assert done.err.startswith("Error: ")
        assert done.err.count("\n") == 1

    def test_a_private_address_is_not_looked_at(self, serve: Serve) -> None:
        done = call("sources", "check", serve(lambda request: send(request, {"dataset": []})))
        assert done.status == 2
        assert "private address" in done.err


class Harvester:
    """harvest.data.gov as GSA's code answers: lists paged by number from 0, and 404 in words behind the last page."""

    def __init__(self, sources: list[dict[str, Any]]) -> None:
        organizations = [
            {"id": "o-1", "name": "Office of Rivers", "organization_type": "Federal Government", "slug": "rivers"},
            {"id": "o-2", "name": "City of Lakes", "organization_type": "City Government", "slug": "lakes"},
        ]
        self.lists = {"/api/v1/organizations/": organizations, "/api/v1/harvest_sources/": sources}
        self.asked: list[str] = []

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        self.asked.append(request.path)
        url = urllib.parse.urlsplit(request.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        page, rows = int(query.get("page", 0)), int(query.get("per_page", 10))
        found = self.lists[url.path][page * rows : (page + 1) * rows]
        if found:
            send(request, found)
        else:
            send(request, "No harvest_sources found for this query", 404)


def american(number: int, **members: Any) -> dict[str, Any]:
    return {
        "id": f"s-{number}",
        "organization_id": "o-1",
        "name": f"Rivers {number}",
        "url": f"https://rivers{number}.example.gov/data.json",
        "schema_type": "dcatus1.1: federal",
        "source_type": "document",
        "frequency": "daily",
        "notification_emails": ["someone@example.gov"],
        **members,
    }


class TestDiscover:
    def test_the_united_states_sources_come_page_by_page_as_rows(self, serve: Serve) -> None:
        harvester = Harvester([american(number) for number in range(250)])
        done = call("sources", "discover", "us", "--at", serve(harvester), *LOCAL)
        assert done.status == 0, done.err
        rows = sources_of(done.out.encode(), "rows")
        assert len(rows) == 250
        first = rows["rivers-0"]
        assert (first.kind, first.profile, first.country) == ("dcat-us", "dcat-us-1.1", "US")
        assert (first.publisher, first.license) == ("Office of Rivers", "us-pd")
        assert len([path for path in harvester.asked if "harvest_sources" in path]) == 4
        assert "someone@example.gov" not in done.out

    def test_known_unreadable_and_unsound_sources_are_counted_and_left_out(self, serve: Serve) -> None:
        odd = [
            american(1, url="http://OPEN.gsa.gov/data.json/"),
            american(2, schema_type="iso19115_2", source_type="waf"),
            american(9, schema_type="csdgm", source_type="waf"),
            american(3, url="ftp://rivers.example.gov/data.json"),
            american(4, url="https://user:SECRET@rivers.example.gov/data.json"),
            american(5, url=None),
            american(6),
            american(7, url=american(6)["url"]),
            american(8, organization_id="o-2", schema_type="dcatus3.0"),
        ]
        done = call("sources", "discover", "us", "--at", serve(Harvester(odd)), *LOCAL)
        rows = sources_of(done.out.encode(), "rows")
        assert {name: row.kind for name, row in rows.items()} == {
            "rivers-2": "waf",
            "rivers-6": "dcat-us",
            "rivers-8": "dcat-us",
        }
        assert (rows["rivers-8"].profile, rows["rivers-8"].license) == ("dcat-us-3.0", "notspecified")
        assert done.err == (
            "9 sources: 3 new, 1 in formats that are not supported, 5 known, repeated or without an address\n"
        )
        assert "SECRET" not in done.out

    def test_the_united_kingdoms_sources_are_packages_of_their_own_type(self, serve: Serve) -> None:
        def package(number: int, **members: Any) -> dict[str, Any]:
            organization = {"name": "lakes", "title": "Lakes Council"}
            return {"id": f"{number:03}", "name": f"lakes-{number}", "title": "Lakes", "organization": organization} | {
                "url": f"https://data{number}.lakes.example.uk",
                "source_type": "ckan",
                **members,
            }

        packages = [package(number) for number in range(130)]
        packages += [
            package(998, source_type="dcat_rdf", title="Lakes in RDF", url="https://lakes.example.uk/catalog.ttl"),
            package(997, source_type="gemini-csw", title="Lakes by CSW", url="https://lakes.example.uk/csw"),
            package(999, source_type="inventory"),
        ]

        def answer(request: BaseHTTPRequestHandler) -> None:
            query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(request.path).query))
            assert query["fq"] == "dataset_type:harvest"
            page = packages[int(query["start"]) : int(query["start"]) + int(query["rows"])]
            send(request, {"success": True, "result": {"count": len(packages), "results": page}})

        done = call("sources", "discover", "uk", "--at", serve(answer), *LOCAL)
        rows = sources_of(done.out.encode(), "rows")
        assert len(rows) == 132
        assert rows.pop("lakes-by-csw").kind == "csw"
        linked = rows.pop("lakes-in-rdf")
        assert (linked.kind, linked.profile, linked.url) == (
            "dcat-rdf",
            "dcat-ap",
            "https://lakes.example.uk/catalog.ttl",
        )
        assert {"lakes", "lakes-2", "lakes-130"} <= set(rows)
        assert {(s.kind, s.country, s.publisher) for s in rows.values()} == {("ckan", "GB", "Lakes Council")}
        assert "1 in formats that are not supported" in done.err

    def test_rows_go_into_a_new_file_and_over_none(self, serve: Serve, tmp_path: Path) -> None:
        path = tmp_path / "new.yaml"
        words = ("sources", "discover", "us", "--at", serve(Harvester([american(1)])), "--into", str(path), *LOCAL)
        assert call(*words).status == 0
        kept = path.read_bytes()
        assert list(sources_of(kept, "new.yaml")) == ["rivers-1"]
        again = call(*words)
        assert again.status == 2
        assert "choose a new name" in again.err
        assert path.read_bytes() == kept

    @pytest.mark.long
    @pytest.mark.parametrize(("answer", "status"), [({"sources": []}, 200), ("text", 200), ("no such page", 404)])
    def test_a_catalogue_that_answers_something_else_ends_with_one_line(
        self, serve: Serve, answer: Any, status: int
    ) -> None:
        base = serve(lambda request: send(request, answer, status))
        done = call("sources", "discover", "us", "--at", base, *LOCAL)
        assert (done.status, done.out) == (2, "")
        assert done.err.startswith("Error: ")
        assert done.err.count("\n") == 1

    @pytest.mark.long
    @given(title=st.text(max_size=50), publisher=st.text(max_size=50), path=st.text(max_size=20))
    @example(title="No", publisher="~", path="")
    def test_any_text_of_strangers_is_one_row_that_says_the_same(self, title: str, publisher: str, path: str) -> None:
        title, publisher, url = map(plain_line, (title, publisher, f"https://a.gov/{path}"))
        for name, item in new([Found(title, url, "dcat-us", "dcat-us-1.1", "US", publisher, "us-pd")], []):
            line = row(name, item)
            assert "\n" not in line
            (source,) = sources_of(line.encode(), "row").values()
            assert (source.title, source.url, source.publisher) == (title, url, publisher)
