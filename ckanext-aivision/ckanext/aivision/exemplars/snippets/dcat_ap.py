"""DCAT-AP 3, as Turtle."""

from __future__ import annotations

from collections.abc import Iterable

from rdflib import DCAT, DCTERMS, FOAF, RDF, RDFS, SKOS, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import IdentifiedNode, Node

from ckanext.aivision.exemplars.snippets.words import (
    MAIL,
    day,
    description,
    ends,
    eu_frequency,
    file_description,
    licence_address,
    name_of,
    polygon,
)
from ckanext.aivision.record import Dataset, Distribution
from ckanext.aivision.serialise.package import EU_FREQUENCY

_VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
_SPDX = Namespace("http://spdx.org/rdf/terms#")
_GEO = Namespace("http://www.opengis.net/ont/geosparql#")
_PREFIXES: dict[str, str] = {
    "dcat": str(DCAT),
    "dct": str(DCTERMS),
    "foaf": str(FOAF),
    "geo": str(_GEO),
    "rdfs": str(RDFS),
    "skos": str(SKOS),
    "spdx": str(_SPDX),
    "vcard": str(_VCARD),
    "xsd": str(XSD),
}
_IANA = "https://www.iana.org/assignments/media-types/"
_EU_ACCESS = "http://publications.europa.eu/resource/authority/access-right/"
_ACCESS = {"public": "PUBLIC", "restricted": "RESTRICTED", "non-public": "NON_PUBLIC"}
_DATASET = URIRef("https://data.example.gov/dataset/1")
_FIELDS = ("provenance", "version", "version_notes", "bibliographic_citation", "access_procedure")
# Of DCAT 3, which rdflib's own list does not have yet.
_VERSION = URIRef(f"{DCAT}version")
_ADMS_NOTES = URIRef("http://www.w3.org/ns/adms#versionNotes")
_DATE_TYPES = {4: XSD.gYear, 7: XSD.gYearMonth, 10: XSD.date}
# No IRI may have these (RFC 3987), and Turtle could not be read with them.
_NOT_IN_IRI = set('<>"{}|\\^` ')


def write(part: Dataset) -> str:
    """The properties of a dataset that an excerpt has. The licence stands with a distribution, as the profile asks."""
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in _PREFIXES.items():
        graph.bind(prefix, namespace)
    graph.add((_DATASET, RDF.type, DCAT.Dataset))
    _add_words(graph, part)
    _add_coverage(graph, part)
    _add_people_and_terms(graph, part)
    distributions = part.distribution or ([Distribution()] if part.license else [])
    for item in distributions:
        _add_file(graph, item, part)
    return graph.serialize(format="turtle").strip()


def _add_words(graph: Graph, part: Dataset) -> None:
    _literals(graph, DCTERMS.title, [part.title])
    _literals(graph, DCTERMS.description, [description(part, _FIELDS)])
    _literals(graph, DCAT.keyword, part.keyword)
    _literals(graph, DCTERMS.identifier, [part.identifier])
    _literals(graph, _VERSION, [part.version or ""])
    _literals(graph, _ADMS_NOTES, [part.version_notes or ""])
    _literals(graph, DCTERMS.bibliographicCitation, [part.bibliographic_citation or ""])
    for term in part.theme:
        _named(graph, _DATASET, DCAT.theme, term.original, SKOS.Concept, SKOS.prefLabel)
    for address in (*part.page, *filter(None, (part.code_repository, part.described_by))):
        _link(graph, _DATASET, FOAF.page, address)
    for address in part.conforms_to:
        _named(graph, _DATASET, DCTERMS.conformsTo, address, DCTERMS.Standard, RDFS.label)
    for term in part.language:
        _named(graph, _DATASET, DCTERMS.language, name_of(term), DCTERMS.LinguisticSystem, RDFS.label)
    if part.provenance:
        _node(
            graph, _DATASET, DCTERMS.provenance, DCTERMS.ProvenanceStatement, [(RDFS.label, Literal(part.provenance))]
        )


def _add_coverage(graph: Graph, part: Dataset) -> None:
    for name, moment in ((DCTERMS.issued, part.issued), (DCTERMS.modified, part.modified)):
        if moment is not None:
            text = day(moment)
            graph.add((_DATASET, name, Literal(text, datatype=_DATE_TYPES.get(len(text), XSD.date))))
    if part.accrual_periodicity:
        code = eu_frequency(part.accrual_periodicity)
        written = f"{EU_FREQUENCY}{code}" if code else name_of(part.accrual_periodicity)
        _named(graph, _DATASET, DCTERMS.accrualPeriodicity, written, DCTERMS.Frequency, RDFS.label)
    for period in part.temporal[:1]:
        names = zip((DCAT.startDate, DCAT.endDate), ends(period), strict=True)
        given = [(name, Literal(text, datatype=XSD.date)) for name, text in names if text]
        _node(graph, _DATASET, DCTERMS.temporal, DCTERMS.PeriodOfTime, given)
    for place in part.spatial[:1]:
        if place.bbox:
            told: tuple[URIRef, Literal] = (DCAT.bbox, Literal(polygon(place.bbox), datatype=_GEO.wktLiteral))
        else:
            told = (SKOS.prefLabel, Literal(place.original))
        _node(graph, _DATASET, DCTERMS.spatial, DCTERMS.Location, [told])


def _add_people_and_terms(graph: Graph, part: Dataset) -> None:
    if part.publisher:
        _node(graph, _DATASET, DCTERMS.publisher, FOAF.Agent, [(FOAF.name, Literal(part.publisher.name or ""))])
    for agent in part.contact_point[:1]:
        told = [(_VCARD.fn, Literal(agent.name or "")), (_VCARD.hasEmail, URIRef(f"mailto:{MAIL}"))]
        _node(graph, _DATASET, DCAT.contactPoint, _VCARD.Organization, told)
    if part.access_rights:
        code = _ACCESS.get(part.access_rights.id or "")
        written = f"{_EU_ACCESS}{code}" if code else part.access_rights.original
        _named(graph, _DATASET, DCTERMS.accessRights, written, DCTERMS.RightsStatement, RDFS.label)
    for text in filter(None, (*part.rights, part.access_procedure)):
        _node(graph, _DATASET, DCTERMS.rights, DCTERMS.RightsStatement, [(RDFS.label, Literal(text))])


def _add_file(graph: Graph, item: Distribution, part: Dataset) -> None:
    node = BNode()
    graph.add((_DATASET, DCAT.distribution, node))
    graph.add((node, RDF.type, DCAT.Distribution))
    for name, text in (
        (DCTERMS.title, item.title),
        (DCTERMS.description, file_description(item, ("byte_size", "checksum"))),
    ):
        if text:
            graph.add((node, name, Literal(text)))
    for name, address in (
        (DCAT.downloadURL, item.download_url),
        (DCAT.accessURL, item.access_url or item.download_url),
    ):
        _link(graph, node, name, address or "")
    if item.media_type:
        address = f"{_IANA}{item.media_type.id}" if item.media_type.id else item.media_type.original
        _named(graph, node, DCAT.mediaType, address, DCTERMS.MediaType, RDFS.label)
    if item.format:
        _named(graph, node, DCTERMS["format"], item.format.original, DCTERMS.MediaTypeOrExtent, RDFS.label)
    if item.byte_size:
        graph.add((node, DCAT.byteSize, Literal(item.byte_size, datatype=XSD.nonNegativeInteger)))
    if item.checksum:
        _node(graph, node, _SPDX.checksum, _SPDX.Checksum, [(_SPDX.checksumValue, Literal(item.checksum))])
    if licence := item.license or part.license:
        address = licence_address(licence) or licence.original
        _named(graph, node, DCTERMS.license, address, DCTERMS.LicenseDocument, RDFS.label)
    for address in (*item.conforms_to, *filter(None, (item.described_by,))):
        _named(graph, node, DCTERMS.conformsTo, address, DCTERMS.Standard, RDFS.label)


def _literals(graph: Graph, name: URIRef, texts: Iterable[str]) -> None:
    for text in filter(None, texts):
        graph.add((_DATASET, name, Literal(text)))


def _node(graph: Graph, subject: Node, name: URIRef, kind: URIRef, told: Iterable[tuple[URIRef, Node]]) -> None:
    node = BNode()
    graph.add((subject, name, node))
    graph.add((node, RDF.type, kind))
    for property_name, value in told:
        graph.add((node, property_name, value))


def _link(graph: Graph, subject: IdentifiedNode, name: URIRef, address: str) -> None:
    if _is_iri(address):
        graph.add((subject, name, URIRef(address)))


def _named(graph: Graph, subject: IdentifiedNode, name: URIRef, text: str, kind: URIRef, label: URIRef) -> None:
    """An address as it is; words as the label of a node."""
    if _is_iri(text):
        graph.add((subject, name, URIRef(text)))
    else:
        _node(graph, subject, name, kind, [(label, Literal(text))])


def _is_iri(text: str) -> bool:
    return text.startswith(("http://", "https://")) and not _NOT_IN_IRI & set(text)
