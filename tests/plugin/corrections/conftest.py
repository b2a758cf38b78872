"""What the tests of corrections share: a harvested dataset, its source and its editor."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from tests.records import record


class Office(NamedTuple):
    """A harvested dataset, and what its source and its editor can do."""

    act: Callable[..., Any]
    harvest: Callable[..., Any]
    id: str
    editor: str

    def show(self) -> dict[str, Any]:
        found: dict[str, Any] = self.act("package_show", id=self.id)
        return found

    def corrections(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.act("aivision_correction_list", id=self.id)
        return found

    def fields(self) -> list[str]:
        return [row["field"] for row in self.corrections() if not row["outcome"]]


@pytest.fixture
def office(harvested: Any, source: Callable[..., str], person: Callable[..., str], ckan: Any) -> Office:
    name, identifier = source(title="Rivers of the North"), uuid.uuid4().hex

    def harvest(**fields: Any) -> Any:
        publisher = {"@type": "org:Organization", "name": f"Office {identifier}"}
        run = harvested(name, [record(1, **{"identifier": identifier, "publisher": publisher, **fields})])
        assert run.state == "finished"
        return run

    harvest()
    (row,) = ckan.get_action("aivision_record_list")({"ignore_auth": True}, {"source": name})
    package = ckan.get_action("package_show")({"ignore_auth": True}, {"id": row["package_id"]})
    editor = person("editor", package["owner_org"])

    def act(action: str, user: str = editor, **data: Any) -> Any:
        return ckan.get_action(action)({"user": user}, data)

    return Office(act, harvest, package["id"], editor)
