"""`/dumps`: what people and programs find there, and how files are sent: whole, in parts, once, and to whom."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from ckanext.aivision import SourceError, open_catalogue

NAMES = ("records.parquet", "distributions.parquet", "evaluations.parquet", "datasets.ndjson.gz", "catalogue.ttl.gz")


@pytest.fixture
def anonymous(reader: Callable[[str], Any]) -> Any:
    return reader("")


@pytest.fixture(scope="module")
def days() -> list[str]:
    """The days of the dumps that `made` has written for the tests of this file."""
    return []


@pytest.fixture
def made(days: list[str], ckan: Any, published: Callable[..., dict[str, Any]]) -> str:
    """The day of a dump with a dataset in it."""
    from ckanext.aivision.snapshot.dump.write_dump import write_dump

    if not days:
        published()
        days.append(write_dump().day)
    return days[0]


def test_without_a_dump_the_page_says_so_and_the_files_are_not_found(anonymous: Any, no_dump: None) -> None:
    assert "There is no dump yet" in anonymous.get("/dumps").get_data(as_text=True)
    assert anonymous.get("/dumps/latest/records.parquet", 404).mimetype == "application/problem+json"
    anonymous.get("/dumps/latest/", 404)


@pytest.fixture
def no_dump(ckan: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ckan.config, "ckan.storage_path", str(tmp_path))


def test_the_pages_lead_to_every_file_by_its_day(made: str, anonymous: Any) -> None:
    for path in ("/dumps", "/dumps/latest/", f"/dumps/{made}/"):
        text = anonymous.get(path).get_data(as_text=True)
        assert all(f"/dumps/{made}/{name}" in text for name in NAMES)
    assert "/dumps" in anonymous.get("/sitemap-pages.xml").get_data(as_text=True)
    assert 'href="/dumps"' in anonymous.get("/about").get_data(as_text=True)


def test_the_page_of_a_dump_tells_programs_what_it_is_and_what_it_has(made: str, anonymous: Any) -> None:
    header = anonymous.get("/dumps/latest/").headers["Link"]
    found: dict[str, list[str]] = {}
    for target, relation in re.findall(r'<([^>]*)>; rel="([^"]*)"', header):
        found.setdefault(relation, []).append(target)
    (page,) = found["cite-as"]
    assert page.endswith(f"/dumps/{made}/")
    assert found["item"] == [f"{page}{name}" for name in NAMES]
    assert found["license"] == ["https://creativecommons.org/licenses/by/4.0/"]
    assert {address.rpartition("/")[2] for address in found["describedby"]} == {
        "dcat.ttl",
        "croissant.jsonld",
        "schema-org.jsonld",
    }
    for address in (*found["item"], *found["describedby"]):
        anonymous.get("/dumps/" + address.partition("/dumps/")[2])


def test_the_page_has_its_description_for_search_engines(made: str, anonymous: Any) -> None:
    text = anonymous.get(f"/dumps/{made}/").get_data(as_text=True)
    documents = [
        json.loads(one) for one in re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.S)
    ]
    assert any(one.get("@type") == "Dataset" and len(one["distribution"]) == len(NAMES) for one in documents)


@pytest.mark.parametrize("day", ["latest", "its own"])
@pytest.mark.parametrize("name", [*NAMES, "dcat.ttl", "croissant.jsonld", "manifest.json", "SHA256SUMS"])
def test_a_file_is_sent_with_its_length_checksum_and_validator(made: str, anonymous: Any, name: str, day: str) -> None:
    path = f"/dumps/{'latest' if day == 'latest' else made}/{name}"
    answer = anonymous.get(path)
    body = answer.get_data()
    digest = hashlib.sha256(body).digest()
    assert int(answer.headers["Content-Length"]) == len(body)
    assert answer.headers["Repr-Digest"] == f"sha-256=:{base64.b64encode(digest).decode()}:"
    assert answer.headers["ETag"] == f'"{digest.hex()}"'
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Content-Location"].endswith(f"/dumps/{made}/{name}")
    assert anonymous.get(path, 304, **{"If-None-Match": answer.headers["ETag"]}).get_data() == b""


def test_a_part_of_a_file_is_sent_with_the_checksum_of_the_whole(made: str, anonymous: Any) -> None:
    whole = anonymous.get("/dumps/latest/records.parquet")
    part = anonymous.get("/dumps/latest/records.parquet", 206, Range="bytes=-4")
    assert part.get_data() == b"PAR1"
    size = len(whole.get_data())
    assert part.headers["Content-Range"] == f"bytes {size - 4}-{size - 1}/{size}"
    assert part.headers["Repr-Digest"] == whole.headers["Repr-Digest"]
    anonymous.get("/dumps/latest/records.parquet", 416, Range=f"bytes={size}-")
    # Of another version the whole is sent, so that no file is put together from two.
    other = {"Range": "bytes=0-3", "If-Range": '"another"'}
    assert len(anonymous.get("/dumps/latest/records.parquet", 200, **other).get_data()) == size


def test_scripts_of_other_sites_may_ask_for_parts(made: str, ckan_application: Any) -> None:
    answer = ckan_application.test_client().options("/dumps/latest/records.parquet")
    assert answer.status_code == 204
    assert "Range" in answer.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize(
    "path",
    [
        "latest/passwords",
        "latest/..%2fstate.json",
        "latest/.building-1",
        "1999-01-01/records.parquet",
        "x/records.parquet",
    ],
)
def test_what_is_no_file_of_a_dump_is_not_found(made: str, anonymous: Any, path: str) -> None:
    anonymous.get(f"/dumps/{path}", 404)


@pytest.mark.parametrize("path", ["%00", "%00/", "latest/%00", "2026-11-30%00/records.parquet", f"{'x' * 3000}/y"])
def test_hostile_names_are_not_found(made: str, anonymous: Any, path: str) -> None:
    anonymous.get(f"/dumps/{path}", 404)


def test_a_site_that_only_members_may_read_gives_no_dump_to_others(
    made: str, anonymous: Any, ckan: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ckan.authz import _AuthFunctions

    def refuse(context: Any, data_dict: Any = None) -> dict[str, Any]:
        return {"success": False, "msg": "Log in first"}

    _AuthFunctions.get("package_search")
    monkeypatch.setitem(_AuthFunctions._functions, "package_search", ckan.auth_allow_anonymous_access(refuse))
    assert anonymous.get("/dumps/latest/records.parquet", 403).mimetype == "application/problem+json"
    with pytest.raises(ckan.NotAuthorized):
        ckan.get_action("aivision_dump_list")({"user": ""}, {})


def test_the_api_lists_dumps_with_their_files(made: str, ckan: Any) -> None:
    newest = ckan.get_action("aivision_dump_list")({"user": ""}, {})[0]
    assert newest["day"] == made
    assert [file["name"] for file in newest["files"]] == list(NAMES)
    assert all(
        re.fullmatch("[0-9a-f]{64}", file["sha256"]) and file["url"].startswith("http") for file in newest["files"]
    )


def test_the_python_api_opens_one_by_its_address(live_site: str, stack: Any) -> None:
    stack.ckan("aivision", "harvest", "sample-us")
    stack.ckan("aivision", "dump")
    host = live_site.partition("//")[2]
    catalogue = open_catalogue(f"{live_site}/dumps/latest/", allow_hosts=[host])
    records, evaluations = catalogue.records(), catalogue.evaluations()
    assert set(records["id"].to_pylist()) == set(evaluations["id"].to_pylist())
    assert records.num_rows == len(list(catalogue.read())) > 1
    with pytest.raises(SourceError):
        open_catalogue(f"{live_site}/dumps/1999-01-01/", allow_hosts=[host]).records()


def test_a_remote_file_is_read_in_parts_by_duckdb(live_site: str, stack: Any) -> None:
    stack.ckan("aivision", "dump")
    address = f"{live_site}/dumps/latest/evaluations.parquet"
    whole = requests.get(address, timeout=60)
    assert requests.head(address, timeout=60).headers["Content-Length"] == str(len(whole.content))
    part = requests.get(address, headers={"Range": "bytes=0-3"}, timeout=60)
    assert (part.status_code, part.content) == (206, b"PAR1")
