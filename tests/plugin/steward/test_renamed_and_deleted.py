"""A renamed dataset is found at its old address, and a deleted one can be restored."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest

ROLES = ("anonymous", "stranger", "member", "editor", "admin", "editor elsewhere", "sysadmin")
OWN = {"editor", "admin", "sysadmin"}


@pytest.fixture
def somebody(person: Callable[..., str], organization: str, ckan: Any, site_user: dict[str, Any]) -> Any:
    """The name of a user by role; empty for somebody who is not logged in."""

    def find(role: str) -> str:
        if role in ("member", "editor", "admin"):
            return person(role, organization)
        if role == "editor elsewhere":
            name = f"office-{uuid.uuid4().hex[:8]}"
            return person("editor", ckan.get_action("organization_create")(dict(site_user), {"name": name})["id"])
        return "" if role == "anonymous" else person("sysadmin" if role == "sysadmin" else "")

    return find


@pytest.fixture
def rename(ckan: Any, site_user: dict[str, Any]) -> Callable[[str], str]:
    """Renames a dataset; gives its new name."""

    def give(name: str) -> str:
        new = f"levels-{uuid.uuid4().hex[:8]}"
        ckan.get_action("package_patch")(dict(site_user), {"id": name, "name": new})
        return new

    return give


@pytest.mark.parametrize("end", ["", "/files", "/dcat-us.json", ".ttl", "?lens=x", "/badge.svg"])
def test_the_old_address_of_a_renamed_dataset_leads_to_the_new_one(
    end: str, dataset: Any, rename: Any, reader: Any
) -> None:
    old = dataset()
    middle = rename(old)
    new = rename(middle)
    for name in (old, middle):
        answer = reader("").get(f"/dataset/{name}{end}", 308)
        assert answer.headers["Location"].endswith(f"/dataset/{new}{end}")
        assert reader("").get(answer.headers["Location"])


def test_a_name_that_is_taken_again_belongs_to_the_new_dataset(dataset: Any, rename: Any, reader: Any) -> None:
    old = dataset(title="Old levels")
    rename(old)
    dataset(name=old, title="New levels")
    assert "New levels" in reader("").text(f"/dataset/{old}")


def test_the_new_name_of_a_private_dataset_is_not_told_to_strangers(
    dataset: Any, rename: Any, reader: Any, steward: Any
) -> None:
    old = dataset(private=True)
    rename(old)
    assert "Location" not in reader("").get(f"/dataset/{old}", 404).headers
    assert steward.reader.get(f"/dataset/{old}", 308)


@pytest.mark.parametrize("role", ROLES)
def test_people_who_can_edit_a_deleted_dataset_restore_it_as_it_was(
    role: str, dataset: Any, somebody: Any, reader: Any, ckan: Any, site_user: Any, organization: str
) -> None:
    name, user = dataset(notes="Levels in metres"), somebody(role)
    ckan.get_action("package_delete")(dict(site_user), {"id": name})
    office = ckan.get_action("organization_show")(dict(site_user), {"id": organization})["name"]
    if role in OWN:
        assert "River levels" in reader(user).text(f"/organization/{office}/deleted")
        assert f"/dataset/{name}/restore" in reader(user).text(f"/dataset/{name}")
        reader(user).post(f"/dataset/{name}/restore")
        assert "Levels in metres" in reader("").text(f"/dataset/{name}")
        found = ckan.get_action("package_search")({"user": ""}, {"fq": f'organization:"{office}"'})
        assert [package["name"] for package in found["results"]] == [name]
        assert "River levels" not in reader(user).text(f"/organization/{office}/deleted")
        return
    reader(user).post(f"/dataset/{name}/restore", 403 if role == "member" else 404)
    assert reader(user).get(f"/organization/{office}/deleted", 302 if role == "anonymous" else 403)
    for action, asked in (
        ("aivision_dataset_restore", {"id": name}),
        ("aivision_deleted_list", {"organization": office}),
    ):
        with pytest.raises(ckan.NotAuthorized):
            ckan.get_action(action)({"user": user}, asked)


def test_what_is_not_deleted_cannot_be_restored(dataset: Any, ckan: Any, site_user: Any) -> None:
    with pytest.raises(ckan.ValidationError):
        ckan.get_action("aivision_dataset_restore")(dict(site_user), {"id": dataset()})
