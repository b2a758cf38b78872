"""The corpora of the tests: our own beside this file, and the real one where it is at hand."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
# Another folder, or one that does not exist: then the tests run as they do for somebody who has only the repository.
SHARED = Path(os.environ.get("AIVISION_SHARED") or ROOT.parent / "shared")
OWN, REAL = ROOT / "tests" / "corpus", SHARED / "corpus"
CORPORA = [OWN, REAL] if REAL.is_dir() else [OWN]


def files_of_corpora(*patterns: str) -> list[Any]:
    """The files of every corpus at hand that match, as parameters of a test; those of the real one are marked so."""
    found = [(corpus, path) for corpus in CORPORA for pattern in patterns for path in sorted(corpus.glob(pattern))]
    return [
        pytest.param(
            path,
            id=f"{'own' if corpus == OWN else 'real'}-{path.relative_to(corpus)}",
            marks=() if corpus == OWN else pytest.mark.corpus,
        )
        for corpus, path in found
    ]


def records_of(path: Path) -> list[dict[str, Any]]:
    """The records of a data.json or of a file with a CKAN package on each line, gzipped or not."""
    text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    if ".ndjson" in path.name:
        return [json.loads(line) for line in text.splitlines()]
    records: list[dict[str, Any]] = json.loads(text)["dataset"]
    return records


def catalogues_of(corpus: Path, country: str) -> dict[str, list[dict[str, Any]]]:
    """The catalogues of a country by name. country: the folder, `us` or `uk`."""
    patterns = {"us": "*.data.json*", "uk": "*.ckan.ndjson*"}
    return {path.name.split(".")[0]: records_of(path) for path in sorted((corpus / country).glob(patterns[country]))}


def copies_of(records: list[dict[str, Any]], number: int, key: str = "identifier") -> list[dict[str, Any]]:
    """Each record as often as asked for, with identifiers (the member `key`) and names of its own."""
    return [copy_of(record, copy, key) for copy in range(number) for record in records]


def copy_of(record: dict[str, Any], number: int, key: str) -> dict[str, Any]:
    """A record with an identifier of its own; the copy with number 0 is the record itself."""
    if number == 0:
        return record
    copy = {**record, key: f"{record.get(key)}-copy{number}"}
    if "name" in record:
        copy["name"] = f"{record['name'][:90]}-c{number}"
    return copy
