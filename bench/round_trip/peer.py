"""Our RDF read by stock ckanext-dcat: what another CKAN's harvester keeps of it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.round_trip.ways import Way, by_name, read_back
from ckanext.dcat.processors import RDFParser

from ckanext.aivision.record import Dataset

PROFILES = ["euro_dcat_ap_3"]
_NUMBER = re.compile(r"/dataset/(\d+)$")
# How its packages are read: as those of any CKAN.
READER = Way("stock", "ckanext-dcat's parser", ".ckan.ndjson", "ckan", "stock", lambda records: b"", by_name)


def back(turtle: bytes, records: Sequence[Dataset], folder: Path) -> list[Dataset | None]:
    """The records of a catalogue as ckanext-dcat makes packages of them, and our harvester reads these."""
    parser = RDFParser(profiles=PROFILES)
    parser.parse(turtle.decode(), _format="ttl")
    path = folder / f"stock{READER.ending}"
    lines = [json.dumps(package) for found in parser.datasets() if (package := _package(found)) is not None]
    if not lines:
        # Services and series are no datasets to it.
        return [None] * len(records)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_back(READER, path, records)


def _package(found: dict[str, Any]) -> dict[str, Any] | None:
    """What the parser gives, as CKAN would store it: with a name, and lists in extras as JSON."""
    uri = next((item["value"] for item in found.get("extras", []) if item["key"] == "uri"), "")
    number = _NUMBER.search(uri)
    return {**found, "name": f"d-{number[1]}", "id": f"d-{number[1]}"} if number is not None else None
