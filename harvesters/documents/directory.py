"""Directories as sources: of saved catalogues, or one that `aivision harvest --into` has written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec

from ckanext.aivision.errors import Problem, UsageError
from ckanext.aivision.harvesters.mapping.mapper import refused
from ckanext.aivision.harvesters.sources.source import Source
from ckanext.aivision.normalise.web.credentials import mask_record
from ckanext.aivision.record import Dataset, Harvested

HARVESTED = "datasets.ndjson"
_ACCOUNT = "run.json"
_FORMS = (".json", ".ndjson", ".yaml", ".yml", ".jsonld", ".rdf", ".xml", ".ttl", ".trig", ".nt", ".nq", ".n3")
_ENDINGS = tuple(f"{form}{packed}" for form in _FORMS for packed in ("", ".gz"))


class _Account(msgspec.Struct):
    """What a harvest's account says of the source that it is of."""

    kind: str = ""
    country: str = ""


def is_harvested(folder: Path) -> bool:
    """Whether a directory is one that `aivision harvest --into` has written."""
    return (folder / HARVESTED).is_file() and (folder / _ACCOUNT).is_file()


def saved_files(folder: Path) -> list[Path]:
    """The files of saved metadata in a directory, in the order of their names; those in directories inside are not.

    Raises UsageError if the directory cannot be read or has none.
    """
    try:
        found = sorted(path for path in folder.iterdir() if path.is_file() and _is_saved(path.name))
    except OSError as error:
        raise UsageError(f"{folder}: cannot be read: {error.strerror or error}") from error
    if not found:
        raise UsageError(
            f"{folder}: no saved metadata in this directory; it should have files in {', '.join(_FORMS)}, gzipped or "
            "not"
        )
    return found


def _is_saved(name: str) -> bool:
    return name.lower().endswith(_ENDINGS) and not name.startswith(".")


def of_account(source: Source) -> Source:
    """The source with the kind and the country of the harvest that its directory holds."""
    try:
        account = msgspec.json.decode((Path(source.url) / _ACCOUNT).read_bytes(), type=_Account)
    except (OSError, msgspec.DecodeError) as error:
        raise UsageError(f"{source.url}/{_ACCOUNT}: not a report of a harvest ({error}); harvest again") from error
    return msgspec.structs.replace(source, kind=source.kind or account.kind, country=source.country or account.country)


def harvested_records(file: BinaryIO, stated: Source) -> Iterator[Harvested]:
    """The records of a harvest as they were written, line by line.

    stated: the profile and the country of this source, where it has them, go before those of the records.
    """
    given = {key: value for key in ("profile", "country") if (value := getattr(stated, key))}
    for number, line in enumerate(file, 1):
        where = f"line {number}"
        try:
            # What was written before credentials were masked may hold some.
            raw, _ = mask_record(msgspec.json.decode(line), where)
            dataset = msgspec.convert(raw, Dataset)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            message = f"not a record of a harvest: {error}"
            yield refused(where, line[:1000].decode("utf-8", "replace"), "record-not-json", message)
        else:
            dataset = msgspec.structs.replace(dataset, **given) if given else dataset
            yield Harvested(where=where, raw=dataset.raw, identifier=dataset.identifier, dataset=dataset)


def placed(record: Harvested, name: str, source: str) -> Harvested:
    """A record of one of several files: its places with the name of the file, its source that of the directory."""
    dataset = record.dataset
    return msgspec.structs.replace(
        record,
        where=f"{name}: {record.where}",
        dataset=msgspec.structs.replace(dataset, source=source) if dataset is not None else None,
        problems=[problem_in(name, problem) for problem in record.problems],
    )


def problem_in(name: str, problem: Problem) -> Problem:
    """A problem with the name of its file in its place."""
    return msgspec.structs.replace(problem, where=f"{name}: {problem.where}")
