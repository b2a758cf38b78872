"""How the rubric scores the corpus of real metadata: the tables of docs/evaluation.md.

    python -m bench.evaluation [--corpus DIR]

Writes bench/results/corpus/evaluation.json and brings the page in step with it. What each figure tells, and why a
criterion is kept that tells little or much the same as another, stands in bench/evaluation.yaml.
"""

from __future__ import annotations

import argparse
import datetime
import itertools
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import yaml
from bench import catalogues
from bench.table import between

from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.open_source import open_source
from ckanext.aivision.harvesters.sources.source import resolve
from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.results import Evaluation
from ckanext.aivision.scoring.rubric import load

RESULTS = Path(__file__).parent / "results" / "corpus" / "evaluation.json"
NOTES = Path(__file__).parent / "evaluation.yaml"
PAGE = Path(__file__).resolve().parents[1] / "docs" / "evaluation.md"
Array = np.ndarray[Any, Any]
COUNTRIES = {"US": "US", "GB": "UK"}
# By folder of the corpus: a day just after it was saved. On a later one every promise of updates would look broken.
ON = {"us": datetime.date(2025, 3, 1), "uk": datetime.date(2026, 11, 24)}
# Two criteria that go together as closely as this may count one fact twice: why both are kept is then stated.
CLOSE = 0.7
# A correlation over fewer datasets says little.
_LEAST = 100


class Share(NamedTuple):
    """applies: datasets that a criterion applies to. passed, partly, failed, unknown: per cent of them.

    passed_by_publisher: the mean of the publishers' own shares, so that a large one does not stand for a country.
    """

    applies: int
    passed: float = 0.0
    partly: float = 0.0
    failed: float = 0.0
    unknown: float = 0.0
    passed_by_publisher: float = 0.0


def evaluations(corpus: Path) -> Iterator[Evaluation]:
    """Every record of the US and UK folders that is not refused."""
    rubric = load()
    for path in sorted(path for folder in ("us", "uk") for path in (corpus / folder).iterdir()):
        on = ON[path.parent.name]
        profile = "data-gov-uk" if "data-gov-uk" in path.name else None
        source = resolve(str(path), profile=profile, country="US" if path.parent.name == "us" else "GB")
        with Session() as session:
            for harvested in open_source(source, session):
                if harvested.dataset is not None:
                    yield evaluate(harvested.dataset, rubric, on)


def measured(found: Iterator[Evaluation]) -> dict[str, Any]:
    """The figures of the page: shares by criterion and country, close pairs, and how many datasets there are."""
    ids = [row.id for row in load().criteria]
    outcomes: list[list[str]] = []
    values: list[list[float]] = []
    groups: list[tuple[str, str]] = []
    for evaluation in found:
        outcomes.append([result.result for result in evaluation.results])
        values.append([np.nan if result.value is None else result.value for result in evaluation.results])
        groups.append((evaluation.country, evaluation.publisher or ""))
    countries = np.array([country for country, _ in groups])
    publishers = np.array([publisher for _, publisher in groups])
    of_country = {code: countries == code for code in COUNTRIES}
    results = np.array(outcomes)
    return {
        "rubric_version": load().version,
        "data_sets": {code: int(chosen.sum()) for code, chosen in of_country.items()},
        "publishers": {code: len(set(publishers[chosen])) for code, chosen in of_country.items()},
        "shares": {
            id: {
                code: share(results[chosen, column], publishers[chosen])._asdict()
                for code, chosen in of_country.items()
            }
            for column, id in enumerate(ids)
        },
        "pairs": close_pairs(np.array(values), countries, ids),
    }


def share(outcomes: Array, publishers: Array) -> Share:
    """outcomes: of one criterion in one country; publishers: of the same datasets."""
    applies = outcomes != "not-applicable"
    if not applies.any():
        return Share(0)
    by_publisher: dict[str, list[bool]] = defaultdict(list)
    for outcome, publisher in zip(outcomes[applies], publishers[applies], strict=True):
        by_publisher[publisher].append(outcome == "pass")
    names = ("pass", "partial", "fail", "unknown")
    passed, partial, failed, unknown = (round(100 * float((outcomes[applies] == name).mean()), 1) for name in names)
    own = 100 * float(np.mean([np.mean(each) for each in by_publisher.values()]))
    return Share(int(applies.sum()), passed, partial, failed, unknown, round(own, 1))


def close_pairs(values: Array, countries: Array, ids: Sequence[str]) -> list[dict[str, Any]]:
    """Pairs of criteria whose values correlate at 0.7 or more (Pearson) over the datasets where both are known.

    Each country's mean is taken off first: what differs between the countries would make everything else go together.
    """
    pairs = []
    for one, other in itertools.combinations(range(len(ids)), 2):
        both = ~np.isnan(values[:, one]) & ~np.isnan(values[:, other])
        first, second = (centred(values[both, column], countries[both]) for column in (one, other))
        if both.sum() < _LEAST or not first.std() or not second.std():
            continue
        r = round(float(np.corrcoef(first, second)[0, 1]), 2)
        if abs(r) >= CLOSE:
            pairs.append({"pair": [ids[one], ids[other]], "r": r, "data_sets": int(both.sum())})
    return pairs


def centred(values: Array, countries: Array) -> Array:
    """Values less the mean of their country."""
    found = values.copy()
    for code in COUNTRIES:
        chosen = countries == code
        if chosen.any():
            found[chosen] -= found[chosen].mean()
    return found


def shares_table(found: dict[str, Any], notes: dict[str, Any]) -> str:
    lines = [
        "| criterion | US: applies to | % | by publisher | UK: applies to | % | by publisher | what it tells |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |",
    ]
    for id, by_country in found["shares"].items():
        cells = [text for code in COUNTRIES for text in _cells(Share(**by_country[code]))]
        lines.append(f"| [`{id}`](criteria/{id}.md) | {' | '.join(cells)} | {notes['tells'].get(id, '')} |")
    return "\n".join(lines)


def _cells(found: Share) -> tuple[str, str, str]:
    four = " / ".join(f"{value:.0f}" for value in (found.passed, found.partly, found.failed, found.unknown))
    return f"{found.applies:,}", four, f"{found.passed_by_publisher:.0f}"


def pairs_table(found: dict[str, Any], notes: dict[str, Any]) -> str:
    if not found["pairs"]:
        return f"No two criteria correlate at {CLOSE} or more."
    lines = ["| criteria | correlation | datasets | why both are kept |", "| --- | ---: | ---: | --- |"]
    for row in found["pairs"]:
        one, other = row["pair"]
        why = notes["both_kept"][f"{one}, {other}"]
        lines.append(f"| `{one}`, `{other}` | {row['r']:.2f} | {row['data_sets']:,} | {why} |")
    return "\n".join(lines)


def page(text: str, found: dict[str, Any], notes: dict[str, Any]) -> str:
    """The page with the figures. Raises KeyError if a pair has no note, ValueError where a marker is not there."""
    counted = "; ".join(
        f"{name}: {found['data_sets'][code]:,} datasets of {found['publishers'][code]:,} publishers"
        for code, name in COUNTRIES.items()
    )
    text = between(text, "sample", f"Rubric {found['rubric_version']}. {counted}.\n\n{deeper()}")
    return between(between(text, "shares", shares_table(found, notes)), "pairs", pairs_table(found, notes))


def deeper() -> str:
    """Why the criteria of links and content have no figures here, and where their evidence is."""
    return (
        "The criteria for links and for content are not in the table, because the "
        "corpus has only metadata, without files or server responses. "
        "[Their pages](criteria/README.md) show tested examples. "
        "tests/links and tests/content check them on servers and files with realistic faults, and "
        "[the measurements](performance.md) show how fast links are checked."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=catalogues.CORPUS)
    options = parser.parse_args()
    if not options.corpus.is_dir():
        sys.exit(f"no corpus of real metadata at {options.corpus}: give its place with --corpus")
    found = measured(evaluations(options.corpus))
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    notes = yaml.safe_load(NOTES.read_text(encoding="utf-8"))
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), found, notes), encoding="utf-8")
    print(PAGE)


if __name__ == "__main__":
    main()
