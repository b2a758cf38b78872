"""How Croissant is recognised and read."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable

from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.mapping.mapper import NOTHING_KNOWN, Known
from ckanext.aivision.harvesters.parsing.entries import Shape
from ckanext.aivision.harvesters.parsing.head import Head
from ckanext.aivision.harvesters.protocols.croissant import KIND
from ckanext.aivision.harvesters.protocols.croissant.dataset import CROISSANT, mapper_of
from ckanext.aivision.harvesters.protocols.protocol import Protocol
from ckanext.aivision.harvesters.protocols.reader import Reader
from ckanext.aivision.harvesters.protocols.schema_org.dataset import FILE
from ckanext.aivision.harvesters.protocols.schema_org.documents import JSON_LD, SchemaOrgReader
from ckanext.aivision.harvesters.sources.source import Source

# DCAT documents name Croissant too: its terms for responsible AI in their context, and files that are Croissant.
_CONTEXT = re.compile(
    r"\"cr\"\s*:\s*\"https?://mlcommons\.org/croissant/\"|\"@context\"\s*:\s*\[?\s*\"https?://mlcommons\.org/croissant"
)
_STANDARD = re.compile(r"\"(?:dct:)?conformsTo\"\s*:\s*\[?\s*\"https?://mlcommons\.org/croissant/\d")


class Croissant(Protocol):
    """A document is JSON-LD with Croissant's prefix in its context, or a dataset of schema.org that conforms to it."""

    no_standard = (
        "this is Croissant: validate it with mlcroissant (https://pypi.org/project/mlcroissant/), or use "
        "`aivision score`"
    )

    def recognise(self, head: Head) -> Shape | None:
        if head.first not in ("{", "["):
            return None
        follows = _STANDARD.search(head.text) is not None and "name" in head.members and "title" not in head.members
        return JSON_LD if follows or _CONTEXT.search(head.text) else None

    def stated_shape(self, head: Head) -> Shape:
        return JSON_LD

    def reader(
        self, source: Source, session: Session, seen: Container[str] = (), known: Known = NOTHING_KNOWN
    ) -> Reader:
        return SchemaOrgReader(source, KIND.name, known, mapper_of)

    def members(self) -> Iterable[tuple[str, str]]:
        yield from (("identifier", "identifier"), ("title", "name"), ("distribution", "distribution"))
        yield from ((row.field, row.key) for row in CROISSANT)
        yield from ((f"distribution[].{row.field}", row.key) for row in FILE)


PROTOCOL = Croissant(KIND)
