"""What a harvest deletes and brings back cannot be told from what CKAN's own actions delete and bring back."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.records import record

SourceFile = Callable[[list[Any]], Path]


@pytest.fixture
def without_grace(ckan: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ckan.config, "ckanext.aivision.gone_days", 0)


@pytest.fixture
def user(ckan: Any) -> str:
    name: str = ckan.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    return name


def rows(statement: str, **values: Any) -> list[dict[str, Any]]:
    import ckan.model as model
    import sqlalchemy as sa

    model.Session.rollback()
    return [dict(row) for row in model.Session.execute(sa.text(statement), values).mappings()]


def activities(id: str) -> list[dict[str, Any]]:
    """What the stream tells of a package, oldest first, without ids and times."""
    found = rows("SELECT * FROM activity WHERE object_id = :id ORDER BY timestamp", id=id)
    for row in found:
        del row["id"], row["timestamp"]
        row["data"] = json.loads(row["data"])
        del row["data"]["package"]["metadata_modified"]
        for resource in row["data"]["package"]["resources"]:
            del resource["metadata_modified"]
    return found


def state(ckan: Any, id: str) -> dict[str, Any]:
    """What the database and the index have of a package that package_delete touches."""
    from ckan.lib.search.common import make_connection

    return {
        "package": rows("SELECT * FROM package WHERE id = :id", id=id),
        "members": rows("SELECT * FROM member WHERE table_id = :id ORDER BY id", id=id),
        "collaborators": rows("SELECT * FROM package_member WHERE package_id = :id", id=id),
        "resources": rows("SELECT * FROM resource WHERE package_id = :id ORDER BY position", id=id),
        "in the index": make_connection().search("*:*", fq=f"id:{id}").hits,
    }


@pytest.fixture
def harvested(into_ckan: Any, found: Any, publisher: Any, source_file: SourceFile) -> Callable[[range], str]:
    """Harvests so many records of one source, and gives the id of the last of six."""
    office, name = publisher
    ids: dict[str, str] = {}

    def harvest(numbers: range) -> str:
        into_ckan(source_file([record(number, **office) for number in numbers]))
        ids.update({package["identifier"]: package["id"] for package in found(name)})
        return ids["river-5"]

    return harvest


def collaborate(id: str, user: str) -> None:
    import ckan.model as model

    model.Session.add(model.PackageMember(package_id=id, user_id=model.User.get(user).id, capacity="editor"))
    model.Session.commit()


@pytest.mark.usefixtures("without_grace")
def test_a_deletion_does_and_tells_what_package_delete_does_and_tells(
    ckan: Any, user: str, harvested: Callable[[range], str]
) -> None:
    id = harvested(range(6))
    collaborate(id, user)
    harvested(range(5))
    in_bulk, told = state(ckan, id), activities(id)[-1]
    harvested(range(6))
    collaborate(id, user)
    modified = rows("SELECT metadata_modified FROM package WHERE id = :id", id=id)
    ckan.get_action("package_delete")({"user": user, "ignore_auth": True}, {"id": id})
    singly = state(ckan, id)
    assert rows("SELECT metadata_modified FROM package WHERE id = :id", id=id) == modified
    for seen in (in_bulk, singly):
        del seen["package"][0]["metadata_modified"], seen["resources"][0]["metadata_modified"]
    assert in_bulk == singly
    assert (told["activity_type"], told["data"]["actor"]) == ("deleted package", user)
    assert told == activities(id)[-1]


@pytest.mark.usefixtures("without_grace")
def test_what_was_deleted_comes_back_with_what_ckan_tells_of_it(
    ckan: Any, user: str, harvested: Callable[[range], str]
) -> None:
    id = harvested(range(6))
    harvested(range(5))
    harvested(range(6))
    in_bulk = activities(id)
    context = {"user": user, "ignore_auth": True}
    ckan.get_action("package_delete")(dict(context), {"id": id})
    ckan.get_action("package_patch")(dict(context), {"id": id, "state": "active"})
    kinds = [row["activity_type"] for row in activities(id)]
    assert kinds == ["new package", *(["deleted package", "changed package"] * 2)]
    assert in_bulk[-1] == activities(id)[-1]


def test_what_comes_back_within_its_days_as_it_was_is_no_change_for_ckan(
    ckan: Any, harvested: Callable[[range], str]
) -> None:
    id = harvested(range(6))
    modified = rows("SELECT metadata_modified FROM package WHERE id = :id", id=id)
    harvested(range(5))
    assert harvested(range(6)) == id
    assert rows("SELECT state, gone_since FROM aivision_record WHERE package_id = :id", id=id) == [
        {"state": "active", "gone_since": None}
    ]
    assert [row["activity_type"] for row in activities(id)] == ["new package"]
    assert rows("SELECT metadata_modified FROM package WHERE id = :id", id=id) == modified


@pytest.mark.usefixtures("without_grace")
@pytest.mark.parametrize("edit", ["in a group", "edited"])
def test_what_somebody_changed_here_is_deleted_too_and_told_of_once(
    ckan: Any, user: str, harvested: Callable[[range], str], edit: str
) -> None:
    id, context = harvested(range(6)), {"user": user, "ignore_auth": True}
    if edit == "edited":
        ckan.get_action("package_patch")(dict(context), {"id": id, "maintainer": "Ada"})
    else:
        ckan.get_action("group_create")(dict(context), {"name": f"g{id}"[:40], "packages": [{"id": id}]})
    harvested(range(5))
    assert rows("SELECT state FROM package WHERE id = :id", id=id) == [{"state": "deleted"}]
    assert rows("SELECT id FROM member WHERE table_id = :id AND state = 'active'", id=id) == []
    assert [row["activity_type"] for row in activities(id)].count("deleted package") == 1


@pytest.mark.usefixtures("without_grace")
def test_a_site_that_keeps_what_is_deleted_in_its_index_has_it_there_marked(
    ckan: Any, harvested: Callable[[range], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ckan.config, "ckan.search.remove_deleted_packages", False)
    id = harvested(range(6))
    harvested(range(5))
    query = {"fq": f"+id:{id} +state:deleted", "include_deleted": True}
    assert ckan.get_action("package_search")({"ignore_auth": True}, query)["count"] == 1
