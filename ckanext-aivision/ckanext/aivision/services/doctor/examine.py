"""All checks of an installation, in the order in which their advice is best followed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

import ckan.model as model
import pysolr
import requests
from ckan.exceptions import CkanConfigurationException
from redis.exceptions import RedisError
from sqlalchemy.exc import DBAPIError

from ckanext.aivision.catalogue.tables.server_faults import describe_database, describe_solr, describe_storage
from ckanext.aivision.harvesters.http.clock import CLOCK, Clock
from ckanext.aivision.services.doctor import figures, job_queues, site_settings, storage, tables, versions
from ckanext.aivision.services.doctor.finding import Finding, error


def examine(clock: Clock = CLOCK) -> list[Finding]:
    """Runs every check on the CKAN whose configuration is loaded. A check that cannot be made is a finding too."""
    checks: dict[str, Callable[[], Iterable[Finding]]] = {
        "versions": versions.check_packages,
        "servers": versions.check_servers,
        "settings": site_settings.check_settings,
        "cookies": site_settings.check_cookies,
        "time zone": site_settings.check_time_zone,
        "clock": partial(tables.check_clock, clock),
        "storage": storage.check_storage,
        "permissions": storage.check_secret_files,
        "migrations": tables.check_migrations,
        "queues": partial(job_queues.check_queues, clock),
        "schedule": partial(job_queues.check_schedule, clock),
        "search index": figures.check_index,
        "evaluations": tables.check_evaluations,
        "snapshot": partial(figures.check_snapshot, clock),
    }
    return [finding for name, check in checks.items() for finding in _run(name, check)]


def _run(name: str, check: Callable[[], Iterable[Finding]]) -> list[Finding]:
    try:
        return list(check())
    except DBAPIError as failure:
        model.Session.rollback()
        return [error(name, f"could not be checked: {describe_database(failure)}", "start it, then check again")]
    except (pysolr.SolrError, requests.RequestException) as failure:
        return [error(name, f"could not be checked: {describe_solr(str(failure))}", "start Solr, then check again")]
    except CkanConfigurationException as failure:
        return [error(name, f"could not be checked: {failure}", "correct ckan.ini, then restart CKAN")]
    except RedisError as failure:
        return [error(name, f"could not be checked: Redis does not answer ({failure})", "start it, then check again")]
    except OSError as failure:
        return [error(name, f"could not be checked: {describe_storage(failure)}", "correct that, then check again")]
