"""How documents of the UK Metadata Exchange Model are recognised and read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ckanext.aivision.harvesters.mapping.table import members_of
from ckanext.aivision.harvesters.parsing.entries import LINES, LIST, ONE, YAML, Entry, Shape
from ckanext.aivision.harvesters.parsing.head import Head
from ckanext.aivision.harvesters.protocols.protocol import Protocol
from ckanext.aivision.harvesters.protocols.uk_metadata_exchange import KIND
from ckanext.aivision.harvesters.sources.source import Source
from ckanext.aivision.record import Harvested

# Members that only this model has, and those that it has together.
_OWN_MEMBERS = frozenset(
    ("securityClassification", "updateFrequency", "serviceStatus", "serviceType", "servesData", "contactName")
)
_TOGETHER = frozenset(("identifier", "title", "licence"))


class UkMetadataExchange(Protocol):
    """A record, a list of them or one a line in JSON; a record or a list of them for each document of YAML."""

    def recognise(self, head: Head) -> Shape | None:
        names = head.members.keys()
        is_own = bool(_OWN_MEMBERS & names) or names >= _TOGETHER
        return self.stated_shape(head) if is_own else None

    def stated_shape(self, head: Head) -> Shape:
        if head.first == "{":
            return ONE if head.goes_on else LINES
        return LIST if head.first in ("[", "<", "") else YAML

    def records(self, entries: Iterator[Entry], source: Source) -> Iterator[Harvested]:
        # The model's tables are for those who read it.
        from ckanext.aivision.harvesters.protocols.uk_metadata_exchange import dataset

        return dataset.records(entries, source)

    def members(self) -> Iterable[tuple[str, str]]:
        from ckanext.aivision.harvesters.protocols.uk_metadata_exchange import dataset

        return members_of(dataset.DATASET, dataset.DISTRIBUTION)

    def part_of(self, raw: Any) -> tuple[str, str]:
        from ckanext.aivision.harvesters.protocols.uk_metadata_exchange.model import class_of

        return "", class_of(raw if isinstance(raw, dict) else {})


PROTOCOL = UkMetadataExchange(KIND)
