"""Stream DCAT-US catalogues: datasets, services, series and their members, catalogues inside catalogues."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Any

import msgspec

from ckanext.aivision.errors import Problem, SourceError
from ckanext.aivision.harvesters.mapping.mapper import NOTHING_KNOWN, Known, Mapper, harvested
from ckanext.aivision.harvesters.mapping.values import as_list
from ckanext.aivision.harvesters.parsing.entries import Entry, Shape, has, kind_of, refuse_more, refuse_page
from ckanext.aivision.harvesters.parsing.json_text import JsonText
from ckanext.aivision.harvesters.parsing.repair import is_sound, repaired
from ckanext.aivision.harvesters.protocols.dcat_us.catalog_records import CatalogRecords, Dated, as_written, dated
from ckanext.aivision.harvesters.protocols.dcat_us.editions import Edition, mapper_of
from ckanext.aivision.harvesters.protocols.dcat_us.pages import next_named_address
from ckanext.aivision.harvesters.protocols.dcat_us.v3 import DATA_SERVICE, DATASET_SERIES
from ckanext.aivision.harvesters.sources.source import Source
from ckanext.aivision.record import Harvested

CATALOGUE = Shape(("dataset",), "catalogue")
MAX_CATALOGUES = 32  # inside each other

_MOST_MENDS = 20  # that are reported for members beside the records
LISTS = ("dataset", "service", "datasetSeries", "record", "catalog")
# Where a record may hold whole datasets.
_EMBEDDING = {
    DATASET_SERIES.profile: ("seriesMember", "first", "last"),
    DATA_SERVICE.profile: ("servesDataset",),
}
_HINT = "; a DCAT-US catalogue is an object whose member `dataset` lists the datasets"


class DcatUsCatalogues:
    """Reads the catalogue of a source, or its pages one after the other, each with constant memory.

    A dataset inside a series or a service is a record of its own; where it is listed too, it comes once.
    """

    def __init__(self, source: Source, seen: Container[str] = (), known: Known = NOTHING_KNOWN) -> None:
        """seen: the identifiers that the reading has had. It is looked at again for each record.

        known: of records that need not be read again.
        """
        self.source, self._known = source, known
        self._seen = seen
        self._dates = CatalogRecords()
        self._embedded: set[str] = set()
        self._twice: list[str] = []
        self._mended: list[Problem] = []
        self.next_page = ""

    def read(self, text: JsonText, page: int = 1) -> Iterator[Harvested]:
        """The records of one document. Raises SourceError if it is no catalogue, breaks off or goes wrong.

        page: its number, where the catalogue has several. `next_page` is then what it names as the next one.
        """
        self.next_page = ""
        name = self.source.name
        refuse_page(text, name)
        if text.peek() != "{":
            raise SourceError(f"{name}: {kind_of(text.peek())} where an object with `dataset` belongs{_HINT}")
        yield from self._catalogue(text, "$" if page == 1 else f"page {page}: $", Edition(), 1)
        refuse_more(text, name)

    def bare(self, entries: Iterator[Entry]) -> Iterator[Harvested]:
        """The records of a document that has no catalogue around them."""
        for entry in entries:
            yield from self._records(entry, "dataset", "")

    def remarks(self, complete: bool) -> list[Problem]:
        """What is to be told of the catalogue as a whole. complete: whether it was read to the end."""
        found = [*self._mended, *self._dates.remarks(self._seen, complete)]
        if self._twice:
            message = (
                f"{len(self._twice):,} datasets are both listed and inside a series or a service; the first of "
                "the two was taken: list them once, with `inSeries`"
            )
            found.append(Problem("dataset-embedded-and-listed", "$", message, seen=", ".join(self._twice[:3])[:200]))
        return found

    def _catalogue(self, text: JsonText, path: str, edition: Edition, depth: int) -> Iterator[Harvested]:
        if depth > MAX_CATALOGUES:
            raise SourceError(f"{self.source.name}: more than {MAX_CATALOGUES} nested catalogues at {path}")
        found, others = False, []
        for member in text.members():
            if member not in LISTS:
                others.append(member)
                self._beside(text, member, path, edition, depth)
                continue
            found = True
            edition.note(member, None)
            for where in self._places(text, member, path, depth):
                yield from self._item(text, member, where, edition, depth)
        if not found and depth == 1:
            raise SourceError(f"{self.source.name}: no `dataset` in the document ({has(others)}){_HINT}")

    def _beside(self, text: JsonText, member: str, path: str, edition: Edition, depth: int) -> None:
        """Reads a member that stands beside the records. What is mended there is the catalogue's fault, no record's."""
        value = self._mend(text, f"{path}.{member}")
        edition.note(member, value)
        if depth == 1:
            self.next_page = next_named_address(member, value) or self.next_page

    def _mend(self, text: JsonText, where: str) -> Any:
        """The value at the cursor as it can be kept; None if it cannot."""
        value, mends = repaired(text.value(), text.mended, where)
        text.mended.clear()
        self._mended += mends[: _MOST_MENDS - len(self._mended)]
        return value

    def _places(self, text: JsonText, member: str, path: str, depth: int) -> Iterator[str]:
        """The places of the items of a list, with the cursor at each; a single object counts as a list of one."""
        first = text.peek()
        if first == "[":
            for index, _ in enumerate(text.items()):
                yield f"{path}.{member}[{index}]"
        elif member == "dataset" and depth == 1:
            raise SourceError(f"{self.source.name}: `dataset` is {kind_of(first)}, not a list{_HINT}")
        elif first == "n":
            text.value()
        else:
            yield f"{path}.{member}"

    def _item(self, text: JsonText, member: str, where: str, edition: Edition, depth: int) -> Iterator[Harvested]:
        if member == "catalog" and text.peek() == "{":
            yield from self._catalogue(text, where, Edition(edition), depth + 1)
            return
        if member == "record":
            self._dates.add(self._mend(text, where), where)
            return
        raw = text.value()
        entry = Entry(where, raw, frozenset(text.mended), sound=is_sound(text))
        text.mended.clear()
        yield from self._records(entry, member, edition.name)

    def _records(self, entry: Entry, member: str, edition: str) -> Iterator[Harvested]:
        """A record of a list, and those inside it."""
        mapper = mapper_of(entry.raw, self.source, member, edition)
        # What is inside a record must be looked for even when the record has not changed.
        known = NOTHING_KNOWN if mapper.profile in _EMBEDDING else self._known
        dates = self._dates.of(entry.raw)
        record = harvested(entry, self.source, mapper, known, as_written(dates))
        if record.dataset is not None and record.identifier in self._embedded:
            self._twice.append(record.dataset.identifier)
            return
        yield _dated(record, dates)
        if keys := _EMBEDDING.get(mapper.profile):
            yield from self._inside(record, keys, mapper)

    def _inside(self, outer: Harvested, keys: tuple[str, ...], mapper: Mapper) -> Iterator[Harvested]:
        """The whole datasets inside a series or a service; what only refers to one is none."""
        own: set[str] = set()
        for where, raw in _embedded(outer, keys):
            record = harvested(Entry(where, raw), self.source, mapper_of(raw, self.source, edition="3.0"))
            identifier = record.identifier
            if record.dataset is None or identifier is None:
                yield record
            elif identifier in own:
                # The first and the last of a series are among its members.
                continue
            elif identifier in self._embedded or identifier in self._seen:
                self._twice.append(identifier)
            else:
                own.add(identifier)
                self._embedded.add(identifier)
                if mapper is DATASET_SERIES and outer.dataset is not None:
                    series = outer.dataset.identifier
                    member = msgspec.structs.replace(record.dataset, in_series=series, beside=[series])
                    record = msgspec.structs.replace(record, dataset=member)
                yield _dated(record, self._dates.of(raw))


def _dated(record: Harvested, dates: Dated | None) -> Harvested:
    if record.dataset is None or dates is None:
        return record
    return msgspec.structs.replace(record, dataset=dated(record.dataset, dates))


def _embedded(outer: Harvested, keys: tuple[str, ...]) -> Iterator[tuple[str, dict[str, Any]]]:
    for key in keys:
        value = outer.raw.get(key) if isinstance(outer.raw, dict) else None
        for index, item in enumerate(as_list(value)):
            if isinstance(item, dict) and "title" in item:
                place = f"{outer.where}.{key}"
                yield f"{place}[{index}]" if isinstance(value, list) else place, item
