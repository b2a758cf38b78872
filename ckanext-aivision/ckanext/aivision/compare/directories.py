"""Tallies of directories that `aivision harvest --into` wrote. Streams one line at a time."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from ckanext.aivision.compare.lens import counted
from ckanext.aivision.compare.tallies.tally import CountedEvaluation, Tally, collect, same_rubric
from ckanext.aivision.errors import UsageError
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.lenses.schema import Lens

T = TypeVar("T")
_FORMS = {"evaluations": "an evaluation", "datasets": "a record"}


class Account(msgspec.Struct):
    """What a comparison tells of a harvest, from its run.json."""

    source: str
    url: str = ""
    state: str = "finished"
    started: datetime.datetime | None = None
    sample: bool = False


class Harvested(msgspec.Struct, frozen=True):
    """tallies: of all directories together. accounts: one a directory, in the order given."""

    tallies: list[Tally]
    accounts: list[Account]


def read(
    folders: Sequence[Path], lens: Lens | None = None, is_sample: Callable[[str, str], bool] | None = None
) -> Harvested:
    """Reads what `aivision harvest --into` wrote into each folder.

    lens: where it asks the records themselves, they are read too, and what it asks is tallied as well.
    is_sample: says of a source's name and address whether its records are made up, for accounts that do not say it.

    Raises UsageError, naming the folder or the file and line, where there is no such folder or harvest, where a line is
    not an evaluation, where one harvest is given twice, and where rubric versions are mixed.
    """
    accounts = [_account(folder) for folder in folders]
    _refuse_twice([folder.resolve() for folder in folders], [str(folder) for folder in folders])
    _refuse_twice([(found.source, found.url) for found in accounts], [str(folder) for folder in folders])
    lines = _with_records if lens is not None and lens.has_metrics else _alone
    real: list[Path] = []
    samples: list[Path] = []
    for folder, account in zip(folders, accounts, strict=True):
        sample = account.sample or (is_sample is not None and is_sample(account.source, account.url))
        (samples if sample else real).append(folder)
    tallies = collect(line for folder in real for line in lines(folder, lens))
    invented = collect(line for folder in samples for line in lines(folder, lens))
    same_rubric({tally.rubric_version for tally in (*tallies, *invented)})
    return Harvested([*tallies, *(msgspec.structs.replace(tally, sample=True) for tally in invented)], accounts)


def _alone(folder: Path, lens: Lens | None) -> Iterator[CountedEvaluation]:
    return evaluations(folder)


def _with_records(folder: Path, lens: Lens | None) -> Iterator[CountedEvaluation]:
    """The evaluations with what the lens asks of the records, which stand in the same order beside them."""
    try:
        for evaluation, dataset in zip(evaluations(folder), _lines(folder, "datasets", Dataset), strict=True):
            yield counted(evaluation, dataset, [lens] if lens is not None else [])
    except ValueError as error:
        raise UsageError(f"{folder}: datasets.ndjson is not from the same run; harvest again") from error


def evaluations(folder: Path) -> Iterator[CountedEvaluation]:
    """The evaluations of one folder. Raises UsageError if there are none, or for a line that is not one."""
    return _lines(folder, "evaluations", CountedEvaluation)


def _lines(folder: Path, name: str, form: type[T]) -> Iterator[T]:
    path = folder / f"{name}.ndjson"
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such directory; use one that `aivision harvest SOURCE --into DIR` wrote")
    if not path.is_file():
        raise UsageError(f"{folder}: has no {path.name}; run `aivision harvest SOURCE --into {folder}` first")
    decoder, what = msgspec.json.Decoder(form), _FORMS[name]
    try:
        with open(path, "rb") as file:
            for number, line in enumerate(file, 1):
                try:
                    yield decoder.decode(line)
                except (msgspec.DecodeError, UnicodeDecodeError) as error:
                    raise UsageError(f"{path}: line {number}: not {what} ({error}); harvest again") from error
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error


def _account(folder: Path) -> Account:
    path = folder / "run.json"
    if not path.is_file():
        return Account(folder.name or str(folder), str(folder.resolve()))
    try:
        return msgspec.json.decode(path.read_bytes(), type=Account)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: not the report of a harvest ({error}); harvest again") from error
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error


def _refuse_twice(keys: Sequence[object], folders: Sequence[str]) -> None:
    first: dict[object, str] = {}
    for key, folder in zip(keys, folders, strict=True):
        if key in first:
            raise UsageError(f"{folder}: the same harvest as {first[key]}; name it once, or its datasets count twice")
        first[key] = folder
