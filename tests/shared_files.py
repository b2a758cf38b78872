"""Test files that the processes of a run share: each takes the next that no other has taken, imports it and runs it.

A process imports only what it runs. Collecting all of some 440 files takes 15 seconds of a processor, and more in a new
checkout, of whose tests pytest has kept none yet.
"""

from __future__ import annotations

import functools
import gc
import itertools
import random
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
# The files that take longest, the longest first: no process is left alone with one at the end.
LONGEST = (
    *("test_up", "test_people", "test_containers", "test_documentation", "test_resume", "test_in_ckan", "test_harvest"),
    *("test_backup", "test_form_files", "test_form", "test_questions", "test_whole", "test_evaluation_paths"),
    *("test_dump_pages", "test_site", "test_scale", "test_policy", "test_equivalence", "test_doctor", "test_fuzzed"),
)
# Begins with a first start of its own.
_WITH_ITS_OWN_START = "test_up"
_FOLDERS_OF_SERVICES = ("plugin", "catalogue")
_NEEDS_SERVICES = re.compile(
    r"\b(stack|live_site|site_with_samples|ckan|ckan_application|first_start): |mark\.services"
)
_LONG = re.compile(r"\bmark\.long\b")
_MADE = "first-start"  # of tests/first_start.py


class SharedFiles:
    """The plugin of a process that shares the files of its run: it finds them all, and imports those that it takes."""

    def __init__(self, config: pytest.Config, taken: Path) -> None:
        """taken: a folder that the processes of a run have in common, which gets an entry for each file."""
        self._taken = taken
        self._seed: int | None = config.getoption("--shuffle")
        self._modules: dict[Path, pytest.Module] = {}
        self._finding = True
        # What is named within a file can only be found by importing it.
        self._named = {config.invocation_params.dir / word.split("::")[0] for word in config.args if "::" in word}

    @pytest.hookimpl(tryfirst=True)
    def pytest_make_collect_report(self, collector: pytest.Collector) -> pytest.CollectReport | None:
        if not self._finding or not isinstance(collector, pytest.Module) or collector.path in self._named:
            return None
        self._modules[collector.path] = collector
        return pytest.CollectReport(collector.nodeid, "passed", None, [])

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Imports and runs the files that no other process has taken, as pytest's own loop runs all."""
        if session.testsfailed or session.config.option.collectonly:
            return None
        self._finding = False
        items = self._untaken(session)
        item = next(items, None)
        while item is not None:
            # Before the last test of a file is run the next file is taken: what both need is kept.
            following = next(items, None)
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if session.shouldfail:
                raise session.Failed(session.shouldfail)
            if session.shouldstop:
                raise session.Interrupted(session.shouldstop)
            item = following
        return True

    def _untaken(self, session: pytest.Session) -> Iterator[pytest.Item]:
        found = {path: list(items) for path, items in itertools.groupby(session.items, lambda item: item.path)}
        session.testscollected = 0
        for path in _taken_by_us(_in_order({**self._modules, **found}, self._seed), self._taken):
            items = found[path] if path in found else _collect(session, self._modules[path])
            session.testscollected += len(items)
            yield from items


def _collect(session: pytest.Session, module: pytest.Module) -> list[pytest.Item]:
    # What collecting makes stays: looking through it for rubbish again and again is in vain.
    gc.disable()
    try:
        items = list(session.genitems(module))
        session.config.hook.pytest_collection_modifyitems(session=session, config=session.config, items=items)
    finally:
        gc.enable()
    return items


def _taken_by_us(files: list[Path], taken: Path) -> Iterator[Path]:
    """Takes one file after the other, those of services later while the first start of the run is being made."""
    left = files
    while left:
        ready = (taken / _MADE).exists()
        path = next((path for path in left if ready or not _waits(path)), left[0])
        left = [other for other in left if other != path]
        try:
            (taken / re.sub(r"\W+", "-", str(path))).touch(exist_ok=False)
        except FileExistsError:
            continue
        yield path


def _waits(path: Path) -> bool:
    return _weight(path)[0] < 2 and path.stem != _WITH_ITS_OWN_START


def _in_order(files: Iterable[Path], seed: int | None) -> list[Path]:
    order = sorted(files, key=lambda path: (_weight(path), path))
    if seed is not None:
        random.Random(seed).shuffle(order)
    return order


@functools.cache
def _weight(path: Path) -> tuple[int, int, int]:
    """Files with services come first, then those of the browser, long ones, and all others; of each the longest first.

    Of files with services those come first that need no site: once it runs, its workers do what every save asks for.
    """
    text = path.read_text("utf-8") if path.exists() else ""
    longest = LONGEST.index(path.stem) if path.stem in LONGEST else len(LONGEST)
    folder = path.relative_to(TESTS).parts[0] if path.is_relative_to(TESTS) else ""
    if folder == "browser":
        return 1, 0, longest
    if folder in _FOLDERS_OF_SERVICES or _NEEDS_SERVICES.search(text):
        return 0, int("live_site" in text), longest
    return (2 if _LONG.search(text) else 3), 0, longest
