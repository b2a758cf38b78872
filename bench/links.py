"""Checking links against hosts on the loopback network, with the default limits.

    python -m bench.links [--hosts N] [--links N] [--runs N]

The hosts are addresses of 127.0.0.0/8, served by another process (bench.link_server): what is measured is our side,
with robots.txt of every host, HEAD and GET of the first bytes of every link, the queue by host and the judgement.
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator

from bench.link_server import hosts
from bench.results import Row, record

from ckanext.aivision.links.answer import Target
from ckanext.aivision.links.check import Checker, Manners

GOAL = 200


@contextlib.contextmanager
def server(count: int) -> Iterator[int]:
    """The port of the hosts."""
    command = [sys.executable, "-m", "bench.link_server", str(count)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def run(port: int, names: list[str], links: int) -> tuple[float, float, Counter[str]]:
    """Seconds by the wall's clock, seconds of the processor, and how many links had which fault."""
    targets = [Target(f"http://{name}:{port}/data/{number}.csv", True) for number in range(links) for name in names]
    found: Counter[str] = Counter()
    wall, processor = time.monotonic(), time.process_time()
    with Checker(Manners(), allow_hosts=names) as checker:
        for _, answer in checker.check(targets):
            found[answer.fault or "none"] += 1
    return time.monotonic() - wall, time.process_time() - processor, found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", type=int, default=300)
    parser.add_argument("--links", type=int, default=10, help="of each host")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    names, count = hosts(options.hosts), options.hosts * options.links
    with server(options.hosts) as port:
        runs = [run(port, names, options.links) for _ in range(options.runs)]
    wall = statistics.median(seconds for seconds, _, _ in runs)
    processor = statistics.median(seconds for _, seconds, _ in runs)
    faults = ", ".join(f"{number:,} {fault}" for fault, number in sorted(runs[-1][2].items()))
    manners = Manners()
    told = (
        f"{count:,} links on {options.hosts} loopback hosts in {wall:.1f} s; {manners.threads} threads, at most "
        f"{manners.at_once} at once and {manners.pause} s from one to the next of a host; faults: {faults}; medians of "
        f"{options.runs} runs"
    )
    rows = [
        _row("check links, by the wall's clock", count / wall, "links per second", told),
        _row("check links, by the processor", count / processor, "links per second of one core", told),
    ]
    for row in rows:
        print(f"{row['name']:34} {row['ours']:>7,} {row['unit']}", flush=True)
    print(record("links", rows, ("requests", "urllib3", "protego")))


def _row(name: str, ours: float, unit: str, note: str) -> Row:
    return Row(name=name, ours=round(ours), peer=None, ratio=None, goal=GOAL, unit=unit, note=note)


if __name__ == "__main__":
    main()
