"""A record that is given out in RDF and harvested again is the same record, with the same evaluation."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from pyoxigraph import NamedNode, parse
from tests.corpora import OWN, ROOT
from tests.serialise.conftest import EVERYTHING
from tests.serialise.round_trip import SITE, comparable, entries, give, pairs, read_again

from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.open_source import open_source
from ckanext.aivision.harvesters.sources.source import resolve
from ckanext.aivision.normalise import dates, frequencies, licences, media_types, themes
from ckanext.aivision.normalise.vocabulary import rows
from ckanext.aivision.record import Agent, Dataset, Distribution, PeriodOfTime
from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.serialise.rdf.catalogue import Entry, dataset_triples
from ckanext.aivision.serialise.rdf.kinds import KINDS
from ckanext.aivision.serialise.rdf.mapping import STANDARDS, Standard, mapping
from ckanext.aivision.serialise.rdf.syntaxes import FORMATS, document

ON = datetime.date(2026, 11, 30)
SYNTAXES = ("ttl", "xml", "jsonld", "nt")
LEVELS = Dataset(identifier="levels", title="River levels", profile="ckan", country="GB")
# Fields that are not written by the table alone.
ELSEWHERE = {"profile", "distributions", "none", "record-date", "unread"}


def own_records() -> list[Dataset]:
    """The tests' own corpus: every kind of source, with its faults."""
    found = []
    for path in sorted(OWN.rglob("*.*")):
        if path.name not in ("README.md", "not-a-catalog.json"):
            with Session() as session:
                found += [item.dataset for item in open_source(resolve(str(path)), session) if item.dataset]
    return found


def with_file(**fields: Any) -> Dataset:
    return msgspec.structs.replace(LEVELS, distribution=[Distribution(**fields)])


VALUES = {
    "a date in words": msgspec.structs.replace(
        LEVELS, issued=dates.moment("Spring 2004"), modified=dates.moment("2004")
    ),
    "a date and time": msgspec.structs.replace(LEVELS, issued=dates.moment("2004-05-06T07:08:09.123+01:00")),
    "dates of the source's own record": msgspec.structs.replace(
        LEVELS, metadata_issued=dates.moment("2004-05"), metadata_modified=dates.moment("6 May 2004")
    ),
    "a licence in another spelling": msgspec.structs.replace(LEVELS, license=licences.clean("OGL3")),
    "words for no licence": msgspec.structs.replace(LEVELS, license=licences.clean("notspecified")),
    "an address of unknown terms": msgspec.structs.replace(LEVELS, license=licences.clean("https://city.gov.uk/terms")),
    "terms in words": msgspec.structs.replace(LEVELS, license=licences.clean("Free for research at universities")),
    "a licence that its file does not repeat": msgspec.structs.replace(
        LEVELS, license=licences.clean("uk-ogl"), distribution=[Distribution(title="Levels")]
    ),
    "a rhythm that the EU's table lacks": msgspec.structs.replace(
        LEVELS, accrual_periodicity=frequencies.clean("R/P18M")
    ),
    "themes of several lists": msgspec.structs.replace(
        LEVELS,
        theme=[themes.clean(name) for name in ("Environment", "geospatial", "https://themes.example.gov/rivers")],
    ),
    "placeholders": msgspec.structs.replace(
        LEVELS, publisher=Agent(name="Not provided"), contact_point=[Agent(name="undefined", email="a@rivers.gov.uk")]
    ),
    "a period in words": msgspec.structs.replace(
        LEVELS, temporal=[PeriodOfTime("the wet seasons"), *(p for p in [dates.period("2010-2015")] if p)]
    ),
    "addresses that are none": msgspec.structs.replace(LEVELS, landing_page="see above", page=["the yellow folder"]),
    "an address with spaces": msgspec.structs.replace(LEVELS, landing_page="https://rivers.gov.uk/all levels[1]"),
    "a download address alone": with_file(download_url="https://rivers.gov.uk/levels.csv"),
    "an address that no program opens": with_file(access_url="javascript:alert(1)"),
    "a format that is a media type": with_file(format=media_types.from_format("text/csv")),
    "an unknown format": with_file(format=media_types.from_format("abacus"), media_type=media_types.clean("x/abacus")),
    "a checksum without an algorithm": with_file(checksum="9F86D081", checksum_algorithm=None),
    "what cannot be read": with_file(unread={"byte_size": "twelve", "issued": "{}"}),
    "a dictionary without an address": with_file(described_by="see the PDF", described_by_type="application/pdf"),
    "files in their order": msgspec.structs.replace(
        LEVELS, distribution=[Distribution(title=str(number)) for number in range(12)]
    ),
    "columns in their order": with_file(columns=["week", "level", "gauge", *map(str, range(9))]),
    "rows at the data API": with_file(datastore_active=True),
    "another country": msgspec.structs.replace(LEVELS, country="XX", profile="data-gov-uk"),
    "a country outside the table": msgspec.structs.replace(LEVELS, country="FJ"),
    "a service": msgspec.structs.replace(
        LEVELS,
        type="service",
        serves_dataset=["levels-2"],
        profile="dcat-us-3.0-service",
        distribution=[Distribution(access_url="https://rivers.gov.uk/api")],
    ),
    "a series": msgspec.structs.replace(LEVELS, type="series", profile="dcat-us-3.0-series"),
    "carriage returns": msgspec.structs.replace(LEVELS, description="One\r\nTwo\rThree\n\tFour"),
    "everything": EVERYTHING,
}


@pytest.mark.parametrize("standard", STANDARDS)
@pytest.mark.parametrize("syntax", SYNTAXES)
def test_what_a_record_says_is_read_again(standard: Standard, syntax: str, tmp_path: Path) -> None:
    records = [msgspec.structs.replace(record, identifier=name) for name, record in VALUES.items()]
    for there, back in pairs(records, standard, syntax, tmp_path):
        assert comparable(back) == comparable(there), there.identifier


@pytest.mark.long
@pytest.mark.parametrize("standard", STANDARDS)
def test_records_of_every_kind_of_source_keep_their_score_and_results(standard: Standard, tmp_path: Path) -> None:
    check_evaluations(own_records(), standard, tmp_path)


@pytest.mark.corpus
@pytest.mark.parametrize("standard", STANDARDS)
def test_real_records_keep_their_score_and_results(
    standard: Standard, corpus_records: list[Dataset], tmp_path: Path
) -> None:
    assert len(corpus_records) >= 200
    check_evaluations(corpus_records, standard, tmp_path)


def check_evaluations(records: list[Dataset], standard: Standard, folder: Path) -> None:
    rubric = load()
    for there, back in pairs(records, standard, "ttl", folder):
        assert comparable(back) == comparable(there)
        before, after = evaluate(there, rubric, ON), evaluate(back, rubric, ON)
        assert (after.score, after.grade, after.coverage) == (before.score, before.grade, before.coverage)
        results = [[(one.criterion, one.result, one.value) for one in found.results] for found in (before, after)]
        assert results[0] == results[1]


def test_the_table_has_every_field_of_a_record() -> None:
    for standard in STANDARDS:
        for part, struct in (("dataset", Dataset), ("distribution", Distribution)):
            fields = [row.field for row in mapping(standard) if row.part == part]
            assert sorted(fields) == sorted(struct.__struct_fields__)
        assert {row.kind for row in mapping(standard)} <= KINDS.keys() | ELSEWHERE


def test_every_profile_of_a_source_has_a_name_in_rdf() -> None:
    profiles = yaml.safe_load((ROOT / "config" / "profiles.yaml").read_text(encoding="utf-8"))
    assert [row["profile"] for row in rows("profile_addresses")] == list(profiles)


def test_a_distribution_has_the_licence_of_its_dataset() -> None:
    record = VALUES["a licence that its file does not repeat"]
    term = NamedNode("http://purl.org/dc/terms/license")
    found = [(str(t.subject), str(t.object)) for t in triples(record) if t.predicate == term]
    assert len(found) == 2
    assert {value for _, value in found} == {
        "<https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/>"
    }


def test_nothing_is_said_of_what_a_record_leaves_open() -> None:
    """Each text is one of the record; each address too, or one of an authority."""
    texts = {"levels", "River levels", "ckan", "CKAN, core fields"}
    britain = "http://publications.europa.eu/resource/authority/country/GBR"
    authorities = ("http://www.w3.org/ns/", "http://purl.org/dc/terms/", f"{SITE}/", britain)
    for triple in triples(LEVELS):
        value = getattr(triple.object, "value", "")
        if str(triple.object).startswith('"'):
            assert value in texts
        elif str(triple.object).startswith("<"):
            assert value.startswith(authorities)


def triples(record: Dataset) -> list[Any]:
    return list(dataset_triples(Entry(record, NamedNode(f"{SITE}/dataset/1")), "dcat-ap-3"))


def test_a_catalogue_of_two_countries_is_read_as_one(tmp_path: Path) -> None:
    records = [msgspec.structs.replace(LEVELS, identifier=code, country=code) for code in ("US", "GB", "XX")]
    back = read_again(give(records, "dcat-ap-3", "ttl"), "ttl", tmp_path)
    assert [record.country for record in back] == ["US", "GB", "XX"]


def test_the_profile_of_any_other_catalogue_stays_that_of_its_source(tmp_path: Path) -> None:
    """A catalogue record that conforms to a standard of somebody else's does not change how its records are judged."""
    path = tmp_path / "other.ttl"
    path.write_text("""
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix schema: <http://schema.org/> .
<https://rivers.gov.uk/1> a dcat:Dataset ; dct:title "Levels" ; dct:identifier "levels" ; dct:issued "2004" ;
  schema:additionalProperty [ schema:propertyID "issued" ; schema:value "2005" ] .
[] foaf:primaryTopic <https://rivers.gov.uk/1> ; dct:conformsTo [ dct:identifier "rivers-2" ] .
""")
    with Session() as session:
        (found,) = [item.dataset for item in open_source(resolve(str(path), "dcat-rdf", None, "GB"), session)]
    assert found is not None
    assert (found.profile, found.issued) == ("dcat-ap", dates.moment("2004"))


def test_all_syntaxes_say_the_same() -> None:
    written = {syntax: give(VALUES.values(), "dcat-ap-3", syntax) for syntax in SYNTAXES}
    counts = {syntax: len({str(quad) for quad in parse(text, FORMATS[syntax])}) for syntax, text in written.items()}
    assert len(set(counts.values())) == 1


def test_the_same_record_gives_the_same_bytes() -> None:
    for syntax in SYNTAXES:
        assert give([EVERYTHING], "dcat-ap-3", syntax) == give([EVERYTHING], "dcat-ap-3", syntax)


def test_distributions_have_the_addresses_that_they_are_given() -> None:
    file = NamedNode(f"{SITE}/dataset/1/resource/7")
    (entry,) = entries([with_file(title="Levels")])
    given = document(dataset_triples(entry._replace(distributions=[file]), "dcat-ap-3"), FORMATS["nt"])
    assert f"<http://www.w3.org/ns/dcat#distribution> {file}".encode() in given
