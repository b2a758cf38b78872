"""Jobs that go on by themselves when the database or Solr is back."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable
from typing import TypeVar

import ckan.model as model
import pysolr
import requests
import sqlalchemy as sa
from ckan.lib.search.common import make_connection
from sqlalchemy.exc import DBAPIError

from ckanext.aivision.errors import Outage
from ckanext.aivision.harvesters.http.clock import CLOCK, Clock

T = TypeVar("T")

# Seconds before each new attempt. A server that is down is waited for besides.
PAUSES = (5.0, 15.0, 60.0, 300.0, 900.0)
LONGEST_OUTAGE = datetime.timedelta(hours=2)
_LOOK_EVERY = 5.0  # seconds
_log = logging.getLogger(__name__)


def outlast(step: Callable[[], T], clock: Clock = CLOCK) -> T:
    """The step's result. While the database or Solr is away, it waits for them and then runs the step again.

    Raises Outage if that does not help: after five attempts, or when they have been away for two hours.
    """
    for number, pause in enumerate(PAUSES, 1):
        try:
            return step()
        except Outage as error:
            _log.warning("%s (this job waits and does so itself, %d of %d)", error, number, len(PAUSES))
            clock.sleep(pause)
            if not _came_back(clock):
                raise
    return step()


def _came_back(clock: Clock) -> bool:
    end = clock.now() + LONGEST_OUTAGE
    while not are_services_there():
        if clock.now() > end:
            return False
        clock.sleep(_LOOK_EVERY)
    return True


def are_services_there() -> bool:
    """Whether the database and Solr answer."""
    try:
        # What the session held belongs to a connection that is gone.
        model.Session.remove()
        with model.meta.engine.connect() as connection:
            connection.execute(sa.text("SELECT 1"))
        make_connection().search("*:*", rows=0)
    except (DBAPIError, pysolr.SolrError, requests.RequestException, OSError):
        return False
    return True
