"""Public datasets in RDF. What was written once is kept in the database, and written again when the dataset changes.

A body is what a document has of one dataset: bodies one after the other, with the beginning and end of the syntax, are
a catalogue.
"""

from __future__ import annotations

import functools
import hashlib
import logging
from base64 import b32encode
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import ckan.model as model
import sqlalchemy as sa
from ckan.plugins import toolkit
from ckanext.dcat.utils import catalog_uri
from pyoxigraph import NamedNode

from ckanext.aivision.catalogue.rdf.addresses import to_entry, with_evaluation
from ckanext.aivision.catalogue.tables import public_contacts
from ckanext.aivision.catalogue.tables.public_records import PUBLIC, TABLES, where
from ckanext.aivision.catalogue.tables.records import datasets, find_package, without_raw
from ckanext.aivision.catalogue.tables.revisions import REVISION
from ckanext.aivision.serialise.edition import edition
from ckanext.aivision.serialise.rdf.catalogue import Entry, dataset_triples
from ckanext.aivision.serialise.rdf.mapping import Standard
from ckanext.aivision.serialise.rdf.syntaxes import FORMATS, body

_log = logging.getLogger(__name__)

PIECE = 200
# Syntaxes of the same text.
_SAME = {"rdf": "xml", "n3": "ttl"}


class Form(NamedTuple):
    """What datasets are written in. syntax: a name of `FORMATS`.

    evaluated: whether with their evaluations, as a document of one dataset is; these change at other times.
    """

    standard: Standard
    syntax: str
    evaluated: bool = False

    @property
    def key(self) -> str:
        """Equal where the text is."""
        return f"{self.standard}.{_SAME.get(self.syntax, self.syntax)}{'.evaluated' if self.evaluated else ''}"

    @property
    def edition(self) -> str:
        """Of what the text depends on beside the dataset."""
        return f"{self.key} {edition()} {public_contacts.edition()} {catalog_uri()}"


class Body(NamedTuple):
    """A dataset in a form. revision: changes with the text. node: the dataset's IRI in it."""

    package_id: str
    revision: str
    node: NamedNode
    text: bytes


_READ = f"""
    SELECT p.id, v.revision, d.node, d.body, v.own,
        CASE WHEN d.body IS NULL AND NOT v.own THEN r.dataset END AS dataset,
        CASE WHEN d.body IS NULL THEN ARRAY(
            SELECT file.id FROM resource file WHERE file.package_id = p.id AND file.state = 'active'
            ORDER BY file.position
        ) END AS files
    FROM {TABLES}
    CROSS JOIN LATERAL (
        SELECT {REVISION} AS revision, r.dataset IS NULL AS own
    ) v
    LEFT JOIN aivision_document d ON d.package_id = p.id AND d.form = :form AND d.revision = v.revision
"""  # noqa: S608 - conditions of ours
# A name may be an id too, as in CKAN, where the id comes first.
_NAMED = f"""
    SELECT p.id FROM package p
    WHERE (p.id = :name OR p.name = :name) AND {PUBLIC} ORDER BY p.id = :name DESC LIMIT 1
"""  # noqa: S608
_FIND = sa.text(f"{_READ} WHERE p.id = ({_NAMED})")
# What there is already of a dataset, and nothing that would have to be written.
_SEE = sa.text(
    f"""
    SELECT v.revision, d.body FROM {TABLES}
    CROSS JOIN LATERAL (SELECT {REVISION} AS revision) v
    LEFT JOIN aivision_document d ON d.package_id = p.id AND d.form = :form AND d.revision = v.revision AND :with_body
    WHERE p.id = ({_NAMED})
    """  # noqa: S608
)
_KEEP = sa.text(
    """
    INSERT INTO aivision_document (package_id, form, revision, node, body)
    SELECT n.id, :form, n.revision, n.node, n.body
    FROM unnest(CAST(:ids AS text[]), CAST(:revisions AS text[]), CAST(:nodes AS text[]), CAST(:bodies AS text[]))
        AS n(id, revision, node, body)
    JOIN package p ON p.id = n.id
    ORDER BY n.id
    ON CONFLICT (package_id, form) DO UPDATE SET
        revision = excluded.revision, node = excluded.node, body = excluded.body
    """
)


# The reader does not wait for the disk: what a crash takes away is written again.
_WITHOUT_WAITING = sa.text("SET LOCAL synchronous_commit = off")


def see(name: str, form: Form, with_body: bool) -> tuple[str, str | None] | None:
    """The revision of a public dataset and, if it is kept, its body in a form. None if there is no such dataset.

    with_body: whether the body is looked for.
    """
    values = {"name": name, "with_body": with_body, **_of_form(form)}
    with model.meta.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        row = connection.execute(_SEE, values).first()
    return None if row is None else (row.revision, row.body)


def find(name: str, form: Form) -> Body | None:
    """A public dataset, by its name or id."""
    with model.meta.engine.connect() as connection:
        rows = connection.execute(_FIND, {"name": name, **_of_form(form)}).all()
    return next(iter(_bodies(rows, form)), None)


def batches(form: Form, filters: dict[str, Any], after: str = "", size: int = PIECE) -> Iterator[list[Body]]:
    """Public datasets in the order of their ids. filters: those of `public_records`. after: an id. size: of a batch.

    Each batch is read in a transaction of its own; a dataset that is changed meanwhile is given as it is when its id is
    reached.
    """
    statement = _statement(frozenset((*filters, "after")))
    while rows := _rows(statement, form, {**filters, "after": after, "size": size}):
        yield _bodies(rows, form)
        after = rows[-1].id


def of_ids(form: Form, ids: Sequence[str], filters: dict[str, Any], keeps_session: bool = False) -> list[Body]:
    """Those of some datasets that are public and that filters choose, in the order of `ids`.

    keeps_session: whether the transaction of CKAN's session stays open, as within an action.
    """
    statement = _statement(frozenset((*filters, "ids")))
    rows = _rows(statement, form, {**filters, "ids": list(ids), "size": len(ids)})
    found = {body.package_id: body for body in _bodies(rows, form, keeps_session)}
    return [found[id] for id in ids if id in found]


@functools.lru_cache(128)
def _statement(filters: frozenset[str]) -> sa.TextClause:
    # The conditions are those of a module of ours; what a reader gives is bound.
    return sa.text(f"{_READ} WHERE {where(filters)} ORDER BY p.id LIMIT :size")


def _rows(statement: sa.TextClause, form: Form, values: dict[str, Any]) -> Sequence[Any]:
    with model.meta.engine.connect() as connection:
        return connection.execute(statement, {**values, **_of_form(form)}).all()


def _bodies(rows: Sequence[Any], form: Form, keeps_session: bool = False) -> list[Body]:
    """The bodies of rows, in their order. What had to be written is kept."""
    found: list[Body] = []
    new: list[Body] = []
    for row in rows:
        if row.body is not None:
            found.append(Body(row.id, row.revision, NamedNode(row.node), row.body.encode()))
        elif (entry := _entry(row)) is not None:
            if form.evaluated:
                entry = with_evaluation(entry, row.id)
            triples = list(dataset_triples(entry, form.standard, label_of(row.id)))
            new.append(Body(row.id, row.revision, entry.node, body(triples, FORMATS[form.syntax], whole=True)))
            found.append(new[-1])
    if not keeps_session and any(row.own or form.evaluated for row in rows if row.body is None):
        # What was read of CKAN's own tables opened a transaction.
        model.Session.rollback()
    if new and toolkit.config.get("ckanext.aivision.keep_documents"):
        _keep(new, form)
    return found


def _of_form(form: Form) -> dict[str, Any]:
    return {"form": form.key, "edition": form.edition, "evaluated": form.evaluated}


def _entry(row: Any) -> Entry | None:
    """None if the dataset was purged meanwhile."""
    if not row.own:
        dataset = public_contacts.public_record(without_raw(row.dataset), row.id)
        return to_entry(dataset, {"id": row.id}, row.files)
    package = find_package(row.id)
    if package is None:
        return None
    for _, dataset in datasets([row.id], {row.id: package}):
        return to_entry(public_contacts.public_record(dataset, row.id), package, row.files)
    return None


def label_of(package_id: str) -> str:
    """What the labels of a dataset's blank nodes begin with: no two datasets of a catalogue have the same."""
    digest = hashlib.blake2b(package_id.encode(), digest_size=10).digest()
    return "d" + b32encode(digest).decode().lower()


def _keep(bodies: Sequence[Body], form: Form) -> None:
    """Where the database takes nothing, as a copy that can only be read, the documents are written each time."""
    values = {
        "form": form.key,
        "ids": [one.package_id for one in bodies],
        "revisions": [one.revision for one in bodies],
        "nodes": [one.node.value for one in bodies],
        "bodies": [one.text.decode() for one in bodies],
    }
    try:
        with model.meta.engine.begin() as connection:
            connection.execute(_WITHOUT_WAITING)
            connection.execute(_KEEP, values)
    except sa.exc.DBAPIError as error:
        _log.warning("documents are not kept, as the database does not take them: %s", error.orig)
