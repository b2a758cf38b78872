"""The samples of the protocols, and the records that are expected of them.

    python -m tests.harvesters.protocols.samples

reads each sample, prints how its records differ from those in `expected.ndjson`, and rewrites that file. Read the
difference before you commit it: each line of it is a change of what people's records become.
"""

from __future__ import annotations

import difflib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.open_source import open_source
from ckanext.aivision.harvesters.sources.kind_registry import KINDS, PACKAGES
from ckanext.aivision.harvesters.sources.source import resolve

HERE = Path(__file__).parent
# Kind -> the folder of its sample, which has the name of the protocol's; not of kinds that no file is of.
FOLDERS = {kind: HERE / package.rpartition(".")[2] for kind, package in PACKAGES.items() if KINDS[kind].has_documents}
EXPECTED = "expected.ndjson"
_LEFT_OUT = ("raw", "source", "message")
_NOTHING: tuple[Any, ...] = (None, "", [], {}, False)


def sample_of(folder: Path) -> Path | None:
    """The sample of a protocol, whatever its form."""
    return next(iter(sorted(folder.glob("sample.*"))), None)


def samples_of(folder: Path) -> list[Path]:
    """The sample of a protocol, and those in its other standards or encodings (`sample-NAME.*`)."""
    return [*filter(None, [sample_of(folder)]), *sorted(folder.glob("sample-*.*"))]


def records_of(sample: Path) -> tuple[str, list[dict[str, Any]]]:
    """The kind that a sample is recognised as, and its records: all that is read of each, and the problems."""
    with Session() as session:
        reading = open_source(resolve(str(sample)), session)
        records = [_plain(_as_json(harvested)) for harvested in reading]
        records += [{"remark": _plain(_as_json(remark))} for remark in reading.remarks]
    return reading.source.kind, records


def expected_in(sample: Path) -> Path:
    """The file with the records that a sample should have."""
    return sample.with_name(EXPECTED.replace("expected", sample.stem.replace("sample", "expected")))


def expected_of(folder: Path) -> list[dict[str, Any]]:
    """The records that the sample of a protocol should have; none if nobody has written them yet."""
    return records_in(folder / EXPECTED)


def records_in(path: Path) -> list[dict[str, Any]]:
    """The records of an expected file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def _as_json(value: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(value))


def _plain(value: Any) -> Any:
    """Without the source's own record, fields that are empty, and the wording of problems, whose codes say enough."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    plain = {key: _plain(item) for key, item in value.items() if key not in _LEFT_OUT}
    return {key: item for key, item in plain.items() if item not in _NOTHING}


def _differences(expected: Path, records: list[dict[str, Any]]) -> Iterator[str]:
    before, after = (
        [json.dumps(record, indent=1, ensure_ascii=False) for record in one] for one in (records_in(expected), records)
    )
    names = (f"{expected.parent.name}/{expected.name}", "read today")
    return difflib.unified_diff("\n".join(before).split("\n"), "\n".join(after).split("\n"), *names, lineterm="")


def main() -> None:
    """Rewrites what is expected, and prints what changes."""
    for kind, folder in FOLDERS.items():
        sample = sample_of(folder)
        if sample is None:
            sys.exit(f"{kind}: no sample.* in {folder}; add one of 2 to 5 records")
        for each in samples_of(folder):
            _, records = records_of(each)
            for line in _differences(expected_in(each), records):
                print(line)
            lines = (json.dumps(record, ensure_ascii=False) + "\n" for record in records)
            expected_in(each).write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
