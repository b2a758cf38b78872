"""How the search of catalog.data.gov, and saved pages of it, are recognised and read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.mapping.mapper import harvested
from ckanext.aivision.harvesters.parsing.entries import Entry, Shape
from ckanext.aivision.harvesters.parsing.head import Head
from ckanext.aivision.harvesters.protocols.api_pages import ApiPages
from ckanext.aivision.harvesters.protocols.datagov_search import KIND
from ckanext.aivision.harvesters.protocols.dcat_us import KIND as DCAT_US
from ckanext.aivision.harvesters.protocols.dcat_us.editions import mapper_of
from ckanext.aivision.harvesters.protocols.dcat_us.protocol import PROTOCOL as RECORDS
from ckanext.aivision.harvesters.protocols.protocol import Protocol
from ckanext.aivision.harvesters.sources.source import Source
from ckanext.aivision.record import Harvested

_RESULTS = Shape(("results",), "list")


class DatagovSearchProtocol(Protocol):
    """A page is an object whose `results` have the record of DCAT-US in their `dcat`."""

    standards = DCAT_US.name

    def missing(self, beside: Mapping[str, Any], count: int) -> str:
        """A page of the search has the cursor of the next one."""
        return f"the page holds {count:,} datasets, and says that more follow" if beside.get("after") else ""

    def serves(self, source: Source, head: Head, session: Session) -> bool:
        return self.recognise(head) is not None

    def recognise(self, head: Head) -> Shape | None:
        results = head.members.get("results") if head.first == "{" else None
        return _RESULTS if results is not None and results.first == "[" and "dcat" in results.names else None

    def stated_shape(self, head: Head) -> Shape:
        return _RESULTS

    def records(self, entries: Iterator[Entry], source: Source) -> Iterator[Harvested]:
        for entry in map(self.published, entries):
            yield harvested(entry, source, mapper_of(entry.raw, source))

    def pages(self) -> type[ApiPages]:
        from ckanext.aivision.harvesters.protocols.datagov_search.search import DatagovSearch

        return DatagovSearch

    def published(self, entry: Entry) -> Entry:
        raw = entry.raw.get("dcat") if isinstance(entry.raw, dict) else None
        return entry._replace(raw=raw, where=f"{entry.where}.dcat")

    def part_of(self, raw: Any) -> tuple[str, str]:
        return RECORDS.part_of(raw)


PROTOCOL = DatagovSearchProtocol(KIND)
