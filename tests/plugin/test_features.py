"""`aivision` is its four features; each can be switched on without the others."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ckanext.aivision.services.stack import ckan_command

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


def site(stack: Any, folder: Path, plugins: str, pages: tuple[str, ...] = PAGES) -> dict[str, Any]:
    """The answers to pages, and the names of actions, of a site with these plugins in place of `aivision`."""
    text = re.sub(r"(?m)^(ckan\.plugins = .*)\baivision\b", rf"\1{plugins}", stack.ini.read_text())
    assert plugins in text
    ini = folder / "ckan.ini"
    ini.write_text(text)
    done = subprocess.run([sys.executable, "-c", SITE, ini, *pages], capture_output=True, text=True, timeout=120)
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
    command = [*ckan_command(tmp_path / "ckan.ini"), "db", "version", "-p", "aivision_core"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
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


@pytest.mark.parametrize("feature", FEATURES)
def test_a_feature_beside_the_whole_is_refused_with_the_reason(stack: Any, tmp_path: Path, feature: str) -> None:
    with pytest.raises(AssertionError, match=f"`aivision` has `{feature}` in it"):
        site(stack, tmp_path, f"aivision {feature}")


def test_a_feature_without_the_core_is_refused_with_the_reason(stack: Any, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="`aivision_harvest` needs `aivision_core`"):
        site(stack, tmp_path, "aivision_harvest")
