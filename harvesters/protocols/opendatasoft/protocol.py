"""How an Opendatasoft portal, and saved answers and exports of it, are recognised and read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.mapping.mapper import harvested
from ckanext.aivision.harvesters.parsing.entries import LIST, Entry, Shape
from ckanext.aivision.harvesters.parsing.head import Head
from ckanext.aivision.harvesters.protocols.api_pages import ApiPages
from ckanext.aivision.harvesters.protocols.opendatasoft import KIND
from ckanext.aivision.harvesters.protocols.opendatasoft.dataset import ATTACHMENT, DATASET, mapper_of
from ckanext.aivision.harvesters.protocols.protocol import Protocol
from ckanext.aivision.harvesters.sources.source import Source
from ckanext.aivision.record import Harvested

_RESULTS = Shape(("results",), "list")
_MEMBERS = frozenset(("dataset_id", "metas"))
# Exports in other forms than the API's own, such as DCAT, are documents of those forms.
_EXPORT = "/catalog/exports/"


class Opendatasoft(Protocol):
    """An answer is an object whose `results` list datasets; an export is a list of them."""

    no_standard = (
        "this is Opendatasoft's own form, for which there is no official schema; validate what the portal gives out as "
        "DCAT (/api/explore/v2.1/catalog/exports/ttl), or use `aivision score`"
    )

    def has_address(self, url: str) -> bool:
        path = urlsplit(url).path
        return "/api/explore/v2" in path and _EXPORT not in path

    def serves(self, source: Source, head: Head, session: Session) -> bool:
        return self.recognise(head) == _RESULTS

    def recognise(self, head: Head) -> Shape | None:
        if head.first == "[":
            return LIST if head.members.keys() >= _MEMBERS else None
        results = head.members.get("results") if head.first == "{" else None
        return _RESULTS if results is not None and results.names >= _MEMBERS else None

    def stated_shape(self, head: Head) -> Shape:
        return LIST if head.first == "[" else _RESULTS

    def records(self, entries: Iterator[Entry], source: Source) -> Iterator[Harvested]:
        mapper = mapper_of("")
        for entry in entries:
            yield harvested(entry, source, mapper)

    def pages(self) -> type[ApiPages]:
        from ckanext.aivision.harvesters.protocols.opendatasoft.catalogue import OpendatasoftPages

        return OpendatasoftPages

    def members(self) -> Iterable[tuple[str, str]]:
        yield from (
            ("identifier", "dataset_id"),
            ("title", "title"),
            ("license", "license"),
            ("distribution", "attachments"),
        )
        yield from ((row.field, row.key.rpartition(".")[2]) for row in DATASET.values())
        yield from ((f"distribution[].{row.field}", row.key) for row in ATTACHMENT.values())


PROTOCOL = Opendatasoft(KIND)
