"""What a snapshot costs, and the look whether one is due. Each is taken in a process of its own.

    python -m bench.pages.snapshot INI [PROFILE]

Prints a `Cost` as JSON; PROFILE: a file that gets cProfile's table of the functions.
"""

from __future__ import annotations

import cProfile
import io
import os
import pstats
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from bench.pages.site import Site, environment_of, postgres_seconds
from bench.stages import Spent

_LOOKS = 5
_FUNCTIONS = 40
_LIMIT = 3600
_KIB = 1024
# What is timed: module of the project, name in it.
_STAGES = {
    "facets that are stale": ("snapshot.stored_facets", "bring_up_to_date"),
    "rows, table and files": ("snapshot.build", "write_files"),
    "figures": ("snapshot.build", "_write_figures"),
    "tallies": ("snapshot.build", "tallies_of"),
    "trends": ("catalogue.evaluations.trends", "keep"),
    "one rubric": ("snapshot.public_datasets", "one_rubric"),
}


class Cost(msgspec.Struct):
    """wall, cpu: seconds of building, cpu of the process itself; postgres: seconds of processors of the database, all
    its processes. peak_bytes: the most memory of the process, CKAN itself too. look: wall seconds of a look whether a
    snapshot is due, the median; look_postgres: processor seconds of it. data_sets: in the snapshot."""

    wall: float
    cpu: float
    peak_bytes: int
    look: float
    look_postgres: float
    data_sets: int
    stages: list[Spent]
    postgres: float = 0.0


def cost(site: Site, profile: Path | None = None) -> Cost:
    """Builds a snapshot of a site and measures it. Raises RuntimeError where that fails."""
    words = [str(profile)] if profile is not None else []
    done = subprocess.run(
        [sys.executable, "-m", "bench.pages.snapshot", str(site.ini), str(site.data), *words],
        env={**os.environ, **environment_of(site.checkout)},
        cwd=site.checkout,
        capture_output=True,
        text=True,
        timeout=_LIMIT,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"no snapshot: {done.stderr[-2000:]}")
    return msgspec.json.decode(done.stdout.splitlines()[-1], type=Cost)


def measure(data: Path, profile: Path | None) -> Cost:
    """In a process that has loaded CKAN's configuration. The profile is of processor seconds."""
    import ckan.model as model

    from ckanext.aivision.snapshot.build import build
    from ckanext.aivision.snapshot.due import read_tables

    looks = []
    before_look = postgres_seconds(data)
    for _ in range(_LOOKS):
        start = time.perf_counter()
        read_tables(model.Session.connection())
        model.Session.rollback()
        looks.append(time.perf_counter() - start)
    look_postgres = (postgres_seconds(data) - before_look) / _LOOKS
    stages = _watch() if profile is None else []
    profiler = cProfile.Profile(time.process_time) if profile is not None else None
    work: Callable[[], Any] = build if profiler is None else lambda: profiler.runcall(build)
    before = postgres_seconds(data)
    wall, cpu = time.perf_counter(), time.process_time()
    manifest = work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    spent = postgres_seconds(data) - before
    if profiler is not None and profile is not None:
        profile.write_text(_profile_text(profiler), encoding="utf-8")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KIB
    return Cost(wall, cpu, peak, sorted(looks)[_LOOKS // 2], look_postgres, manifest.data_sets, stages, spent)


def _watch() -> list[Spent]:
    import importlib

    found = []
    for label, (module, name) in _STAGES.items():
        owner = importlib.import_module(f"ckanext.aivision.{module}")
        if not hasattr(owner, name):
            continue
        spent = Spent(label, "main")
        setattr(owner, name, spent.timed(getattr(owner, name)))
        found.append(spent)
    return found


def _profile_text(profiler: cProfile.Profile) -> str:
    text = io.StringIO()
    for order in ("tottime", "cumtime"):
        pstats.Stats(profiler, stream=text).strip_dirs().sort_stats(order).print_stats(_FUNCTIONS)
    return "\n".join(line.rstrip() for line in text.getvalue().splitlines() if line.strip()) + "\n"


def main() -> None:
    ini, data, *more = sys.argv[1:]
    from ckan.cli import load_config
    from ckan.config.middleware import make_app

    application = make_app(load_config(ini))
    with application._wsgi_app.test_request_context():
        found = measure(Path(data), Path(more[0]) if more else None)
    print(msgspec.json.encode(found).decode())


if __name__ == "__main__":
    main()
