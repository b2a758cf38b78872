"""Public datasets in RDF with the corrections of people here, for whoever asks for them.

They are few beside all datasets, and are written each time: nothing is kept of them. They come without evaluations,
which are of the records as their sources gave them.
"""

from __future__ import annotations

from collections.abc import Sequence

import ckan.model as model

from ckanext.aivision.catalogue.corrections import correction_store
from ckanext.aivision.catalogue.corrections.corrected_records import corrected_record
from ckanext.aivision.catalogue.corrections.correction_store import Correction
from ckanext.aivision.catalogue.rdf.addresses import files_of, to_entry
from ckanext.aivision.catalogue.rdf.bodies import Body, Form, label_of
from ckanext.aivision.catalogue.tables.public_contacts import public_record
from ckanext.aivision.record import Dataset
from ckanext.aivision.serialise.rdf.catalogue import dataset_triples
from ckanext.aivision.serialise.rdf.syntaxes import FORMATS, body


def with_corrections(found: Sequence[Body], form: Form) -> list[Body]:
    """The same datasets in the same order; those that were corrected here are written anew, as corrected.

    The revision is that of the source's record: a document with corrections needs a validator of its own.
    """
    corrections = correction_store.of_datasets([one.package_id for one in found])
    sources, files = correction_store.source_records(list(corrections)), files_of(list(corrections))
    # What was read opened a transaction, and a slow reader keeps none open.
    model.Session.rollback()
    return [
        _corrected(one, form, sources[one.package_id], corrections[one.package_id], files.get(one.package_id, []))
        if one.package_id in sources
        else one
        for one in found
    ]


def _corrected(one: Body, form: Form, source: Dataset, corrections: Sequence[Correction], files: list[str]) -> Body:
    record = corrected_record(source, one.package_id, corrections)
    entry = to_entry(public_record(record, one.package_id), {"id": one.package_id}, files)
    triples = list(dataset_triples(entry, form.standard, label_of(one.package_id)))
    return one._replace(node=entry.node, text=body(triples, FORMATS[form.syntax], whole=True))
