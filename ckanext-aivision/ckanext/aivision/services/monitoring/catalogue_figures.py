"""The state of the catalogue as figures for Prometheus, read from its servers when they are asked for."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence

import ckan.model as model
import msgspec
import pysolr
import requests
import rq
import sqlalchemy as sa
from ckan.lib.jobs import DEFAULT_QUEUE_NAME, get_queue
from ckan.lib.search.common import make_connection
from ckan.plugins import toolkit
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from ckanext.aivision import __version__
from ckanext.aivision.harvesters.http.clock import CLOCK, Clock
from ckanext.aivision.queues import SHORT, SNAPSHOT
from ckanext.aivision.services.doctor.figures import stale_snapshot
from ckanext.aivision.services.doctor.job_queues import waiting_since
from ckanext.aivision.snapshot import read
from ckanext.aivision.snapshot.dated_folders import moment
from ckanext.aivision.snapshot.files import Manifest

_QUEUES = (DEFAULT_QUEUE_NAME, SHORT, SNAPSHOT)
_RUNNING = sa.text("""
    SELECT count(*) FILTER (WHERE heartbeat > timezone('utc', now()) - interval '45 seconds'),
        count(*) FILTER (WHERE heartbeat <= timezone('utc', now()) - interval '45 seconds')
    FROM aivision_run WHERE state = 'running'
""")
# The newest run of each source: its state, when it ended, and how many records it refused.
_NEWEST = sa.text("""
    SELECT DISTINCT ON (source) source, state, extract(epoch FROM finished)::float AS finished,
        coalesce((account -> 'counts' ->> 'refused')::int, 0) AS refused
    FROM aivision_run ORDER BY source, started DESC
""")


class CatalogueFigures(Collector):
    """Asks each server in turn. One that does not answer has `aivision_server_up` 0, and its figures are missing."""

    def __init__(self, clock: Clock = CLOCK) -> None:
        self._clock = clock

    def collect(self) -> Iterator[Metric]:
        """Gives all figures."""
        yield _gauge("aivision_info", "The version of this software", [([__version__], 1)], ["version"])
        parts: dict[str, Callable[[], list[Metric]]] = {
            "database": self._harvests,
            "queue": self._jobs,
            "search": _search,
            "storage": self._snapshot,
        }
        up = []
        for name, part in parts.items():
            try:
                yield from part()
                up.append(([name], 1))
            except (SQLAlchemyError, RedisError, pysolr.SolrError, requests.RequestException, OSError):
                model.Session.rollback()
                up.append(([name], 0))
        yield _gauge("aivision_server_up", "Whether a server answers", up, ["server"])

    def _jobs(self) -> list[Metric]:
        workers = rq.Worker.all(connection=get_queue().connection)
        waiting, failed, oldest, served = [], [], [], []
        for name in _QUEUES:
            queue = get_queue(name)
            since = waiting_since(queue)
            waiting.append(([name], queue.count))
            failed.append(([name], queue.failed_job_registry.count))
            oldest.append(([name], (self._clock.now() - since).total_seconds() if since is not None else 0))
            served.append(([name], sum(queue.name in worker.queue_names() for worker in workers)))
        return [
            _gauge("aivision_jobs_waiting", "Jobs that wait in a queue", waiting, ["queue"]),
            _gauge("aivision_jobs_failed", "Jobs that have failed and are kept", failed, ["queue"]),
            _gauge("aivision_oldest_job_seconds", "How long the first job has waited", oldest, ["queue"]),
            _gauge("aivision_workers", "Workers that take jobs of a queue", served, ["queue"]),
        ]

    def _harvests(self) -> list[Metric]:
        running, stalled = model.Session.execute(_RUNNING).one()
        newest = model.Session.execute(_NEWEST).all()
        model.Session.rollback()
        ended = [([row.source], row.finished) for row in newest if row.finished is not None]
        refused = [([row.source], row.refused) for row in newest]
        states: dict[str, int] = {}
        for row in newest:
            states[row.state] = states.get(row.state, 0) + 1
        counted = [([state], number) for state, number in sorted(states.items())]
        return [
            _gauge("aivision_harvests_running", "Harvests that are running", [([], running)]),
            _gauge("aivision_harvests_stalled", "Harvests that show no activity", [([], stalled)]),
            _gauge("aivision_sources", "Sources by the state of their newest run", counted, ["state"]),
            _gauge("aivision_last_run_timestamp_seconds", "When the newest run ended", ended, ["source"]),
            _gauge("aivision_refused_records", "Records that the newest run refused", refused, ["source"]),
        ]

    def _snapshot(self) -> list[Metric]:
        files = read.files()
        newest, state = files.newest(), files.state()
        stale = stale_snapshot(self._clock) is not None
        failed = bool(state is not None and state.problem)
        free = shutil.disk_usage(toolkit.config["ckan.storage_path"]).free
        found = [
            _gauge("aivision_storage_free_bytes", "Free space where files are stored", [([], free)]),
            _gauge(
                "aivision_snapshot_stale",
                "Whether there is a newer state",
                [([], stale)],
            ),
            _gauge("aivision_snapshot_failed", "Whether the last attempt failed", [([], failed)]),
        ]
        if newest is not None:
            age = (self._clock.now() - moment(newest)).total_seconds()
            manifest = msgspec.json.decode((newest / "manifest.json").read_bytes(), type=Manifest)
            countries = [([row.code], row.data_sets) for row in manifest.countries]
            found += [
                _gauge("aivision_snapshot_age_seconds", "The age of the newest snapshot", [([], age)]),
                _gauge("aivision_snapshot_build_seconds", "How long it took", [([], manifest.seconds)]),
                _gauge("aivision_datasets", "Public datasets in it", countries, ["country"]),
            ]
        return found


def _search() -> list[Metric]:
    found = make_connection().search(f'+site_id:"{toolkit.config["ckan.site_id"]}" +entity_type:package', rows=0)
    return [_gauge("aivision_indexed_packages", "Packages in the search index", [([], found.hits)])]


def _gauge(
    name: str, text: str, values: Sequence[tuple[Sequence[str], float]], labels: list[str] | None = None
) -> Metric:
    family = GaugeMetricFamily(name, text, labels=labels or ())
    for label, value in values:
        family.add_metric(label, float(value))
    return family
