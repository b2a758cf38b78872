"""What badges, citations and cards are made from: public scores, and records as pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import ckan.model as model
import sqlalchemy as sa
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.changes.packages import visible
from ckanext.aivision.catalogue.corrections.corrected_records import find_corrected
from ckanext.aivision.catalogue.tables.public_contacts import public_record
from ckanext.aivision.catalogue.tables.public_records import PUBLIC
from ckanext.aivision.catalogue.tables.records import find_dataset
from ckanext.aivision.record import Dataset
from ckanext.aivision.serialise.sharing.citation import Cited, cite

# A name may be an id too, as in CKAN, where the id comes first.
_OF_DATASET = sa.text(
    f"""
    SELECT p.id, p.title, e.grade, e.score, e.package_id IS NOT NULL AS evaluated
    FROM package p LEFT JOIN aivision_evaluation e ON e.package_id = p.id
    WHERE (p.id = :name OR p.name = :name) AND {PUBLIC} ORDER BY p.id = :name DESC LIMIT 1
    """  # noqa: S608 - a condition of ours
)
_OF_ORGANIZATION = sa.text(
    f"""
    SELECT g.title, count(e.score) AS number, avg(e.score) AS score
    FROM "group" g
    LEFT JOIN package p ON p.owner_org = g.id AND {PUBLIC}
    LEFT JOIN aivision_evaluation e ON e.package_id = p.id
    WHERE (g.id = :name OR g.name = :name) AND g.is_organization AND g.state = 'active'
    GROUP BY g.id, g.title ORDER BY g.id = :name DESC LIMIT 1
    """  # noqa: S608 - a condition of ours
)


class DatasetScore(NamedTuple):
    """Of a public dataset. grade: empty if it is not evaluated yet. score: of 100; None if too little is known."""

    title: str
    grade: str
    score: float | None


class OrganizationScore(NamedTuple):
    """Of an organization's public datasets. score: the mean; None if there are none with a score."""

    title: str
    number: int
    score: float | None


def score_of_dataset(name: str) -> DatasetScore | None:
    """The stored score of a dataset that anybody may read, by its name or id; None if there is none."""
    row = model.Session.execute(_OF_DATASET, {"name": name}).first()
    if row is None or not visible([row.id]):
        return None
    return DatasetScore(row.title or "", row.grade or "" if row.evaluated else "", row.score)


def score_of_organization(name: str) -> OrganizationScore | None:
    """The mean score of an organization's public datasets, each counted once; None if there is no such one."""
    row = model.Session.execute(_OF_ORGANIZATION, {"name": name}).first()
    return None if row is None else OrganizationScore(row.title or "", row.number, row.score)


def shown_record(package_id: str) -> Dataset | None:
    """The record of a dataset with its corrections, as its page shows it. Whoever asks may read the dataset."""
    corrected = find_corrected(package_id)
    found = corrected or find_dataset(package_id)
    return public_record(found, package_id) if found is not None else None


def citation_of(dataset: Dataset, package: Mapping[str, Any]) -> Cited:
    """What is cited of a package with this record."""
    page = toolkit.url_for("dataset.read", id=package["name"], qualified=True, locale="default")
    return cite(dataset, str(package["name"]), page)
