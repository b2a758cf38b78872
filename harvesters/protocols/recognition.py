"""The protocols by their kinds, and which of them a source has."""

from __future__ import annotations

import functools
import importlib
from typing import NamedTuple

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.parsing.entries import Shape
from ckanext.aivision.harvesters.parsing.head import Head
from ckanext.aivision.harvesters.parsing.other_documents import certain_kind, name_other
from ckanext.aivision.harvesters.protocols.protocol import Protocol
from ckanext.aivision.harvesters.sources.kind_registry import KINDS, PACKAGES
from ckanext.aivision.harvesters.sources.source import Source


class Recognised(NamedTuple):
    """The protocol of a document, and the document's shape."""

    protocol: Protocol
    shape: Shape


@functools.cache
def protocol_of(kind: str) -> Protocol:
    """The protocol of a kind, which is a key of KINDS."""
    protocol = importlib.import_module(f"{PACKAGES[kind]}.protocol").PROTOCOL
    assert isinstance(protocol, Protocol)
    return protocol


def api_of(source: Source) -> str:
    """The kind of the API that a source is, by its stated kind or its address; empty for a document, or what may be."""
    if source.kind:
        return source.kind if KINDS[source.kind].is_api else ""
    return next((kind for kind in _apis() if protocol_of(kind).has_address(source.url)), "")


def api_behind(source: Source, head: Head, session: Session) -> str:
    """The kind of the API that an address of no stated kind turns out to be of; empty for a document.

    head: of the document that the address gives. Raises SourceError where it must be an API, and is none that is known.
    """
    if source.kind or not source.is_remote:
        return ""
    found = recognise_document(head)
    if found is not None and not found.protocol.kind.is_api:
        return ""
    refusal: SourceError | None = None
    # What looks like a saved answer of an API is asked of that one only.
    for kind in _apis() if found is None else [found.protocol.kind.name]:
        try:
            if protocol_of(kind).serves(source, head, session):
                return kind
        except SourceError as error:
            refusal = refusal or error
    if refusal is not None:
        raise refusal
    return ""


def recognise_document(head: Head, stated: str = "") -> Recognised | None:
    """What a document is, as its beginning shows; None where it shows nothing. stated: its kind, if somebody says.

    Records without anything around them are looked for last: a whole document shows more clearly what it is.
    """
    certain = None if stated else certain_kind(head)
    asked = [
        protocol_of(kind)
        for kind, declared in KINDS.items()
        if certain in (None, kind) and (stated in ("", kind) or not (declared.is_general or KINDS[stated].is_general))
    ]
    whole = (Recognised(protocol, shape) for protocol in asked if (shape := protocol.recognise(head)) is not None)
    # They show too little to say that somebody is wrong about the kind.
    likely = [protocol for protocol in asked if stated in ("", protocol.kind.name)]
    bare = (Recognised(protocol, shape) for protocol in likely if (shape := protocol.bare_shape(head)) is not None)
    return next(whole, None) or next(bare, None)


def document_of(source: Source, head: Head) -> Recognised:
    """What a document of a source is. If nothing shows it, it is read as what it is said to be.

    If nobody says, it is read as the first of the kinds, which tells what is missing. Raises SourceError where it is of
    another kind than the stated one, or something that is no catalogue.
    """
    found = recognise_document(head, source.kind)
    if found is None and not source.kind and (other := name_other(head, source.name)):
        raise SourceError(f"{source.name}: {other}")
    if found is None:
        protocol = protocol_of(source.kind or next(iter(KINDS)))
        return Recognised(protocol, protocol.stated_shape(head))
    name = found.protocol.kind.name
    if source.kind and name != source.kind:
        raise SourceError(f"{source.name}: this is {name}, not {source.kind}; say --kind {name}")
    return found


def _apis() -> list[str]:
    return [name for name, kind in KINDS.items() if kind.is_api]
