"""Send documents to Solr in batches, and update the ledger once Solr has committed them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import ckan.model as model
import msgspec
import pysolr
from ckan.lib.search.common import make_connection

from ckanext.aivision.catalogue.index.solr_documents import Document
from ckanext.aivision.catalogue.tables import statements
from ckanext.aivision.catalogue.tables.server_faults import describe_solr
from ckanext.aivision.errors import Outage

# Solr keeps what was committed. What was only sent may be lost with it, so the ledger says `indexed` after the commit.
COMMIT_EVERY = 15.0


class _Encoder:
    """What pysolr asks of an encoder of JSON."""

    def encode(self, value: Any) -> str:
        return msgspec.json.encode(value).decode()


class Indexing:
    """Sends documents to Solr and commits from time to time."""

    def __init__(self) -> None:
        self._solr: pysolr.Solr = make_connection()
        self._solr.encoder = _Encoder()
        self._sent: list[str] = []
        self._committed = time.monotonic()

    def add(self, documents: Sequence[Document]) -> None:
        """Raises Outage if Solr does not take them."""
        try:
            self._solr.add(list(documents), commit=False)
        except pysolr.SolrError as error:
            raise _outage(error) from error
        self._sent += [document["id"] for document in documents]
        if time.monotonic() - self._committed > COMMIT_EVERY:
            self.commit()

    def commit(self) -> None:
        """Makes what was sent searchable and safe, and tells the ledger. Raises Outage if Solr does not."""
        try:
            self._solr.commit(waitSearcher=True)
        except pysolr.SolrError as error:
            raise _outage(error) from error
        self._committed = time.monotonic()
        if self._sent:
            with model.meta.engine.begin() as connection:
                connection.execute(statements.INDEXED, {"ids": self._sent})
            self._sent = []


def _outage(error: pysolr.SolrError) -> Outage:
    return Outage(f"{describe_solr(str(error))}. What was stored is kept: run it again, and it continues from there")
