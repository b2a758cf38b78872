"""What records showed when the last snapshot was made, so that only those that changed since are read again.

A file of the snapshot, read by the next one and by nobody else.
"""

from __future__ import annotations

import functools
import hashlib
import zlib
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path

import msgspec
import sqlalchemy as sa

from ckanext.aivision.compare.table import facets
from ckanext.aivision.exemplars.rules import FILE as RULES
from ckanext.aivision.exemplars.selection import Candidate

_FILE = "candidates.bin"
# Much is said word for word by many datasets.
_LEVEL = 1
# Of a dataset that was edited or published here the form is the record, which other tables have parts of: it is read
# each time.
_STATES = sa.text(
    """
    SELECT e.package_id,
        concat_ws(' ', p.metadata_modified, r.last_changed, e.rubric_version, e.reference_date, md5(e.evaluation))
    FROM aivision_evaluation e
    JOIN package p ON p.id = e.package_id
    JOIN aivision_record r ON r.package_id = e.package_id
    WHERE e.package_id = ANY(:ids) AND NOT p.metadata_modified > r.last_changed
    """
)


class Found(msgspec.Struct, array_like=True, frozen=True):
    """What a record shows. state: of the record and its evaluation. criteria: those that it was read for."""

    state: str
    criteria: list[str]
    candidates: list[Candidate]


class _Kept(msgspec.Struct, array_like=True, frozen=True):
    version: str
    found: dict[str, Found]


def states(ids: Sequence[str], connection: sa.Connection) -> dict[str, str]:
    """The state of each record with its evaluation, without those that are read each time."""
    return {row[0]: row[1] for row in connection.execute(_STATES, {"ids": list(ids)})}


def write(folder: Path, found: Mapping[str, Found]) -> None:
    """Writes what records show, by dataset, into the folder of a new snapshot. Raises OSError."""
    kept = msgspec.msgpack.encode(_Kept(_version(), dict(found)))
    (folder / _FILE).write_bytes(zlib.compress(kept, _LEVEL))


def read(folder: Path | None) -> Mapping[str, Found]:
    """What a snapshot kept, by dataset; nothing where there is none, or other rules made it."""
    try:
        content = (folder / _FILE).read_bytes() if folder is not None else b""
        kept = msgspec.msgpack.decode(zlib.decompress(content), type=_Kept)
    except (OSError, zlib.error, msgspec.DecodeError):
        return {}
    return kept.found if kept.version == _version() else {}


@functools.cache
def _version() -> str:
    """Of what decides what a record shows: this software and its tables."""
    folder, _, name = RULES.rpartition("/")
    rules = resources.files(f"ckanext.aivision.{folder}") / name
    return f"{facets.version()} {hashlib.sha256(rules.read_bytes()).hexdigest()}"
