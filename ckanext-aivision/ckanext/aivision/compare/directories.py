"""The table of datasets of directories that `aivision harvest --into` wrote."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple, TypeVar

import msgspec

from ckanext.aivision.agencies.placement import SourceFacts
from ckanext.aivision.compare.estimates.sample import CriterionLike
from ckanext.aivision.compare.lens import add_lens_results, rows_of_records
from ckanext.aivision.compare.table.build import in_memory
from ckanext.aivision.compare.table.dataset_table import DatasetTable
from ckanext.aivision.compare.table.entry import Entry
from ckanext.aivision.compare.table.evaluated_entry import entry_of
from ckanext.aivision.compare.table.facets import facets_of, of_sample
from ckanext.aivision.compare.tallies.tally import CountedEvaluation
from ckanext.aivision.errors import UsageError
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.lenses.schema import Lens
from ckanext.aivision.scoring.rubric import Rubric

T = TypeVar("T")
_FORMS = {"evaluations": "an evaluation", "datasets": "a record"}


class Account(msgspec.Struct):
    """What a comparison tells of a harvest, from its run.json."""

    source: str
    url: str = ""
    state: str = "finished"
    started: datetime.datetime | None = None
    sample: bool = False


class Harvested(NamedTuple):
    """table: of the datasets of all directories together. accounts: one a directory, in the order given."""

    table: DatasetTable
    accounts: list[Account]


def read(
    folders: Sequence[Path],
    rubric: Rubric,
    lens: Lens | None = None,
    is_sample: Callable[[str, str], bool] | None = None,
) -> Harvested:
    """Reads what `aivision harvest --into` wrote into each folder.

    rubric: that the datasets must be evaluated under. lens: what it asks the records themselves is in the table too.
    is_sample: says of a source's name and address whether its records are made up, for accounts that do not say it.

    Raises UsageError, naming the folder or the file and line, where there is no such folder or harvest, where a line is
    not an evaluation or a record, where the two files are not of one run, where one harvest is given twice, and for
    another version of the rubric.
    """
    accounts = [_account(folder) for folder in folders]
    _refuse_twice([folder.resolve() for folder in folders], [str(folder) for folder in folders])
    _refuse_twice([(found.source, found.url) for found in accounts], [str(folder) for folder in folders])
    asked: list[CriterionLike] = [*rubric.criteria, *(rows_of_records(lens) if lens is not None else [])]
    ids = [row.id for row in asked]

    def entries() -> Iterator[Entry]:
        for folder, account in zip(folders, accounts, strict=True):
            sample = account.sample or (is_sample is not None and is_sample(account.source, account.url))
            source = SourceFacts(account.source, account.url)
            for evaluation, dataset in _with_records(folder, lens):
                _refuse_other_rubric(folder, evaluation.rubric_version, rubric.version)
                facets = facets_of(dataset, source)
                yield entry_of(evaluation, of_sample(facets) if sample else facets, account.source, sample, ids)

    return Harvested(in_memory(entries(), asked), accounts)


def _with_records(folder: Path, lens: Lens | None) -> Iterator[tuple[CountedEvaluation, Dataset]]:
    """The evaluations with what the lens asks of the records, and the records, which stand in the same order."""
    lenses = [lens] if lens is not None and lens.has_metrics else []
    for evaluation, dataset in zip_longest(evaluations(folder), _lines(folder, "datasets", Dataset)):
        if evaluation is None or dataset is None or evaluation.identifier != dataset.identifier:
            raise UsageError(
                f"{folder}: datasets.ndjson and evaluations.ndjson are not from the same run; harvest again"
            )
        yield add_lens_results(evaluation, dataset, lenses) if lenses else evaluation, dataset


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


def _refuse_other_rubric(folder: Path, version: str, current: str) -> None:
    if version != current:
        raise UsageError(
            f"{folder}: evaluated under rubric {version}, but this installation has version {current}: harvest again, "
            "or run `ckan aivision rescore` in a catalogue"
        )


def _refuse_twice(keys: Sequence[object], folders: Sequence[str]) -> None:
    first: dict[object, str] = {}
    for key, folder in zip(keys, folders, strict=True):
        if key in first:
            raise UsageError(f"{folder}: the same harvest as {first[key]}; name it once, or its datasets count twice")
        first[key] = folder
