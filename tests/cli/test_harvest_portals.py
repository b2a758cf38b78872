"""`aivision harvest --into DIR` from portals over HTTP."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import account, aivision, call, refusal, stored
from tests.conftest import PortalOf

SOURCES = [("us/harbors/data.json", "dcat-us", "US", 225), ("uk/fenwick", "ckan", "GB", 150)]


@pytest.mark.long
@pytest.mark.parametrize(("path", "kind", "country", "count"), SOURCES)
def test_no_record_of_a_portal_is_lost_and_none_comes_twice(
    address: str, tmp_path: Path, path: str, kind: str, country: str, count: int
) -> None:
    words = ("harvest", f"{address}/{path}", "--kind", kind, "--allow-host", "127.0.0.1", "--into", tmp_path)
    for state in ("new", "unchanged"):
        done = aivision(*words)
        assert (done.status, done.err) == (0, "")
        run = account(tmp_path)
        assert (run["country"], run["counts"]["fetched"], run["counts"][state]) == (country, count, count)
        for name in ("datasets", "evaluations"):
            identifiers = [row["identifier"] for row in stored(tmp_path, name)]
            assert len(set(identifiers)) == len(identifiers) == count


@pytest.mark.long
def test_a_private_address_is_refused_with_the_option_that_lets_it_through(address: str) -> None:
    host = address.removeprefix("http://")
    assert f"use --allow-host {host}" in refusal(call("score", f"{address}/us/harbors/data.json"))


def test_an_address_that_is_not_found_is_one_line(address: str) -> None:
    done = call("score", f"{address}/us/nowhere/data.json", "--allow-host", "127.0.0.1")
    assert "the server responded with 404; check the address" in refusal(done)


def test_a_web_page_in_place_of_a_catalogue_is_one_line(portal: PortalOf, tmp_path: Path) -> None:
    with portal(faults={"html": 1}) as address:
        words = (f"{address}/us/harbors/data.json", "--kind", "dcat-us", "--allow-host", "127.0.0.1")
        for command in (("score", *words), ("harvest", *words, "--into", tmp_path)):
            assert "this is a web page or XML instead of JSON" in refusal(call(*command))


def test_a_kind_that_a_portal_does_not_speak_is_one_line(address: str) -> None:
    done = call("score", f"{address}/us/harbors/data.json", "--kind", "ckan", "--allow-host", "127.0.0.1")
    assert "the server responded with 404" in refusal(done)
