"""RDF catalogues as files and from the net: which they are, page after page, and what is wrong with broken ones."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

import pyoxigraph
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.harvest import Harvest
from ckanext.aivision.harvesters.http.session import Limits
from ckanext.aivision.harvesters.parsing import rdf_graph, rdf_text
from ckanext.aivision.harvesters.parsing.head import Head
from ckanext.aivision.harvesters.protocols.registry import recognised
from ckanext.aivision.harvesters.sources.source import Source, completed
from ckanext.aivision.record import Harvested

Read = Callable[..., list[Harvested]]
Serve = Callable[[Callable[[BaseHTTPRequestHandler], None]], str]
Start = Callable[..., Harvest]

TURTLE = """@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
<https://a.uk/1> a dcat:Dataset ; dct:title "River levels" ; dct:identifier "river-1" .
"""
LINKED: dict[str, Any] = {
    "@context": {"dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/"},
    "@id": "https://a.uk/1",
    "@type": "dcat:Dataset",
    "dct:title": "River levels",
    "dct:identifier": "river-1",
}


def in_form(name: str) -> bytes:
    quads = pyoxigraph.parse(TURTLE, pyoxigraph.RdfFormat.TURTLE)
    document = pyoxigraph.serialize((quad.triple for quad in quads), format=getattr(pyoxigraph.RdfFormat, name))
    assert document is not None
    return document


class TestDetection:
    @pytest.mark.parametrize("form", ["TURTLE", "RDF_XML", "JSON_LD", "N_TRIPLES", "TRIG", "N3"])
    @pytest.mark.parametrize("packed", [False, True])
    def test_every_serialisation_is_told_by_its_content_gzipped_or_not(
        self, read: Read, form: str, packed: bool
    ) -> None:
        body = in_form(form)
        (found,) = read(gzip.compress(body) if packed else body, "catalogue")
        assert found.identifier == "river-1"
        assert found.dataset is not None
        assert (found.dataset.profile, found.dataset.country) == ("dcat-ap", "GB")

    @pytest.mark.parametrize(
        ("form", "sent_as"),
        [
            ("TURTLE", "text/plain"),
            ("TURTLE", "text/turtle; charset=utf-8"),
            ("TURTLE", "text/n3"),
            ("RDF_XML", "application/xml"),
            ("RDF_XML", "application/rdf+xml"),
            ("JSON_LD", "application/json"),
            ("JSON_LD", "application/ld+json"),
            ("N_TRIPLES", "application/n-triples"),
            ("N_QUADS", "application/n-quads"),
        ],
    )
    def test_every_serialisation_is_read_whatever_its_server_calls_it(
        self, serve: Serve, harvest: Start, form: str, sent_as: str
    ) -> None:
        body = in_form(form)
        reading = harvest(serve(lambda request: send(request, body, sent_as)))
        assert [found.identifier for found in reading] == ["river-1"]
        assert (reading.source.kind, reading.complete) == ("dcat-rdf", True)

    @pytest.mark.parametrize(
        "head",
        [
            '{"@context": "https://project-open-data.cio.gov/v1.1/schema/catalog.jsonld", "@type": "dcat:Catalog", '
            '"conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "dataset": []}',
            '{"@context": {"dcat": "http://www.w3.org/ns/dcat#"}, "@id": "https://a.gov", "conformsTo": "x", '
            '"describedBy": "y", "dataset": [{"@type": "dcat:Dataset", "identifier": "a", "title": "b"}]}',
            '{"@type": "Catalog", "conformsTo": {"@type": "Standard", "title": "DCAT-US 3.0"}, "dataset": []}',
            '[{"id": "a", "title": "b", "resources": []}]',
            '{"results": [{"dcat": {"identifier": "a"}}]}',
            '{"result": {"results": [], "count": 0}}',
            "<!DOCTYPE html><html><body>rdf:RDF</body></html>",
            '<?xml version="1.0"?><rss><channel/></rss>',
            "identifier,title\na,b\n",
            "",
        ],
    )
    @pytest.mark.parametrize("sent_as", ["", "application/ld+json", "text/turtle"])
    def test_what_another_protocol_reads_is_no_rdf_though_it_has_a_context(self, head: str, sent_as: str) -> None:
        found = recognised(Head(head.encode(), media_type=sent_as))
        assert found is None or found.protocol.kind.name != "dcat-rdf"

    @pytest.mark.parametrize(
        "document",
        [
            LINKED,
            [LINKED],
            {"@context": LINKED["@context"], "@graph": [LINKED]},
            {"@context": LINKED["@context"], "@type": "dcat:Catalog", "dcat:dataset": [LINKED]},
            [{"@id": "https://a.uk/1", "@type": ["http://www.w3.org/ns/dcat#Dataset"],
              "http://purl.org/dc/terms/title": [{"@value": "x"}],
              "http://purl.org/dc/terms/identifier": [{"@value": "river-1"}]}],
        ],
    )  # fmt: skip
    def test_json_ld_is_told_by_its_names(self, read: Read, document: Any) -> None:
        assert [found.identifier for found in read(document)] == ["river-1"]

    def test_names_without_a_prefix_are_read_as_json_ld_where_the_kind_is_said(self, read: Read) -> None:
        context = {"dataset": "http://www.w3.org/ns/dcat#dataset", "title": "http://purl.org/dc/terms/title"}
        document = {"@context": context, "dataset": [{"@id": "https://a.uk/1", "title": "River levels"}]}
        (found,) = read(document, kind="dcat-rdf")
        assert found.identifier == "https://a.uk/1"

    def test_what_is_no_rdf_is_refused_where_the_kind_is_said(self, read: Read) -> None:
        for document in ("<html></html>", "identifier,title"):
            with pytest.raises(SourceError, match="not RDF: it begins with"):
                read(document, kind="dcat-rdf")

    def test_the_country_of_a_council_follows_from_its_address(self) -> None:
        for url, country in (("https://data.edinburgh.gov.uk/catalog.ttl", "GB"), ("https://data.gov/c.ttl", "US")):
            assert completed(Source(name="x", url=url), "dcat-rdf").country == country


class TestFaults:
    @pytest.mark.parametrize(
        ("document", "place"),
        [
            (TURTLE + "<https://a.uk/2> a dcat:Dataset ; ; dct:title .\n", "Turtle at line 4"),
            (in_form("RDF_XML")[:-20], "RDF/XML"),
            (json.dumps(LINKED, indent=1)[:-3], "JSON-LD at line"),
            (TURTLE.replace("dct:title", "dcterms:title"), "Turtle at line 3"),
        ],
    )
    def test_broken_rdf_is_refused_in_one_line_that_names_its_place(
        self, read: Read, document: bytes | str, place: str
    ) -> None:
        with pytest.raises(SourceError, match=place) as caught:
            read(document)
        assert "\n" not in str(caught.value)
        assert "Fix the file" in str(caught.value)

    @pytest.mark.parametrize(
        "context", ["https://a.uk/context.jsonld", ["https://a.uk/context.jsonld"], {"@import": "https://a.uk/c"}]
    )
    def test_a_context_by_address_is_never_fetched_and_asked_for_in_words(self, read: Read, context: Any) -> None:
        with pytest.raises(SourceError, match=r"context is another document.*written out"):
            read(LINKED | {"@context": context})

    def test_an_address_with_a_space_keeps_no_other_data_set_from_being_read(self, read: Read) -> None:
        bad = '<https://a.uk/a b> a dcat:Dataset ; dct:title "Odd" ; dcat:landingPage <not an address> .'
        first, second = read(TURTLE + bad)
        assert (first.identifier, second.identifier) == ("river-1", "https://a.uk/a b")

    @pytest.mark.parametrize("charset", ["iso-8859-1", "windows-1252", "utf-16", "utf-8-sig"])
    def test_xml_in_another_charset_is_read_as_it_declares(self, read: Read, charset: str) -> None:
        text = in_form("RDF_XML").decode().replace("River", "Rivière").replace("UTF-8", charset.removesuffix("-sig"))
        (found,) = read(text.encode(charset), "catalogue.rdf")
        assert found.dataset is not None
        assert found.dataset.title == "Rivière levels"

    def test_single_bytes_of_another_charset_are_mended_and_told(self, read: Read) -> None:
        (found,) = read(TURTLE.encode().replace(b"River", b"Rivi\xe8re"), "catalogue.ttl")
        assert found.dataset is not None
        assert found.dataset.title == "Rivière levels"
        assert [problem.code for problem in found.problems] == ["character-repaired"]

    def test_entities_for_namespaces_are_read_and_entities_that_grow_are_refused(self, read: Read) -> None:
        xml = in_form("RDF_XML").decode()
        head, _, rest = xml.partition("?>")
        harmless = f'{head}?><!DOCTYPE rdf:RDF [<!ENTITY t "River">]>{rest.replace("River", "&t;")}'
        assert read(harmless)[0].identifier == "river-1"
        levels = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
        bomb = f'{head}?><!DOCTYPE rdf:RDF [<!ENTITY e0 "aaaaaaaaaa">{levels}]>{rest.replace("River", "&e9;")}'
        wide = f'{head}?><!DOCTYPE rdf:RDF [<!ENTITY w "{"a" * 1999}">]>{rest.replace("River", "&w;" * 9000)}'
        file = f'{head}?><!DOCTYPE rdf:RDF [<!ENTITY f SYSTEM "file:///etc/passwd">]>{rest.replace("River", "&f;")}'
        for hostile in (bomb, wide, file):
            with pytest.raises(SourceError, match="entities"):
                read(hostile)

    def test_a_document_over_the_limits_is_refused(self, read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(rdf_graph, "MOST_TRIPLES", 2)
        with pytest.raises(SourceError, match="more than 2 triples"):
            read(TURTLE)
        monkeypatch.setattr(rdf_text, "MOST_BYTES", 100)
        with pytest.raises(SourceError, match="larger than 100 bytes"):
            read(TURTLE)

    def test_rdf_of_something_else_is_refused_and_an_empty_catalogue_is_not(self, read: Read) -> None:
        with pytest.raises(SourceError, match="no dcat:Catalog and no dcat:Dataset"):
            read("<https://a.uk/1> <http://purl.org/dc/terms/title> 'A book' .", "book.ttl")
        assert read("<https://a.uk/c> a <http://www.w3.org/ns/dcat#Catalog> .", "empty.ttl") == []

    @pytest.mark.parametrize("brackets", ['{"dct:title": ', "["])
    def test_brackets_without_end_are_a_fault_of_the_file(self, read: Read, brackets: str) -> None:
        with pytest.raises(SourceError):
            read('{"@context": {}, "@graph": ' + brackets * 100_000)


def send(request: BaseHTTPRequestHandler, body: bytes, media_type: str = "text/turtle", status: int = 200) -> None:
    request.send_response(status)
    request.send_header("Content-Type", media_type)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)


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
        reading = harvest(f"{start_portal()}/catalog/gsa.jsonld")
        assert len({found.identifier for found in reading if found.dataset is not None}) == 339
        assert (reading.expected, reading.complete, reading.source.kind) == (339, True, "dcat-rdf")

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


SEEDS = [in_form(name) for name in ("TURTLE", "RDF_XML", "JSON_LD", "N_TRIPLES")]


def check(read: Read, document: bytes, **stated: str) -> None:
    """Each record is a dataset or says what is wrong; or the whole says it in one line."""
    message = ""
    try:
        records = read(document, "document", **stated)
    except SourceError as error:
        message = str(error)
    else:
        assert all(record.dataset is not None or record.problems for record in records)
    assert "\n" not in message


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(document=st.binary(max_size=300))
@example(document=b'<@id> <@id> "x" ; <@value> <@type> . <@id> a "x"@en , 1 , [] .')
@example(document=b'@prefix d: <http://www.w3.org/ns/dcat#> . d:a a d:Catalog ; d:dataset "x"@en , "@id" , d:b , [] .')
@example(document=b"<<( <a:a> <a:b> <a:c> )>> <a:b> <<( <a:a> <a:b> <a:c> )>> .")
def test_any_bytes_are_records_or_a_source_error(read: Read, document: bytes) -> None:
    for kind in ("dcat-rdf", ""):
        check(read, document, **({"kind": kind} if kind else {}))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(
    seed=st.sampled_from(SEEDS),
    cuts=st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 12), st.binary(max_size=8)), min_size=1, max_size=4),
)
def test_a_changed_document_is_records_or_a_source_error(
    read: Read, seed: bytes, cuts: list[tuple[int, int, bytes]]
) -> None:
    document = seed
    for place, length, put in cuts:
        start = place % (len(document) + 1)
        document = document[:start] + put + document[start + length :]
    check(read, document, kind="dcat-rdf")
