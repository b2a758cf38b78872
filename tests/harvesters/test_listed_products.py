"""What only Socrata, Opendatasoft, ArcGIS Hub or OGC API Records does."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from tests.harvesters.listed_portals import (
    PORTALS,
    ArcgisHub,
    Features,
    Opendatasoft,
    Reader,
    Serve,
    Socrata,
    Start,
    identifiers,
    send,
)

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.protocols.arcgis_hub import search
from ckanext.aivision.harvesters.protocols.opendatasoft import catalogue


@pytest.fixture
def reader(serve: Serve, harvest: Start) -> Callable[..., Reader]:
    return lambda kind, count=10: Reader(PORTALS[kind](count), serve, harvest)


class TestOpendatasoft:
    @pytest.mark.parametrize("removed", [1, 3, 4, 8])
    def test_datasets_removed_while_reading_make_no_other_be_missed(
        self, removed: int, reader: Callable[..., Reader]
    ) -> None:
        it = reader("opendatasoft", 20)

        def remove(number: int) -> None:
            if number == 2:
                del it.portal.numbers[:removed]

        it.portal.before_page = remove
        reading, found = it.read()
        assert (found, reading.complete) == (identifiers(range(20)), True)

    def test_more_than_pages_give_are_read_from_the_export(
        self, reader: Callable[..., Reader], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(catalogue, "MOST_BY_NUMBER", 8)
        reading, found = reader("opendatasoft").read()
        assert (found, reading.complete) == (identifiers(range(10)), True)

    def test_an_export_that_was_cut_is_an_error(
        self, reader: Callable[..., Reader], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(catalogue, "MOST_BY_NUMBER", 8)
        it = reader("opendatasoft")

        def broken(request: BaseHTTPRequestHandler) -> bool:
            if "/exports/" not in request.path:
                return False
            send(request, '[{"dataset_id": "a", "metas": {"default": {"title": "A"}}}')
            return True

        it.portal.broken = broken
        reading = it.start()
        with pytest.raises(SourceError):
            list(reading)
        assert not reading.complete

    def test_files_are_the_exports_of_the_portal(self, serve: Serve, harvest: Start) -> None:
        url = serve(Opendatasoft(1))
        [record] = harvest(url, kind="opendatasoft")
        assert record.dataset is not None
        assert record.dataset.distribution[0].download_url == (
            f"{url}/api/explore/v2.1/catalog/datasets/aaaa-0000/exports/csv"
        )

    def test_its_export_as_dcat_is_a_document(self, serve: Serve, harvest: Start) -> None:
        turtle = (
            "@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> . "
            '<https://a.example.gov/1> a dcat:Dataset ; dct:title "Trees" .'
        )
        url = f"{serve(lambda request: send(request, turtle))}/api/explore/v2.1/catalog/exports/ttl"
        reading = harvest(url)
        list(reading)
        assert reading.source.kind == "dcat-rdf"


class TestSocrata:
    def test_charts_and_stories_are_counted_and_left_out(self, serve: Serve, harvest: Start) -> None:
        class Mixed(Socrata):
            def record(self, number: int) -> Any:
                found = super().record(number)
                found["resource"]["type"] = ("dataset", "chart", "story", "map")[number % 4]
                return found

        reading = harvest(serve(Mixed(8)), kind="socrata")
        assert [record.identifier for record in reading] == identifiers([0, 3, 4, 7])
        assert reading.complete
        [told] = [remark for remark in reading.remarks if remark.code == "not-datasets"]
        assert (told.message[:8], told.seen) == ("4 assets", "2 chart, 2 story")

    def test_a_portal_asks_for_its_own_assets_and_keeps_the_query_of_its_address(
        self, serve: Serve, harvest: Start
    ) -> None:
        portal = Socrata(1)
        url = serve(portal)
        list(harvest(url, kind="socrata"))
        list(harvest(f"{url}/api/catalog/v1?domains=data.example.gov&categories=Health&limit=3"))
        assert [query["domains"] for query in portal.asked] == ["127.0.0.1", "data.example.gov"]
        assert (portal.asked[1]["categories"], portal.asked[1]["limit"]) == ("Health", "1000")


class TestFeatures:
    @pytest.mark.parametrize("kind", ["arcgis-hub", "ogc-records"])
    def test_records_removed_while_reading_make_no_other_be_taken_for_gone(
        self, kind: str, reader: Callable[..., Reader]
    ) -> None:
        it = reader(kind, 20)

        def remove(number: int) -> None:
            if number == 2:
                del it.portal.numbers[0]

        it.portal.before_page = remove
        reading, found = it.read()
        assert len(found) < 20
        assert (reading.complete, reading.incremental, reading.state.full_ended) == (False, True, None)

    @pytest.mark.parametrize("kind", ["arcgis-hub", "ogc-records"])
    def test_a_next_page_on_another_host_is_not_fetched(self, kind: str, reader: Callable[..., Reader]) -> None:
        it = reader(kind)
        assert isinstance(it.portal, Features)
        it.portal.other_host = "http://169.254.169.254/latest"
        with pytest.raises(SourceError, match="on another host"):
            it.read()

    def test_a_site_with_more_than_the_search_shows_is_not_taken_for_whole(
        self, serve: Serve, harvest: Start, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(search, "MOST_SHOWN", 10)
        reading = harvest(serve(ArcgisHub(10)), kind="arcgis-hub")
        with pytest.raises(SourceError, match=r"shows no more than 10 datasets.*api/feed/dcat-us"):
            list(reading)

    def test_all_collections_of_records_of_a_catalogue_are_read(self, serve: Serve, harvest: Start) -> None:
        portal = PORTALS["ogc-records"](3)
        listed = [{"id": "main", "itemType": "record"}, {"id": "roads", "itemType": "feature"}]

        def answer(request: BaseHTTPRequestHandler) -> None:
            if request.path.startswith("/csw/collections?"):
                send(request, {"collections": listed})
            elif request.path.startswith("/csw/collections/main/items"):
                portal(request)
            else:
                send(request, "{}", 404)

        reading = harvest(f"{serve(answer)}/csw/", kind="ogc-records")
        assert len(list(reading)) == 3
        assert reading.complete


def test_dates_in_milliseconds_are_days(serve: Serve, harvest: Start) -> None:
    [record] = harvest(serve(ArcgisHub(1)), kind="arcgis-hub")
    assert record.dataset is not None
    assert record.dataset.modified is not None
    assert record.dataset.modified.value == datetime.date(2026, 11, 1)
