"""Every field of a record that says something is found again in both documents, at the property of the table."""

from __future__ import annotations

import msgspec
import pytest
from tests.corpora import OWN
from tests.serialise.conftest import EVERYTHING
from tests.serialise.web.documents import HERE, STANDARDS, at, document, leaves, loaded, records

from ckanext.aivision.normalise import frequencies, licences
from ckanext.aivision.normalise.text import is_placeholder
from ckanext.aivision.record import Agent, Dataset, Distribution, Location, Moment, PeriodOfTime, Term
from ckanext.aivision.serialise.ckan_values import day, text
from ckanext.aivision.serialise.federal import is_bureau
from ckanext.aivision.serialise.web.catalogued import DescribedColumn, FormFields
from ckanext.aivision.serialise.web.property_table import Standard, places, places_of

# A record that says something in every field that is given out.
ALL = msgspec.structs.replace(
    EVERYTHING,
    metadata_issued=Moment("2020-01-02T03:04:05Z", None),
    metadata_modified=Moment("last spring"),
    serves_dataset=["levels-2026"],
    unread={"temporal": "sometimes"},
    distribution=[
        msgspec.structs.replace(EVERYTHING.distribution[0], identifier="file-1", unread={"byte_size": "large"}),
        Distribution(title="The office's page", access_url="https://rivers.example.gov/", columns=["a", "b"]),
        Distribution(download_url="ftp://rivers.example.gov/raw", media_type=Term("a/b"), checksum="abc", byte_size=0),
    ],
)


def expected(value: object, field: str) -> list[set[str]]:
    """For each thing that a value says, the texts of which one must be in the document."""
    if isinstance(value, list | dict):
        members = value.values() if isinstance(value, dict) else value
        return [item for member in members for item in expected(member, field)]
    if isinstance(value, Term):
        return _of_term(value, field)
    if isinstance(value, Moment | PeriodOfTime | Location):
        return _of_time_or_place(value)
    if isinstance(value, Agent):
        # The code of a federal bureau is the dataset's.
        identifier = None if is_bureau(value.identifier) else value.identifier
        parts = [value.name, value.email, value.url, identifier, *value.sub_organization_of]
        return expected([part for part in parts if part], field)
    if isinstance(value, int):
        return [{f"{value} B"}]
    clean = text(value) if isinstance(value, str) else None
    return [{clean, clean.strip()}] if clean and clean.strip() else []


def _of_time_or_place(value: Moment | PeriodOfTime | Location) -> list[set[str]]:
    said = expected(value.original, "")
    if isinstance(value, Moment):
        read = day(value)
        return [{read}] if read else said
    if isinstance(value, PeriodOfTime):
        is_read = value.end or (value.start and value.open_end)
        return [{f"{value.start or '..'}/{value.end or '..'}"}] if is_read else said
    if value.bbox is None:
        return said
    west, south, east, north = value.bbox
    return [{f"{south} {west} {north} {east}", f"{south}"}]


def _of_term(term: Term, field: str) -> list[set[str]]:
    known = licences.info(term.id) if field == "license" and term.id else None
    if field == "license" and (term.id in ("none", "restricted", "open-unnamed") or is_placeholder(term.original)):
        return []
    code = frequencies.eu_code(term.id) if term.id else None
    said = {str(text(term.original)), term.id or "", known.uri if known else ""}
    said.add(f"http://publications.europa.eu/resource/authority/frequency/{code}")
    said.add(f"http://publications.europa.eu/resource/authority/access-right/{str(term.id).upper().replace('-', '_')}")
    return [said] if (text(term.original) or "").strip() or term.id else []


def lost(dataset: Dataset, standard: Standard) -> list[str]:
    """What of a record is not in its document, as field and value."""
    found = document(dataset, standard)
    missing = _lost(dataset, [found], "dataset", standard)
    files = [node for member in ("distribution", "dcat:distribution") for node in found.get(member, [])]
    for item in dataset.distribution:
        missing += _lost(item, files, "file", standard)
    variables = set(leaves([found.get("variableMeasured"), found.get("recordSet")]))
    missing += [f"columns: {name}" for item in dataset.distribution for name in item.columns if name not in variables]
    return missing


def _lost(subject: Dataset | Distribution, nodes: list[dict[str, object]], owner: str, standard: Standard) -> list[str]:
    missing = []
    for place in places_of(owner):
        path = place.path(standard)
        if path and place.value not in ("files", "columns"):
            there = {leaf for node in nodes for way in (path, place.words) if way for leaf in leaves(at(node, way))}
            values = expected(getattr(subject, place.field), place.field)
            missing += [f"{place.field}: {sorted(value)}" for value in values if not value & there]
    return missing


@pytest.mark.parametrize("standard", STANDARDS)
def test_every_field_of_a_record_is_found_again(standard: Standard) -> None:
    filled = {field for field in Dataset.__struct_fields__ if getattr(ALL, field) not in (None, [], {}, "")}
    given_out = {place.field for place in places_of("dataset") if place.path(standard)}
    assert given_out - filled == set()
    assert lost(ALL, standard) == []


@pytest.mark.parametrize("standard", STANDARDS)
def test_addresses_media_types_sizes_and_checksums_of_files_are_found_again(standard: Standard) -> None:
    found = document(ALL, standard)
    said = set(leaves([found["distribution"], found["dcat:distribution"]]))
    for item in ALL.distribution:
        for value in (item.access_url, item.download_url, item.checksum):
            assert value is None or value in said
        for term in (item.media_type, item.format):
            assert term is None or {term.id, term.original} & said


def test_fields_that_only_the_form_has_are_found_again() -> None:
    columns = [DescribedColumn("level", "decimal", "Metres above the gauge's zero")]
    catalogued = msgspec.structs.replace(HERE, form=FormFields(columns={"file-1": columns}))
    forbidden = msgspec.structs.replace(ALL, ai_use="not-allowed")
    assert loaded(forbidden, catalogued).metadata.data_collection_type == ["sensor"]
    for standard in STANDARDS:
        found = document(forbidden, standard, catalogued)
        assert found["rai:dataCollectionType"] == "sensor"
        assert found["usageInfo"]["odrl:prohibition"]["odrl:action"] == {"@id": "tdm:mine"}
        said = set(leaves(found))
        assert {"data", "level", "Metres above the gauge's zero", ALL.ai_use_terms} <= said


@pytest.mark.parametrize("standard", STANDARDS)
def test_every_field_of_our_own_corpus_is_found_again(standard: Standard) -> None:
    found = list(records(OWN))
    assert len(found) > 40
    assert {dataset.identifier: missing for dataset in found if (missing := lost(dataset, standard))} == {}


@pytest.mark.parametrize("standard", STANDARDS)
def test_every_field_of_records_of_the_corpus_is_found_again(standard: Standard, corpus_records: list[Dataset]) -> None:
    assert {dataset.identifier: missing for dataset in corpus_records if (missing := lost(dataset, standard))} == {}


def test_the_table_has_every_field_with_a_place_or_a_reason() -> None:
    for owner, struct in (("dataset", Dataset), ("file", Distribution)):
        assert {place.field for place in places_of(owner)} == set(struct.__struct_fields__)
    assert [place.field for place in places() if not (place.schema_org and place.croissant) and not place.note] == []


# What readers look for, of what a record can say: Google, Dataset structured data; Hugging Face, Get Croissant
# metadata; Croissant 1.1, Required and Recommended, by which Kaggle describes its datasets.
READ_BY = {
    "schema_org": """@type name description creator identifier includedInDataCatalog isPartOf keywords license
        measurementTechnique sameAs spatialCoverage temporalCoverage url variableMeasured version distribution
        datePublished dateModified publisher""",
    "croissant": """@context @type conformsTo name description license url creator datePublished keywords publisher
        version dateModified sameAs inLanguage distribution recordSet isLiveDataset citeAs usageInfo
        includedInDataCatalog""",
}


@pytest.mark.parametrize("standard", STANDARDS)
def test_the_members_that_readers_look_for_are_there(standard: Standard) -> None:
    found = document(ALL, standard)
    assert set(READ_BY[standard].split()) - set(found) == set()
    (file,) = found["distribution"][:1]
    assert {"@type", "name", "contentUrl", "encodingFormat", "contentSize"} <= set(file)
