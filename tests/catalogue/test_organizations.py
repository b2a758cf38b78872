"""Publishers become organisations, the same as CKAN's own action would make."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from ckanext.aivision.record import Agent, Dataset

TIMES_AND_IDS = ("id", "created", "name", "title", "display_name")


def dataset(publisher: str | None, country: str = "US") -> Dataset:
    agent = Agent(name=publisher) if publisher else None
    return Dataset(identifier="1", title="Rivers", profile="ckan", country=country, publisher=agent)


@pytest.fixture
def organizations(ckan: Any) -> Any:
    from ckanext.aivision.catalogue.hook_calls import HookCalls
    from ckanext.aivision.catalogue.writer.organizations import Organizations

    user = ckan.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    return Organizations(user, activities=True, calls=HookCalls())


def show_organization(ckan: Any, id: str) -> dict[str, Any]:
    found = ckan.get_action("organization_show")({"ignore_auth": True}, {"id": id, "include_users": True})
    users = [(user["name"], user["capacity"]) for user in found.pop("users")]
    return {**{key: value for key, value in found.items() if key not in TIMES_AND_IDS}, "users": users}


def test_an_organisation_is_what_organization_create_makes(ckan: Any, organizations: Any) -> None:
    mark = uuid.uuid4().hex[:8]
    (ours,) = organizations.of([dataset(f"Office of rivers {mark}")])
    user = ckan.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    data = {"name": f"rivers-{mark}", "title": f"Office of rivers {mark}"}
    theirs = ckan.get_action("organization_create")({"ignore_auth": True, "user": user}, data)["id"]
    assert show_organization(ckan, ours) == show_organization(ckan, theirs)
    one, other = (
        [(row["activity_type"], row["data"]["group"].keys()) for row in activities]
        for activities in (
            ckan.get_action("organization_activity_list")({"ignore_auth": True}, {"id": id}) for id in (ours, theirs)
        )
    )
    assert one == other


def test_a_publisher_is_one_organisation_in_each_country_however_often_it_comes(organizations: Any) -> None:
    mark = uuid.uuid4().hex[:8]
    found = organizations.of([dataset(f"Office {mark}", country) for country in ("US", "GB", "US")])
    assert found[0] == found[2] != found[1]
    assert organizations.of([dataset(f"Office {mark}")]) == [found[0]]


def test_spellings_that_make_the_same_name_are_one_organisation(organizations: Any) -> None:
    mark = uuid.uuid4().hex[:8]
    assert len(set(organizations.of([dataset(f"Office  of {mark}"), dataset(f"Office of {mark}")]))) == 1


def test_an_organisation_that_somebody_made_before_is_used(ckan: Any, organizations: Any) -> None:
    from ckanext.aivision.catalogue.tables.names import organization_name

    name = f"Made by hand {uuid.uuid4().hex[:8]}"
    user = ckan.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    data = {"name": organization_name(name, "US"), "title": name}
    made = ckan.get_action("organization_create")({"ignore_auth": True, "user": user}, data)["id"]
    assert organizations.of([dataset(name)]) == [made]
