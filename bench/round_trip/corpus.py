"""The records of the corpus of real metadata, in groups of one catalogue each."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.open_source import open_source
from ckanext.aivision.harvesters.sources.source import resolve
from ckanext.aivision.record import Dataset

GROUP = 200


class Folder(NamedTuple):
    """A folder of the corpus. on: a day just after it was saved, as of which its records are evaluated."""

    name: str
    kind: str
    country: str
    on: datetime.date


_SAVED_UK = datetime.date(2026, 11, 24)
FOLDERS = (
    Folder("us", "dcat-us", "US", datetime.date(2025, 3, 1)),
    Folder("uk", "ckan", "GB", _SAVED_UK),
    Folder("dcat", "dcat-rdf", "GB", _SAVED_UK),
    Folder("dcat-us-3", "dcat-us", "US", _SAVED_UK),
)


class Group(NamedTuple):
    """Records of one catalogue, each identifier once. name: of the file."""

    folder: Folder
    name: str
    records: list[Dataset]


def groups(corpus: Path, most: int | None = None, every: int = 1) -> Iterator[Group]:
    """The records in groups that fit into one document. most: of each catalogue. every: one of so many."""
    for folder in FOLDERS:
        for path in sorted((corpus / folder.name).iterdir()):
            records = list(_read(path, folder))[::every][:most]
            while records:
                distinct: dict[str, Dataset] = {}
                others = []
                for record in records:
                    if len(distinct) == GROUP or record.identifier in distinct:
                        others.append(record)
                    else:
                        distinct[record.identifier] = record
                yield Group(folder, path.name, list(distinct.values()))
                records = others


def _read(path: Path, folder: Folder) -> Iterator[Dataset]:
    profile = "data-gov-uk" if "data-gov-uk" in path.name else None
    with Session() as session:
        for harvested in open_source(resolve(str(path), folder.kind, profile, folder.country), session):
            if harvested.dataset is not None:
                yield harvested.dataset
