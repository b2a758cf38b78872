"""The statistics on real harvests, worked out once more from their lines with numpy alone.

Written from the method's description (docs/method.md) and independently of the code: another way through the data, a
bootstrap of its own with its own seed, Student's t from the density. Agencies are placed by a rule of the test's own.
"""

from __future__ import annotations

import functools
import json
import math
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pytest

from ckanext.aivision.compare.estimates.figures import Overview
from ckanext.aivision.compare.overview import overview
from ckanext.aivision.compare.tallies.tally import CountedEvaluation, collect
from ckanext.aivision.scoring.rubric import load

pytestmark = [pytest.mark.nightly, pytest.mark.long]

US = ("cms", "dhs", "ed", "fcc", "fda", "gsa", "opm", "treasury")
UK = (
    "data-gov-uk",
    "dundee",
    "edinburgh",
    "glasgow",
    "national-library-of-scotland",
    "north-ayrshire",
    "public-health-scotland",
    "scottish-forestry",
    "spatial-hub-scotland",
)
DRAWS = 4000
Array = npt.NDArray[np.float64]
Line = dict[str, Any]


@pytest.fixture(scope="module")
def folders(real_corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The corpus as `aivision harvest --into` writes it."""
    made = []
    for country, names, form in (("US", US, "us/{}.data.json.gz"), ("GB", UK, "uk/{}.ckan.ndjson.gz")):
        for name in names:
            into = tmp_path_factory.mktemp("harvests") / name
            command = [
                sys.executable,
                "-m",
                "ckanext.aivision.cli.main",
                "harvest",
                str(real_corpus / form.format(name)),
            ]
            subprocess.run([*command, "--country", country, "--into", str(into)], check=True, capture_output=True)
            made.append(into)
    return made


@pytest.fixture(scope="module")
def lines(folders: list[Path]) -> list[Line]:
    """Every dataset with its source, and the first two words of its publisher as its agency."""
    rows = []
    for folder in folders:
        with open(folder / "evaluations.ndjson", "rb") as file:
            for text in file:
                row = json.loads(text)
                agency = "-".join((row["publisher"] or "none").lower().replace(",", "").split()[:2])
                rows.append({**row, "source": folder.name, "agency": f"{row['country']}-{agency}"})
    return rows


@pytest.fixture(scope="module")
def found(lines: list[Line]) -> Overview:
    return overview(collect(msgspec.convert(row, type=CountedEvaluation) for row in lines), load().criteria)


class Table:
    """One country's datasets: outcome letters and values, datasets x criteria, and the clusters by number."""

    def __init__(self, lines: list[Line], code: str, criteria: list[str]) -> None:
        rows = [row for row in lines if row["country"] == code]
        results = [{found["criterion"]: found for found in row["results"]} for row in rows]
        self.outcome = np.array([[row[name]["result"] for name in criteria] for row in results])
        self.value = np.array([[100 * (row[name]["value"] or 0) for name in criteria] for row in results])
        self.score = np.array([np.nan if row["score"] is None else row["score"] for row in rows])
        self.grade = np.array([row["grade"] for row in rows])
        self.names = {kind: [row[kind] or "" for row in rows] for kind in ("agency", "source")}
        self.names["publisher"] = [f"{row['agency']} {row['publisher']}" for row in rows]
        sizes = np.array([self.names["agency"].count(name) for name in self.names["agency"]])
        self.counted = sizes >= 5

    @property
    def known(self) -> Array:
        return np.isin(self.outcome, ["pass", "partial", "fail"]).astype(float)

    def clusters(self, kind: str = "agency") -> list[npt.NDArray[np.intp]]:
        """The places of the datasets of each."""
        places = defaultdict(list)
        for place, name in enumerate(self.names[kind]):
            places[name].append(place)
        return [np.array(places[name]) for name in sorted(places)]


@pytest.fixture(scope="module")
def tables(lines: list[Line]) -> dict[str, Table]:
    """With what sources lost as unknown: worked out source by source, criterion by criterion."""
    ids = [row.id for row in load().criteria]
    made = {code: Table(lines, code, ids) for code in ("US", "GB")}
    for code, place, mask in [
        (code, place, mask)
        for code, table in made.items()
        for mask in (np.array(table.names["source"]) == name for name in sorted(set(table.names["source"])))
        for place in range(len(ids))
        if is_lost(made, code, mask, place)
    ]:
        column = made[code].outcome[:, place]
        column[mask & (column == "fail")] = "unknown"
    return made


def is_lost(tables: dict[str, Table], code: str, mask: npt.NDArray[np.bool_], place: int) -> bool:
    outcome, agency = tables[code].outcome[:, place], np.array(tables[code].names["agency"])
    asked = mask & (outcome != "not-applicable")
    here = set(agency[asked])
    if len(here) < 5 or asked.sum() < 100 or np.isin(outcome[asked], ["pass", "partial"]).any():
        return False
    meeting, elsewhere = 0, 0
    for other, table in tables.items():
        names, sources = np.array(table.names["agency"]), np.array(table.names["source"])
        column = table.outcome[:, place]
        for source in set(sources):
            rows = (sources == source) & (column != "not-applicable")
            if other == code and (rows & mask).any():
                continue
            for name in set(names[rows]):
                elsewhere += 1
                meeting += bool(np.isin(column[rows & (names == name)], ["pass", "partial"]).any())
    chance = (1 - meeting / max(elsewhere, 1)) ** len(here)
    return bool((outcome[asked] == "fail").any()) and chance < 0.05


def t_two_sided(statistic: float, freedom: float) -> float:
    """The chance beyond, from the density by the trapezium rule in x = t / sqrt(freedom) = tan(a)."""
    angles = np.linspace(math.atan(statistic / math.sqrt(freedom)), math.pi / 2, 20_001)
    scale = math.exp(math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)) / math.sqrt(math.pi)
    return float(2 * scale * np.trapezoid(np.cos(angles) ** (freedom - 1), angles))


@functools.cache
def t_quantile(freedom: float) -> float:
    low, high = 0.0, 100.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if t_two_sided(middle, freedom) > 0.05 else (low, middle)
    return low


def effective(sizes: Array) -> float:
    return max(3.0, float(sizes.sum() ** 2 / (sizes**2).sum()))


class Mean:
    """tops / bottoms over clusters, with a bootstrap of whole clusters."""

    def __init__(self, tops: Array, bottoms: Array, seed: int) -> None:
        some = bottoms > 0
        tops, bottoms = tops[some], bottoms[some]
        self.value = float(tops.sum() / bottoms.sum())
        chance = np.random.default_rng(seed)
        chosen = chance.integers(0, len(tops), (DRAWS, len(tops)))
        draws = tops[chosen].sum(axis=1) / bottoms[chosen].sum(axis=1)
        self.clusters = effective(bottoms)
        wider = math.sqrt(self.clusters / (self.clusters - 1))
        self.error = wider * float(np.std(draws))
        spread = wider * t_quantile(self.clusters - 1) / 1.959964
        self.draws = self.value + spread * (draws - self.value)


def weighted(table: Table, weights: Array, seed: int, kind: str = "agency", once: bool = False) -> Mean:
    """Of the criteria that weigh something, over what is known. once: every counted agency counts once."""
    top = (table.value * table.known * weights).sum(axis=1)
    bottom = (table.known * weights).sum(axis=1)
    groups = [places for places in table.clusters(kind) if not once or table.counted[places[0]]]
    tops, bottoms = (np.array([column[places].sum() for places in groups]) for column in (top, bottom))
    if once:
        some = bottoms > 0
        return Mean(tops[some] / bottoms[some], np.ones(some.sum()), seed)
    return Mean(tops, bottoms, seed)


def same_interval(told: Any, low: float, high: float) -> bool:
    """Within the chance of 1,000 and 4,000 draws: a tenth of its width."""
    near = 0.1 * (high - low) + 0.05
    return abs(told.low - max(low, -100)) <= near and abs(told.high - min(high, 100)) <= near


@pytest.fixture(scope="module")
def comparable(tables: dict[str, Table]) -> Array:
    """The rubric's weights; 0 for what is known for less than half, or that hardly anybody can fail, in a country."""
    weights = np.array([float(row.weight) for row in load().criteria])
    for table in tables.values():
        for place in range(len(weights)):
            column = table.outcome[:, place]
            known, unknown, failed = table.known[:, place], column == "unknown", (column == "fail").sum()
            asked = known.sum() + unknown.sum()
            shares = []
            for places in table.clusters():
                own = known[places].sum() + unknown[places].sum()
                if table.counted[places[0]] and own:
                    shares.append(known[places].sum() / own)
            hardly = unknown.sum() > 0.05 * asked and failed < 0.05 * (failed + unknown.sum())
            if not asked or min(known.sum() / asked, np.mean(shares)) < 0.5 or hardly:
                weights[place] = 0
    return weights


def test_what_is_left_out_is_what_is_little_known(found: Overview, comparable: Array) -> None:
    left = {row.id for row, weight in zip(load().criteria, comparable, strict=True) if not weight}
    assert {row.criterion for row in found.left_out} == left
    assert 10 < len(left) < len(comparable) - 10


def test_what_sources_lost_is_found_by_going_through_them_one_by_one(found: Overview, lines: list[Line]) -> None:
    ids = [row.id for row in load().criteria]
    tables = {code: Table(lines, code, ids) for code in ("US", "GB")}
    lost = {
        (code, source, ids[place])
        for code, table in tables.items()
        for source in set(table.names["source"])
        for place in range(len(ids))
        if is_lost(tables, code, np.array(table.names["source"]) == source, place)
    }
    assert {(row.country, row.source, row.criterion) for row in found.dropped} == lost
    assert lost


def test_agencies_and_those_left_out_are_counted(found: Overview, tables: dict[str, Table]) -> None:
    for row in found.countries:
        sizes = [len(places) for places in tables[row.code].clusters()]
        assert (row.data_sets, row.agencies, row.agencies_left_out) == (
            sum(sizes),
            len(sizes),
            sum(s < 5 for s in sizes),
        )
        assert row.publishers == len(tables[row.code].clusters("publisher"))


def test_the_overall_difference_and_its_intervals(found: Overview, tables: dict[str, Table], comparable: Array) -> None:
    for once, told in ((True, found.overall.comparison.by_agency), (False, found.overall.comparison.by_data_set)):
        us, uk = (weighted(tables[code], comparable, seed, once=once) for seed, code in enumerate(("US", "GB")))
        assert (told.first.value, told.second.value) == pytest.approx((us.value, uk.value), abs=0.02)
        assert told.value == pytest.approx(us.value - uk.value, abs=0.02)
        assert told.first.interval is not None
        assert same_interval(told.first.interval, *np.quantile(us.draws, [0.025, 0.975]))
        assert same_interval(told.interval, *np.quantile(us.draws - uk.draws, [0.025, 0.975]))


def test_the_scores_of_datasets_have_their_means(found: Overview, tables: dict[str, Table]) -> None:
    for code, table in tables.items():
        figures = found.overall.countries[code]
        scored = ~np.isnan(table.score)
        assert figures.by_data_set.value == pytest.approx(table.score[scored].mean(), abs=0.01)
        own = [table.score[places][scored[places]].mean() for places in table.clusters() if table.counted[places[0]]]
        assert figures.by_agency.value == pytest.approx(np.mean(own), abs=0.01)


@pytest.mark.parametrize("kind", ["publisher", "source"])
def test_intervals_with_other_clusters(found: Overview, tables: dict[str, Table], comparable: Array, kind: str) -> None:
    told = next(row for row in found.clustering if row.by == kind)
    us, uk = (weighted(tables[code], comparable, 5 + seed, kind) for seed, code in enumerate(("US", "GB")))
    assert (told.first, told.second) == tuple(len(tables[code].clusters(kind)) for code in ("US", "GB"))
    assert same_interval(told.interval, *np.quantile(us.draws - uk.draws, [0.025, 0.975]))


def wilson(passed: Array, known: Array, most: float) -> tuple[float, float]:
    """Solved for the ends by bisection, as Wilson put it: where the share lies a quantile of its own error away."""
    some = known > 0
    passed, known = passed[some], known[some]
    number, share = len(known), passed.sum() / known.sum()
    # The jackknife by its definition: what the residual is of the whole without each agency.
    without = (passed - share * known) / (known.sum() - known)
    variance = (number - 1) / number * float((without**2).sum())
    cases = number if share in (0, 1) else min(share * (1 - share) / variance, most)
    quantile = t_quantile(effective(known) - 1)

    def end(outside: float) -> float:
        inside = share
        for _ in range(80):
            middle = (inside + outside) / 2
            near = abs(middle - share) <= quantile * math.sqrt(middle * (1 - middle) / cases)
            inside, outside = (middle, outside) if near else (inside, middle)
        return 100 * float(inside)

    return end(0.0), end(1.0)


def test_shares_of_grades_are_as_unsure_as_agencies_differ(found: Overview, tables: dict[str, Table]) -> None:
    for country in found.countries:
        table = tables[country.code]
        groups = table.clusters()
        sizes = np.array([float(len(places)) for places in groups])
        for row in country.grades:
            passed = np.array([float((table.grade[places] == row.grade).sum()) for places in groups])
            assert row.by_data_set.value == pytest.approx(100 * passed.sum() / sizes.sum(), abs=0.01)
            low, high = wilson(passed, sizes, sizes.sum())
            assert (row.by_data_set.interval.low, row.by_data_set.interval.high) == pytest.approx(
                (low, high), rel=0.01, abs=0.05
            )
            once = sizes >= 5
            assert row.by_agency.value == pytest.approx(100 * (passed / sizes)[once].mean(), abs=0.01)
            low, high = wilson((passed / sizes)[once], np.ones(once.sum()), sizes.sum())
            assert (row.by_agency.interval.low, row.by_agency.interval.high) == pytest.approx(
                (low, high), rel=0.01, abs=0.05
            )


def test_a_grade_of_a_third_of_the_datasets_is_far_from_sure(found: Overview) -> None:
    """As if datasets were independent, these were within 5 points."""
    widths = [
        row.by_data_set.interval.high - row.by_data_set.interval.low
        for country in found.countries
        for row in country.grades
        if row.by_data_set.interval is not None and 25 < (row.by_data_set.value or 0) < 75
    ]
    assert len(widths) >= 2
    assert min(widths) > 15


def test_criteria_have_their_means_shares_and_corrected_verdicts(
    found: Overview, tables: dict[str, Table], comparable: Array
) -> None:
    p = {}
    for place, row in enumerate(found.criteria):
        if not comparable[place]:
            assert row.comparison.verdict == "not compared"
            continue
        only = np.eye(len(comparable))[place]
        us, uk = (weighted(tables[code], only, 9 + seed, once=True) for seed, code in enumerate(("US", "GB")))
        told = row.comparison.by_agency
        assert told.value == pytest.approx(us.value - uk.value, abs=0.02)
        assert same_interval(told.interval, *np.quantile(us.draws - uk.draws, [0.025, 0.975])), row.id
        error = math.hypot(us.error, uk.error)
        freedom = error**4 / sum(one.error**4 / (one.clusters - 1) for one in (us, uk)) if error else 1
        p[row.id] = t_two_sided(abs(told.value) / error, freedom) if error else float(not told.value)
        for code, table in tables.items():
            groups = table.clusters()
            passed = np.array([float((table.outcome[places, place] == "pass").sum()) for places in groups])
            known = np.array([table.known[places, place].sum() for places in groups])
            share = row.countries[code].passed
            low, high = wilson(passed, known, known.sum())
            assert share.value == pytest.approx(100 * passed.sum() / known.sum(), abs=0.01)
            assert (share.interval.low, share.interval.high) == pytest.approx((low, high), rel=0.01, abs=0.05), row.id
    check_verdicts(found, p)


def check_verdicts(found: Overview, p: dict[str, float]) -> None:
    """Holm by its definition: from the smallest up, until one fails. Near the border chance may decide."""
    open_still, ahead = True, 0
    for rank, (name, value) in enumerate(sorted(p.items(), key=lambda item: item[1])):
        row = next(row for row in found.criteria if row.id == name).comparison
        corrected = value * (len(p) - rank)
        open_still = open_still and corrected < 0.05
        if not 0.02 < corrected < 0.12:
            label = "US" if (row.by_agency.value or 0) > 0 else "UK"
            assert row.verdict == (f"{label} ahead" if open_still else "cannot be told apart"), name
        ahead += open_still
    assert 3 < ahead < len(p)
