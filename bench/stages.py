"""Our harvest with its stages timed: the child process of `bench.profile_harvest`.

    python -m bench.stages INI OUT stages|functions WORD...

Runs `ckan -c INI WORD...`. `stages` writes what each stage took as JSON, with wall and processor seconds of its own
thread; `functions` writes where the main thread spends its time, as cProfile's table.
"""

from __future__ import annotations

import cProfile
import functools
import importlib
import io
import pstats
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

_CATALOGUE = "ckanext.aivision.catalogue"
_RUN = ("ckan.harvest_job", "harvest_into_ckan")
_FUNCTIONS = 25


class Stage(NamedTuple):
    """A function that is timed: where it stands, and the thread that calls it. Indented: part of the one above."""

    label: str
    thread: str
    module: str
    path: str


STAGES = (
    Stage("read, map, hold against the ledger", "main", "harvest.run_harvest", "plan"),
    Stage("evaluate", "main", "ckan.ckan_store", "CkanStore.evaluate"),
    Stage("prepare", "main", "writer.prepare", "Preparation.prepared"),
    Stage("  organisations (database)", "main", "writer.organizations", "Organizations.of"),
    Stage("  names", "main", "writer.prepare", "package_name"),
    Stage("  as a package", "main", "writer.prepare", "to_package"),
    Stage("  as rows", "main", "writer.prepare", "to_rows"),
    Stage("  as package_show gives it", "main", "writer.prepare", "with_default_schema"),
    Stage("  by our schema", "main", "index.package_show", "Schema.of_package"),
    Stage("  as a document", "main", "writer.prepare", "Documents.document"),
    Stage("    hooks of plugins", "main", "index.solr_documents", "Documents.apply_hooks"),
    Stage("  as an activity", "main", "writer.prepare", "package_activity"),
    Stage("  new tags (database)", "main", "writer.prepare", "Preparation.learn_tags"),
    Stage("  existing packages (database)", "main", "writer.prepare", "Preparation.find_existing"),
    Stage("wait until a batch is taken", "main", "writer.pipeline", "Pipe.put"),
    Stage("wait for the last batches", "main", "writer.pipeline", "Pipe.drain"),
    Stage("store a batch and wait for the index", "database", "writer.pipeline", "Pipe.store_batch"),
    Stage("  transaction", "database", "writer.pipeline", "Pipe.write_in_one_transaction"),
    Stage("send documents", "index", "writer.pipeline", "Indexing.add"),
    Stage("commit", "index", "writer.pipeline", "Indexing.commit"),
)


class Spent(msgspec.Struct):
    """What a stage took. wall, cpu: seconds; cpu of its own thread only."""

    label: str
    thread: str
    calls: int = 0
    wall: float = 0.0
    cpu: float = 0.0

    def timed(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            wall, cpu = time.perf_counter(), time.thread_time()
            try:
                return function(*args, **kwargs)
            finally:
                self.calls += 1
                self.wall += time.perf_counter() - wall
                self.cpu += time.thread_time() - cpu

        return wrapped

    def timed_iteration(self, function: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
        def wrapped(*args: Any, **kwargs: Any) -> Iterator[Any]:
            step = self.timed(functools.partial(next, function(*args, **kwargs)))
            while True:
                try:
                    yield step()
                except StopIteration:
                    return

        functools.update_wrapper(wrapped, function)
        return wrapped


class Measured(msgspec.Struct):
    """start_up, run, whole: wall seconds. cpu: processor seconds of the whole process."""

    start_up: float
    run: float
    whole: float
    cpu: float
    stages: list[Spent]


def find_owner(module: str, path: str) -> tuple[Any, str]:
    """The module or class that has a function, and its name there. Raises AttributeError if there is none."""
    *owners, name = path.split(".")
    owner = functools.reduce(getattr, owners, importlib.import_module(f"{_CATALOGUE}.{module}"))
    getattr(owner, name)
    return owner, name


def watch() -> list[Spent]:
    """Puts a clock around every stage."""
    spent = []
    for stage in STAGES:
        owner, name = find_owner(stage.module, stage.path)
        clock = Spent(stage.label, stage.thread)
        timed = clock.timed_iteration if name == "plan" else clock.timed
        setattr(owner, name, timed(getattr(owner, name)))
        spent.append(clock)
    return spent + _statements()


def _statements() -> list[Spent]:
    """A clock for each statement of the transaction."""
    from ckanext.aivision.catalogue.tables import statements
    from ckanext.aivision.catalogue.tables.statements import execute
    from ckanext.aivision.catalogue.writer import transaction

    clocks: dict[int, Spent] = {}
    for name, value in vars(statements).items():
        if name.isupper():
            clocks[id(value)] = Spent(f"    {name.replace('_', ' ').lower()}", "database")

    def timed(connection: Any, statement: Any, *args: Any) -> None:
        clocks[id(statement)].timed(execute)(connection, statement, *args)

    setattr(transaction, "execute", timed)  # noqa: B010
    return list(clocks.values())


def measure(command: Callable[[], None], start: float) -> Measured:
    owner, name = find_owner(*_RUN)
    run = Spent("run", "main")
    original, began = run.timed(getattr(owner, name)), 0.0

    def noted(*args: Any, **kwargs: Any) -> Any:
        nonlocal began
        began = time.perf_counter() - start
        return original(*args, **kwargs)

    setattr(owner, name, noted)
    spent = watch()
    command()
    whole = time.perf_counter() - start
    return Measured(began, run.wall, whole, time.process_time(), [stage for stage in spent if stage.calls])


def profile(command: Callable[[], None]) -> str:
    """cProfile's table of the main thread during the run, by the time within each function."""
    owner, name = find_owner(*_RUN)
    profiler = cProfile.Profile()
    original = getattr(owner, name)
    setattr(owner, name, lambda *args, **kwargs: profiler.runcall(original, *args, **kwargs))
    command()
    text = io.StringIO()
    pstats.Stats(profiler, stream=text).strip_dirs().sort_stats("tottime").print_stats(_FUNCTIONS)
    lines = [line.rstrip() for line in text.getvalue().splitlines()]
    return "\n".join(line for line in lines if line) + "\n"


def main() -> None:
    start = time.perf_counter()
    ini, out, what, *words = sys.argv[1:]
    from ckan.cli.cli import ckan

    def command() -> None:
        ckan(["-c", ini, *words], prog_name="ckan", standalone_mode=False)

    if what == "functions":
        Path(out).write_text(profile(command), encoding="utf-8")
    else:
        Path(out).write_bytes(msgspec.json.encode(measure(command, start)))


if __name__ == "__main__":
    main()
