"""How DCAT-US is recognised and read."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Any

from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.mapping.mapper import NOTHING_KNOWN, Known
from ckanext.aivision.harvesters.mapping.table import members_of
from ckanext.aivision.harvesters.parsing.entries import LINES, LIST, ONE, Shape
from ckanext.aivision.harvesters.parsing.head import Head
from ckanext.aivision.harvesters.protocols.dcat_us import KIND, v1_1, v3
from ckanext.aivision.harvesters.protocols.dcat_us.catalogue_reader import CatalogueReader
from ckanext.aivision.harvesters.protocols.dcat_us.data_json import CATALOGUE, LISTS
from ckanext.aivision.harvesters.protocols.dcat_us.editions import edition_of
from ckanext.aivision.harvesters.protocols.protocol import Protocol
from ckanext.aivision.harvesters.protocols.reader import Reader
from ckanext.aivision.harvesters.sources.source import Source

_DEFAULT_EDITION = "1.1"
# Members of a distribution by which a record is known that has no member of one edition alone.
_OF_DISTRIBUTIONS = frozenset(("downloadURL", "accessURL"))


class DcatUs(Protocol):
    """A catalogue is an object whose members list its datasets and, in 3.0, what it has beside or instead of them."""

    def recognise(self, head: Head) -> Shape | None:
        if head.first != "{":
            return None
        members = head.members
        listed = any(name in members and members[name].first == "[" for name in LISTS)
        return CATALOGUE if "dataset" in members or listed else None

    def bare_shape(self, head: Head) -> Shape | None:
        """Records without a catalogue around them, if the members of the first one show that it is one."""
        members = head.members
        if head.first not in ("{", "[") or members.keys() & set(LISTS) or not {"title", "identifier"} & members.keys():
            return None
        files = members["distribution"].names if "distribution" in members else set()
        if not (edition_of(dict.fromkeys(members)) or _OF_DISTRIBUTIONS & files):
            return None
        return self._bare_layout(head)

    def stated_shape(self, head: Head) -> Shape:
        return self.bare_shape(head) or CATALOGUE

    @staticmethod
    def _bare_layout(head: Head) -> Shape:
        if head.first == "[":
            return LIST
        return ONE if head.goes_on or "\n" not in head.text.strip() else LINES

    def reader(
        self, source: Source, session: Session, seen: Container[str] = (), known: Known = NOTHING_KNOWN
    ) -> Reader:
        return CatalogueReader(source, session, seen, known)

    def members(self) -> Iterable[tuple[str, str]]:
        for edition in (v1_1, v3):
            yield from members_of(edition.DATASET, edition.DISTRIBUTION)

    def validated_shape(self, head: Head, is_stated: bool) -> Shape | None:
        """Records without a catalogue around them too, if the members of the first one show the edition."""
        if edition_of(dict.fromkeys(head.members)) and not head.members.keys() & set(LISTS):
            return self._bare_layout(head)
        if is_stated:
            return LIST if head.first == "[" else CATALOGUE
        return None

    def part_of(self, raw: Any) -> tuple[str, str]:
        return (edition_of(raw) if isinstance(raw, dict) else "") or _DEFAULT_EDITION, "dataset"


PROTOCOL = DcatUs(KIND)
