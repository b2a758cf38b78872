"""How catalogues of OGC API Records, and saved answers of them, are recognised and read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.mapping.links import LINK
from ckanext.aivision.harvesters.mapping.mapper import harvested
from ckanext.aivision.harvesters.parsing.entries import ONE, Entry, Shape
from ckanext.aivision.harvesters.parsing.first_item import first_item
from ckanext.aivision.harvesters.parsing.head import Head
from ckanext.aivision.harvesters.protocols.api_pages import ApiPages
from ckanext.aivision.harvesters.protocols.ogc_records import KIND
from ckanext.aivision.harvesters.protocols.ogc_records.record import MAPPER, RECORD
from ckanext.aivision.harvesters.protocols.protocol import Protocol
from ckanext.aivision.harvesters.sources.source import Source
from ckanext.aivision.record import Harvested

FEATURES = Shape(("features",), "list")
# Lists of a record's properties that data in GeoJSON have not.
_OF_RECORDS = ("keywords", "themes", "contacts", "formats", "externalIds", "resourceLanguages")


class OgcRecords(Protocol):
    """An answer is a collection of GeoJSON features whose properties describe something."""

    no_standard = "this is OGC API Records, for which there is no schema here; use `aivision score`"

    def serves(self, source: Source, head: Head, session: Session) -> bool:
        return self.recognise(head) == FEATURES

    def recognise(self, head: Head) -> Shape | None:
        if head.first != "{":
            return None
        if "features" in head.members:
            return FEATURES if _is_record(first_item(head, "features")) else None
        return ONE if "properties" in head.members and _is_record(first_item(head)) else None

    def stated_shape(self, head: Head) -> Shape:
        return FEATURES

    def records(self, entries: Iterator[Entry], source: Source) -> Iterator[Harvested]:
        for entry in entries:
            yield harvested(entry, source, MAPPER)

    def pages(self) -> type[ApiPages]:
        from ckanext.aivision.harvesters.protocols.ogc_records.catalogue import OgcRecordsPages

        return OgcRecordsPages

    def members(self) -> Iterable[tuple[str, str]]:
        yield from (("identifier", "id"), ("title", "title"), ("contact_point", "contacts"), ("distribution", "links"))
        yield from ((row.field, row.key.rpartition(".")[2]) for row in RECORD)
        yield from ((f"distribution[].{row.field}", row.key) for row in LINK.values())


def _is_record(feature: object) -> bool:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict) or not isinstance(properties.get("title"), str):
        return False
    return any(isinstance(properties.get(name), list) for name in _OF_RECORDS)


PROTOCOL = OgcRecords(KIND)
