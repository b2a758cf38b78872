"""What a source serves in each protocol, told straight from the corpus: none of the project's readers is asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tests.corpora import catalogues_of, copies_of

Record = dict[str, Any]


class Said(NamedTuple):
    """What a record says. addresses: of its distributions, the direct one where there is one."""

    identifier: str
    title: str
    notes: str
    addresses: list[str]

    @property
    def can_be_kept(self) -> bool:
        """What has no identifier or no title is refused."""
        return bool(self.identifier and self.title)


class Served(NamedTuple):
    """A catalogue that is served `copies` times over.

    path: on the portal, or the name of a file. key: the member that holds the identifier.
    """

    path: str
    originals: list[Record]
    copies: int
    key: str
    say: Callable[[Record], Said]

    def records(self) -> list[Record]:
        """Every record, with the identifiers and the names of copies."""
        return copies_of(self.originals, self.copies, self.key)

    def said(self) -> Iterator[Said]:
        return map(self.say, self.records())


class Portal(NamedTuple):
    """How a protocol serves the corpus: the country's catalogues, and `path`, `key` and `say` of `Served`.

    everything: the name under which it serves all of them as one; None if it does not.
    """

    country: str
    path: str
    key: str
    say: Callable[[Record], Said]
    everything: str | None = None


def of_kind(kind: str, corpus: Path, size: int) -> Served:
    """At least `size` records in a protocol, of the largest catalogue of the corpus that is no larger than that."""
    portal = PORTALS[kind]
    catalogues = catalogues_of(corpus, portal.country)
    if portal.everything is not None:
        catalogues[portal.everything] = [record for records in catalogues.values() for record in records]
    fitting = {name: records for name, records in catalogues.items() if len(records) <= size}
    name = max(fitting, key=lambda name: len(fitting[name]))
    address = portal.path.format(name).removesuffix("?org_slug=")
    return Served(address, fitting[name], -(-size // len(fitting[name])), portal.key, portal.say)


def write_exchange(served: Served, folder: Path) -> Path:
    """A file of the UK Metadata Exchange Model, which portal.py does not serve: each dataset with its distributions.

    The distributions stand beside the dataset that names them, now before and now behind it.
    """
    path = folder / served.path
    with path.open("w", encoding="utf-8") as file:
        for number, package in enumerate(served.records()):
            files = [_distribution(package, place) for place in range(len(package["resources"]))]
            described = [_exchanged(package, files)]
            for record in [*files, *described] if number % 2 else [*described, *files]:
                file.write(f"{',' if file.tell() else '['}\n{json.dumps(record)}")
        file.write("\n]\n")
    return path


def _of_dcat_us(record: Record) -> Said:
    distributions = record.get("distribution") or []
    addresses = [found for item in distributions if (found := item.get("downloadURL") or item.get("accessURL"))]
    return _trimmed(record.get("identifier"), record.get("title"), record.get("description"), addresses)


def _of_ckan(record: Record) -> Said:
    """A package without a title is called by its name, as CKAN itself does."""
    said = _of_exchange(record)
    return said if said.title else said._replace(title=record["name"])


def _of_exchange(record: Record) -> Said:
    addresses = [found for item in record["resources"] if (found := item.get("url"))]
    return _trimmed(record["id"], record["title"], record.get("notes"), addresses)


def _trimmed(identifier: Any, title: Any, notes: Any, addresses: list[str]) -> Said:
    identifier, title, notes = ((value or "").strip() for value in (identifier, title, notes))
    return Said(identifier, title, notes, [address.strip() for address in addresses])


def _distribution(package: Record, place: int) -> Record:
    resource = package["resources"][place]
    return {
        "type": "Distribution",
        "identifier": f"{package['id']}/distribution/{place}",
        "title": resource.get("name") or package["title"],
        "description": resource.get("description") or None,
        "downloadURL": resource.get("url"),
        "mediaType": resource.get("mimetype") or "application/octet-stream",
        "licence": package.get("license_title"),
    }


def _exchanged(package: Record, files: list[Record]) -> Record:
    publisher = (package.get("organization") or {}).get("name")
    return {
        "type": "Dataset",
        "identifier": package["id"],
        "title": package["title"],
        "description": package.get("notes"),
        "publisher": publisher,
        "creator": [publisher],
        "contactPoint": {"contactName": package.get("author"), "email": package.get("author_email")},
        "licence": package.get("license_title"),
        "accessRights": "OPEN",
        "securityClassification": "OFFICIAL",
        "updateFrequency": "unknown",
        "modified": package.get("metadata_modified"),
        "version": "1",
        "keyword": [tag["name"] for tag in package.get("tags") or []],
        "distribution": [file["identifier"] for file in files],
    }


# The protocols that portal.py or `write_exchange` can serve at any size; others are tried with their samples alone.
PORTALS = {
    "dcat-us": Portal("us", "us/{}/data.json", "identifier", _of_dcat_us),
    "datagov-search": Portal("us", "search?org_slug={}", "identifier", _of_dcat_us, everything=""),
    "ckan": Portal("uk", "uk/{}", "id", _of_ckan, everything="all"),
    "dcat-rdf": Portal("us", "catalog/{}.jsonld", "identifier", _of_dcat_us),
    "uk-metadata-exchange": Portal("uk", "{}.json", "id", _of_exchange, everything="all"),
}
