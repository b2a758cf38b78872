"""The public datasets in RDF: page by page in an order that does not shift, and all of them in one document."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pyoxigraph
import pytest
from pyoxigraph import RdfFormat

Ask = Callable[..., Any]
DCAT, HYDRA = "http://www.w3.org/ns/dcat#", "http://www.w3.org/ns/hydra/core#"
FORMATS = {
    "ttl": RdfFormat.TURTLE,
    "xml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
    "nt": RdfFormat.N_TRIPLES,
}


@pytest.fixture(autouse=True)
def unlimited(ckan: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("catalogues", "catalogues_of_all", "pages", "pages_of_all"):
        monkeypatch.setitem(ckan.config, f"ckanext.aivision.limit_{name}", 0)


@pytest.fixture
def of_two(ckan: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two datasets on each page."""
    monkeypatch.setitem(ckan.config, "ckanext.dcat.datasets_per_page", 2)


def triples(answer: Any, ending: str = "ttl") -> list[Any]:
    assert answer.status_code == 200, answer.get_data(as_text=True)[:500]
    return list(pyoxigraph.parse(answer.get_data(), format=FORMATS[ending]))


def values(found: list[Any], predicate: str) -> list[str]:
    return [triple.object.value for triple in found if triple.predicate.value == predicate]


def members(found: list[Any]) -> list[str]:
    """The ids of the datasets of a catalogue."""
    return [iri.rpartition("/")[2] for iri in values(found, f"{DCAT}dataset")]


def path_of(address: str) -> str:
    return "/" + address.partition("//")[2].partition("/")[2]


def pages(ask: Ask, path: str) -> Iterator[list[Any]]:
    """The triples of each page, from one to the next."""
    while path:
        found = triples(ask(path))
        yield found
        path = path_of(next(iter(values(found, f"{HYDRA}next")), ""))
        path = "" if path == "/" else path


@pytest.mark.parametrize("ending", FORMATS)
def test_the_whole_catalogue_is_one_document(ask: Ask, harvest: Any, published: Any, ending: str) -> None:
    ids = {package["id"] for package in [*harvest(3), published()]}
    hidden = {published(**state)["id"] for state in ({"private": True}, {"state": "draft"}, {"state": "deleted"})}
    found = triples(ask(f"/catalog.{ending}?page=all"), ending)
    there = members(found)
    assert ids <= set(there)
    assert not hidden & set(there)
    assert len(there) == len(set(there))
    kinds = [triple.subject.value.rpartition("/")[2] for triple in found if triple.object.value == f"{DCAT}Dataset"]
    assert sorted(kinds) == sorted(there)


def test_all_syntaxes_and_all_pages_say_the_same(ask: Ask, harvest: Any, published: Any, of_two: None) -> None:
    harvest(3)
    published()

    def things(found: list[Any]) -> int:
        return len({triple for triple in found if not triple.predicate.value.startswith(HYDRA)})

    counts = {things(triples(ask(f"/catalog.{ending}?page=all"), ending)) for ending in FORMATS}
    together = [triple for page in pages(ask, "/catalog.ttl") for triple in page]
    about_pages = {triple for triple in together if triple.object.value == f"{HYDRA}PagedCollection"}
    assert counts == {things(together) - len(about_pages)}


def test_no_page_has_a_dataset_of_another_and_none_is_missed_while_datasets_change(
    ask: Ask, harvest: Any, act: Any, of_two: None
) -> None:
    at_first = set(members(triples(ask("/catalog.ttl?page=all")))) | {package["id"] for package in harvest(5)}
    seen: list[str] = []
    for page in pages(ask, "/catalog.ttl"):
        seen += members(page)
        # The last changed come first in ckanext-dcat's own order.
        act("package_patch", id=seen[0], notes=f"Levels in metres, {uuid.uuid4()}.")
        harvest(1)
    assert at_first <= set(seen)
    assert len(seen) == len(set(seen))


def test_filters_and_searches_narrow_it(ask: Ask, harvest: Any, published: Any, of_two: None) -> None:
    word = f"gauge{uuid.uuid4().hex[:8]}"
    ours = [package["id"] for package in harvest(3, title=f"Levels {word}")]
    of_form = published(title=f"Levels {word}", country="GB")["id"]

    def found(question: str) -> set[str]:
        whole = set(members(triples(ask(f"/catalog.ttl?page=all&{question}"))))
        assert whole == {id for page in pages(ask, f"/catalog.ttl?{question}") for id in members(page)}
        return whole

    search = f"q={quote(f'title:(levels AND {word})')}"
    assert found(search) == {*ours, of_form}
    assert found(f"{search}&country=us") == set(ours)
    assert found(f"fq={quote(f'title:{word}')}&country=GB") == {of_form}
    assert of_form not in found("country=US")
    assert found("modified_since=2999-01-01") == set()
    assert {*ours, of_form} <= found("modified_since=2020-01-01T00:00:00Z")
    grades = [found(f"{search}&grade={grade}") for grade in "abcde"]
    assert sum(map(len, grades)) == 4
    assert set().union(*grades) == {*ours, of_form}
    assert found(f"{search}&agency=us-026") == set()


def test_a_page_says_how_many_there_are(ask: Ask, harvest: Any, of_two: None) -> None:
    word = f"gauge{uuid.uuid4().hex[:8]}"
    harvest(3, title=f"Levels {word}")
    (first, second) = pages(ask, f"/catalog.ttl?q=title:{word}")
    assert values(first, f"{HYDRA}totalItems") == ["3"]
    assert values(first, f"{HYDRA}itemsPerPage") == ["2"]
    assert values(second, f"{HYDRA}first") == values(first, f"{HYDRA}first")


def test_pages_by_number_still_lead_to_each_other(ask: Ask, harvest: Any, of_two: None) -> None:
    word = f"gauge{uuid.uuid4().hex[:8]}"
    ids = {package["id"] for package in harvest(3, title=f"Levels {word}")}
    found = list(pages(ask, f"/catalog.ttl?page=1&q={quote(f'title:({word} AND levels)')}"))
    assert len(found) == 2
    assert {id for page in found for id in members(page)} == ids


@pytest.mark.parametrize("profile", ["aivision_dcat_us_3", "euro_dcat_ap_3,schemaorg"])
def test_other_profiles_have_the_same_addresses(ask: Ask, harvest: Any, of_two: None, profile: str) -> None:
    word = f"gauge{uuid.uuid4().hex[:8]}"
    ids = {package["id"] for package in harvest(3, title=f"Levels {word}")}
    found = list(pages(ask, f"/catalog.ttl?q=title:{word}&profiles={profile}"))
    assert {id for page in found for id in members(page)} == ids


@pytest.mark.parametrize("way", ["", "page=all&"])
@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("theme=health", "theme"),
        ("country=England", "country"),
        ("agency=NASA%20", "agency"),
        ("grade=F", "grade"),
        ("modified_since=yesterday", "modified_since"),
        ("country=US&country=GB", "country"),
        ("q=%00", "q"),
        ("q=bad:((((", "q"),
        (f"q={'x' * 3000}", "q"),
        ("fq={!join from=a to=b}x", "q"),
        ("page=0", "page"),
        ("page=0x10", "page"),
        ("page=all&after=x", ""),
    ],
)
def test_what_means_nothing_is_refused(ask: Ask, way: str, question: str, named: str) -> None:
    answer = ask(f"/catalog.ttl?{way}{question}")
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert named in answer.get_json(force=True)["detail"]


@pytest.mark.parametrize("after", ["x y", '"', "*", "a\\"])
def test_the_place_of_a_page_is_no_query(ask: Ask, after: str) -> None:
    assert ask(f"/catalog.ttl?after={quote(after)}").status_code == 400
    assert ask(f"/catalog.ttl?q=levels&after={quote(after)}").status_code == 400
