"""Read records of any source, and evaluate them."""

from __future__ import annotations

import datetime
import os
from collections.abc import Collection, Iterator

from ckanext.aivision.errors import UsageError
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.open_source import open_source
from ckanext.aivision.harvesters.sources.kind_registry import KINDS
from ckanext.aivision.harvesters.sources.source import Source, resolve
from ckanext.aivision.record import Dataset, Harvested
from ckanext.aivision.scoring.evaluate import evaluate as evaluate_by_rubric
from ckanext.aivision.scoring.results import Evaluation
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.serialise.form_packages import as_in_catalogue


def read(
    source: str | os.PathLike[str],
    *,
    kind: str | None = None,
    profile: str | None = None,
    country: str | None = None,
    limit: int | None = None,
    allow_hosts: Collection[str] = (),
) -> Iterator[Harvested]:
    """Read the records of a source: a data.json, a CKAN portal, DCAT in RDF, or any other kind that is harvested.

    Nothing is fetched before the first record is asked for, and records come one by one, however large the source is.

    source: an http or https address, a file (gzipped or not), a directory of files or of `aivision harvest --into`, or
        the name of a source in `config/sources.yaml`.
    kind: the protocol or format, such as `dcat-us`; by default it is detected from the content.
    profile: the metadata standard of the records, a key of `config/profiles.yaml`.
    country: the publishers' country, such as `US` or `GB`.
    limit: read this many records at most.
    allow_hosts: `HOST` or `HOST:PORT` to fetch although its address is not on the public Internet.

    Yields a `Harvested` for each record: its `dataset` (a `record.Dataset`), or None if the record was refused; its
    `problems`, which say what was refused or repaired; and `raw`, the record as the source has it.

    Raises UsageError if there is no such source, and SourceError if it cannot be read, or not to its end.
    """
    found = source_of(source, kind, profile, country)
    if limit is not None and limit < 1:
        raise UsageError(f"limit is {limit}: read at least one record")
    return _records(found, limit, allow_hosts)


def evaluate(record: Dataset | Harvested, *, today: datetime.date | None = None) -> Evaluation:
    """Evaluate one record against every criterion of the rubric, from its metadata alone.

    record: a record of `read`, or its `dataset`.
    today: the day (UTC) that ages are counted to; by default the present day. The same record, day and version of the
        rubric always have the same evaluation.

    Returns the evaluation: `score` (0 to 100; None if nothing is known), `coverage`, `grade`, `gates`, `dimensions`,
    and `results`, each with `criterion`, `result`, `value`, `evidence` and `fix`.

    Raises UsageError for a record that was refused, which has no dataset.
    """
    dataset = record.dataset if isinstance(record, Harvested) else record
    if dataset is None:
        assert isinstance(record, Harvested)
        reasons = "; ".join(problem.message for problem in record.problems) or "it has no dataset"
        raise UsageError(f"{record.where}: the record was refused ({reasons}); evaluate records with a dataset")
    return evaluate_by_rubric(dataset, load(), today or datetime.datetime.now(datetime.timezone.utc).date())


def source_of(
    source: str | os.PathLike[str], kind: str | None = None, profile: str | None = None, country: str | None = None
) -> Source:
    """The source of a name, address or path. Raises UsageError if there is none, or for what is not known."""
    for name, value, known in (("profile", profile, load().profiles), ("kind", kind, KINDS)):
        if value is not None and value not in known:
            raise UsageError(f"{value[:100]}: no such {name}; there are {', '.join(known)}")
    return resolve(os.fspath(source), kind, profile, country)


def _records(source: Source, limit: int | None, allow_hosts: Collection[str]) -> Iterator[Harvested]:
    with Session(allow_hosts=allow_hosts) as session:
        yield from as_in_catalogue(open_source(source, session, limit), source)
