"""`/metrics`: who can read it, what it counts over several web processes, and what the dashboard asks for."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from prometheus_client.parser import text_string_to_metric_families
from tests import waiting

GRAFANA = Path(__file__).parents[2] / "docker" / "grafana"
TOKEN = "a-long-token-for-tests"
_NAME = re.compile(r"\baivision_\w+")
_LABELS = re.compile(r"by \(([^)]*)\)|\{\{\s*(?:\$labels\.)?(\w+)\s*\}\}")
_SETTINGS = {"ckanext.aivision.metrics": "true", "ckanext.aivision.metrics_token": TOKEN}
_LOG = """
import logging, sys
from ckan.cli import load_config
load_config(sys.argv[1])
try:
    raise ValueError("a fault\\nof two lines")
except ValueError:
    logging.getLogger("ckanext.aivision").exception("it did not work:\\n%s", "rivers")
"""


class Site:
    """A site of two web processes on one socket, as `aivision up` has them."""

    def __init__(self, ini: Path) -> None:
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self._socket.listen()
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._ini = ini
        self.processes = [self.start(), self.start()]
        # Each has answered some pages to itself when it begins to listen, and counted them.
        waiting.until(lambda: all(self._listens(process) for process in self.processes), 120)

    def start(self) -> subprocess.Popen[bytes]:
        fd = self._socket.fileno()
        command = [sys.executable, "-m", "ckanext.aivision.services.web", str(self._ini), f"fd:{fd}"]
        return subprocess.Popen(command, pass_fds=[fd], start_new_session=True)

    def _listens(self, process: subprocess.Popen[bytes]) -> bool:
        assert process.poll() is None
        return (self.folder() / f"histogram_{process.pid}.db").exists()

    def folder(self) -> Path:
        return self._ini.parent / "metrics"

    def get(self, path: str, **headers: str) -> requests.Response:
        return requests.get(f"{self.address}{path}", headers=headers, timeout=120)

    def figures(self) -> dict[str, Any]:
        """The families of figures, by name."""
        answer = self.get("/metrics", Authorization=f"Bearer {TOKEN}")
        assert answer.status_code == 200, answer.text
        assert answer.headers["Content-Type"].startswith("text/plain; version=")
        return {family.name: family for family in text_string_to_metric_families(answer.text)}

    def counted(self, endpoint: str) -> float:
        """How many requests for an endpoint were answered well."""
        samples = self.figures()["aivision_request_seconds"].samples
        wanted = {"endpoint": endpoint, "status": "2xx"}
        return sum(one.value for one in samples if one.name.endswith("_count") and one.labels == wanted)

    def end(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(30)
        self._socket.close()


@pytest.fixture(scope="module")
def site(stack: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    ini = tmp_path_factory.mktemp("metrics") / "ckan.ini"
    lines = "".join(f"{key} = {value}\n" for key, value in _SETTINGS.items())
    ini.write_text(stack.ini.read_text().replace("[app:main]\n", f"[app:main]\n{lines}"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PROMETHEUS_MULTIPROC_DIR", str(ini.parent / "metrics"))
        running = Site(ini)
        yield running
        running.end()


def token_of(ckan: Any, sysadmin: bool) -> str:
    name = f"person-{uuid.uuid4().hex[:8]}"
    context = {"ignore_auth": True, "user": ckan.get_action("get_site_user")({"ignore_auth": True}, {})["name"]}
    account = {"name": name, "email": f"{name}@rivers.example.gov", "password": uuid.uuid4().hex, "sysadmin": sysadmin}
    ckan.get_action("user_create")(dict(context), account)
    made: str = ckan.get_action("api_token_create")(dict(context), {"user": name, "name": "metrics"})["token"]
    return made


def test_it_is_for_its_token_and_for_sysadmins_alone(site: Site, ckan: Any) -> None:
    assert site.get("/metrics").status_code == 401
    assert site.get("/metrics", Authorization="Bearer something else").status_code == 401
    assert site.get("/metrics", Authorization=token_of(ckan, sysadmin=False)).status_code == 403
    assert site.get("/metrics", Authorization=token_of(ckan, sysadmin=True)).status_code == 200
    assert site.get("/metrics", Authorization=f"Bearer {TOKEN}").status_code == 200


def test_it_is_off_unless_the_setting_is_on(ckan_application: Any) -> None:
    answer = ckan_application.test_client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 404


def test_requests_are_counted_over_all_web_processes_and_a_process_that_dies_takes_nothing_away(site: Site) -> None:
    endpoint = "aivision_best_practice.show"
    before = site.counted(endpoint)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: site.get("/best-practice"), range(30)))
    assert {answer.status_code for answer in answers} == {200}
    assert site.counted(endpoint) == before + 30
    os.killpg(site.processes[0].pid, signal.SIGKILL)
    site.processes[0].wait()
    assert site.counted(endpoint) == before + 30
    site.processes[0] = site.start()
    waiting.until(lambda: (site.folder() / f"histogram_{site.processes[0].pid}.db").exists(), 120)
    time.sleep(0.1)
    assert site.counted(endpoint) >= before + 30
    assert len(list(site.folder().glob("*.db"))) == 2


def families(ckan: Any) -> dict[str, dict[tuple[str, ...], float]]:
    """The figures of the state, by their name and the values of their labels."""
    from ckanext.aivision.services.monitoring.catalogue_figures import CatalogueFigures

    return {
        family.name: {tuple(one.labels.values()): one.value for one in family.samples}
        for family in CatalogueFigures().collect()
    }


def test_the_figures_are_those_of_the_queue_and_of_the_newest_runs(ckan: Any, snapshot: Any) -> None:
    import ckan.model as model
    from ckan.lib.jobs import get_queue

    from ckanext.aivision.catalogue.tables.moments import now
    from ckanext.aivision.model import run as table

    snapshot()
    common = {"source": "metrics", "finished": now(), "worker": "host:1", "cancel_requested": False}
    for id, refused in (("metrics-1", 9), ("metrics-2", 4)):
        account = {"counts": {"refused": refused}}
        row = {"id": id, "started": now(), "state": "finished", "account": account, "heartbeat": now()}
        model.Session.execute(table.insert().values(**row, **common))
    model.Session.commit()
    before = families(ckan)["aivision_jobs_waiting"][("aivision-short",)]
    get_queue("aivision-short").enqueue("time.sleep", 0)
    found = families(ckan)
    assert found["aivision_jobs_waiting"][("aivision-short",)] == before + 1
    assert found["aivision_refused_records"][("metrics",)] == 4
    assert found["aivision_snapshot_age_seconds"][()] < 600
    assert found["aivision_snapshot_stale"][()] == 0
    assert set(found["aivision_server_up"].values()) == {1}
    get_queue("aivision-short").empty()
    model.Session.execute(table.delete().where(table.c.source == "metrics"))
    model.Session.commit()


def test_a_server_that_is_away_is_a_figure_too(ckan: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ckan.config, "solr_url", "http://127.0.0.1:9/solr/ckan")
    found = families(ckan)
    assert found["aivision_server_up"] == {("database",): 1, ("queue",): 1, ("search",): 0, ("storage",): 1}
    assert "aivision_jobs_waiting" in found


def queries() -> list[str]:
    """What the dashboard and the rules ask Prometheus, with how they name what comes back."""
    dashboard = json.loads((GRAFANA / "aivision.json").read_text())
    rules = yaml.safe_load((GRAFANA / "alerts.yaml").read_text())
    targets = [target for panel in dashboard["panels"] for target in panel["targets"]]
    asked = [f"{target['expr']} {target['legendFormat']}" for target in targets]
    of_rules = [rule for group in rules["groups"] for rule in group["rules"]]
    return asked + [f"{rule['expr']} {rule['annotations']['summary']}" for rule in of_rules]


def test_the_dashboard_and_the_rules_ask_for_figures_and_labels_that_exist(
    site: Site, ckan: Any, figures_of_two: str
) -> None:
    import ckan.model as model

    from ckanext.aivision.catalogue.tables.moments import now
    from ckanext.aivision.model import run as table

    row = {"id": "dashboard", "source": "dashboard", "started": now(), "finished": now(), "state": "finished"}
    row |= {"account": {}, "heartbeat": now(), "worker": "host:1", "cancel_requested": False}
    model.Session.execute(table.insert().values(**row))
    model.Session.commit()
    labels: dict[str, set[str]] = {}
    for family in site.figures().values():
        for sample in family.samples:
            labels.setdefault(sample.name, set()).update(sample.labels)
    for query in queries():
        names = set(_NAME.findall(query.split(" {{")[0]))
        assert names, query
        assert names <= labels.keys(), query
        used = {name.strip() for pair in _LABELS.findall(query) for name in ",".join(pair).split(",") if name.strip()}
        assert used <= {label for name in names for label in labels[name]}, query
    asked = {name for query in queries() for name in _NAME.findall(query)}
    shown = {re.sub("_(bucket|count|sum)$", "", name) for name in labels if name.startswith("aivision_")}
    assert shown - {re.sub("_(bucket|count|sum)$", "", name) for name in asked} == {"aivision_info"}


def test_with_the_formatter_that_the_docs_name_each_log_message_is_one_line_of_json(stack: Any, tmp_path: Path) -> None:
    from ckanext.aivision.services import ini

    page = (Path(__file__).parents[2] / "docs" / "operators.md").read_text()
    (section,) = re.findall(r"```ini\n(\[formatter_generic\]\n.*?)```", page, re.DOTALL)
    extra = tmp_path / "ckan-extra.ini"
    extra.write_text(section)
    merged = ini.merge(ini.read_template(stack.ini.read_text()), ini.read_settings(extra), extra)
    (tmp_path / "ckan.ini").write_text(ini.to_text(merged))
    command = [sys.executable, "-c", _LOG, str(tmp_path / "ckan.ini")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    (line,) = [line for line in done.stderr.splitlines() if "it did not work" in line]
    message = json.loads(line)
    assert message["message"] == "it did not work:\nrivers"
    assert (message["levelname"], message["name"]) == ("ERROR", "ckanext.aivision")
    assert "ValueError: a fault\nof two lines" in message["exc_info"]
