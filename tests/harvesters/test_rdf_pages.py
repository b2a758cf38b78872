"""A catalogue in RDF that comes page by page."""

from __future__ import annotations

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from tests.harvesters.rdf_documents import TURTLE, Serve, Start, send

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.http.limits import Limits
from ckanext.aivision.harvesters.open_source import Harvest


class Catalogue:
    """A paged catalogue in Turtle.

    pages: the numbers of the datasets of each. dialect: `next` or `nextPage`. total: what it says it has.
    links: page -> another address of the next one.
    """

    def __init__(self, pages: list[list[int]], dialect: str = "next", total: int | None = None) -> None:
        self.pages, self.dialect, self.total = pages, dialect, total
        self.links: dict[int, str] = {}
        self.asked: list[str] = []

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        self.asked.append(request.path)
        number = int(request.path.partition("page=")[2] or 1)
        send(request, self.page(number, f"http://{request.headers['Host']}").encode())

    def page(self, number: int, host: str) -> str:
        kind = "PartialCollectionView" if self.dialect == "next" else "PagedCollection"
        text = "@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .\n"
        text += (
            f"@prefix hydra: <http://www.w3.org/ns/hydra/core#> .\n<{host}/catalog?page={number}> a hydra:{kind} .\n"
        )
        following = self.links.get(number, f"{host}/catalog?page={number + 1}" if number < len(self.pages) else "")
        if following:
            # CKAN writes the address as a text.
            written = f'"{following}"' if self.dialect == "nextPage" else f"<{following}>"
            text += f"<{host}/catalog?page={number}> hydra:{self.dialect} {written} .\n"
        if self.total is not None:
            text += f"<{host}/catalog> hydra:totalItems {self.total} .\n"
        for item in self.pages[number - 1]:
            text += f'<https://a.uk/{item}> a dcat:Dataset ; dct:title "River {item}" .\n'
        return text


def identifiers(reading: Harvest) -> list[str]:
    return [str(found.identifier).rpartition("/")[2] for found in reading if found.dataset is not None]


class TestPages:
    @pytest.mark.parametrize("dialect", ["next", "nextPage"])
    def test_all_pages_are_read_in_both_dialects_of_hydra(self, serve: Serve, harvest: Start, dialect: str) -> None:
        catalogue = Catalogue([[1, 2], [3, 4], [5]], dialect, total=5)
        reading = harvest(serve(catalogue) + "/catalog")
        assert identifiers(reading) == ["1", "2", "3", "4", "5"]
        assert (reading.expected, reading.complete) == (5, True)
        assert catalogue.asked == ["/catalog", "/catalog?page=2", "/catalog?page=3"]

    def test_the_records_of_the_portals_paged_catalogue_all_come(
        self, start_portal: Callable[..., str], harvest: Start
    ) -> None:
        reading = harvest(f"{start_portal(page=4)}/catalog/harbors.jsonld")
        assert len({found.identifier for found in reading if found.dataset is not None}) == 9
        assert (reading.expected, reading.complete, reading.source.kind) == (9, True, "dcat-rdf")

    def test_a_limit_asks_for_no_page_more(self, serve: Serve, harvest: Start) -> None:
        catalogue = Catalogue([[1, 2], [3]])
        reading = harvest(serve(catalogue) + "/catalog", limit=2)
        assert identifiers(reading) == ["1", "2"]
        assert (catalogue.asked, reading.complete) == (["/catalog"], False)

    def test_an_empty_catalogue_is_complete(self, serve: Serve, harvest: Start) -> None:
        reading = harvest(serve(Catalogue([[]], total=0)) + "/catalog")
        assert list(reading) == []
        assert (reading.expected, reading.complete) == (0, True)

    @pytest.mark.parametrize(
        ("link", "message"),
        [
            ("http://169.254.169.254/latest", "another host"),
            ("https://elsewhere.uk/catalog?page=2", "another host"),
            ("file:///etc/passwd", "another host"),
            ("http://[", "cannot be read"),
            ("?page=1", "leads back"),
        ],
    )
    def test_a_next_page_elsewhere_or_behind_is_not_fetched(
        self, serve: Serve, harvest: Start, link: str, message: str
    ) -> None:
        catalogue = Catalogue([[1], [2]])
        catalogue.links[1] = link
        reading = harvest(serve(catalogue) + "/catalog?page=1")
        with pytest.raises(SourceError, match=message):
            list(reading)
        assert (len(catalogue.asked), reading.complete) == (1, False)

    def test_a_redirect_of_the_catalogue_moves_its_pages_with_it(self, serve: Serve, harvest: Start) -> None:
        target = serve(Catalogue([[1], [2]]))

        def moved(request: BaseHTTPRequestHandler) -> None:
            request.send_response(302)
            request.send_header("Location", target + "/catalog")
            request.send_header("Content-Length", "0")
            request.end_headers()

        assert identifiers(harvest(serve(moved))) == ["1", "2"]

    def test_a_catalogue_that_gives_one_page_again_and_again_is_an_error(self, serve: Serve, harvest: Start) -> None:
        with pytest.raises(SourceError, match="again and again"):
            list(harvest(serve(Catalogue([[1, 2], [1, 2], [3]])) + "/catalog"))

    def test_a_catalogue_that_gives_fewer_than_it_says_is_incomplete(self, serve: Serve, harvest: Start) -> None:
        reading = harvest(serve(Catalogue([[1], [2]], total=3)) + "/catalog")
        with pytest.raises(SourceError, match="says it has 3 datasets but returned 2"):
            list(reading)
        assert not reading.complete

    def test_what_a_removal_pushed_out_of_sight_leaves_the_reading_incomplete(
        self, serve: Serve, harvest: Start
    ) -> None:
        class Shrinking(Catalogue):
            def page(self, number: int, host: str) -> str:
                # The first one goes after page 1; the third one moves to page 1 and is never seen.
                self.pages, self.total = ([[1, 2], [3, 4]], 4) if number == 1 else ([[2, 3], [4]], 3)
                return super().page(number, host)

        reading = harvest(serve(Shrinking([[1, 2], [3, 4]])) + "/catalog")
        with pytest.raises(SourceError, match="says it has 4"):
            list(reading)

    def test_what_an_addition_pushed_onto_the_next_page_comes_once(self, serve: Serve, harvest: Start) -> None:
        class Growing(Catalogue):
            def page(self, number: int, host: str) -> str:
                self.pages, self.total = ([[1, 2], [3]], 3) if number == 1 else ([[0, 1], [2, 3]], 4)
                return super().page(number, host)

        reading = harvest(serve(Growing([[1, 2], [3]])) + "/catalog")
        found = list(reading)
        assert [record.identifier for record in found] == [f"https://a.uk/{number}" for number in (1, 2, 3)]
        assert all(record.dataset is not None for record in found)

    def test_a_page_that_breaks_off_leaves_the_reading_incomplete(self, serve: Serve, harvest: Start) -> None:
        class Broken(Catalogue):
            def page(self, number: int, host: str) -> str:
                whole = super().page(number, host)
                return whole if number == 1 else whole[: len(whole) - 10]

        reading = harvest(serve(Broken([[1], [2], [3]])) + "/catalog")
        with pytest.raises(SourceError, match="not readable as Turtle at line"):
            list(reading)
        assert not reading.complete

    def test_a_next_page_that_is_no_rdf_leaves_the_reading_incomplete(self, serve: Serve, harvest: Start) -> None:
        def answer(request: BaseHTTPRequestHandler) -> None:
            if "page=2" in request.path:
                send(request, b"<html>Maintenance</html>", "text/html")
            else:
                Catalogue([[1], [2]])(request)

        reading = harvest(serve(answer) + "/catalog", limits=Limits(retries=0))
        with pytest.raises(SourceError, match="a page of the catalogue is not RDF"):
            list(reading)
        assert not reading.complete

    def test_one_page_in_a_file_is_read_and_never_taken_for_the_whole(self, opened: Start) -> None:
        reading = opened(Catalogue([[1], [2]]).page(1, "https://a.uk"), "page.ttl")
        taken: list[Any] = []
        with pytest.raises(SourceError, match="one page of a catalogue that continues"):
            taken.extend(reading)
        assert [record.identifier for record in taken] == ["https://a.uk/1"]
        assert not reading.complete

    def test_a_source_of_this_kind_asks_for_rdf(self, serve: Serve, harvest: Start) -> None:
        accepted: list[str | None] = []

        def answer(request: BaseHTTPRequestHandler) -> None:
            accepted.append(request.headers.get("Accept"))
            send(request, TURTLE.encode())

        list(harvest(serve(answer), kind="dcat-rdf"))
        assert accepted[0] is not None
        assert accepted[0].startswith("text/turtle, application/rdf+xml")


@pytest.mark.long
def test_a_page_is_forgotten_when_the_next_one_is_read(
    serve: Serve, harvest: Start, peak: Callable[[Callable[[], object]], int]
) -> None:
    catalogue = Catalogue([list(range(first, first + 400)) for first in range(0, 8000, 400)])
    reading = harvest(serve(catalogue) + "/catalog")
    counted: list[int] = []
    most = peak(lambda: counted.append(sum(1 for _ in reading)))
    assert counted == [8000]
    # All pages together hold 24,000 triples, some 15 MB; the identifiers of all are kept.
    assert most < 6_000_000
