"""Datasets that stand in a source's words or in the form's, and readers at addresses of their own."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from tests.records import record

Package = dict[str, Any]


@pytest.fixture
def ask(ckan_application: Any) -> Callable[..., Any]:
    """Asks as a program does that is not logged in, each test from an address of its own."""
    who = f"192.0.2.{uuid.uuid4().int % 250}:{uuid.uuid4().hex[:8]}"

    def send(path: str, method: str = "GET", **headers: str) -> Any:
        client = ckan_application.test_client()
        options = {"method": method, "headers": headers, "environ_base": {"REMOTE_ADDR": who}, "buffered": True}
        # In a thread of its own, as a server would: within the test's request everybody would be the same user.
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(client.open, path, **options).result(120)

    return send


@pytest.fixture
def harvest(harvested: Any, ckan: Any) -> Callable[..., list[Package]]:
    """Harvests so many records of a source and gives their datasets."""

    def make(number: int = 1, source: str = "", **fields: Any) -> list[Package]:
        name = source or f"rivers-{uuid.uuid4().hex[:8]}"
        records = [record(at, **{"identifier": f"{name}-{at}", **fields}) for at in range(number)]
        harvested(name, records)
        rows = ckan.get_action("aivision_record_list")({"ignore_auth": True}, {"source": name})
        show = ckan.get_action("package_show")
        return [show({"ignore_auth": True}, {"id": row["package_id"]}) for row in rows]

    return make


@pytest.fixture
def act(ckan: Any, site_user: dict[str, Any]) -> Callable[..., Any]:
    return lambda action, **data: ckan.get_action(action)(dict(site_user), data)
