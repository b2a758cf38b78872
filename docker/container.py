"""What the image's containers run: `container.py init|web|worker|short-worker|cron|run-due|healthy-...`.

Each writes CKAN's configuration file from the environment first, so that every container of a catalogue has the same:

    CKAN_INI                 where the file is written: on a tmpfs, for it holds secrets
    CKAN_SQLALCHEMY_URL      or else POSTGRES_HOST, POSTGRES_USER, POSTGRES_DB and POSTGRES_PASSWORD
    CKAN_SOLR_URL, CKAN_REDIS_URL, CKAN_SITE_URL, CKAN_STORAGE_PATH
    AIVISION_SECRET          what all keys that CKAN signs with are derived from
    AIVISION_ADMIN, AIVISION_ADMIN_PASSWORD     the first system administrator, made by `init`
    AIVISION_HOST, AIVISION_PORT                where `web` listens

Any of them can be given as NAME_FILE instead: the path of a file that holds the value.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from ckanext.aivision.queues import SHORT, SNAPSHOT
from ckanext.aivision.services.settings import write_ini, write_private

# What settings.write_ini takes from secrets.json. All containers must have the same, and none may be stored.
KEYS = ("secret_key", "csrf_secret_key", "token_secret", "site_id")
# What stands in the configuration file, or is for `init` alone. CKAN would read some of it from the environment again,
# and cannot take a percent sign there; and a process should not carry secrets that it does not need.
TAKEN = (
    "CKAN_SQLALCHEMY_URL",
    "CKAN_SOLR_URL",
    "CKAN_REDIS_URL",
    "CKAN_SITE_URL",
    "POSTGRES_PASSWORD",
    "AIVISION_SECRET",
    "AIVISION_ADMIN_PASSWORD",
)
SHORTEST_SECRET = 16
# Touched by `cron` after each round (seconds between two rounds, and after which it is late).
BEAT, EVERY, LATE = Path(tempfile.gettempdir()) / "aivision-cron", 60.0, 300.0
CKAN = str(Path(sys.executable).with_name("ckan"))


class Missing(Exception):
    """A setting that is not given; the text says which and how to give it."""


def value(name: str) -> str:
    """The environment's NAME, or what the file at NAME_FILE holds.

    Raises Missing if neither is given or the file cannot be read.
    """
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise Missing(f"{name}_FILE: {path} cannot be read: {error.strerror}") from error
    if given := os.environ.get(name):
        return given
    raise Missing(f"{name} is not set: give {name} or {name}_FILE (see docker/README.md)")


def database_url(folder: Path) -> str:
    """The SQLAlchemy address of CKAN's database, and with it the password file in `folder` that the address names.

    The password stays out of the address: CKAN's migrations cannot take an address with a percent sign, as an encoded
    password may have. libpq reads it from the file (PostgreSQL documentation, "The Password File").
    """
    if os.environ.get("CKAN_SQLALCHEMY_URL") or os.environ.get("CKAN_SQLALCHEMY_URL_FILE"):
        return value("CKAN_SQLALCHEMY_URL")
    user, database = value("POSTGRES_USER"), value("POSTGRES_DB")
    password = value("POSTGRES_PASSWORD").replace("\\", "\\\\").replace(":", "\\:")
    write_private(folder / "pgpass", f"*:*:{database}:{user}:{password}\n")
    return f"postgresql://{user}@{value('POSTGRES_HOST')}/{database}?passfile={folder / 'pgpass'}"


def derived_keys(secret: str) -> dict[str, str]:
    """CKAN's keys from the one secret: each its own, none leading back to another."""
    if len(secret) < SHORTEST_SECRET:
        raise Missing(f"AIVISION_SECRET has fewer than {SHORTEST_SECRET} characters; make a longer, random one")
    return {name: hmac.new(secret.encode(), name.encode(), hashlib.sha256).hexdigest() for name in KEYS}


def configure() -> str:
    """Writes CKAN's configuration file and returns its path."""
    ini = Path(value("CKAN_INI"))
    ini.parent.mkdir(parents=True, exist_ok=True)
    write_private(ini.parent / "secrets.json", json.dumps(derived_keys(value("AIVISION_SECRET"))))
    addresses = (value("CKAN_REDIS_URL"), value("CKAN_SOLR_URL"), value("CKAN_SITE_URL"))
    written = write_ini(ini.parent, database_url(ini.parent), *addresses)
    written.replace(ini)
    return str(ini)


def environment() -> dict[str, str]:
    """The environment for CKAN's own processes."""
    return {name: text for name, text in os.environ.items() if name not in TAKEN}


def init() -> None:
    """Brings the database up to date, indexes what the index lacks, and makes the administrator. Safe to run again."""
    ini, password = configure(), value("AIVISION_ADMIN_PASSWORD")
    for words in (
        ("db", "init"),
        ("db", "upgrade", "-p", "activity"),
        ("db", "upgrade", "-p", "aivision"),
        ("search-index", "rebuild", "--only-missing"),
    ):
        subprocess.run([CKAN, "-c", ini, *words], env=environment(), check=True)
    admin = [sys.executable, "-m", "ckanext.aivision.services.admin", ini, value("AIVISION_ADMIN")]
    subprocess.run(admin, input=password, text=True, env=environment(), check=True)


def web() -> None:
    """Becomes the web server."""
    words = ["-m", "ckanext.aivision.services.web", configure(), value("AIVISION_PORT"), value("AIVISION_HOST")]
    os.execve(sys.executable, [sys.executable, *words], environment())


def worker() -> None:
    """Becomes a worker for CKAN's background jobs: harvests, previews, checks of links."""
    os.execve(CKAN, [CKAN, "-c", configure(), "jobs", "worker"], environment())


def short_worker() -> None:
    """Becomes a worker for the jobs that must not wait behind a harvest."""
    words = ["-m", "ckanext.aivision.services.worker", configure(), SHORT, SNAPSHOT]
    os.execve(sys.executable, [sys.executable, *words], environment())


def run_due() -> None:
    """Queues what is due, once: for an outer cron, such as that of Kubernetes."""
    os.execve(CKAN, [CKAN, "-c", configure(), "aivision", "run-due"], environment())


def cron() -> None:
    """Queues what is due every minute, until it is ended. If that fails, the log says why, and it is tried again."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    ini = configure()
    while True:
        done = subprocess.run([CKAN, "-c", ini, "aivision", "run-due"], env=environment(), check=False)
        if done.returncode == 0:
            BEAT.touch()
        time.sleep(EVERY)


def healthy_cron() -> None:
    """Ends with status 1 where what is due was not queued for some minutes."""
    if not BEAT.exists() or time.time() - BEAT.stat().st_mtime > LATE:
        sys.exit(f"what is due was not queued for {LATE:.0f} s")


def healthy_web() -> None:
    """Ends with status 1 where the site does not answer."""
    address = f"http://127.0.0.1:{value('AIVISION_PORT')}/api/3/action/status_show"
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            answer.read()
    except OSError as error:
        sys.exit(f"{address}: {error}")


def healthy_worker() -> None:
    """Ends with status 1 where no worker of this container has been seen in the queue lately.

    RQ forgets a worker that has not reported within its time (Worker.worker_ttl).
    """
    import socket

    import redis
    import rq

    with redis.Redis.from_url(value("CKAN_REDIS_URL"), socket_timeout=5) as connection:
        if not any(worker.hostname == socket.gethostname() for worker in rq.Worker.all(connection=connection)):
            sys.exit("no job worker of this container is known to the queue")


COMMANDS = {
    "init": init,
    "web": web,
    "worker": worker,
    "short-worker": short_worker,
    "cron": cron,
    "run-due": run_due,
    "healthy-web": healthy_web,
    "healthy-worker": healthy_worker,
    "healthy-cron": healthy_cron,
}


def main(words: list[str]) -> None:
    if len(words) != 1 or words[0] not in COMMANDS:
        sys.exit(f"Say which of {', '.join(COMMANDS)} to run")
    try:
        COMMANDS[words[0]]()
    except Missing as error:
        sys.exit(f"Error: {error}")
    except subprocess.CalledProcessError as error:
        sys.exit(f"Error: `{' '.join(error.cmd[-2:])}` failed with status {error.returncode}; its message is above")


if __name__ == "__main__":
    main(sys.argv[1:])
