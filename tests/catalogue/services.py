"""What is in the database and the index of running services, asked for beside CKAN."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import psycopg2
import requests

from ckanext.aivision.services.stack import Stack

_TABLES = (
    "aivision_record, aivision_evaluation, aivision_problem, aivision_run, aivision_source, aivision_facets, "
    "aivision_history, aivision_past_record, aivision_trend, aivision_rescore, aivision_unindexed, "
    "aivision_announcement, aivision_announced_grade"
)


def pid_of(services: Stack, name: str) -> int:
    """The process of a server: `solr` or `valkey`."""
    return int((services.run_dir / f"{name}.pid").read_text().split()[0])


def rows(services: Stack, statement: str) -> list[tuple[Any, ...]]:
    """What a query gives."""
    return list(streamed(services, statement))


def streamed(services: Stack, statement: str) -> Iterator[tuple[Any, ...]]:
    """What a query gives, a thousand rows at a time."""
    connection = psycopg2.connect(services.database_url)
    with contextlib.closing(connection), connection.cursor("streamed") as cursor:
        cursor.itersize = 1000
        cursor.execute(statement)
        yield from cursor


def documents(services: Stack, fields: str) -> Iterator[dict[str, Any]]:
    """Every dataset in the index (https://solr.apache.org/guide/solr/9_10/query-guide/pagination-of-results.html)."""
    cursor, before = "*", ""
    while cursor != before:
        asked = {"q": "entity_type:package", "fl": fields, "rows": "1000", "sort": "index_id asc", "cursorMark": cursor}
        answer = requests.get(f"{services.solr_url}/select", asked, timeout=120, proxies={"http": ""})
        answer.raise_for_status()
        found = answer.json()
        yield from found["response"]["docs"]
        before, cursor = cursor, found["nextCursorMark"]


def emptied(services: Stack) -> None:
    """Takes all datasets out of the catalogue, with what is known of their sources."""
    connection = psycopg2.connect(services.database_url)
    with contextlib.closing(connection), connection, connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE activity, member, package_tag, resource, package, {_TABLES} CASCADE")
    body = {"delete": {"query": "*:*"}}
    answer = requests.post(f"{services.solr_url}/update?commit=true", json=body, timeout=60, proxies={"http": ""})
    answer.raise_for_status()
