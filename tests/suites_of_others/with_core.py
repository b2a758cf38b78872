"""A pytest plugin that puts `aivision_core` first into the plugin list of every test of somebody else's suite."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ckan.plugins as plugins
import pytest
from ckan.plugins import toolkit

CORE = "aivision_core"


@pytest.fixture(autouse=True)
def aivision_core_beside(
    request: pytest.FixtureRequest, ckan_config: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Before CKAN's fixture `with_plugins` loads the list. A test that asks for no plugins gets this one alone."""
    if "with_plugins" in request.fixturenames:
        monkeypatch.setitem(ckan_config, "ckan.plugins", [CORE, *toolkit.aslist(ckan_config.get("ckan.plugins"))])
        yield
        return
    monkeypatch.setitem(ckan_config, "ckan.plugins", [CORE])
    plugins.load_all()
    yield
    plugins.unload_all()
