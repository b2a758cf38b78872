"""Store and load evaluations."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from ckanext.aivision.catalogue.evaluations import history
from ckanext.aivision.catalogue.evaluations.encoding import from_text, to_text
from ckanext.aivision.catalogue.observations import file_profiles, links, observations
from ckanext.aivision.catalogue.tables import records as stored_record
from ckanext.aivision.catalogue.tables import statements
from ckanext.aivision.catalogue.tables.dataset_types import dataset_types
from ckanext.aivision.compare.tallies.points import to_point
from ckanext.aivision.model import evaluation as evaluation_table
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.results import Evaluation
from ckanext.aivision.scoring.rubric import Rubric, load
from ckanext.aivision.scoring.scores.mendable import to_mendable_text
from ckanext.aivision.scoring.scores.metadata_only import of_metadata

_STORED = (evaluation_table.c.evaluation, evaluation_table.c.rubric_version, evaluation_table.c.reference_date)


def today() -> datetime.date:
    """The reference date of an evaluation made now, in UTC."""
    return datetime.datetime.now(datetime.timezone.utc).date()


def evaluate_all(datasets: Sequence[Dataset], rubric: Rubric, on: datetime.date) -> list[Evaluation]:
    """The evaluations of records, with what this catalogue knows of their links and files.

    Every evaluation of this catalogue comes from here: of a harvest, a save, a check of links, a profile, a rescore.
    on: the reference date (UTC).
    """
    known = observations.observed(datasets)
    return [evaluate(dataset, rubric, on, observed) for dataset, observed in zip(datasets, known, strict=True)]


def package_saved(package: Mapping[str, Any]) -> list[str]:
    """Evaluates a package that an action has just written, within its transaction.

    package: as CKAN gives it to its hooks, where the address of an uploaded file is a bare name and the organisation
    is missing; so only its id is used. Returns the ids of other datasets whose evaluations counted the profile of a
    file that this package had before: they are to be evaluated again.
    """
    model.Session.flush()
    forgotten = file_profiles.forget_replaced(package["id"])
    for package_id, dataset in stored_record.datasets([package["id"]]):
        save(package_id, evaluate_all([dataset], load(), today())[0], dataset)
    return [id for id in links.holders(forgotten) if id != package["id"]] if forgotten else []


def save(package_id: str, evaluation: Evaluation, dataset: Dataset) -> None:
    """Keeps a package's evaluation, within the session's transaction.

    dataset: what was evaluated, for the history.
    """
    row = {"package_id": package_id, **to_row(evaluation)}
    # CKAN's session writes nothing of its own accord, and the history asks whether the package is public.
    model.Session.flush()
    store(model.Session, [(row, dataset)])


def store(connection: Any, kept: Sequence[tuple[dict[str, Any], Dataset]]) -> None:
    """Writes rows of `aivision_evaluation`, with their records for the history, within a transaction.

    connection: or a session.
    """
    statements.execute(connection, statements.EVALUATIONS, [row for row, _ in kept])
    history.keep(connection, kept)


def to_row(evaluation: Evaluation) -> dict[str, Any]:
    """The columns of an evaluation's row but for its key."""
    return {
        "country": evaluation.country,
        "publisher": evaluation.publisher or "",
        "score": evaluation.score,
        "coverage": evaluation.coverage,
        "grade": evaluation.grade,
        "rubric_version": evaluation.rubric_version,
        "reference_date": evaluation.reference_date,
        "evaluation": to_text(evaluation),
        "point": to_point(of_metadata(evaluation, load())),
        "gains": to_mendable_text(evaluation, load()),
    }


def package_type(id: str) -> str:
    """The type of a package, also of one that the session's transaction has only just created."""
    model.Session.flush()
    package = model.Session.get(model.Package, id)
    return (package.type if package is not None else None) or "dataset"


def package_deleted(name_or_id: str) -> None:
    """Notes in the history that a package is not public any more."""
    package = model.Package.get(name_or_id)
    if package is not None:
        history.note_deleted(model.Session, [package.id], today())


def find(package_id: str) -> Evaluation | None:
    """A package's evaluation, or None if it has none, or is no dataset by the setting of the site."""
    return find_all([package_id]).get(package_id)


def find_all(package_ids: Iterable[str]) -> dict[str, Evaluation]:
    """The evaluations of packages by their ids, of those datasets that have one."""
    id, packages = evaluation_table.c.package_id, model.Package.__table__
    query = sa.select(id, *_STORED).join(packages, packages.c.id == id)
    rows = model.Session.execute(query.where(id.in_(list(package_ids)), packages.c.type.in_(dataset_types())))
    return {found: from_text(*stored) for found, *stored in rows}
