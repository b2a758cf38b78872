"""The peer's side: ckanext-harvest with ckanext-dcat in a Python environment of their own, on the same services."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import shutil
import string
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pylibmagic
from bench.commands import Ended, run
from bench.side import Came, Kept, Took

from ckanext.aivision.services.postgres import Postgres
from ckanext.aivision.services.settings import write_private
from ckanext.aivision.services.solr import Solr
from ckanext.aivision.services.valkey import Valkey

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ckanext-aivision" / "bench"
_PINS = Path(__file__).parent / "peers.txt"
_TEMPLATE = Path(__file__).parent / "peer.ini.tmpl"
_LIMIT = 3600
_SOURCE = "source"
_SOURCES = "SELECT count(*) FROM harvest_source"
_LAST_JOB = "SELECT extract(epoch FROM finished - gather_started) FROM harvest_job ORDER BY created DESC LIMIT 1"


def environment(cache: Path) -> Path:
    """The folder of a Python environment with what peers.txt names, made there at the first call."""
    pins = _PINS.read_bytes()
    folder = cache / f"peer-{hashlib.sha256(pins + sys.version.encode()).hexdigest()[:12]}"
    if not (folder / "complete").exists():
        print(f"Installing the peer into {folder}: a minute or two", flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        run([sys.executable, "-m", "venv", folder])
        run([folder / "bin/python", "-m", "pip", "--quiet", "install", "--no-deps", "-r", _PINS], limit=1200)
        (folder / "complete").touch()
    return folder


class Peer:
    """A CKAN with the peer's plugins. ini: its configuration. python: the folder of its environment."""

    def __init__(self, ini: Path, python: Path, database_url: str, solr_url: str) -> None:
        self.ini, self.python = ini, python
        self._command = (python / "bin/ckan", "-c", ini)
        self._ckan("db", "init")
        self._ckan("db", "upgrade", "-p", "harvest")
        self._kept = Kept(database_url, solr_url)

    def harvest(self, url: str, kind: str) -> Took:
        """kind: `dcat_json` or `dcat_rdf`. The whole job in one process, without queues; the source is made before."""
        self._make_source(url, kind)
        ended = self._ckan("harvester", "run-test", _SOURCE)
        return Took(ended.seconds, self._kept.value(_LAST_JOB), ended.peak_bytes)

    def _make_source(self, url: str, kind: str) -> None:
        try:
            self._ckan("harvester", "source", "create", _SOURCE, url, kind)
        except RuntimeError:
            # On CKAN 2.12 the command makes the source and then fails to print it.
            if not self._kept.value(_SOURCES):
                raise

    def came(self) -> Came:
        return self._kept.came()

    def reset(self) -> None:
        self._kept.reset()

    @property
    def variables(self) -> dict[str, str]:
        """What its commands need in their environment."""
        # CKAN loads libmagic by its name; not every machine has it, so this is the wheel's, as in our own environment.
        magic = Path(str(pylibmagic.__file__)).parent
        return {"LD_LIBRARY_PATH": str(magic), "MAGIC": str(magic / "magic.mgc")}

    def _ckan(self, *words: str) -> Ended:
        return run([*self._command, *words], _LIMIT, self.variables)


@contextlib.contextmanager
def peer(folder: Path, cache: Path) -> Iterator[Peer]:
    """The peer's side with services and data of its own in `folder`."""
    python = environment(cache)
    data = folder / "peer"
    run_dir = data / "run"
    for path in (run_dir, data / "valkey", data / "solr", data / "storage"):
        path.mkdir(parents=True)
    services: Sequence[Valkey | Postgres | Solr] = (
        valkey := Valkey(data / "valkey", run_dir),
        postgres := Postgres(data / "postgres", run_dir),
        solr := Solr(data / "solr", run_dir),
    )
    try:
        addresses = {"redis_url": valkey.start(), "database_url": postgres.start(), "solr_url": solr.start()}
        values = {**addresses, "storage_path": str(data / "storage"), "secret": secrets.token_hex(32)}
        text = string.Template(_TEMPLATE.read_text(encoding="utf-8"))
        ini = data / "peer.ini"
        write_private(ini, text.substitute({key: value.replace("%", "%%") for key, value in values.items()}))
        yield Peer(ini, python, addresses["database_url"], addresses["solr_url"])
    finally:
        for service in reversed(services):
            service.stop()
