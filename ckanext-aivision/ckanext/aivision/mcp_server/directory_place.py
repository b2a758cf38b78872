"""Directories of `aivision harvest --into` as the place."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from ckanext.aivision.api.records import evaluate, read
from ckanext.aivision.compare import directories
from ckanext.aivision.compare.answer import answer
from ckanext.aivision.compare.estimates.figures import Overview
from ckanext.aivision.compare.table.filters import parse
from ckanext.aivision.compare.table_comparison import compare
from ckanext.aivision.errors import UsageError
from ckanext.aivision.harvesters.documents.directory import is_harvested
from ckanext.aivision.harvesters.sources.source import is_sample
from ckanext.aivision.mcp_server import criteria
from ckanext.aivision.mcp_server.place import Answer, Search
from ckanext.aivision.normalise.text import plain
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.lenses.load import load_lens, names
from ckanext.aivision.scoring.lenses.view import view
from ckanext.aivision.scoring.rubric import load

_LONGEST_EXCERPT = 300


class _Row(NamedTuple):
    """failed: the ids of the criteria that it fails. text: what is searched, in lower case."""

    shown: Answer
    failed: frozenset[str]
    text: str


class DirectoryPlace:
    """The harvests of some directories, which are read when the first question comes."""

    def __init__(self, folders: Sequence[Path]) -> None:
        """Raises UsageError for what is no harvest."""
        for folder in folders:
            if not is_harvested(folder):
                raise UsageError(f"{folder}: no harvest; use a directory that `aivision harvest --into` wrote")
        self._folders = folders

    def search(self, search: Search) -> Answer:
        wanted = search.words.lower().split()
        found = [
            row.shown
            for row in self._rows
            if all(word in row.text for word in wanted)
            and search.country in ("", row.shown["country"])
            and search.grade in ("", row.shown["grade"])
            and (not search.failed or search.failed in row.failed)
        ]
        return {"count": len(found), "datasets": found[: search.limit]}

    def evaluation(self, dataset: str, lens: str) -> Answer:
        for record in self._records():
            if record.identifier == dataset:
                return _evaluated(record, lens)
        raise UsageError(f"{dataset[:100]}: no such dataset here; search_datasets gives their ids")

    def comparison(self, lens: str, filters: dict[str, str]) -> Answer:
        chosen = parse(filters.items())
        through = _lens(lens) if lens else None
        rubric = load()
        harvested = directories.read(self._folders, rubric, through, is_sample)
        lenses = [through] if through is not None else []
        found = compare(harvested.table, rubric.criteria, rubric.version, chosen, lenses)[-1]
        return _compared(found)

    def criterion(self, id: str) -> Answer:
        return criteria.explained(criteria.find(id))

    @functools.cached_property
    def _rows(self) -> list[_Row]:
        return [_row(record) for record in self._records()]

    def _records(self) -> Iterator[Dataset]:
        for folder in self._folders:
            for record in read(folder):
                if record.dataset is not None:
                    yield record.dataset


def _row(record: Dataset) -> _Row:
    evaluation = evaluate(record)
    description = plain(record.description or "")
    return _Row(
        {
            "id": record.identifier,
            "title": record.title,
            "publisher": record.publisher.name if record.publisher else None,
            "country": record.country,
            "grade": evaluation.grade,
            "score": evaluation.score,
            "description": description[:_LONGEST_EXCERPT],
        },
        frozenset(found.criterion for found in evaluation.results if found.result == "fail"),
        " ".join((record.title, description, *record.keyword)).lower(),
    )


def _evaluated(record: Dataset, lens: str) -> Answer:
    evaluation = evaluate(record)
    shown: Answer = msgspec.to_builtins(evaluation)
    if lens:
        shown["lens"] = msgspec.to_builtins(view(_lens(lens), evaluation.results, load().criteria, record))
    return shown


def _lens(name: str) -> Any:
    if name not in names():
        raise UsageError(f"{name[:100]}: no such lens; there are {', '.join(names())}")
    return load_lens(name)


def _compared(found: Overview) -> Answer:
    shown: Answer = msgspec.to_builtins(found)
    parts = ("rubric_version", "overall", "dimensions", "notes", "banner", "lens")
    return {"verdict": answer(found), **{name: shown[name] for name in parts if name in shown}}
