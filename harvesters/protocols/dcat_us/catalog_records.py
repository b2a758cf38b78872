"""Catalogue records (dcat:CatalogRecord): when a dataset was entered in the catalogue, and its entry last changed."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

import msgspec

from ckanext.aivision.errors import Problem
from ckanext.aivision.harvesters.mapping.table import describe_value
from ckanext.aivision.harvesters.mapping.values import as_list, label
from ckanext.aivision.normalise import dates
from ckanext.aivision.record import Dataset, Moment

_TOPIC = ("@id", "identifier")
_EXAMPLES = 3

Dated = tuple[Moment | None, Moment | None]


def dated(dataset: Dataset, dates: Dated | None) -> Dataset:
    """The dataset with the dates of its catalogue record, where it has one."""
    if dates is None:
        return dataset
    issued, modified = dates
    beside = [*dataset.beside, *as_written(dates)]
    return msgspec.structs.replace(dataset, metadata_issued=issued, metadata_modified=modified, beside=beside)


def as_written(dates: Dated | None) -> list[str]:
    """What counts of the dates as part of the dataset's content."""
    return [] if dates is None else [moment.original if moment is not None else "" for moment in dates]


class CatalogRecords:
    """The catalogue records of one reading, kept until their datasets come: an identifier and two dates each.

    A dataset that came before its catalogue record has been handed on and gets no dates any more; that is reported.
    """

    def __init__(self) -> None:
        self._dated: dict[str, Dated] = {}
        # Catalogue records may name a dataset by its address, where its identifier is another.
        self._addresses: set[str] = set()
        self._unusable: list[Problem] = []
        self._unusable_count = 0

    def add(self, raw: Any, where: str) -> None:
        """raw: a CatalogRecord as it was read. where: its place in the document."""
        topic = label(raw.get("primaryTopic"), _TOPIC) if isinstance(raw, dict) else None
        if topic is None:
            self._unusable_count += 1
            if len(self._unusable) < _EXAMPLES:
                message = "a catalogue record without a `primaryTopic`; it was left out: name its dataset"
                self._unusable.append(
                    Problem("catalog-record-without-topic", f"{where}.primaryTopic", message, seen=describe_value(raw))
                )
            return
        self._dated[topic] = _first_date(raw.get("issued")), _first_date(raw.get("modified"))

    def of(self, raw: Any) -> Dated | None:
        """The dates of a dataset's catalogue record, where that has come; they are given once. raw: the dataset."""
        if not isinstance(raw, dict):
            return None
        identifier, address = label(raw.get("identifier"), _TOPIC), raw.get("@id")
        if isinstance(address, str):
            self._addresses.add(address)
        topic = next((name for name in (identifier, address) if isinstance(name, str) and name in self._dated), None)
        return self._dated.pop(topic) if topic is not None else None

    def remarks(self, seen: Container[str], complete: bool) -> list[Problem]:
        """What became of the catalogue records that gave no dataset its dates.

        seen: the identifiers of all records that came. complete: whether that is all the source has.
        """
        late = [topic for topic in self._dated if topic in seen or topic in self._addresses]
        lost = list(self._dated.keys() - set(late)) if complete else []
        found = list(self._unusable)
        if more := self._unusable_count - len(found):
            found.append(
                Problem("catalog-record-without-topic", "$.record", f"{more:,} more catalogue records like it")
            )
        for code, topics, message in (
            (
                "catalog-record-late",
                late,
                "come after their datasets, so their dates could not be used: list `record` before `dataset`",
            ),
            (
                "catalog-record-orphan",
                sorted(lost),
                "are about datasets that the source does not have: remove them, or use the dataset's identifier",
            ),
        ):
            if topics:
                some = ", ".join(topics[:_EXAMPLES])
                found.append(
                    Problem(code, "$.record", f"{len(topics):,} catalogue records {message}", seen=describe_value(some))
                )
        return found


def _first_date(value: Any) -> Moment | None:
    return next((moment for item in as_list(value) if (moment := dates.moment(item))), None)
