"""The actions of the API: who may call them, and what they give."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest

ACTIONS_OF_SYSADMINS = ("aivision_harvest", "aivision_run_list", "aivision_run_show")


@pytest.fixture
def steward(ckan: Any) -> dict[str, Any]:
    """An editor of an organisation: the user's name and the organisation's."""
    name = f"steward-{uuid.uuid4().hex[:8]}"
    admin = {"ignore_auth": True, "user": ckan.get_action("get_site_user")({"ignore_auth": True}, {})["name"]}
    ckan.get_action("user_create")(
        dict(admin), {"name": name, "email": f"{name}@rivers.example.gov", "password": uuid.uuid4().hex}
    )
    organization = f"office-{name}"
    members = [{"name": name, "capacity": "editor"}]
    ckan.get_action("organization_create")(
        dict(admin), {"name": organization, "title": "River office", "users": members}
    )
    return {"name": name, "organization": organization}


@pytest.fixture
def published(ckan: Any, steward: dict[str, Any]) -> Callable[..., dict[str, Any]]:
    """Publishes a dataset as the steward, through the API."""

    def publish(**fields: Any) -> dict[str, Any]:
        package = {
            "name": f"rivers-{uuid.uuid4().hex[:8]}",
            "title": "River levels, weekly, by station",
            "notes": "Levels of rivers.",
            "owner_org": steward["organization"],
            "country": "GB",
            "license_id": "OGL-UK-3.0",
            **fields,
        }
        created: dict[str, Any] = ckan.get_action("package_create")({"user": steward["name"]}, package)
        return created

    return publish


def _score(ckan: Any, name: str) -> dict[str, Any]:
    score: dict[str, Any] = ckan.get_action("aivision_score_show")({"user": ""}, {"id": name})
    return score


def _result(score: dict[str, Any], criterion: str) -> dict[str, Any]:
    found: dict[str, Any] = next(result for result in score["results"] if result["criterion"] == criterion)
    return found


def test_a_data_set_is_evaluated_when_it_is_saved(ckan: Any, published: Any) -> None:
    score = _score(ckan, published()["name"])
    assert score["country"] == "GB"
    assert score["publisher"] == "River office"
    # It has a licence and no file yet.
    assert "no data that anyone could use" in _result(score, "licence-open")["evidence"]
    assert _result(score, "limitations-described")["result"] == "fail"


def test_mending_a_data_set_raises_its_score(ckan: Any, published: Any, steward: Any) -> None:
    package = published()
    before = _score(ckan, package["name"])
    limits = "Samples are taken in the morning and miss short floods."
    ckan.get_action("package_patch")({"user": steward["name"]}, {"id": package["id"], "limitations": limits})
    after = _score(ckan, package["name"])
    assert after["score"] > before["score"]
    assert _result(after, "limitations-described")["evidence"] == limits


def test_the_score_of_a_private_data_set_is_not_shown_to_others(ckan: Any, published: Any) -> None:
    package = published(private=True)
    with pytest.raises(ckan.NotAuthorized):
        ckan.get_action("aivision_score_show")({"user": ""}, {"id": package["id"]})


def test_private_and_deleted_data_sets_do_not_count_in_the_comparison(ckan: Any, published: Any, steward: Any) -> None:
    def count() -> int:
        from ckanext.aivision.catalogue.evaluations.tallies import tallies

        return sum(tally.data_sets for tally in tallies() or () if tally.publisher == "River office")

    before = count()
    published(private=True)
    package = published()
    assert count() == before + 1
    ckan.get_action("package_delete")({"user": steward["name"]}, {"id": package["id"]})
    assert count() == before


def test_the_comparison_needs_no_login(ckan: Any, published: Any, snapshot: Any) -> None:
    published()
    snapshot()
    figures = ckan.get_action("aivision_compare")({"user": ""}, {})
    assert [country["label"] for country in figures["countries"]] == ["US", "UK"]
    assert figures["countries"][1]["data_sets"] >= 1


@pytest.mark.parametrize("action", ACTIONS_OF_SYSADMINS)
@pytest.mark.parametrize("who", ["", "steward"])
def test_harvests_are_for_sysadmins_only(ckan: Any, steward: Any, action: str, who: str) -> None:
    user = steward["name"] if who else ""
    with pytest.raises(ckan.NotAuthorized):
        ckan.get_action(action)({"user": user}, {"source": "gsa", "id": "none"})


def test_a_sysadmin_may_not_have_the_server_read_its_own_files(ckan: Any) -> None:
    with pytest.raises(ckan.ValidationError):
        ckan.get_action("aivision_harvest")({"ignore_auth": True}, {"source": "/etc/passwd"})


def test_reading_actions_can_be_called_by_get(ckan_application: Any, ckan: Any, published: Any, snapshot: Any) -> None:
    name = published()["name"]
    snapshot()
    client = ckan_application.test_client()
    for path in (f"aivision_score_show?id={name}", "aivision_compare"):
        answer = client.get(f"/api/3/action/{path}")
        assert answer.status_code == 200, path
        assert answer.get_json()["success"], path


def test_a_data_set_that_is_not_there_is_not_found(ckan: Any) -> None:
    with pytest.raises(ckan.ObjectNotFound):
        ckan.get_action("aivision_score_show")({"user": ""}, {"id": "no-such-data-set"})
