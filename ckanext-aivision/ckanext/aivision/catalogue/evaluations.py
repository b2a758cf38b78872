"""Evaluations in the database, and the tallies that comparisons read."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from typing import Any

import ckan.model as model
import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ckanext.aivision.catalogue import observations
from ckanext.aivision.catalogue.stored_evaluation import from_text, to_text
from ckanext.aivision.compare.tally import Tally, collect
from ckanext.aivision.model import evaluation as evaluation_table
from ckanext.aivision.model import tally as tally_table
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.observed import Observed
from ckanext.aivision.scoring.results import Evaluation
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.scoring.shallow import of_metadata

_COUNTRY_FACET = {"GB": "UK"}


def today() -> datetime.date:
    """The reference date of an evaluation made now, in UTC."""
    return datetime.datetime.now(datetime.timezone.utc).date()


def evaluate_now(dataset: Dataset, seen: Observed | None = None) -> Evaluation:
    """Evaluates a record under this installation's rubric, as of today.

    seen: what was seen beyond its metadata; what is held of its links and files where not given.
    """
    return evaluate(dataset, load(), today(), observations.observed([dataset])[0] if seen is None else seen)


def save(package_id: str, evaluation: Evaluation) -> None:
    """Keeps a package's evaluation, within the session's transaction, and marks the publishers' tallies as stale."""
    _mark_stale(_publisher_of(package_id))
    row = to_row(evaluation)
    statement = insert(evaluation_table).values(package_id=package_id, **row)
    model.Session.execute(statement.on_conflict_do_update(index_elements=["package_id"], set_=row))
    _mark_stale((evaluation.country, evaluation.publisher or ""))


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
    }


def index_fields(evaluation: Evaluation) -> dict[str, str]:
    """What the search index holds of an evaluation. Facets show a value as it is indexed."""
    country = _COUNTRY_FACET.get(evaluation.country, evaluation.country)
    return {"aivision_country": country, "aivision_grade": evaluation.grade}


def package_changed(package_id: str) -> None:
    """Marks the tally of a package's publisher as stale: it was deleted, or became public or private."""
    _mark_stale(_publisher_of(package_id))


def with_publisher(package: dict[str, Any]) -> dict[str, Any]:
    """A package as it was saved, with the organisation that package_show would give."""
    if package.get("organization") or not package.get("owner_org"):
        return package
    group = model.Group.get(package["owner_org"])
    if group is None:
        return package
    return {**package, "organization": {"id": group.id, "name": group.name, "title": group.title}}


def find(package_id: str) -> Evaluation | None:
    """A package's evaluation, or None where it has none."""
    query = sa.select(evaluation_table.c.evaluation).where(evaluation_table.c.package_id == package_id)
    stored = model.Session.execute(query).scalar()
    return from_text(stored) if stored is not None else None


def tallies() -> list[Tally]:
    """The tallies of all publishers with public data sets; stale ones are made anew first.

    Rows are locked while they are made anew, so that of two readers one does the work.
    """
    stale = sa.select(tally_table.c.country, tally_table.c.publisher).where(tally_table.c.stale).with_for_update()
    for country, publisher in model.Session.execute(stale).all():
        _refresh(country, publisher)
    model.Session.commit()
    rows = model.Session.execute(sa.select(tally_table.c.tally).where(tally_table.c.tally.is_not(None))).scalars()
    return [msgspec.convert(row, type=Tally) for row in rows]


def _refresh(country: str, publisher: str) -> None:
    found: Sequence[Tally] = collect(_public_evaluations(country, publisher))
    value = msgspec.to_builtins(found[0]) if found else sa.null()
    model.Session.execute(
        sa.update(tally_table)
        .where(tally_table.c.country == country, tally_table.c.publisher == publisher)
        .values(stale=False, tally=value)
    )


def _public_evaluations(country: str, publisher: str) -> Iterator[Evaluation]:
    package = model.Package.__table__
    query = (
        sa.select(evaluation_table.c.evaluation)
        .join(package, package.c.id == evaluation_table.c.package_id)
        .where(
            evaluation_table.c.country == country,
            evaluation_table.c.publisher == publisher,
            package.c.state == "active",
            package.c.private.is_(False),
        )
        .order_by(evaluation_table.c.package_id)
        .execution_options(yield_per=500)
    )
    for stored in model.Session.execute(query).scalars():
        # Some data sets are looked at deeper than others: only what was asked of all can be compared.
        yield of_metadata(from_text(stored), load())


def _publisher_of(package_id: str) -> tuple[str, str] | None:
    query = sa.select(evaluation_table.c.country, evaluation_table.c.publisher).where(
        evaluation_table.c.package_id == package_id
    )
    row = model.Session.execute(query).first()
    return (row.country, row.publisher) if row is not None else None


def _mark_stale(publisher: tuple[str, str] | None) -> None:
    if publisher is None:
        return
    country, name = publisher
    statement = insert(tally_table).values(country=country, publisher=name, stale=True)
    model.Session.execute(
        statement.on_conflict_do_update(index_elements=["country", "publisher"], set_={"stale": True})
    )
