"""The whole corpus given out in every format and harvested back: the figures of docs/round_trip.md.

    python -m bench.round_trip [--corpus DIR] [--most N] [--every N] [--shapes N] [--skip PART ...]

Writes bench/results/corpus/round_trip.json and brings the page in step with it. Parts: ways, stock, values, licences,
schemas, shapes. A part that is skipped keeps its figures of before. The whole takes about an hour.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import yaml
from bench import catalogues
from bench.round_trip import licences, peer, validity, values
from bench.round_trip.compare import Outcome, Tally, outcome
from bench.round_trip.corpus import Group, groups
from bench.round_trip.page import NOTES, PAGE, RESULTS, page
from bench.round_trip.validity import Validity
from bench.round_trip.ways import WAYS, Way, back

from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.serialise.rdf.mapping import STANDARDS, Standard

PARTS = ("ways", "stock", "values", "licences", "schemas", "shapes")
_SHAPES_AT_ONCE = 40


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=catalogues.CORPUS)
    parser.add_argument("--most", type=int, help="records of each catalogue")
    parser.add_argument("--every", type=int, default=1, help="one of so many records")
    parser.add_argument("--shapes", type=int, default=1000, help="about how many records to check by SHACL")
    parser.add_argument("--skip", nargs="*", choices=PARTS, default=[])
    options = parser.parse_args()
    if not options.corpus.is_dir():
        sys.exit(f"no corpus of real metadata at {options.corpus}: give its place with --corpus")
    with tempfile.TemporaryDirectory(prefix="aivision-bench-") as folder:
        new = measured(options, Path(folder))
    print(json.dumps(_examples(new), indent=1, ensure_ascii=False))
    found = (json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}) | new
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    notes = yaml.safe_load(NOTES.read_text(encoding="utf-8"))
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), found, notes), encoding="utf-8")
    print(PAGE)


def _examples(found: dict[str, Any]) -> dict[str, Any]:
    """Takes the identifiers of real records out of the figures, and returns them: they are shown and not stored."""
    taken: dict[str, Any] = {}
    for name, value in found.items():
        if isinstance(value, dict):
            first = value.pop("first", {})
            inner = _examples(value)
            if first or inner:
                taken[name] = {**first, **inner}
    return taken


def measured(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """The figures of the parts that are not skipped."""
    parts = [part for part in PARTS if part not in options.skip]
    found: dict[str, Any] = {"rubric_version": load().version}
    counts: Counter[str] = Counter()
    collected = _Collected(folder, parts)
    for group in groups(options.corpus, options.most, options.every):
        counts[group.folder.country] += len(group.records)
        collected.add(group)
        print(f"{group.name}: {sum(counts.values()):,} records", flush=True)
    found |= {"records": dict(counts), **collected.as_json()}
    if "shapes" in parts:
        every = max(1, sum(counts.values()) * options.every // options.shapes)
        found["shapes"] = _by_shapes(list(groups(options.corpus, options.most, every)))
    return found


class _Collected:
    """The figures of all parts but the shapes."""

    def __init__(self, folder: Path, parts: list[str]) -> None:
        self._folder, self._parts = folder, parts
        self._ways: dict[str, Tally] = {}
        self._stock = Tally()
        self._schemas: dict[str, Validity] = {}
        self._invented: Counter[str] = Counter()
        self._first: dict[str, str] = {}
        self._values = 0
        self._with_licence: Counter[str] = Counter()
        self._without: Counter[str] = Counter()
        self._unlicensed: dict[str, str] = {}

    def add(self, group: Group) -> None:
        if "ways" in self._parts or "stock" in self._parts:
            before = [outcome(record, group.folder.on) for record in group.records]
            self._go_and_return(group, before)
        if "values" in self._parts:
            self._values += values.count(group.records, self._invented, self._first)
        if "licences" in self._parts:
            for record in group.records:
                licences.count(record, self._with_licence, self._without, self._unlicensed)
        if "schemas" in self._parts:
            for record in group.records:
                validity.check_json(record, self._schemas)

    def _go_and_return(self, group: Group, before: list[Outcome]) -> None:
        if "ways" in self._parts:
            for way in WAYS:
                if way.country in ("", group.folder.country):
                    again = back(way, group.records, self._folder)
                    _tell(self._ways.setdefault(way.id, Tally()), group, again, before, way)
        if "stock" in self._parts:
            turtle = WAYS[0].write(group.records)
            _tell(self._stock, group, peer.back(turtle, group.records, self._folder), before, peer.READER)

    def as_json(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if "ways" in self._parts:
            found["ways"] = {name: tally.as_json() for name, tally in self._ways.items()}
        if "stock" in self._parts:
            found["stock"] = self._stock.as_json()
        if "values" in self._parts:
            counts = dict(self._invented.most_common())
            found["values"] = {"checked": self._values, "not_of_the_source": counts, "first": self._first}
        if "licences" in self._parts:
            missing = dict(self._without)
            found["licences"] = {"outputs": dict(self._with_licence), "without": missing, "first": self._unlicensed}
        if "schemas" in self._parts:
            found["schemas"] = {name: one.as_json() for name, one in self._schemas.items()}
        return found


def _tell(tally: Tally, group: Group, again: list[Dataset | None], before: list[Outcome], way: Way) -> None:
    for record, other, its in zip(group.records, again, before, strict=True):
        if other is not None and not way.has_profile:
            # What the format has no field for is judged as in the source's: that is of the reader, not of the format.
            other = msgspec.structs.replace(other, profile=record.profile)
        tally.add(record, other, its, group.folder.on)


def _by_shapes(sample: list[Group]) -> dict[str, Any]:
    lacks = yaml.safe_load(NOTES.read_text(encoding="utf-8"))["lacks"]
    found: dict[str, Any] = {}
    standard: Standard
    for standard in STANDARDS:
        checked = Validity()
        for records in _batches(sample):
            validity.check_rdf(records, standard, lacks, checked)
        found[standard] = checked.as_json()
    return found


def _batches(sample: list[Group]) -> Iterator[list[Dataset]]:
    for group in sample:
        for start in range(0, len(group.records), _SHAPES_AT_ONCE):
            yield group.records[start : start + _SHAPES_AT_ONCE]


if __name__ == "__main__":
    main()
