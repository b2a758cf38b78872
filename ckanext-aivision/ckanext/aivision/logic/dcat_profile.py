"""Correct the RDF of ckanext-dcat: remove what the record does not say, and add its licence.

ckanext-dcat fills gaps from CKAN's own fields: the instant of a harvest or save becomes the date of the data, "No
licence" a licence, the organisation a creator. The profile here runs after whichever profiles were asked for and takes
that back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ckanext.dcat.profiles.base import DCAT, DCT, CleanedURIRef, RDFProfile
from ckanext.dcat.utils import resource_uri
from rdflib import FOAF, RDF, RDFS, BNode, Literal, Namespace, URIRef
from rdflib.term import Node

from ckanext.aivision.catalogue.rdf.standards import CORRECTION
from ckanext.aivision.catalogue.registers.types import is_register
from ckanext.aivision.catalogue.tables.package_record import read_package
from ckanext.aivision.normalise import licences
from ckanext.aivision.normalise.text import is_placeholder
from ckanext.aivision.record import Agent, Dataset, Term
from ckanext.aivision.serialise.ckan_values import objects, web_address

NAME = CORRECTION
# ckanext-dcat's settings for forms that are given out without an action of its own, with their defaults.
SETTINGS = {"ckanext.dcat.structured_data.profiles": "schemaorg", "ckanext.dcat.croissant.profiles": "croissant"}
# Croissant writes schema.org's terms with https, the schema.org profile with http.
_CROISSANT = Namespace("https://schema.org/")
_SCHEMAS = (Namespace("http://schema.org/"), _CROISSANT)
# ckanext-dcat gives every licence this type, whatever its text is.
_UNKNOWN_TYPE = URIRef("http://purl.org/adms/licencetype/UnknownIPR")
# Terms of the vocabulary that name no licence.
_UNNAMED = ("none", "restricted", "open-unnamed")
_NO_LICENCE = re.compile(r"no licen[cs]e\b.{0,20}", re.IGNORECASE)


def with_correction(profiles: str | Sequence[str] | None, default: str) -> list[str]:
    """The names of ckanext-dcat's profiles with that of the correction at the end. default: where none are given."""
    names = profiles.split() if isinstance(profiles, str) else list(profiles or ())
    return [*(name for name in names or [default] if name != NAME), NAME]


class CorrectionProfile(RDFProfile):
    """Corrects the triples of a dataset that the profiles before it have added."""

    _is_ours = False

    def graph_from_dataset(self, dataset_dict: dict[str, Any], dataset_ref: URIRef) -> None:
        """dataset_dict: as package_show gives it. dataset_ref: the dataset's node.

        An entry of a register is no dataset, and nothing is said of it.
        """
        if is_register(dataset_dict.get("type")):
            self.g.remove((None, None, None))
            return
        dataset = read_package(dataset_dict)
        # What our own profile has written of the record needs no correction; only what others say in schema.org does.
        self._is_ours = (dataset_ref, FOAF.isPrimaryTopicOf, None) in self.g
        resources = [
            (resource, URIRef(CleanedURIRef(resource_uri(resource))))
            for resource in objects(dataset_dict.get("resources"))
        ]
        self._correct_dates(dataset_dict, dataset_ref)
        for resource, node in resources:
            self._correct_dates(resource, node)
        self._correct_licences(dataset, dataset_dict, dataset_ref, resources)
        for schema in _SCHEMAS:
            if (dataset_ref, RDF.type, schema.Dataset) in self.g:
                if not self._has_fields(dataset_dict, "creator"):
                    self._correct_creators(dataset, dataset_ref, schema)
                if not self._has_fields(dataset_dict, "publisher"):
                    self._correct_publisher(dataset, dataset_dict, dataset_ref, schema)

    def _has_fields(self, package: dict[str, Any], role: str) -> bool:
        """Whether a role has ckanext-dcat's fields, as in a catalogue without our form: those it gives out itself."""
        return any(self._get_dataset_value(package, f"{role}_{part}") for part in ("name", "uri"))

    def _correct_dates(self, fields: Mapping[str, Any], node: URIRef) -> None:
        """Leaves the dates of a dataset or a resource that its own fields give, as exact as they are there."""
        for key, term, schema_term in (
            ("issued", DCT.issued, "datePublished"),
            ("modified", DCT.modified, "dateModified"),
        ):
            date = self._get_dict_value(fields, key)
            if not date and not self._is_ours:
                self.g.remove((node, term, None))
            for schema in _SCHEMAS:
                if (node, schema[schema_term], None) in self.g:
                    self._replace(node, schema[schema_term], [Literal(date)] if date else [])

    def _correct_licences(
        self,
        dataset: Dataset,
        package: Mapping[str, Any],
        dataset_ref: URIRef,
        resources: Sequence[tuple[Mapping[str, Any], URIRef]],
    ) -> None:
        self.g.remove((None, DCT.type, _UNKNOWN_TYPE))
        licence = _licence(dataset.license, package.get("license_url"))
        self._set_licence(dataset_ref, licence)
        for resource, node in resources:
            words = str(resource.get("license") or "").strip()
            own = _licence(licences.clean(words) if words else None)
            self._set_licence(node, own if words else licence, inherited=not words)

    def _set_licence(self, node: URIRef, licence: URIRef | Literal | None, inherited: bool = False) -> None:
        """licence: an address, or terms in words. inherited: from the dataset, which in schema.org need not be said."""
        if not self._is_ours and any(
            (node, RDF.type, type) in self.g for type in (DCAT.Dataset, DCAT.DatasetSeries, DCAT.Distribution)
        ):
            self._replace(node, DCT.license, [self._licence_document(licence)] if licence else [])
        for schema in _SCHEMAS:
            given = Literal(str(licence)) if licence and not inherited else None
            if (node, RDF.type, schema.Dataset) in self.g or (node, schema.license, None) in self.g:
                self._replace(node, schema.license, [given] if given else [])

    def _licence_document(self, licence: URIRef | Literal) -> Node:
        """Terms in words have no address: DCAT-AP (3.0, LicenseDocument) has them as a document with a label."""
        document = licence if isinstance(licence, URIRef) else BNode()
        self.g.add((document, RDF.type, DCT.LicenseDocument))
        if isinstance(licence, Literal):
            self.g.add((document, RDFS.label, licence))
        return document

    def _correct_creators(self, dataset: Dataset, dataset_ref: URIRef, schema: Namespace) -> None:
        self._remove_agents(dataset_ref, schema.creator, schema)
        # Croissant's validator asks for a type; whether a creator is a person or a body, the record does not say.
        kind = schema.Organization if schema is _CROISSANT else None
        for creator in dataset.creator:
            self._add_agent(dataset_ref, schema.creator, creator, schema, kind)

    def _correct_publisher(
        self, dataset: Dataset, package: Mapping[str, Any], dataset_ref: URIRef, schema: Namespace
    ) -> None:
        self._remove_agents(dataset_ref, schema.publisher, schema)
        if dataset.publisher is None:
            return
        # The organisation's name in addresses is ours and identifies it nowhere else.
        identifier = dataset.publisher.identifier if objects(package.get("publisher")) else None
        publisher = Agent(name=dataset.publisher.name, url=dataset.publisher.url, identifier=identifier)
        node = self._add_agent(dataset_ref, schema.publisher, publisher, schema, schema.Organization)
        for contact in dataset.contact_point:
            self._add_agent(node, schema.contactPoint, contact, schema, schema.ContactPoint)

    def _add_agent(self, subject: Node, role: URIRef, agent: Agent, schema: Namespace, kind: URIRef | None) -> BNode:
        node = BNode()
        self.g.add((subject, role, node))
        if kind is not None:
            self.g.add((node, RDF.type, kind))
        for term in ("name", "email", "url", "identifier"):
            if words := getattr(agent, term):
                self.g.add((node, schema[term], Literal(words)))
        return node

    def _remove_agents(self, subject: Node, role: URIRef, schema: Namespace) -> None:
        """Removes agents with what schema.org's terms say of them; DCAT may say more of the same node."""
        for node in list(self.g.objects(subject, role)):
            self._remove_agents(node, schema.contactPoint, schema)
            self.g.remove((subject, role, node))
            for predicate, value in list(self.g.predicate_objects(node)):
                if str(predicate).startswith(schema) or str(value).startswith(schema):
                    self.g.remove((node, predicate, value))

    def _replace(self, node: Node, term: URIRef, values: Sequence[Node]) -> None:
        self.g.remove((node, term, None))
        for value in values:
            self.g.add((node, term, value))


def _licence(term: Term | None, address: Any = None) -> URIRef | Literal | None:
    """A licence's address, or its terms in words; None if none is known.

    address: that of CKAN's register, for a licence that our vocabulary does not know.
    """
    if term is None or term.id == "none":
        return None
    known = licences.info(term.id) if term.id else None
    candidates: Iterator[str | None] = iter((known.uri if known else None, term.original, address))
    found = next((url for candidate in candidates if candidate and (url := web_address(str(candidate)))), None)
    if found is not None and " " not in found:
        return URIRef(CleanedURIRef(found))
    # A code of a register (`other-closed`) is no text of terms.
    is_code = term.id in _UNNAMED and term.rule == "id"
    words = term.original.strip()
    if is_code or not words or is_placeholder(words) or _NO_LICENCE.fullmatch(words):
        return None
    return Literal(words)
