"""What the benchmark of giving out counts, and how it gets from page to page."""

from __future__ import annotations

from bench import serve
from pyoxigraph import NamedNode
from tests.serialise.conftest import EVERYTHING

from ckanext.aivision.serialise.rdf.catalogue import Catalogue, Entry, catalogue_triples
from ckanext.aivision.serialise.rdf.syntaxes import FORMATS, document

SITE = Catalogue(NamedNode("https://rivers.example.gov"), "Rivers")
NEXT = "https://rivers.example.gov/catalog.ttl?after=b"


def page(*names: str) -> bytes:
    entries = [Entry(EVERYTHING, NamedNode(f"https://rivers.example.gov/dataset/{name}")) for name in names]
    links = {"current": "https://rivers.example.gov/catalog.ttl", "next": NEXT}
    return document(catalogue_triples(SITE, entries, "dcat-ap-3", links), FORMATS["ttl"])


def test_a_dataset_is_counted_once_however_many_pages_list_it() -> None:
    both = serve.count([page("a", "b"), page("b", "c")])
    assert both.datasets == 3
    assert both.triples == serve.count([page("a", "b")]).triples + serve.count([page("b", "c")]).triples


def test_the_next_page_is_found_in_our_turtle_and_in_that_of_others() -> None:
    assert serve.next_address(page("a")) == NEXT
    assert serve.next_address(f"[] hydra:nextPage <{NEXT}> .".encode()) == NEXT
    assert serve.next_address(f'[] hydra:nextPage "{NEXT}" .'.encode()) == NEXT
    assert serve.next_address(b"[] hydra:lastPage <https://x/> .") is None
