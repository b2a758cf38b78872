"""RDF catalogues as files and from the net: which they are, page after page, and what is wrong with broken ones."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import Any

import pyoxigraph
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.examples import share_of
from tests.harvesters.rdf_documents import TURTLE, Serve, Start, send

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.parsing import rdf_graph, rdf_text
from ckanext.aivision.harvesters.parsing.head import Head
from ckanext.aivision.harvesters.protocols.recognition import recognise_document
from ckanext.aivision.harvesters.sources.source import Source, complete_source
from ckanext.aivision.record import Harvested

Read = Callable[..., list[Harvested]]

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
        found = recognise_document(Head(head.encode(), media_type=sent_as))
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
            assert complete_source(Source(name="x", url=url), "dcat-rdf").country == country


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


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=share_of(150))
@given(document=st.binary(max_size=300))
@example(document=b'<@id> <@id> "x" ; <@value> <@type> . <@id> a "x"@en , 1 , [] .')
@example(document=b'@prefix d: <http://www.w3.org/ns/dcat#> . d:a a d:Catalog ; d:dataset "x"@en , "@id" , d:b , [] .')
@example(document=b"<<( <a:a> <a:b> <a:c> )>> <a:b> <<( <a:a> <a:b> <a:c> )>> .")
def test_any_bytes_are_records_or_a_source_error(read: Read, document: bytes) -> None:
    for kind in ("dcat-rdf", ""):
        check(read, document, **({"kind": kind} if kind else {}))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=share_of(200))
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
