"""How a Socrata portal, and saved answers of its catalogue, are recognised and read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.mapping.mapper import harvested
from ckanext.aivision.harvesters.parsing.entries import Entry, Shape
from ckanext.aivision.harvesters.parsing.head import Head
from ckanext.aivision.harvesters.protocols.api_pages import ApiPages
from ckanext.aivision.harvesters.protocols.protocol import Protocol
from ckanext.aivision.harvesters.protocols.socrata import KIND
from ckanext.aivision.harvesters.protocols.socrata.asset import CUSTOM, DATASET, MAPPER
from ckanext.aivision.harvesters.sources.source import Source
from ckanext.aivision.record import Harvested

_RESULTS = Shape(("results",), "list")


class Socrata(Protocol):
    """An answer is an object whose `results` list the assets of a portal."""

    no_standard = (
        "this is Socrata's own form, for which there is no official schema; validate the portal's data.json, or use "
        "`aivision score`"
    )

    def has_address(self, url: str) -> bool:
        return "/api/catalog/v1" in url

    def serves(self, source: Source, head: Head, session: Session) -> bool:
        return self.recognise(head) is not None

    def recognise(self, head: Head) -> Shape | None:
        results = head.members.get("results") if head.first == "{" else None
        return _RESULTS if results is not None and {"resource", "classification"} <= results.names else None

    def stated_shape(self, head: Head) -> Shape:
        return _RESULTS

    def records(self, entries: Iterator[Entry], source: Source) -> Iterator[Harvested]:
        for entry in entries:
            yield harvested(entry, source, MAPPER)

    def pages(self) -> type[ApiPages]:
        from ckanext.aivision.harvesters.protocols.socrata.catalogue import SocrataPages

        return SocrataPages

    def members(self) -> Iterable[tuple[str, str]]:
        yield from (("identifier", "id"), ("title", "name"))
        yield from ((row.field, row.key.rpartition(".")[2]) for row in (*DATASET.values(), *CUSTOM.values()))


PROTOCOL = Socrata(KIND)
