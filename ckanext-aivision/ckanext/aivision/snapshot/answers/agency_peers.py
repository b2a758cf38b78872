"""The peers of an agency: the other agencies of its country and level of government."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ckanext.aivision.compare.estimates.agency_figures import Agency
from ckanext.aivision.compare.estimates.figures import Overview
from ckanext.aivision.compare.estimates.sample import LEAST_OF_AGENCY
from ckanext.aivision.compare.table import agency_counts
from ckanext.aivision.compare.table.dataset_table import Cells, DatasetTable
from ckanext.aivision.compare.table.filters import Filters
from ckanext.aivision.compare.tallies.known_share import too_little_known
from ckanext.aivision.scoring.registry import DIMENSIONS

Row = dict[str, Any]

# Of fewer, a median says nothing.
LEAST_PEERS = 3


def peers_of(table: DatasetTable, figures: Overview, agency: Agency) -> Row:
    """The mean scores of an agency's peers and their median in each dimension.

    Peers have datasets enough to be counted, and a mean. The agency itself is none of them. `low`, `median` and `high`
    are the 10th, 50th and 90th percentile; they are None where there are fewer than LEAST_PEERS, as are medians.
    """
    found = [
        one
        for one in figures.agencies
        if one.id
        and one.id != agency.id
        and (one.country, one.level) == (agency.country, agency.level)
        and one.level
        and one.counted
        and one.mean is not None
    ]
    few = len(found) < LEAST_PEERS
    ends = [None] * 3 if few else np.percentile([one.mean or 0.0 for one in found], [10, 50, 90]).round(2).tolist()
    return {
        "level": agency.level,
        "agencies": [{"id": one.id, "title": one.title, "mean": one.mean} for one in found],
        **dict(zip(("low", "median", "high"), ends, strict=True)),
        "dimensions": {} if few else _medians(table, figures, agency, {one.id for one in found}),
    }


def _medians(table: DatasetTable, figures: Overview, agency: Agency, peers: set[str]) -> Row:
    """By dimension, the median of the peers' means and how many have one; None where their country has no mean."""
    chosen = Filters({"country": (agency.country,), "level": (agency.level,)})
    cells = table.cells(*agency_counts.narrowed(chosen, figures.samples))
    means = _means(cells, peers)
    too_little = {row.id for row in figures.dimensions if row.countries[agency.country].too_little}
    medians = {}
    for id, values in zip(DIMENSIONS, means, strict=True):
        enough = len(values) >= LEAST_PEERS and id not in too_little
        medians[id] = {"median": round(float(np.median(values)), 2) if enough else None, "agencies": len(values)}
    return medians


def _means(cells: Cells, peers: set[str]) -> Sequence[list[float]]:
    """By dimension, the means of the peers for whom it is known for enough of their datasets."""
    rows: dict[str, list[int]] = {}
    for place, key in enumerate(cells.keys):
        if key.agency in peers:
            rows.setdefault(key.agency, []).append(place)
    found: list[list[float]] = [[] for _ in DIMENSIONS]
    for places in rows.values():
        data_sets = int(cells.data_sets[places].sum())
        known, tenths = cells.dimension_known[places].sum(axis=0), cells.dimension_tenths[places].sum(axis=0)
        for number in range(len(DIMENSIONS)):
            if known[number] >= LEAST_OF_AGENCY and not too_little_known(float(known[number]) / data_sets):
                found[number].append(float(tenths[number]) / 10 / float(known[number]))
    return found
