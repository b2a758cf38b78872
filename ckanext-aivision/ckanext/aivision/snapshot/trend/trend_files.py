"""Write the series of a new snapshot: those of the one before it, and the day's points."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterator, Mapping
from pathlib import Path

import duckdb
import msgspec

from ckanext.aivision.compare.estimates.figures import Overview
from ckanext.aivision.compare.estimates.sample import Sample
from ckanext.aivision.compare.series import store
from ckanext.aivision.compare.series.points import Point, agency_points, country_points, source_sizes
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.snapshot.dated_folders import moment
from ckanext.aivision.snapshot.files import SnapshotFiles

_log = logging.getLogger(__name__)


def write_trends(
    folder: Path, files: SnapshotFiles, day: datetime.date, figures: Overview, samples: Mapping[str, Sample]
) -> None:
    """Writes the series into the folder of a new snapshot.

    day: of the snapshot (UTC). figures: its comparison. samples: of the countries, that it was made of. Where the
    series of the snapshot before cannot be read, they begin again with the figures that are kept of past days. Raises
    OSError or duckdb.Error where the folder cannot be written.
    """
    points = [*country_points(figures, day), *agency_points(figures, samples, load().criteria, day)]
    sources = list(source_sizes(figures, samples, day))
    before = files.newest()
    if before is not None:
        try:
            store.write(folder, before, points, sources)
            return
        except (OSError, duckdb.IOException) as error:
            _log.info("no series in %s: they begin with the figures of past days (%s)", before, error)
    store.write(folder, None, [*_past_points(files, day), *points], sources)


def _past_points(files: SnapshotFiles, day: datetime.date) -> Iterator[Point]:
    """Those that the kept figures of earlier days give: of countries, and the overall means of agencies."""
    for folder in files.last_of_days():
        of = moment(folder).date()
        if of >= day:
            return
        try:
            figures = msgspec.json.decode((folder / "figures.json").read_bytes(), type=Overview)
        except (OSError, msgspec.DecodeError) as error:
            _log.info("no points of %s: %s", folder, error)
            continue
        yield from country_points(figures, of)
