"""DCAT in RDF to the record, as tables: DCAT-AP 1 to 3 (https://semiceu.github.io/DCAT-AP/) and DCAT-US 3.

A row says which properties a field is read from, the best first; `record_tree` gives the trees that are read.
"""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from ckanext.aivision.errors import Problem
from ckanext.aivision.harvesters.mapping.country import with_country
from ckanext.aivision.harvesters.mapping.mapper import refused
from ckanext.aivision.harvesters.mapping.table import cut, describe_value, note_unread
from ckanext.aivision.harvesters.mapping.values import add_rights, place_problems
from ckanext.aivision.harvesters.parsing.repair import repaired
from ckanext.aivision.harvesters.protocols.dcat_rdf import places as rdf_places
from ckanext.aivision.harvesters.protocols.dcat_rdf import property_readers as readers
from ckanext.aivision.harvesters.protocols.dcat_rdf import rdf_values as values
from ckanext.aivision.harvesters.protocols.dcat_rdf.origin import Origin, origin_of, words_of
from ckanext.aivision.harvesters.protocols.dcat_rdf.property_table import Property, Table, tell_unused
from ckanext.aivision.harvesters.protocols.dcat_rdf.rdf_values import Values
from ckanext.aivision.harvesters.protocols.dcat_rdf.record_tree import Tree
from ckanext.aivision.harvesters.sources.source import Source
from ckanext.aivision.normalise import frequencies, languages, licences, media_types, themes
from ckanext.aivision.normalise.web.credentials import mask, mask_record
from ckanext.aivision.record import Dataset, Distribution, Harvested

_TITLE = ("dct:title", "dc:title", "rdfs:label", "skos:prefLabel", "schema:name")
_DESCRIBED_BY = ("dcat-us:describedBy", "wdrs:describedby", "pod:describedBy")

_DATASET = Table(
    Property("description", values.text, ("dct:description", "dc:description", "schema:description")),
    Property("keyword", values.words, ("dcat:keyword", "schema:keywords")),
    Property("theme", values.terms(themes.clean), ("dcat:theme", "dct:subject"), merged=True),
    Property("language", values.terms(languages.clean), ("dct:language", "dc:language")),
    Property("type", values.address_or_label, ("dct:type",)),
    Property("issued", readers.moment, ("dct:issued", "schema:datePublished")),
    Property("modified", readers.moment, ("dct:modified", "schema:dateModified")),
    Property("accrual_periodicity", values.term(frequencies.clean), ("dct:accrualPeriodicity",)),
    Property("next_update", readers.moment, ()),
    Property("publisher", values.agent, ("dct:publisher", "dc:publisher", "schema:publisher")),
    Property("creator", values.agents, ("dct:creator", "dc:creator", "schema:creator")),
    Property("contact_point", values.agents, ("dcat:contactPoint", "adms:contactPoint")),
    Property("license", values.term(licences.clean), ("dct:license", "schema:license", "cc:license")),
    Property("rights", values.statements, ("dct:rights", "dc:rights")),
    Property("access_rights", values.access, ("dct:accessRights", "pod:accessLevel")),
    Property("access_procedure", readers.access_procedure, ("dcat-us:accessRestriction",)),
    Property("security_classification", readers.classification, ()),
    Property("ai_use_terms", values.statement, ("odrl:hasPolicy",)),
    Property("temporal", values.periods, ("dct:temporal", "schema:temporalCoverage")),
    Property("temporal_resolution", values.text, ("dcat:temporalResolution",)),
    Property("spatial", rdf_places.spatial, ("dct:spatial",)),
    Property("spatial_resolution", values.text, ("dcat:spatialResolutionInMeters",)),
    Property("landing_page", values.address, ("dcat:landingPage",)),
    Property("page", values.addresses, ("foaf:page", "dct:references"), merged=True),
    Property("conforms_to", values.addresses, ("dct:conformsTo",)),
    Property("described_by", values.address, _DESCRIBED_BY),
    Property("described_by_type", readers.described_by_type, _DESCRIBED_BY),
    Property("described_by_type", values.text, ()),
    Property("in_series", values.address_or_label, ("dcat:inSeries", "dct:isPartOf")),
    Property("serves_dataset", values.texts, ()),
    Property("version", values.text, ("dcat:version", "owl:versionInfo", "adms:version", "schema:version")),
    Property("version_notes", values.statement, ("adms:versionNotes",)),
    Property("bibliographic_citation", values.statement, ("dct:bibliographicCitation",)),
    Property("other_identifier", values.texts, ("adms:identifier",)),
    Property("provenance", values.statement, ("dct:provenance", "prov:wasGeneratedBy")),
    Property("derived_from", values.addresses, ("prov:wasDerivedFrom", "dct:source"), merged=True),
    Property("code_repository", values.address, ("schema:codeRepository",)),
    Property("system_of_records", values.statement, ("pod:systemOfRecords",)),
    Property("quality", readers.quality, ("dqv:hasQualityAnnotation", "dqv:hasQualityMeasurement")),
    Property("collection", values.statement, ("rai:dataCollection",)),
    Property("collection_type", values.text, ("rai:dataCollectionType",)),
    Property("ai_use", values.text, ()),
    Property("preprocessing", values.statement, ("rai:dataPreprocessingProtocol",)),
    Property("annotation", values.statement, ("rai:dataAnnotationProtocol",)),
    Property("limitations", values.statement, ("rai:dataLimitations",)),
    Property("biases", values.statement, ("rai:dataBiases",)),
    Property("uncertainty", readers.uncertainty, ("dqv:hasQualityAnnotation",)),
    Property("personal_data_measures", values.statement, ()),
    Property("unsuitable_uses", values.statement, ()),
    Property("personal_data", values.text, ("rai:personalSensitiveInformation",)),
    Property("uses", values.statement, ("rai:dataUseCases", "skos:scopeNote", "dcat-us:purpose")),
    Property("social_impact", values.statement, ("rai:dataSocialImpact",)),
    Property("maintenance_plan", values.statement, ("rai:dataReleaseMaintenancePlan",)),
)

# Of the catalogue's record of a dataset (dcat:CatalogRecord).
_RECORD = Table(
    Property("metadata_issued", readers.moment, ("dct:issued",)),
    Property("metadata_modified", readers.moment, ("dct:modified",)),
)

# `accessUrl` is the mistake of a program that many councils publish with (ArcGIS Hub).
_DISTRIBUTION = Table(
    Property("identifier", values.text, ("dct:identifier", "adms:identifier")),
    Property("title", values.text, _TITLE),
    Property("description", values.text, ("dct:description", "dc:description", "schema:description")),
    Property("access_url", values.address, ("dcat:accessURL", "dcat:accessUrl")),
    Property("download_url", values.address, ("dcat:downloadURL", "dcat:downloadUrl")),
    Property("media_type", values.term(media_types.clean), ("dcat:mediaType",)),
    Property("media_type", readers.known_media_type, ("dct:format", "dc:format")),
    Property("format", values.term(media_types.from_format), ("dct:format", "dc:format")),
    Property("byte_size", readers.size, ("dcat:byteSize",)),
    Property("license", values.term(licences.clean), ("dct:license", "schema:license")),
    Property("issued", readers.moment, ("dct:issued",)),
    Property("modified", readers.moment, ("dct:modified",)),
    Property("conforms_to", values.addresses, ("dct:conformsTo",)),
    Property("described_by", values.address, _DESCRIBED_BY),
    Property("described_by_type", readers.described_by_type, _DESCRIBED_BY),
    Property("described_by_type", values.text, ()),
    Property("columns", readers.columns, ("csvw:tableSchema",)),
    Property("role", values.text, ()),
    Property("datastore_active", readers.is_true, ()),
)

# A checksum is a node of two values, which are read together; the source's words are read one by one.
_CHECKSUM = Table(
    Property("checksum", values.text, ()),
    Property("checksum_algorithm", values.text, ()),
)


def harvested(tree: Tree, where: str, clean: bool, source: Source, by_iri: bool = False) -> Harvested:
    """A dataset's tree as a Dataset, or refused with the reason. Never raises.

    where: how messages call it. clean: whether its texts need no mending. by_iri: whether its dct:identifier is not
    its alone, so that its IRI has to tell it from others.
    """
    problems: list[Problem] = []
    if not clean:
        mended, problems = repaired(tree, (), where)
        if mended is None:
            return Harvested(where=where, raw=tree, identifier=tree.get("@id"), problems=problems)
        tree = mended
    tree, masked = mask_record(tree, where)
    where, problems = mask(where), [*problems, *masked]
    origin = origin_of(tree)
    identifiers = identifiers_of(tree)
    identifier = _identifier(tree, identifiers, by_iri, where, problems)
    title = next((text for name in _TITLE if (found := tree.get(name)) and (text := values.text(found))), None)
    if title is None:
        message = "no title: add a dct:title that says what the data are"
        return refused(f"{where} dct:title", tree, "title-missing", message, identifier, where_record=where)
    tell_unused("title", tree.get("dct:title", []), title, f"{where} dct:title", problems)
    if "dct:title" not in tree:
        message = "there is no `dct:title`, another name was used instead: fill it in"
        problems.append(Problem("title-missing", f"{where} dct:title", message, seen=describe_value(title)))
    dataset = Dataset(
        identifier=identifier,
        title=title,
        profile=origin.profile if origin is not None else source.profile,
        country=(origin.country if origin is not None else "") or source.country,
        source=source.name,
        raw=tree,
        **_build(tree, identifier, identifiers, origin, where, problems),
    )
    dataset = with_country(dataset, is_federal="pod:bureauCode" in tree)
    problems += place_problems(dataset, f"{where} dct:spatial")
    return Harvested(where=where, raw=tree, identifier=identifier, dataset=dataset, problems=problems)


def _name_bureau(fields: dict[str, Any], tree: Tree) -> None:
    """The bureau code (OMB Circular A-11, appendix C) identifies a federal publisher, as in DCAT-US 1.1."""
    publisher = fields.get("publisher")
    codes = values.texts(tree.get("pod:bureauCode", []))
    if publisher is not None and publisher.identifier is None and codes:
        # As DCAT-US 1.1 has a publisher: without an address of mail.
        fields["publisher"] = msgspec.structs.replace(publisher, identifier=codes[0])


def identifiers_of(tree: Tree) -> list[str]:
    """What the publisher calls the dataset (dct:identifier)."""
    return values.texts(tree["dct:identifier"]) if "dct:identifier" in tree else []


def _identifier(tree: Tree, stated: list[str], by_iri: bool, where: str, problems: list[Problem]) -> str:
    """dct:identifier, which stays when the dataset's page moves; else the IRI; else a hash of the content."""
    iri = tree.get("@id", "")
    place = f"{where} dct:identifier"
    if stated and not (by_iri and iri):
        return stated[0]
    if by_iri and stated:
        message = "several datasets have this identifier, so the IRI was used instead: give each its own"
        problems.append(Problem("identifier-shared", place, message, seen=describe_value(stated[0])))
    if iri:
        return str(iri)
    digest = hashlib.sha256(msgspec.json.encode(tree, order="sorted")).hexdigest()[:32]
    message = (
        "no identifier and no IRI; a hash of its content is used, which changes with the content: add a dct:identifier"
    )
    problems.append(Problem("identifier-missing", place, message))
    return f"sha256:{digest}"


def _build(
    tree: Tree, identifier: str, identifiers: list[str], origin: Origin | None, where: str, problems: list[Problem]
) -> dict[str, Any]:
    """The other fields of a dataset."""
    fields = _DATASET.read(tree, where, problems)
    for record in tree.get("foaf:isPrimaryTopicOf", ())[:1]:
        of_record = _RECORD.read(record, where, problems)
        if origin is not None:
            _RECORD.put_words(of_record, words_of(record), where, problems)
        fields |= {**of_record, "unread": {**fields.get("unread", {}), **of_record.get("unread", {})}}
    place = f"{where} dcat:distribution"
    files = tree.get("dcat:distribution", [])
    files = cut(sorted(files, key=readers.position) if origin is not None else files, place, problems)
    fields["distribution"] = [
        _distribution(item, origin is not None, place, problems)
        for item in files
        if type(item) is dict and "@value" not in item
    ]
    if origin is None:
        add_rights(fields, [text for item in files if "dct:rights" in item for text in _rights_of(item)])
    for item in (item for item in files if type(item) is not dict or "@value" in item):
        note_unread(fields, "distribution", values.join_texts([item]), place, problems)
    if origin is not None:
        _DATASET.put_words(fields, origin.words, where, problems)
        fields |= {"type": origin.type} if origin.type else {}
        _name_bureau(fields, tree)
    # The address of a dataset in a catalogue that has it from another is no identifier of the source's.
    address = tree.get("@id", "") if origin is None else ""
    others = [*identifiers, address, *fields.get("other_identifier", ())]
    fields["other_identifier"] = [other for other in dict.fromkeys(others) if other and other != identifier]
    if "keyword" in fields:
        fields["keyword"] = cut(fields["keyword"], f"{where} dcat:keyword", problems)
    boxes = rdf_places.bounding_box(tree.get("dcat-us:geographicBoundingBox", []))
    if boxes:
        fields["spatial"] = [*boxes, *fields.get("spatial", ())]
    return fields


def _rights_of(file: Any) -> list[str]:
    return values.statements(file["dct:rights"]) if type(file) is dict else []


def _distribution(tree: Tree, has_origin: bool, where: str, problems: list[Problem]) -> Distribution:
    fields = _DISTRIBUTION.read(tree, where, problems)
    if "identifier" not in fields and "@id" in tree and not has_origin:
        fields["identifier"] = tree["@id"]
    services = [service for service in tree.get("dcat:accessService", ()) if type(service) is dict]
    if "access_url" not in fields:
        ends = (values.address(service["dcat:endpointURL"]) for service in services if "dcat:endpointURL" in service)
        fields["access_url"] = next(ends, None)
    checksum = next((item for item in tree.get("spdx:checksum", ()) if type(item) is dict), {})
    if digits := checksum.get("spdx:checksumValue"):
        fields["checksum"] = values.text(digits).lower()
        fields["checksum_algorithm"] = _algorithm(checksum.get("spdx:algorithm", []))
    if has_origin:
        words = words_of(tree)
        _DISTRIBUTION.put_words(fields, words, where, problems)
        _CHECKSUM.put_words(fields, words, where, problems)
    return Distribution(**fields)


def _algorithm(found: Values) -> str | None:
    """`http://spdx.org/rdf/terms#checksumAlgorithm_sha256` -> `SHA-256`."""
    name = (values.address(found) if found else "").rpartition("_")[2].upper()
    return f"SHA-{name[3:]}" if name.startswith("SHA") and name[3:].isdecimal() else name or None
