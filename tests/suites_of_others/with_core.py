"""A pytest plugin that puts `aivision_core` first into the plugin list of every test of somebody else's suite."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ckan.model as model
import ckan.plugins as plugins
import pytest
import sqlalchemy as sa
from ckan.plugins import toolkit

from ckanext.aivision.services.stack import ckan_command

CORE = "aivision_core"
# The environment variable that names the configuration of a site with it.
INI = "AIVISION_CORE_INI"


@pytest.fixture(autouse=True)
def aivision_core_beside(
    request: pytest.FixtureRequest, ckan_config: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Before CKAN's fixture `with_plugins` loads the list. For a test without that fixture it is loaded here."""
    listed = [name for name in toolkit.aslist(ckan_config.get("ckan.plugins")) if name != CORE]
    monkeypatch.setitem(ckan_config, "ckan.plugins", [CORE, *listed])
    if "with_plugins" in request.fixturenames:
        yield
        return
    plugins.load_all()
    yield
    plugins.unload_all()


@pytest.fixture(autouse=True, scope="session")
def our_tables() -> None:
    """CKAN's fixtures empty the database, and the first time they drop every table there is: ours are made again."""
    rebuild = model.repo.rebuild_db

    def rebuild_with_ours() -> None:
        rebuild()
        with model.meta.engine.connect() as connection:
            if connection.execute(sa.text("SELECT to_regclass('aivision_evaluation') IS NULL")).scalar():
                command = [*ckan_command(Path(os.environ[INI])), "db", "upgrade", "-p", CORE]
                subprocess.run(command, check=True, timeout=300, stdout=subprocess.DEVNULL)

    model.repo.rebuild_db = rebuild_with_ours
