"""CKAN's job worker, which stops its jobs when it ends.

`python -m ckanext.aivision.services.worker CKAN_INI [QUEUE ...]`
As `ckan jobs worker`, but on Linux a job's process does not outlive the worker, nor the worker what started it.
"""

from __future__ import annotations

import os
import signal
import sys

from ckanext.aivision.queues import SNAPSHOT
from ckanext.aivision.services.process import end_with_parent

_AT_START = "ckanext.aivision.snapshot.jobs.request_where_due"


def main(ini: str, *queues: str) -> None:
    """Works on the jobs of queues, by their names in CKAN, the first ones first, until it is ended."""
    names = queues or ("default",)
    # Before numpy is loaded: threads of its own cost more than they gain, and other cores are the readers'.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # At once: a job cut off is taken up at the next start, and one that goes on has no catalogue to write into.
    end_with_parent(os.getppid(), signal.SIGKILL)
    from ckan.cli import load_config
    from ckan.config.middleware import make_app
    from ckan.lib.jobs import Worker, enqueue

    class BoundWorker(Worker):  # type: ignore[misc]
        def main_work_horse(self, job: object, queue: object) -> None:
            end_with_parent(self.pid, signal.SIGKILL)
            super().main_work_horse(job, queue)

    make_app(load_config(ini))
    if SNAPSHOT in names:
        # A new catalogue, or one of an older version, has no snapshot yet that pages can show.
        enqueue(_AT_START, title="look whether a snapshot is due", queue=SNAPSHOT, rq_kwargs={"result_ttl": 0})
    # Nothing is scheduled in another queue, and the scheduler is one more process.
    BoundWorker(list(names)).work(with_scheduler="default" in names)


if __name__ == "__main__":
    main(*sys.argv[1:])
