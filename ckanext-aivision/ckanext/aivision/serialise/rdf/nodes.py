"""Write what has several parts: agents, contacts, periods, places, checksums, data dictionaries, columns.

As in `terms`, each function returns the words of the source if the property alone does not give them again.
"""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.aivision.record import Agent, Distribution, Location, PeriodOfTime
from ckanext.aivision.serialise.rdf import literals
from ckanext.aivision.serialise.rdf.graph import Graph, Resource, Value, iri, literal, term
from ckanext.aivision.serialise.rdf.mapping import Standard
from ckanext.aivision.serialise.rdf.terms import Words

_SPDX = "http://spdx.org/rdf/terms#checksumAlgorithm_"


def write_agent(graph: Graph, subject: Resource, name: str, agent: Agent, standard: Standard, is_body: bool) -> None:
    """A publisher or a creator. is_body: DCAT-US 3 defines it as an organisation."""
    node = _body(graph, agent.name, standard, is_body)
    _mailbox(node, "foaf:mbox", agent.email)
    _exact_address(node, "foaf:homepage", agent.url)
    node.text("dct:identifier", agent.identifier)
    subject.add(name, node.node)
    level = node
    for above in agent.sub_organization_of:
        upper = _body(graph, above, standard, True)
        level.add("org:subOrganizationOf", upper.node)
        level = upper


def _body(graph: Graph, name: str | None, standard: Standard, is_body: bool) -> Resource:
    node = graph.blank("foaf:Agent")
    node.text("foaf:name", name)
    if is_body and standard == "dcat-us-3":
        node.add("rdf:type", term("org:Organization"))
        node.text("skos:prefLabel", name)
    return node


def write_contact(graph: Graph, subject: Resource, name: str, kind: str, contact: Agent) -> None:
    """A contact (vcard:Kind): whether it is a person or an office, the record does not say."""
    node = graph.blank(kind)
    node.text("vcard:fn", contact.name)
    _mailbox(node, "vcard:hasEmail", contact.email)
    _exact_address(node, "vcard:hasURL", contact.url)
    node.text("dct:identifier", contact.identifier)
    subject.add(name, node.node)


def _mailbox(node: Resource, name: str, email: str | None) -> None:
    if email:
        address = iri(f"mailto:{email}")
        exact = address is not None and address.value == f"mailto:{email}"
        if address is not None and exact:
            node.add(name, address)
        else:
            node.text(name, email)


def _exact_address(node: Resource, name: str, written: str | None) -> None:
    """An address as an IRI if it is one as it stands, else as text."""
    address = iri(written) if written else None
    if address is not None and address.value == written:
        node.add(name, address)
    else:
        node.text(name, written)


def write_periods(graph: Graph, subject: Resource, name: str, kind: str, periods: Sequence[PeriodOfTime]) -> Words:
    exact = True
    for period in periods:
        node = graph.blank(kind)
        subject.add(name, node.node)
        if period.start is None and period.end is None:
            node.text("rdfs:label", period.original)
            continue
        if period.start is not None:
            node.text("dcat:startDate", period.start.isoformat(), "xsd:date")
        if period.end is not None:
            node.text("dcat:endDate", period.end.isoformat(), "xsd:date")
        is_read = f"{period.start or '..'}/{period.end or '..'}" == period.original
        exact = exact and is_read and period.open_end is (period.end is None)
    return None if exact else [period.original for period in periods]


def write_places(
    graph: Graph, subject: Resource, name: str, kind: str, places: Sequence[Location], standard: Standard
) -> Words:
    exact = True
    for place in places:
        address = iri(place.original) if place.form == "uri" else None
        if address is not None:
            subject.add(name, address)
            graph.state_class(address, kind)
            exact = exact and address.value == place.original
            continue
        node = graph.blank(kind)
        subject.add(name, node.node)
        shape = literals.geometry(place)
        if shape is None:
            node.text("skos:prefLabel", place.original)
            continue
        property, value = shape
        exact = exact and value.value == place.original
        if property == "locn:geometry" and standard == "dcat-ap-3":
            # A literal in locn:geometry is against the shapes of DCAT-AP 3, and a node there ends ckanext-dcat 2.4's
            # reading of the whole catalogue. GeoSPARQL's own property (1.1, 8.5) is read by both.
            outline = graph.blank("gsp:Geometry")
            outline.add(literals.AS[value.datatype.value.rpartition("#")[2]], value)
            node.add("gsp:hasGeometry", outline.node)
        else:
            node.add(property, value)
    return None if exact else [place.original for place in places]


def write_checksum(graph: Graph, subject: Resource, name: str, kind: str, item: Distribution) -> bool:
    """Whether the checksum could be written: hexadecimal digits, with the algorithm."""
    digits = literals.hexadecimal(item.checksum or "")
    algorithm = (item.checksum_algorithm or "").replace("-", "").lower()
    if digits is None or not (algorithm.isascii() and algorithm.isalnum()):
        return False
    kind_of_sum = iri(f"{_SPDX}{algorithm}")
    if kind_of_sum is None:
        return False
    node = graph.blank(kind)
    node.add("spdx:checksumValue", digits)
    node.add("spdx:algorithm", kind_of_sum)
    graph.state_class(kind_of_sum, "spdx:ChecksumAlgorithm")
    subject.add(name, node.node)
    return True


def write_dictionary(graph: Graph, subject: Resource, name: str, kind: str, url: str, media_type: str | None) -> bool:
    """A data dictionary as a distribution (DCAT-US 3, describedBy). Whether its address is one."""
    address = iri(url)
    if address is None:
        return False
    node = graph.blank(kind)
    node.add("dcat:accessURL", address)
    subject.add(name, node.node)
    if media_type:
        labelled(graph, node, "dcat:mediaType", "dct:MediaType", "rdfs:label", media_type)
    return address.value == url


def write_columns(graph: Graph, subject: Resource, name: str, kind: str, columns: Sequence[str]) -> None:
    """Columns of a table by name, in their order (https://www.w3.org/TR/tabular-metadata/)."""
    schema = graph.blank(kind)
    subject.add(name, schema.node)
    for position, column in enumerate(columns, 1):
        node = graph.blank("csvw:Column")
        node.text("csvw:name", column)
        node.text("schema:position", str(position), "xsd:integer")
        schema.add("csvw:column", node.node)


def write_annotation(graph: Graph, subject: Resource, name: str, kind: str, text: str, dimension: str = "") -> None:
    """A statement on quality (https://www.w3.org/TR/vocab-dqv/, 4.9). dimension: of quality that it is on."""
    body = graph.blank("oa:TextualBody")
    body.text("rdf:value", text)
    node = graph.blank(kind)
    node.add("oa:hasBody", body.node)
    if dimension:
        node.add("dqv:inDimension", term(dimension))
    subject.add(name, node.node)


def labelled(graph: Graph, subject: Resource, name: str, kind: str, label: str, text: str) -> None:
    """A node that has nothing but a text. label: the property of the text."""
    node = graph.blank(kind)
    node.text(label, text)
    subject.add(name, node.node)


def typed(subject: Resource, name: str, value: Value | None, text: str) -> Words:
    """A typed literal, or the words where there is none, or where it is written in another way."""
    if value is None:
        return [text]
    subject.add(name, value)
    return None if value.value == text else [text]


def whole_number(value: int) -> Value | None:
    return literal(str(value), "xsd:nonNegativeInteger") if value >= 0 else None
