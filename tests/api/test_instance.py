"""A running catalogue through its API."""

from __future__ import annotations

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from ckanext.aivision import SourceError, open_catalogue
from ckanext.aivision.api import instance


@pytest.fixture(scope="module")
def site(live_site: str, stack: Any) -> str:
    """The address of a site with the samples of the US and a snapshot."""
    stack.ckan("aivision", "harvest", "sample-us")
    stack.ckan("aivision", "snapshot")
    return live_site


def open_site(address: str) -> Any:
    return open_catalogue(address, allow_hosts=["127.0.0.1"])


def test_the_evaluations_are_those_of_its_snapshot_in_every_column(site: str, stack: Any) -> None:
    (folder,) = stack.data.rglob("aivision/snapshots")
    by_api, by_file = (found.evaluations().sort_by("id") for found in (open_site(site), open_catalogue(folder)))
    assert by_api.to_pylist() == by_file.to_pylist()
    assert by_api.schema.names == by_file.schema.names


def test_the_records_are_those_of_its_datasets(site: str) -> None:
    catalogue = open_site(site)
    titles = set(catalogue.records()["title"].to_pylist())
    assert titles >= set(catalogue.evaluations()["title"].to_pylist())


def test_the_list_is_read_page_by_page_to_its_end(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = open_site(site).evaluations()
    monkeypatch.setattr(instance, "ROWS", 2)
    assert sorted(open_site(site).evaluations()["id"].to_pylist()) == sorted(whole["id"].to_pylist())
    assert whole.num_rows > 2


@pytest.mark.long
def test_a_portal_without_the_extension_is_read_and_evaluated(portal: Any) -> None:
    with portal() as address:
        evaluations = open_site(f"{address}/us/harbors/data.json").evaluations()
        assert repr(open_site(f"{address}/uk/all")) == f"<Source {address}/uk/all>"
    assert evaluations.num_rows > 2
    assert set(evaluations["grade"].to_pylist()) <= set("ABCDE")


def test_a_catalogue_without_figures_says_so(serve: Callable[..., str]) -> None:
    def answer(request: BaseHTTPRequestHandler) -> None:
        body = json.dumps({"success": True, "result": {"as_of": None, "message": "The figures are being computed"}})
        request.send_response(200)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body.encode())

    with pytest.raises(SourceError, match="The figures are being computed; try again later"):
        open_site(serve(answer)).evaluations()
