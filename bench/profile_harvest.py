"""Where the time of our harvest goes: stages of its three threads, the main thread's functions, and the servers.

    python -m bench.profile_harvest [--records N] [--corpus DIR] [--out FILE]

A first harvest of all US records, with stages timed, and a second one into an empty catalogue under cProfile, which
makes Python code slower than it is.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

import msgspec
import psutil
from bench import catalogues, results
from bench.commands import run
from bench.ours import Ours, ours, words
from bench.stages import Measured

_LIMIT = 1800
_SERVERS = ("postgres", "solr")


def server_seconds(run_dir: Path) -> dict[str, float]:
    """Processor seconds of each server since its start, with its children, also those that have ended."""
    seconds = {}
    for name in _SERVERS:
        server = psutil.Process(int((run_dir / f"{name}.pid").read_text().split()[0]))
        times = [server.cpu_times(), *(child.cpu_times() for child in server.children(recursive=True))]
        ended = times[0].children_user + times[0].children_system
        seconds[name] = sum(each.user + each.system for each in times) + ended
    return seconds


def measured(side: Ours, address: str, what: str) -> tuple[bytes, dict[str, float]]:
    """A first harvest in a child process: what it wrote, and the servers' processor seconds meanwhile."""
    side.reset()
    out = side.stack.data / "measured"
    before = server_seconds(side.stack.run_dir)
    run([sys.executable, "-m", "bench.stages", side.stack.ini, out, what, *words(address, "dcat-us")], _LIMIT)
    after = server_seconds(side.stack.run_dir)
    return out.read_bytes(), {name: after[name] - before[name] for name in _SERVERS}


def report(count: int, found: Measured, servers: dict[str, float], functions: str, load: float) -> str:
    """The profile as text."""
    lines = [
        f"First harvest of {count:,} US records, load average {load:.1f} before.",
        f"Start of the process {found.start_up:.1f} s, run {found.run:.1f} s ({count / found.run:.0f} records/s), "
        f"whole process {found.whole:.1f} s.",
        f"Processor seconds: our process {found.cpu:.1f}, PostgreSQL {servers['postgres']:.1f}, "
        f"Solr {servers['solr']:.1f}; of {os.cpu_count()} cores.",
        "",
        f"{'thread':9} {'stage':40} {'calls':>7} {'wall s':>8} {'cpu s':>8}",
    ]
    lines += [
        f"{each.thread:9} {each.label:40} {each.calls:>7} {each.wall:>8.2f} {each.cpu:>8.2f}" for each in found.stages
    ]
    return "\n".join([*lines, "", "The main thread under cProfile:", functions])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, help="no more than so many")
    parser.add_argument("--corpus", type=Path, default=catalogues.CORPUS)
    parser.add_argument("--out", type=Path, default=results.FOLDER / "harvest-profile.txt")
    options = parser.parse_args()
    if not options.corpus.is_dir():
        sys.exit(f"no corpus of real metadata at {options.corpus}: give its place with --corpus")
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="aivision-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        files = folder / "files"
        files.mkdir()
        agencies = catalogues.agencies(options.corpus)
        count = catalogues.write_us(files / "us.json", options.corpus, agencies, options.records)
        catalogues.write_us(files / "warm.json", options.corpus, ["epa"], 300)
        with catalogues.served(files) as address, ours(folder) as side:
            side.harvest(f"{address}/warm.json", "dcat-us")
            stages, servers = measured(side, f"{address}/us.json", "stages")
            functions, _ = measured(side, f"{address}/us.json", "functions")
    found = msgspec.json.decode(stages, type=Measured)
    text = report(count, found, servers, functions.decode(), load)
    options.out.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
