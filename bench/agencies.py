"""Which agencies the datasets of the corpus belong to: the figures of docs/agencies.md.

    python -m bench.agencies [--corpus DIR] [--draw NUMBER]

Writes bench/results/corpus/agencies.json and brings the page in step with it. With --draw, prints that many placements,
drawn at random and always the same, to be checked by reading, and writes nothing.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from bench import catalogues
from bench.table import between

from ckanext.aivision.agencies.placement import Placement, SourceFacts, place
from ckanext.aivision.agencies.placement_counts import PlacementTally
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.open_source import open_source
from ckanext.aivision.harvesters.sources.source import resolve
from ckanext.aivision.record import COUNTRIES, Dataset

RESULTS = Path(__file__).parent / "results" / "corpus" / "agencies.json"
PAGE = Path(__file__).resolve().parents[1] / "docs" / "agencies.md"
FOLDERS = ("us", "uk", "dcat")
SEED = 20261130
# Agencies on the page.
_LARGEST = 25


class Placed(NamedTuple):
    """source: the name of the file that the dataset is from, which is that of its source."""

    source: str
    dataset: Dataset
    placement: Placement

    @property
    def publisher(self) -> str:
        """As the record writes it."""
        return (self.dataset.publisher.name if self.dataset.publisher is not None else None) or ""


def datasets(corpus: Path) -> Iterator[tuple[str, Dataset]]:
    """Every record of the corpus' catalogues that is not refused, with the name of its source."""
    for path in sorted(path for folder in FOLDERS for path in (corpus / folder).iterdir()):
        profile = "data-gov-uk" if "data-gov-uk" in path.name else None
        country = "US" if path.parent.name == "us" else "GB"
        with Session() as session:
            for harvested in open_source(resolve(str(path), profile=profile, country=country), session):
                if harvested.dataset is not None:
                    yield path.name.partition(".")[0], harvested.dataset


def placed(corpus: Path) -> Iterator[Placed]:
    """The same with their agencies."""
    for source, dataset in datasets(corpus):
        yield Placed(source, dataset, place(dataset, SourceFacts(source)))


def measured(rows: Iterator[Placed]) -> dict[str, Any]:
    """The figures of the page, by country and of all."""
    tallies = {country: PlacementTally() for country in (*COUNTRIES, "")}
    names: dict[str, set[str]] = {country: set() for country in COUNTRIES}
    publishers: dict[str, set[str]] = {country: set() for country in COUNTRIES}
    for row in rows:
        for country in (row.dataset.country, ""):
            tallies[country].add(row.placement, row.dataset.country, row.publisher, row.source)
        names[row.dataset.country].add(row.publisher)
        if row.placement.publisher is not None:
            publishers[row.dataset.country].add(row.placement.publisher.id)
    return {
        "counts": {country: msgspec.to_builtins(tally.counts()) for country, tally in tallies.items()},
        "names": {country: len(found) for country, found in names.items()},
        "publishers": {country: len(found) for country, found in publishers.items()},
    }


def page(text: str, found: dict[str, Any]) -> str:
    """The page with the figures. Raises ValueError where a marker is not there."""
    countries = [*COUNTRIES, ""]
    counts = [found["counts"][country] for country in countries]
    share = "; ".join(
        f"{COUNTRIES.get(country) or 'both'}: {row['placed']:,} of {row['datasets']:,} "
        f"({100 * row['placed'] / row['datasets']:.2f} %) at {len(row['agencies'])} agencies"
        for country, row in zip(countries, counts, strict=True)
    )
    merged = "; ".join(
        f"{name}: {found['names'][country]:,} spellings are {found['publishers'][country]:,} publishers"
        for country, name in COUNTRIES.items()
    )
    rules = _table(
        ("rule", *(COUNTRIES.get(country) or "both" for country in countries)),
        [(f"`{rule}`", *(f"{row['rules'][rule]:,}" for row in counts)) for rule in counts[-1]["rules"]],
    )
    agencies = _table(
        ("agency", "datasets", "publishers"),
        [
            (f"{row['title']} (`{row['id']}`)", f"{row['datasets']:,}", f"{row['publishers']:,}")
            for row in counts[-1]["agencies"][:_LARGEST]
        ],
    )
    unplaced = _table(
        ("publisher", "datasets"),
        [(row["publisher"] or "none", f"{row['datasets']:,}") for row in counts[-1]["unplaced"]],
    )
    text = between(
        text, "rules", f"Placed: {share}. Merged: {merged}. One placement takes {found['microseconds']} µs.\n\n{rules}"
    )
    return between(between(text, "largest", agencies), "unplaced", unplaced)


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, ("---", *["---:"] * (len(head) - 1)), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def draw(rows: Iterator[Placed], number: int) -> None:
    """Prints placements drawn at random: source, publisher, title, then agency, bureau, publisher and rule."""
    everything = list(rows)
    for row in random.Random(SEED).sample(everything, min(number, len(everything))):
        agent, found = row.dataset.publisher, row.placement
        above = " < ".join([row.publisher, *(agent.sub_organization_of if agent is not None else ())])
        title = " ".join(row.dataset.title.split())[:90]
        print(f"{row.source} | {above} | {agent.identifier if agent else None} | {title}")
        parts = (found.agency, found.bureau, found.publisher)
        print("    ->", " | ".join(f"{part.id} {part.title}" if part else "-" for part in parts), "|", found.rule)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=catalogues.CORPUS)
    parser.add_argument("--draw", type=int)
    options = parser.parse_args()
    if not options.corpus.is_dir():
        sys.exit(f"no corpus of real metadata at {options.corpus}: give its place with --corpus")
    if options.draw is not None:
        draw(placed(options.corpus), options.draw)
        return
    found = measured(placed(options.corpus))
    found["microseconds"] = round(_cost(options.corpus), 1)
    RESULTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), found), encoding="utf-8")
    print(PAGE)


def _cost(corpus: Path) -> float:
    """Microseconds that one placement takes, the records being read already."""
    records = [(dataset, SourceFacts(source)) for source, dataset in datasets(corpus)]
    start = time.perf_counter()
    for dataset, source in records:
        place(dataset, source)
    return 1e6 * (time.perf_counter() - start) / len(records)


if __name__ == "__main__":
    main()
