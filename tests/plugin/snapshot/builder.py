"""`python builder.py CKAN_INI`: builds snapshots as a job worker does, each in a process that is forked for it.

Reads one line a snapshot, of JSON: {"storage": FOLDER} says where; {"kill_at": N} ends the process with SIGKILL at its
Nth step, which is a statement of SQL or something that is done to a file of the storage; {"largest": N} lets it write
no file of more than N bytes. Prints the process' number when it begins; then its exit status, how many steps it did,
and what it raised.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from typing import Any

_TO_FILES = {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "shutil.rmtree", "os.listdir", "os.scandir"}


class Steps:
    """Counts the steps, and ends the process at one."""

    def __init__(self, storage: str, kill_at: int) -> None:
        self.done = 0
        self._storage, self._kill_at = storage, kill_at

    def count(self) -> None:
        self.done += 1
        if self.done == self._kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def hear(self, event: str, values: tuple[Any, ...]) -> None:
        """An audit hook (https://docs.python.org/3/library/audit_events.html)."""
        if event in _TO_FILES and values and str(values[0]).startswith(self._storage):
            self.count()


def build(storage: str, kill_at: int = 0, largest: int = 0) -> dict[str, Any]:
    """Builds one, in this process. Gives how many steps it took, and the error that ended it."""
    import ckan.model as model
    import sqlalchemy as sa
    from ckan.plugins import toolkit

    from ckanext.aivision.errors import AivisionError
    from ckanext.aivision.snapshot.build import build as build_snapshot

    toolkit.config["ckan.storage_path"] = storage
    steps = Steps(storage, kill_at)
    sys.addaudithook(steps.hear)
    sa.event.listen(model.meta.engine, "before_cursor_execute", lambda *_: steps.count())
    if largest:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
    try:
        build_snapshot()
    except AivisionError as error:
        return {"steps": steps.done, "error": f"{type(error).__name__}: {error}"}
    return {"steps": steps.done, "error": ""}


def main(ini: str) -> None:
    """Loads CKAN once, and builds until there are no more lines."""
    from ckan.cli import load_config
    from ckan.config.middleware import make_app

    make_app(load_config(ini))
    import ckan.model as model

    # Loaded once, as by a worker, whose jobs are forked.
    import ckanext.aivision.snapshot.build  # noqa: F401

    model.meta.engine.dispose()
    for line in sys.stdin:
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            os.close(reading)
            with os.fdopen(writing, "w") as told:
                json.dump(build(**json.loads(line)), told)
            os._exit(0)
        os.close(writing)
        print(child, flush=True)
        with os.fdopen(reading) as told:
            said = told.read()
        _, status = os.waitpid(child, 0)
        print(json.dumps({"status": os.waitstatus_to_exitcode(status), **json.loads(said or "{}")}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
