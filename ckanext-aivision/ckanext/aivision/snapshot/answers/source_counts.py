"""How many public datasets of a snapshot come from each source."""

from __future__ import annotations

import contextlib
import functools
from pathlib import Path
from typing import NamedTuple

import duckdb

from ckanext.aivision.compare.table.table_files import read_files
from ckanext.aivision.snapshot.read import Snapshot

# The newest snapshot, and the one before it while requests end.
_KEPT = 2


class SourceCount(NamedTuple):
    """source: its name; empty for datasets published on this site. country: the code most of its datasets have."""

    source: str
    country: str
    data_sets: int


def source_counts(found: Snapshot, samples: bool) -> tuple[SourceCount, ...]:
    """The sources, the largest first. samples: whether made-up datasets are counted, or real ones.

    Empty where the snapshot's table is no longer there.
    """
    try:
        return _counts(found.folder, tuple(found.manifest.criteria), samples)
    except (OSError, duckdb.Error):
        return ()


@functools.lru_cache(_KEPT)
def _counts(folder: Path, criteria: tuple[str, ...], samples: bool) -> tuple[SourceCount, ...]:
    table = read_files(folder, criteria)
    with contextlib.closing(table.connection):
        rows = table.select(
            "source, mode(country), count(*) AS data_sets",
            "sample = ?",
            [samples],
            "GROUP BY source ORDER BY data_sets DESC, source",
        ).fetchall()
    return tuple(SourceCount(*row) for row in rows)
