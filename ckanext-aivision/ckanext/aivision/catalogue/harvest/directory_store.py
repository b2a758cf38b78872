"""A store without any server: a directory of JSON lines, replaced as a whole when a run ends.

datasets.ndjson      the records (record.Dataset), one a line
evaluations.ndjson   their evaluations (scoring.results.Evaluation), in the same order
problems.ndjson      what was refused (with its raw form) or repaired: identifier, where, code, message, seen
run.json             the account of the last run (catalogue.harvest.run_account.Run)
"""

from __future__ import annotations

import contextlib
import datetime
import fcntl
import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, ClassVar

import msgspec

from ckanext.aivision.catalogue.harvest.last_evaluations import LastEvaluations, SameEvaluation, line_of
from ckanext.aivision.catalogue.harvest.run_account import Run
from ckanext.aivision.catalogue.harvest.source_ledger import Entry, Ledger
from ckanext.aivision.catalogue.harvest.store import Evaluated, Refusal
from ckanext.aivision.errors import Problem, UsageError
from ckanext.aivision.harvesters.mapping.content_hash import content_hash
from ckanext.aivision.harvesters.open_source import Harvest
from ckanext.aivision.harvesters.sources.source_state import SourceState
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.results import Evaluation
from ckanext.aivision.scoring.rubric import Rubric

_FILES = ("datasets.ndjson", "evaluations.ndjson", "problems.ndjson")
_ACCOUNT = "run.json"
# Without these a directory is not what a harvest leaves.
_NEEDED = ("datasets.ndjson", "evaluations.ndjson", _ACCOUNT)


class _Kept(msgspec.Struct):
    """What is needed of a stored line to know it again."""

    identifier: str
    raw: dict[str, Any] = {}
    beside: list[str] = []


class DirectoryStore:
    """Writes one run beside the files of the last one, and puts them in their place at its end."""

    KEEPS_UNCHANGED: ClassVar[bool] = False

    def __init__(self, folder: Path, source: str) -> None:
        """Raises UsageError if `folder` cannot be written, is being written, or holds no harvest of this source."""
        self.folder = folder
        with self._usable(), contextlib.ExitStack() as opened:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock(opened)
            self._refuse_what_is_no_harvest()
            self._refuse_other_source(source)
            self._files: dict[str, BinaryIO] = {
                name: opened.enter_context((folder / f".{name}.new").open("wb")) for name in _FILES
            }
            self._opened = opened.pop_all()
        self._seen: set[str] = set()
        self._gone: set[str] = set()
        self._identifiers: list[str] = []
        self._last = LastEvaluations()

    @contextlib.contextmanager
    def _usable(self) -> Iterator[None]:
        """What the disk refuses is for the user to mend."""
        try:
            yield
        except OSError as error:
            raise UsageError(f"{self.folder}: cannot be written: {error.strerror}; choose another directory") from error

    def _lock(self, opened: contextlib.ExitStack) -> None:
        """Keeps other processes out until `opened` is closed, or this process ends in whatever way."""
        folder = os.open(self.folder, os.O_RDONLY)
        opened.callback(os.close, folder)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UsageError(f"{self.folder}: another harvest is writing there; wait until it ends") from error

    def _refuse_what_is_no_harvest(self) -> None:
        """Nothing is written over that another program, or a harvest that was cut off at its very end, has left."""
        found = [name for name in (*_FILES, _ACCOUNT) if (self.folder / name).exists()]
        missing = [name for name in _NEEDED if not (self.folder / name).is_file()]
        if found and missing:
            raise UsageError(
                f"{self.folder}: has {', '.join(found)}, but not a complete harvest: {', '.join(missing)} is missing; "
                "choose another directory"
            )

    def _refuse_other_source(self, source: str) -> None:
        account = self.folder / _ACCOUNT
        if not account.exists():
            return
        try:
            last = msgspec.json.decode(account.read_bytes(), type=Run)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise UsageError(f"{account}: not a report of a run ({error}); choose another directory") from error
        if last.source != source:
            raise UsageError(
                f"{self.folder}: holds a harvest of {last.source}, not of {source}; choose another directory"
            )

    def ledger(self) -> Ledger:
        with self._usable():
            self._last = LastEvaluations(self.folder / "evaluations.ndjson")
            return Ledger(self._entries())

    def _entries(self) -> Iterator[tuple[str, Entry]]:
        for line, kept in self._read_stored():
            self._last.note(line)
            self._identifiers.append(kept.identifier)
            yield kept.identifier, Entry(content_hash(kept.raw, kept.beside))

    def identifiers(self) -> Iterator[str]:
        return iter(self._identifiers)

    def raw(self, identifiers: Collection[str]) -> dict[str, Any]:
        with self._usable():
            return {line.identifier: line.raw for _, line in self._read_stored() if line.identifier in identifiers}

    def evaluate(self, datasets: Sequence[Dataset], rubric: Rubric, on: datetime.date) -> Sequence[Evaluation]:
        return [self._last.find(dataset, rubric, on) or evaluate(dataset, rubric, on) for dataset in datasets]

    def write(self, batch: Sequence[Evaluated]) -> list[Refusal]:
        with self._usable():
            for evaluated in batch:
                self._write(evaluated)
        return []

    def keep(self, state: SourceState) -> list[Refusal]:
        return []

    def drain(self) -> list[Refusal]:
        return []

    def _write(self, evaluated: Evaluated) -> None:
        harvested = evaluated.change.harvested
        if harvested.dataset is not None and evaluated.evaluation is not None:
            self._seen.add(harvested.dataset.identifier)
            if isinstance(evaluated.evaluation, SameEvaluation):
                self._files["datasets.ndjson"].write(evaluated.evaluation.dataset_line)
                self._files["evaluations.ndjson"].write(evaluated.evaluation.line)
            else:
                self._append("datasets.ndjson", harvested.dataset)
                self._append("evaluations.ndjson", evaluated.evaluation)
        refused = {"raw": harvested.raw} if harvested.dataset is None else {}
        for problem in harvested.problems:
            self._append_problem(harvested.identifier, problem, **refused)

    def _append_problem(self, identifier: str | None, problem: Problem, **more: Any) -> None:
        row = {"identifier": identifier, "severity": problem.severity, **more}
        self._append("problems.ndjson", row | msgspec.to_builtins(problem))

    def ask(self, identifiers: Sequence[str]) -> None:
        """The person who runs the command can confirm."""

    def remove(self, identifiers: Sequence[str]) -> None:
        self._gone.update(identifiers)

    def close(self, run: Run, records: Harvest) -> None:
        with self._usable():
            for problem in records.remarks:
                self._append_problem(None, problem)
            self._keep_unseen()
            for file in self._files.values():
                file.flush()
                os.fsync(file.fileno())
            account = msgspec.json.format(msgspec.json.encode(run), indent=2) + b"\n"
            (self.folder / f".{_ACCOUNT}.new").write_bytes(account)
            # Only what is whole on the disk takes the place of what was there.
            for name in (*_FILES, _ACCOUNT):
                os.replace(self.folder / f".{name}.new", self.folder / name)
            self._opened.close()
            self._last.close()

    def discard(self) -> None:
        """Gives a run up: what the directory held before stays as it was."""
        for name in (*_FILES, _ACCOUNT):
            (self.folder / f".{name}.new").unlink(missing_ok=True)
        # On a full disk, what was not written yet cannot be written at the end either.
        with contextlib.suppress(OSError):
            self._opened.close()

    def _keep_unseen(self) -> None:
        """Carries over what this run did not see and did not find gone: it was limited or broken off."""
        datasets, evaluations = self.folder / "datasets.ndjson", self.folder / "evaluations.ndjson"
        if not datasets.exists() or not evaluations.exists():
            return
        with open(datasets, "rb") as records, open(evaluations, "rb") as results:
            try:
                for record, result in zip(records, results, strict=True):
                    identifier = msgspec.json.decode(record, type=_Kept).identifier
                    if identifier not in self._seen and identifier not in self._gone:
                        self._files["datasets.ndjson"].write(record)
                        self._files["evaluations.ndjson"].write(result)
            except ValueError as error:
                raise UsageError(
                    f"{self.folder}: {datasets.name} and {evaluations.name} are not from the same run; "
                    "delete the directory and harvest again"
                ) from error

    def _append(self, name: str, row: object) -> None:
        self._files[name].write(line_of(row))

    def _read_stored(self) -> Iterator[tuple[bytes, _Kept]]:
        """The lines of the stored records, and what is needed of them."""
        path = self.folder / "datasets.ndjson"
        if not path.exists():
            return
        with open(path, "rb") as file:
            for number, line in enumerate(file, 1):
                try:
                    yield line, msgspec.json.decode(line, type=_Kept)
                except (msgspec.DecodeError, UnicodeDecodeError) as error:
                    raise UsageError(
                        f"{path}: line {number}: {error}; delete the directory and harvest again"
                    ) from error
