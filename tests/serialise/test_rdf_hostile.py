"""Whatever a record holds, what is given out of it is RDF: every address whole, every text readable again."""

from __future__ import annotations

import re
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import lxml.etree
import msgspec
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, parse
from tests.examples import share_of
from tests.serialise.conftest import EVERYTHING
from tests.serialise.round_trip import CATALOGUE, SITE, comparable, give, read_again

from ckanext.aivision.normalise import dates, frequencies, languages, licences, media_types, themes
from ckanext.aivision.normalise.geography import places
from ckanext.aivision.record import Agent, Dataset, Distribution, Moment, PeriodOfTime, Term
from ckanext.aivision.serialise.rdf.catalogue import Entry, catalogue_triples
from ckanext.aivision.serialise.rdf.mapping import STANDARDS
from ckanext.aivision.serialise.rdf.syntaxes import FORMATS, pieces

IN_RDFLIB = {"ttl": "turtle", "xml": "xml", "jsonld": "json-ld", "nt": "nt"}
# What ends a statement, a tag or an address in one of the syntaxes, or begins another.
EVIL = st.sampled_from(
    [
        *('"""', "'''", '" . <urn:a> <urn:b> "', "]]>", "</rdf:RDF>", "<!--", "&amp;", "\\", "\\u0041", "\\uD800"),
        *("\r\n", "\t", "\x00", "\x0b", "\x1f", "\ufffe", "\ud800", "\u2028", "\U0001f4a7", "_:b0", "@prefix", "a"),
        *("http://", "https://a b", "https://[", "https://x/%zz", "http://x/|{}", "//x", "/x", "x", "#x", "?x", "urn:"),
        *("javascript:alert(1)", "data:text/html,x", "mailto:", "EPSG:4326", "http://x:y/", "https://\u202e"),
        *("https://é.gov/ü", "R/P99999Y", "9999-99-99", "POLYGON((", '{"a":'),
    ]
)
PARTS = st.lists(st.one_of(EVIL, st.text(max_size=8)), max_size=4)
TEXTS = st.one_of(
    EVIL, st.text(max_size=40), st.builds("".join, st.lists(st.one_of(EVIL, st.text(max_size=8)), max_size=4))
)
TERMS = st.builds(Term, TEXTS, st.one_of(st.none(), TEXTS))
MOMENTS = st.builds(
    Moment, TEXTS, st.one_of(st.none(), st.dates()), st.sampled_from(("", "year", "month", "day", "time"))
)
AGENTS = st.builds(
    Agent,
    name=st.one_of(st.none(), TEXTS),
    email=st.one_of(st.none(), TEXTS),
    url=st.one_of(st.none(), TEXTS),
    identifier=st.one_of(st.none(), TEXTS),
    sub_organization_of=st.lists(TEXTS, max_size=2),
)
PERIODS = st.builds(
    PeriodOfTime, TEXTS, st.one_of(st.none(), st.dates()), st.one_of(st.none(), st.dates()), st.booleans()
)
SPECIAL = {
    "Term | None": st.one_of(st.none(), TERMS),
    "Moment | None": st.one_of(st.none(), MOMENTS),
    "str | None": st.one_of(st.none(), TEXTS),
    "list[str]": st.lists(TEXTS, max_size=3),
    "list[Term]": st.lists(TERMS, max_size=2),
    "list[Agent]": st.lists(AGENTS, max_size=2),
    "Agent | None": st.one_of(st.none(), AGENTS),
    "list[PeriodOfTime]": st.lists(PERIODS, max_size=2),
    "list[Location]": st.lists(TEXTS.map(places.location).filter(bool), max_size=2),
    "dict[str, str]": st.dictionaries(TEXTS, TEXTS, max_size=2),
    "int | None": st.one_of(st.none(), st.integers()),
    "str": TEXTS,
    "bool": st.booleans(),
}


def fields_of(struct: type[msgspec.Struct], **known: st.SearchStrategy[object]) -> dict[str, st.SearchStrategy[object]]:
    hints = struct.__annotations__
    return {name: SPECIAL[hints[name]] for name in struct.__struct_fields__ if hints[name] in SPECIAL} | known


FILES = st.builds(Distribution, **fields_of(Distribution))
RECORDS = st.builds(
    Dataset,
    **fields_of(
        Dataset, distribution=st.lists(FILES, max_size=2), title=st.just("River levels"), identifier=st.just("levels")
    ),
)


def is_whole(address: str) -> bool:
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", address) is not None and not re.search(
        r'[\x00-\x20<>"{}|\\^`]', address
    )


@pytest.mark.long
@settings(max_examples=share_of(50), deadline=None)
@given(RECORDS)
def test_any_record_gives_documents_that_every_reader_takes(record: Dataset) -> None:
    for standard in STANDARDS:
        for syntax, name in IN_RDFLIB.items():
            written = give([record], standard, syntax)
            for quad in parse(written, FORMATS[syntax]):
                for term in (quad.subject, quad.predicate, quad.object):
                    assert not isinstance(term, NamedNode) or is_whole(term.value), term
            if syntax == "xml":
                lxml.etree.fromstring(written)
            assert len(rdflib.Graph().parse(data=written, format=name)) > 5


PLAIN = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=20).map(str.strip).filter(bool)


@st.composite
def sound_records(draw: st.DrawFn) -> Dataset:
    """Records as the harvest makes them of any words."""
    words = draw(st.lists(st.one_of(PLAIN, EVIL.map(lambda text: f"a{text}z")), min_size=9, max_size=9))
    words = [re.sub("[\x00-\x1f\ufffe\ud800]", "", word) for word in words]
    files = [
        Distribution(
            title=words[0],
            access_url=f"https://rivers.gov.uk/{words[1]}".strip(),
            format=media_types.from_format(words[2]),
            media_type=media_types.clean(words[3]),
            license=licences.clean(words[4]),
            issued=dates.moment(words[5]),
        )
    ]
    return Dataset(
        identifier="levels",
        title=words[6],
        profile="dcat-us-1.1",
        country=draw(st.sampled_from(("US", "GB", "XX"))),
        theme=[themes.clean(words[7])],
        language=[languages.clean(words[8])],
        license=licences.clean(words[0]),
        accrual_periodicity=frequencies.clean(words[1]),
        spatial=[place for place in (places.location(words[2]),) if place],
        landing_page=words[3],
        page=[words[4]],
        in_series=words[5],
        distribution=files,
    )


@pytest.mark.long
@settings(max_examples=share_of(50), deadline=None)
@given(sound_records())
def test_any_words_are_read_again(record: Dataset) -> None:
    for standard in STANDARDS:
        for syntax in ("ttl", "xml"):
            with TemporaryDirectory() as folder:
                (back,) = read_again(give([record], standard, syntax), syntax, Path(folder))
            assert comparable(back) == comparable(record)


@pytest.mark.long
@pytest.mark.parametrize("syntax", ["ttl", "xml", "jsonld", "nt"])
def test_a_catalogue_of_any_size_is_written_in_the_same_memory(syntax: str) -> None:
    peaks = [peak_of(number, syntax) for number in (100, 100, 500)]
    assert peaks[2] < 1.5 * peaks[1] + 500_000


def peak_of(number: int, syntax: str) -> int:
    tracemalloc.start()
    try:
        size = sum(
            len(piece) for piece in pieces(catalogue_triples(CATALOGUE, copies(number), "dcat-ap-3"), FORMATS[syntax])
        )
        assert size > 1000 * number
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def copies(number: int) -> Iterator[Entry]:
    for copy in range(number):
        record = msgspec.structs.replace(EVERYTHING, identifier=f"levels-{copy}")
        yield Entry(record, NamedNode(f"{SITE}/dataset/{copy}"))


@pytest.mark.long
def test_pieces_make_one_document(tmp_path: Path) -> None:
    for syntax in IN_RDFLIB:
        written = b"".join(pieces(catalogue_triples(CATALOGUE, copies(60), "dcat-us-3"), FORMATS[syntax]))
        back = read_again(written, syntax, tmp_path)
        assert [record.identifier for record in back] == [f"levels-{copy}" for copy in range(60)]
        assert comparable(back[59]) == comparable(msgspec.structs.replace(EVERYTHING, identifier="levels-59"))
