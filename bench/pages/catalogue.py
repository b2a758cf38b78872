"""A catalogue of the corpus' real records, harvested once into a data directory that is kept outside the project."""

from __future__ import annotations

import contextlib
import datetime
import gzip
import itertools
import json
import shutil
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import psycopg2
from bench import catalogues
from bench.pages.readers import Reader
from bench.pages.site import Site

from ckanext.aivision.scoring.rubric import load

# Which files were harvested into a data directory.
_DONE = "harvested.json"
_RESCORE = 7200  # seconds
# Versions of a file that are harvested in turn.
_CHANGED = 2


class File(NamedTuple):
    """One file of the corpus. words: what the harvest is told of it."""

    path: Path
    words: tuple[str, ...]


def files(corpus: Path, folder: Path) -> list[File]:
    """The corpus' files of real records, copied into a folder where they are not there; those of the UK first.

    The folder is the same for all catalogues, as a source goes by its path, and a file is changed in its place.
    """
    folder.mkdir(exist_ok=True)
    return [File(_copied(file.path, folder), file.words) for file in _originals(corpus)]


def _copied(path: Path, folder: Path) -> Path:
    target = folder / path.name
    if not target.exists():
        shutil.copyfile(path, target)
    return target


def _originals(corpus: Path) -> list[File]:
    uk = [File(path, ("--country", "GB", "--kind", "ckan")) for path in sorted((corpus / "uk").glob("*.gz"))]
    us = [corpus / "us" / f"{name}.data.json.gz" for name in catalogues.agencies(corpus)]
    return uk + [File(path, ("--country", "US")) for path in us]


def harvest(site: Site, corpus: Path, folder: Path) -> None:
    """Harvests what the data directory has not had yet. folder: as of `files`."""
    kept = site.data / _DONE
    done: list[str] = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else []
    for file in files(corpus, folder):
        if file.path.name not in done:
            site.harvest(file.path, *file.words)
            done.append(file.path.name)
            kept.write_text(json.dumps(done), encoding="utf-8")
            print(f"  harvested {file.path.name}", flush=True)


def bring_up_to_date(site: Site) -> None:
    """Evaluates all datasets anew where the catalogue was made under another version of the rubric."""
    with contextlib.closing(psycopg2.connect(site.database_url)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT rubric_version FROM aivision_evaluation")
        versions = {row[0] for row in cursor.fetchall()}
    if versions != {load().version}:
        print(f"  evaluated under rubric {', '.join(sorted(versions))}: rescored first", flush=True)
        site.ckan("aivision", "rescore", limit=_RESCORE)


@contextlib.contextmanager
def changed(corpus: Path, folder: Path, name: str) -> Iterator[Callable[[], Path]]:
    """Gives what changes an agency's file, each time with another stamp in each title, so that all its records are
    stored again, and returns its path. Afterwards the file is as it was.

    The changed files are written first: to write one takes the processor that readers ask for.
    """
    path, moment = folder / f"{name}.data.json.gz", f"{datetime.datetime.now():%H:%M:%S}"
    others = [path.with_name(f"changed-{number}-{path.name}") for number in range(_CHANGED)]
    try:
        for number, other in enumerate(others):
            _write_changed(other, corpus, name, f"{moment}, {number}")
        turn = itertools.cycle(others)
        yield lambda: Path(shutil.copyfile(next(turn), path))
    finally:
        shutil.copyfile(corpus / "us" / path.name, path)
        for other in others:
            other.unlink(missing_ok=True)


def _write_changed(path: Path, corpus: Path, name: str, stamp: str) -> None:
    count = 0
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as file:
        file.write('{"dataset": [')
        for record in catalogues.records(corpus, [name]):
            changed = {**record, "title": f"{record.get('title')} ({stamp})"}
            file.write((",\n" if count else "\n") + json.dumps(changed, ensure_ascii=False))
            count += 1
        file.write("\n]}\n")


def public_names(site: Site, number: int) -> Iterator[str]:
    """Names of datasets, as the site's search gives them in the order of their ids: of all sources."""
    found: Any = Reader(site.address).json(
        f"/api/3/action/package_search?rows={number}&sort=id+asc&fq=dataset_type:dataset"
    )
    results = found["result"]["results"]
    yield from islice((row["name"] for row in results), number)
