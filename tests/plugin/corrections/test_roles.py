"""Who may do what with corrections: every action and page by every role."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.plugin.corrections.conftest import Office

ROLES = ("anonymous", "stranger", "member", "editor", "admin", "editor elsewhere", "sysadmin")
OWN = {"editor", "admin", "sysadmin"}


@pytest.fixture
def corrected(office: Office) -> Office:
    office.act("package_patch", id=office.id, title="Another title", correction_reason="A secret reason")
    return office


@pytest.fixture
def somebody(corrected: Office, person: Callable[..., str], organization: str) -> Callable[[str], str]:
    """The name of a user by role; empty for somebody who is not logged in."""
    owner = corrected.show()["owner_org"]

    def find(role: str) -> str:
        if role in ("member", "editor", "admin"):
            return person(role, owner)
        made = {"editor elsewhere": ("editor", organization), "sysadmin": ("sysadmin", ""), "stranger": ("", "")}
        return person(*made[role]) if role in made else ""

    return find


@pytest.mark.parametrize("role", ROLES)
def test_the_corrections_of_an_organization_are_for_its_editors_and_admins(
    role: str, corrected: Office, somebody: Any, reader: Any, ckan: Any
) -> None:
    user, owner = somebody(role), corrected.show()["organization"]
    asked = {"organization": owner["id"]}
    pages = ("", "/dcat-us.json", "/dcat-us-3.json", "/uk-metadata-exchange.json", "/packages.json", "/patch.json")
    addresses = [f"/organization/{owner['name']}/corrections{end}" for end in (*pages, "/email.txt")]
    if role in OWN:
        assert [row["reason"] for row in corrected.act("aivision_correction_list", user, **asked)] == [
            "A secret reason"
        ]
        for address in addresses:
            assert "Another title" in reader(user).text(address), address
        return
    with pytest.raises(ckan.NotAuthorized):
        corrected.act("aivision_correction_list", user, **asked)
    for address in addresses:
        assert reader(user).get(address, 302 if role == "anonymous" else 403)
    assert "to the publisher" not in reader(user).text(f"/organization/{owner['name']}")


@pytest.mark.parametrize("role", ROLES)
def test_a_correction_is_withdrawn_by_people_who_can_edit_the_dataset_alone(
    role: str, corrected: Office, somebody: Any, ckan: Any, reader: Any
) -> None:
    user = somebody(role)
    if role in OWN:
        corrected.act("aivision_correction_delete", user, id=corrected.id, field="title")
        assert corrected.corrections() == []
        return
    with pytest.raises(ckan.NotAuthorized):
        corrected.act("aivision_correction_delete", user, id=corrected.id, field="title")
    address = f"/dataset/{corrected.show()['name']}/corrections/withdraw"
    reader(user).post(address, 403, field="title", resource="")
    assert corrected.fields() == ["title"]


@pytest.mark.parametrize("role", ROLES)
def test_everybody_sees_what_was_corrected_and_only_editors_who_did_it_and_why(
    role: str, corrected: Office, somebody: Any
) -> None:
    (row,) = corrected.act("aivision_correction_list", somebody(role), id=corrected.id)
    assert (row["field"], row["value"]) == ("title", "Another title")
    assert ("reason" in row, "author" in row) == (role in OWN, role in OWN)


def test_the_corrections_of_a_private_dataset_are_seen_by_its_organization_alone(
    corrected: Office, somebody: Any, ckan: Any
) -> None:
    corrected.act("package_patch", id=corrected.id, private=True)
    assert corrected.act("aivision_correction_list", somebody("member"), id=corrected.id)
    for role in ("anonymous", "stranger", "editor elsewhere"):
        with pytest.raises(ckan.NotAuthorized):
            corrected.act("aivision_correction_list", somebody(role), id=corrected.id)
