"""How STAC catalogues and lists of collections are recognised and read."""

from __future__ import annotations

from collections.abc import Container, Iterable

from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.mapping.links import LINK
from ckanext.aivision.harvesters.mapping.mapper import NOTHING_KNOWN, Known
from ckanext.aivision.harvesters.parsing.entries import Shape
from ckanext.aivision.harvesters.parsing.head import Head
from ckanext.aivision.harvesters.protocols.protocol import Protocol
from ckanext.aivision.harvesters.protocols.reader import Reader
from ckanext.aivision.harvesters.protocols.stac import KIND
from ckanext.aivision.harvesters.protocols.stac.collection import COLLECTION
from ckanext.aivision.harvesters.protocols.stac.reader import COLLECTIONS, StacReader
from ckanext.aivision.harvesters.sources.source import Source

_VERSION = "stac_version"


class Stac(Protocol):
    """An object with `stac_version`, or one whose `collections` have it. Items, single scenes, are not read."""

    no_standard = "this is STAC, whose schemas are not among those here; use `aivision score`"

    def recognise(self, head: Head) -> Shape | None:
        if head.first != "{":
            return None
        if _VERSION in head.members and "geometry" not in head.members:
            return COLLECTIONS
        listed = head.members.get("collections")
        return COLLECTIONS if listed is not None and listed.first == "[" and _VERSION in listed.names else None

    def stated_shape(self, head: Head) -> Shape:
        return COLLECTIONS

    def reader(
        self, source: Source, session: Session, seen: Container[str] = (), known: Known = NOTHING_KNOWN
    ) -> Reader:
        return StacReader(source, session, known)

    def members(self) -> Iterable[tuple[str, str]]:
        yield from (("identifier", "id"), ("title", "title"), ("publisher", "providers"), ("distribution", "assets"))
        yield from ((row.field, row.key.rpartition(".")[2]) for row in COLLECTION)
        yield from ((f"distribution[].{row.field}", row.key) for row in LINK.values())


PROTOCOL = Stac(KIND)
