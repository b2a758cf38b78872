"""Keep what a save changes of a harvested dataset as corrections, so that the next harvest does not take it back."""

from __future__ import annotations

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ckanext.aivision.catalogue.corrections import correction_store
from ckanext.aivision.catalogue.corrections.corrected_records import corrected_record
from ckanext.aivision.catalogue.corrections.package_fields import Key, find_differences, read_values
from ckanext.aivision.catalogue.corrections.source_package import current_fields, source_package
from ckanext.aivision.catalogue.evaluations import evaluation_store as evaluations
from ckanext.aivision.catalogue.tables.records import find_package
from ckanext.aivision.model import corrected
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.scoring.scores.mendable import to_mendable_text


def note_save(package_id: str, user: str, reason: str = "") -> list[Key]:
    """Compares a package that was just saved with its source, within the save's transaction.

    user: the name of who saved. reason: why, as they wrote it. Returns what is corrected now and was not, or was
    corrected otherwise; nothing for a dataset that was not harvested.
    """
    model.Session.flush()
    record = correction_store.source_records([package_id]).get(package_id)
    fields = current_fields()
    if record is None or not fields.dataset:
        return []
    package = find_package(package_id)
    if package is None or package.get("type") != "dataset":
        return []
    source = read_values(source_package(record, package_id), fields)
    author = model.User.get(user) if user else None
    found = find_differences(source, read_values(package, fields))
    changed = correction_store.keep(package_id, found, author.id if author is not None else "", reason)
    _note_gains(package_id, record)
    return changed


def _note_gains(package_id: str, source: Dataset) -> None:
    """Keeps what is left to mend, so that a list of what to mend does not name what was corrected here."""
    corrections = correction_store.of_dataset(package_id)
    if not corrections:
        model.Session.execute(sa.delete(corrected).where(corrected.c.package_id == package_id))
        return
    rubric, dataset = load(), corrected_record(source, package_id, corrections)
    evaluation = evaluations.evaluate_all([dataset], rubric, evaluations.today())[0]
    values = {"rubric_version": rubric.version, "gains": to_mendable_text(evaluation, rubric)}
    statement = insert(corrected).values(package_id=package_id, **values)
    model.Session.execute(statement.on_conflict_do_update(index_elements=["package_id"], set_=values))
