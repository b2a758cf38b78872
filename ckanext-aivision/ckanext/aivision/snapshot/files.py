"""The snapshots on disk: where they are, which are kept, and how a new one takes its place whole.

STORAGE/aivision/snapshots/20261130T140500Z/manifest.json     what it is of
                                           /figures.json      the comparison (`compare.estimates.figures.Overview`)
                                           /lens-NAME.json    the comparison through a lens
                                           /frameworks.json   all lenses side by side
                                           /datasets.parquet  one row a dataset; /results.npy: its results
                                           /groups.parquet    those that no filter tells apart; /sums.npy: their sums
                                           /members.npy       the datasets of each; /ids.npy: their ids
                                           /exemplars.parquet what datasets show of the criteria that they pass;
                                            /exemplar-datasets.parquet: their rows of the table
                                           /candidates.bin    what the next snapshot need not read again
                                           /coverage.json     who and what is counted (`compare.coverage`)
                                           /trends.parquet, trend-sources.parquet: series over time (`compare.series`)
STORAGE/aivision/snapshots/state.json                         when the last one was tried, and why it failed
"""

from __future__ import annotations

import datetime

import msgspec

from ckanext.aivision.snapshot.dated_folders import DatedFolders, moment

_DATASETS = "datasets.parquet"
# Of what is in a snapshot: one of another layout is built again.
LAYOUT = 2
# Kept in full, and for how many days the last one of each day keeps its table, if no setting says otherwise.
KEPT_WHOLE = 3
KEPT_DAYS = 30


class Size(msgspec.Struct, frozen=True):
    """How much a country has: its public datasets, and the publishers that they name."""

    code: str
    data_sets: int
    publishers: int


class Manifest(msgspec.Struct, frozen=True):
    """made: the moment (UTC) whose tables it is of. seconds: how long it took. fingerprint: of the evaluations
    (model.fingerprints). criteria: what the results are of, in their order: the rubric's criteria, and after them what
    lenses ask of the records (`LENS/ROW`). software: what made it.
    facets: the version of what the facets were worked out with (compare.table.facets). layout: of its files."""

    made: datetime.datetime
    seconds: float
    software: str
    facets: str
    rubric_version: str
    fingerprint: str
    data_sets: int
    samples: int
    countries: list[Size]
    criteria: list[str]
    layout: int = 0


class SnapshotFiles(DatedFolders):
    """The folder of snapshots."""

    def prune(self, today: datetime.date, whole: int = KEPT_WHOLE, days: int = KEPT_DAYS) -> None:
        """Removes what is not kept. The figures of a day's last snapshot stay for good.

        whole: how many of the newest stay as they are, at least one. days: for how many days the last one of each day
        keeps its table.
        """
        found = sorted(self.all(), reverse=True)
        last_of_day: set[datetime.date] = set()
        for place, path in enumerate(found):
            day = moment(path).date()
            is_last = day not in last_of_day
            last_of_day.add(day)
            if place < max(1, whole):
                continue
            if not is_last:
                self.remove(path)
                continue
            for file in path.iterdir():
                # Figures stay, and for some days the datasets; what filters are answered from goes.
                if file.suffix != ".json" and file.name != _DATASETS:
                    file.unlink()
            if (today - day).days >= days:
                (path / _DATASETS).unlink(missing_ok=True)
