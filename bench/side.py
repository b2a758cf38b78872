"""Set-up of both sides of the benchmark: an empty database and index, counted at the end."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import requests
import sqlalchemy as sa

_KEPT = "kept"


class Took(NamedTuple):
    """One harvest. seconds: the whole process. run_seconds: the run by its own account. peak_bytes: of the process."""

    seconds: float
    run_seconds: float
    peak_bytes: int | None


class Came(NamedTuple):
    """What is there after a harvest: active datasets in the database, and as documents in the index."""

    packages: int
    documents: int


class Side(Protocol):
    """One of the two that are compared."""

    def harvest(self, url: str, kind: str) -> Took:
        """Harvests a source from fetch to searchable, in a separate process."""

    def came(self) -> Came:
        """What is there now."""

    def reset(self) -> None:
        """Empties the database and the index; the servers stay up and warm."""


class Kept:
    """A database as it is after CKAN's migrations, and an index, that both can be put back to their beginning."""

    def __init__(self, database_url: str, solr_url: str) -> None:
        """Nothing else may be connected to the database, now or when it is put back."""
        self._url = sa.make_url(database_url)
        self._solr = solr_url
        self._copy(self._url.database, _KEPT)

    def reset(self) -> None:
        self._copy(_KEPT, self._url.database)
        answer = requests.post(
            f"{self._solr}/update?commit=true", json={"delete": {"query": "*:*"}}, timeout=60, proxies={"http": ""}
        )
        answer.raise_for_status()

    def came(self) -> Came:
        query = "SELECT count(*) FROM package WHERE type = 'dataset' AND state = 'active'"
        packages = int(self.value(query))
        found = requests.get(
            f"{self._solr}/select",
            params={"q": "*:*", "fq": "+dataset_type:dataset +state:active", "rows": "0"},
            timeout=60,
            proxies={"http": ""},
        )
        found.raise_for_status()
        return Came(packages, found.json()["response"]["numFound"])

    def value(self, query: str) -> float:
        """The one number that a query on CKAN's database gives."""
        engine = sa.create_engine(self._url, poolclass=sa.NullPool)
        with engine.connect() as connection:
            return float(connection.execute(sa.text(query)).scalar_one())

    def _copy(self, source: str | None, target: str | None) -> None:
        url = self._url.set(database="postgres")
        engine = sa.create_engine(url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(sa.text(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)'))
            connection.execute(sa.text(f'CREATE DATABASE "{target}" TEMPLATE "{source}"'))
