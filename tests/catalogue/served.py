"""What a source serves in each protocol, told straight from the corpus: none of the project's readers is asked."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

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

    def records(self) -> Iterator[Record]:
        """Every record, with the identifiers and the names that portal.py gives to copies."""
        yield from self.originals
        for number in range(1, self.copies):
            for original in self.originals:
                copied = {**original, self.key: f"{original.get(self.key)}-copy{number}"}
                if "name" in original:
                    copied["name"] = f"{original['name'][:90]}-c{number}"
                yield copied

    def said(self) -> Iterator[Said]:
        return map(self.say, self.records())


def of_kind(kind: str, corpus: Path, size: int) -> Served:
    """At least `size` records in a protocol, of the largest catalogue of the corpus that is no larger than that."""
    us, uk = _catalogues(corpus / "us"), _catalogues(corpus / "uk")
    everything = {"": [record for records in us.values() for record in records]}
    every_package = {"all": [record for records in uk.values() for record in records]}
    catalogues, path, key, say = {
        "dcat-us": (us, "us/{}/data.json", "identifier", _of_dcat_us),
        "datagov-search": (us | everything, "search?org_slug={}", "identifier", _of_dcat_us),
        "ckan": (uk | every_package, "uk/{}", "id", _of_ckan),
        "dcat-rdf": (us, "catalog/{}.jsonld", "identifier", _of_dcat_us),
        "uk-metadata-exchange": (uk | every_package, "{}.json", "id", _of_exchange),
    }[kind]
    fitting = {name: records for name, records in catalogues.items() if len(records) <= size}
    name = max(fitting, key=lambda name: len(fitting[name]))
    address = path.format(name).removesuffix("?org_slug=")
    return Served(address, fitting[name], -(-size // len(fitting[name])), key, say)


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


def _catalogues(folder: Path) -> dict[str, list[Record]]:
    return {path.name.split(".")[0]: _read(path) for path in sorted(folder.glob("*.gz"))}


def _read(path: Path) -> list[Record]:
    text = gzip.decompress(path.read_bytes())
    if ".ndjson" in path.name:
        return [json.loads(line) for line in text.splitlines()]
    records: list[Record] = json.loads(text)["dataset"]
    return records


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
