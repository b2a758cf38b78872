"""Write terms of vocabularies: by the authority's address, by their own, or as a node with their words.

Each function gets the value of a field, and returns its words as the source wrote them if reading the property again
would give others, else None.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ckanext.aivision.normalise.text import is_placeholder
from ckanext.aivision.record import Term
from ckanext.aivision.serialise.rdf import authorities
from ckanext.aivision.serialise.rdf.graph import Graph, Resource, clean, iri

Words = Sequence[str] | None
Authority = Callable[[Term], str | None]

# Terms of the vocabulary of licences that name none.
_UNNAMED = ("none", "restricted", "open-unnamed")
_NO_LICENCE = re.compile(r"no licen[cs]e\b.{0,20}", re.IGNORECASE)


def write_term(graph: Graph, subject: Resource, name: str, kind: str, term: Term, authority: Authority) -> Words:
    """One term of a vocabulary that an authority keeps."""
    return None if _write(graph, subject, name, kind, term, authority) else [term.original]


def write_terms(
    graph: Graph, subject: Resource, name: str, kind: str, terms: Sequence[Term], authority: Authority
) -> Words:
    """Several terms."""
    exact = [_write(graph, subject, name, kind, term, authority) for term in terms]
    return None if all(exact) else [term.original for term in terms]


def _write(graph: Graph, subject: Resource, name: str, kind: str, term: Term, authority: Authority) -> bool:
    """Whether the property alone gives the term again, as it was written."""
    address = iri(authority(term) or term.original)
    if address is not None:
        subject.add(name, address)
        graph.state_class(address, kind)
        return address.value == term.original
    return _label(graph, subject, name, kind, term.original)


def _label(graph: Graph, subject: Resource, name: str, kind: str, words: str) -> bool:
    if not clean(words).strip():
        return False
    node = graph.blank(kind)
    node.text("rdfs:label", words)
    subject.add(name, node.node)
    return words == words.strip()


def write_themes(graph: Graph, subject: Resource, name: str, kind: str, themes: Sequence[Term]) -> Words:
    """Themes: those of the EU's list by their address, with label and scheme; others by their own, or their words."""
    exact = True
    for theme in themes:
        known = authorities.of_theme(theme)
        address = iri(known or theme.original)
        if address is None:
            concept = graph.blank(kind)
            concept.text("skos:prefLabel", theme.original)
            subject.add(name, concept.node)
            continue
        subject.add(name, address)
        exact = exact and address.value == theme.original
        if known is not None and theme.id is not None:
            concept = graph.resource(address, kind)
            concept.text("skos:prefLabel", authorities.theme_labels()[theme.id])
            concept.address("skos:inScheme", f"{authorities.EU}data-theme")
    return None if exact else [theme.original for theme in themes]


def write_licence(graph: Graph, subject: Resource, name: str, kind: str, term: Term) -> Words:
    """A licence by its address, or its terms in words; nothing for words that name none.

    DCAT-AP 3.0 (LicenseDocument) has terms without an address as a document with a label.
    """
    known = authorities.of_licence(term)
    address = iri(known or term.original) if term.id != "none" else None
    if address is not None:
        subject.add(name, address)
        graph.state_class(address, kind)
        return None if address.value == term.original else [term.original]
    if not names_licence(term):
        return [term.original]
    return None if _label(graph, subject, name, kind, term.original) else [term.original]


def names_licence(term: Term | None) -> bool:
    """Whether a licence is given out as one: it has an address, or terms in words."""
    if term is None or term.id == "none":
        return False
    if iri(authorities.of_licence(term) or term.original) is not None:
        return True
    # A code of a register (`other-closed`) is no text of terms.
    is_code = term.id in _UNNAMED and term.rule == "id"
    words = term.original.strip()
    return bool(words) and not is_code and not is_placeholder(words) and _NO_LICENCE.fullmatch(words) is None
