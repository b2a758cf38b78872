"""Evaluating: records a second of one core and of all, the memory that a catalogue of any size takes, and rescoring.

    python -m bench.score [--bytes N] [--runs N] [--stored N] [--corpus DIR]

The input is real: the US catalogues of the corpus in one file, as they are, and repeated with new identifiers up to
--bytes. Both lie in a temporary directory. What is timed is reading, normalising, evaluating by all criteria and
writing JSON.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping
from itertools import count
from pathlib import Path

import msgspec
from bench import catalogues, rescore
from bench.commands import Ended, run
from bench.results import Row, record

from ckanext.aivision.cli.score.evaluated_records import evaluated
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.open_source import open_source
from ckanext.aivision.harvesters.sources.source import resolve
from ckanext.aivision.process_pool import usable_processors
from ckanext.aivision.scoring.rubric import load

# Of DESIGN.md, section 8, and of each processor that a command is given the share that has to come of it.
GOAL_OF_A_CORE, GOAL_MEGABYTES, GOAL_OF_EACH = 3000, 200, 0.9
# How many times as long as NDJSON another format may take, and how many times faster an unchanged harvest should be.
GOAL_OF_A_FORMAT, GOAL_OF_AGAIN = 2, 10
FORMATS = ("csv", "sarif", "html")
ON = datetime.date(2026, 11, 24)
_LIMIT = 7200


def write_large(path: Path, corpus: Path, least: int) -> int:
    """Repeats the US records with identifiers of their own up to `least` bytes; returns how many they are.

    They pass through one at a time: what this process holds would be taken for its child's.
    """
    written = 0
    with open(path, "w", encoding="utf-8") as file:
        file.write('{"dataset": [')
        for copy in count():
            for row in catalogues.records(corpus, catalogues.agencies(corpus)):
                row["identifier"] = f"{row.get('identifier')}#{copy}"
                file.write((",\n" if written else "\n") + json.dumps(row, ensure_ascii=False))
                written += 1
            if file.tell() >= least:
                break
        file.write("\n]}\n")
    return written


def core_seconds(path: Path) -> tuple[int, float]:
    """Records, and seconds of the processor in this process alone; imports and tables do not count."""
    encoder, rubric, records = msgspec.json.Encoder(), load(), 0
    start = time.process_time()
    with Session() as session, open(os.devnull, "wb") as out:
        for _, evaluation in evaluated(open_source(resolve(str(path)), session), rubric, ON):
            out.write(encoder.encode(evaluation) + b"\n")
            records += 1
    return records, time.process_time() - start


def command(path: Path, out: Path, form: str = "ndjson", jobs: int | None = None) -> Ended:
    """`aivision score`. jobs: how many processes; as many as there are processors where None."""
    words: list[str | Path] = [
        "-m",
        "ckanext.aivision.cli.main",
        "score",
        path,
        "--format",
        form,
        "--on",
        ON.isoformat(),
    ]
    # 1: some records are refused.
    few = ["--jobs", str(jobs)] if jobs is not None else []
    return run([sys.executable, *words, *few, "--output", out], _LIMIT, good=(0, 1))


def rates(path: Path, folder: Path, runs: int) -> list[Row]:
    size = f"{path.stat().st_size / 1e6:.0f} MB of JSON"
    found = [core_seconds(path) for _ in range(runs)]
    records = found[0][0]
    core = records / statistics.median(seconds for _, seconds in found)
    processors, took = usable_processors(), commands(path, folder, runs)
    of_a_core = "records per second of one core"
    return [
        _row("evaluate US records: one core", round(core), GOAL_OF_A_CORE, of_a_core, records, size),
        _row(
            f"evaluate US records: the whole command on {processors} cores",
            round(records / took["ndjson"]),
            None,
            "records/s",
            records,
            f"{size}; from the process's start to its exit",
        ),
        *ratios(took, processors, records, size),
    ]


def ratios(took: Mapping[str, float], processors: int, records: int, size: str) -> list[Row]:
    """How commands compare with each other. took: seconds of each, as `commands` gives them."""
    measured = [
        (f"evaluate US records: {processors} processes against one", "one", "ndjson", GOAL_OF_EACH * processors),
        ("harvest --into a directory again, nothing changed, against the first time", "first", "again", GOAL_OF_AGAIN),
        *((f"evaluate US records: {form} against ndjson", form, "ndjson", GOAL_OF_A_FORMAT) for form in FORMATS),
    ]
    return [
        _row(
            name,
            round(took[one] / took[other], 2),
            goal,
            "times as long, at most the goal" if one in FORMATS else "times as fast",
            records,
            f"{size}; {took[one]:.1f} and {took[other]:.1f} s, whole commands on the same day",
        )
        for name, one, other, goal in measured
    ]


def commands(path: Path, folder: Path, runs: int) -> dict[str, float]:
    """Seconds of whole commands, medians of so many runs: with one process, in each format, and of `harvest --into`."""
    took: dict[str, list[float]] = {}
    # In turn, so that all of them meet the same machine.
    for _ in range(runs):
        took.setdefault("one", []).append(command(path, folder / "out", jobs=1).seconds)
        for form in ("ndjson", *FORMATS):
            took.setdefault(form, []).append(command(path, folder / "out", form).seconds)
        took.setdefault("first", []).append(into(path, folder))
        took.setdefault("again", []).append(into(path, folder))
        shutil.rmtree(folder / "into")
    return {name: statistics.median(found) for name, found in took.items()}


def into(path: Path, folder: Path) -> float:
    """Seconds of `aivision harvest --into`."""
    words = ("-m", "ckanext.aivision.cli.main", "harvest", path, "--into", folder / "into")
    return run([sys.executable, *words], _LIMIT, good=(0, 1)).seconds


def memory(path: Path, records: int, folder: Path) -> Row:
    ended = command(path, folder / "out")
    peak = None if ended.peak_bytes is None else round(ended.peak_bytes / 1e6)
    size = (
        f"{path.stat().st_size / 1e9:.2f} GB of JSON; {ended.seconds:.0f} s; the largest of the processes, which reads"
    )
    return _row("peak memory, evaluate a large catalogue", peak, GOAL_MEGABYTES, "MB", records, size)


def _row(name: str, ours: float | None, goal: float | None, unit: str, records: int, note: str) -> Row:
    told = f"{records:,} records, {note}; load average {os.getloadavg()[0]:.1f} after"
    return Row(name=name, ours=ours, peer=None, ratio=None, goal=goal, unit=unit, note=told)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bytes", type=int, default=10**9)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--stored", type=int, default=100_000, help="datasets that are rescored; 0 for none")
    parser.add_argument("--corpus", type=Path, default=catalogues.CORPUS)
    options = parser.parse_args()
    if not options.corpus.is_dir():
        sys.exit(f"no corpus of real metadata at {options.corpus}: give its place with --corpus")
    with tempfile.TemporaryDirectory(prefix="aivision-bench-") as name:
        folder = Path(name)
        small, large = folder / "us.json", folder / "large.json"
        # The first: a child's memory can be told while ours is less.
        large_row = memory(large, write_large(large, options.corpus, options.bytes), folder)
        large.unlink()
        catalogues.write_us(small, options.corpus, catalogues.agencies(options.corpus))
        rows = [*rates(small, folder, options.runs), large_row]
        small.unlink()
        if options.stored:
            rows += rescore.rows(folder, options.corpus, options.stored)
    for row in rows:
        print(f"{row['name']:60} {row['ours']} {row['unit']}")
    print(record("score", rows))


if __name__ == "__main__":
    main()
