"""Errors of this project as one line on stderr and exit status 2."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import Any

import click
import pysolr
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from ckanext.aivision.catalogue.tables.server_faults import (
    DATABASE_AWAY,
    describe_database,
    describe_solr,
    describe_storage,
    is_disk_full,
)
from ckanext.aivision.cli.output.terminal import error_line
from ckanext.aivision.errors import AivisionError

# What servers and disks do, beside what this project raises on purpose.
_EXPECTED = (*DATABASE_AWAY, AivisionError, OSError, RedisError, pysolr.SolrError)


def one_line_errors(command: Callable[..., Any]) -> Callable[..., Any]:
    """Wraps a command so that errors of this project become one line and exit status 2."""

    @functools.wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except _EXPECTED as error:
            if isinstance(error, OSError) and not is_disk_full(error):
                raise
            click.echo(error_line(_describe(error)), err=True)
            sys.exit(2)

    return wrapped


def _describe(error: Exception) -> str:
    if isinstance(error, SQLAlchemyError):
        return f"{describe_database(error)}, then run the command again"
    if isinstance(error, pysolr.SolrError):
        return f"{describe_solr(str(error))}, then run the command again"
    if isinstance(error, RedisError):
        return f"the queue (Redis) does not answer: {error}; see that it runs, then run the command again"
    if isinstance(error, OSError):
        return f"{describe_storage(error)}, then run the command again"
    return str(error)
