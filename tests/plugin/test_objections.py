"""Objections: a steward says that a result is wrong, readers see it beside the result, operators see all."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest

LICENCE = {"license_id": "OGL-UK-3.0"}
CRITERION = "title-descriptive"
TEXT = "The title follows our standard <b>for rivers</b>."


@pytest.fixture
def steward(person: Callable[..., str], organization: str) -> str:
    return person("editor", organization)


@pytest.fixture
def dataset(ckan: Any, site_user: dict[str, Any], organization: str) -> Callable[..., dict[str, Any]]:
    def publish(**fields: Any) -> dict[str, Any]:
        name = f"levels-{uuid.uuid4().hex[:8]}"
        package = {"name": name, "title": "Levels", "owner_org": organization, "country": "GB", **LICENCE, **fields}
        made: dict[str, Any] = ckan.get_action("package_create")(dict(site_user), package)
        return made

    return publish


@pytest.fixture
def objected(ckan: Any, steward: str, dataset: Any) -> dict[str, Any]:
    package: dict[str, Any] = dataset()
    said = {"id": package["id"], "criterion": CRITERION, "text": TEXT}
    ckan.get_action("aivision_objection_save")({"user": steward}, said)
    return package


def address(package: dict[str, Any]) -> str:
    return f"/dataset/{package['name']}/objection/{CRITERION}"


def test_readers_see_an_objection_beside_its_result_as_plain_text(objected: dict[str, Any], reader: Any) -> None:
    raw = reader("").get(f"/dataset/{objected['name']}").get_data(as_text=True)
    assert "The publisher disagrees" in raw
    assert "our standard &lt;b&gt;for rivers&lt;/b&gt;" in raw
    assert "Change or withdraw" not in raw
    assert "The publisher disagrees" in reader("").text(f"/dataset/{objected['name']}?lens=fair")


def test_a_steward_writes_changes_and_withdraws_it_in_a_form(dataset: Any, steward: str, reader: Any) -> None:
    package, own = dataset(), reader(steward)
    page = f"/dataset/{package['name']}"
    assert address(package) in own.text(page)
    assert address(package) not in reader("").text(page)
    own.post(address(package), text="It is a name.")
    assert "It is a name." in reader("").text(page)
    assert "It is a name." in own.text(address(package))
    own.post(address(package), text="It is the river's name.")
    assert "It is a name." not in reader("").text(page)
    own.post(address(package), withdraw="1")
    assert "The publisher disagrees" not in reader("").text(page)


@pytest.mark.parametrize("text", ["", "   ", "x" * 1001])
def test_a_text_that_cannot_be_kept_is_refused_and_stays_in_the_form(
    dataset: Any, steward: str, reader: Any, text: str
) -> None:
    package = dataset()
    answer = reader(steward).post(address(package), 400, text=text)
    shown = answer.get_data(as_text=True)
    assert "Say why the result is wrong" in shown or "at most 1000 characters; these are 1001" in shown
    assert text.strip() in shown
    # A sentence, and no list as Python writes it.
    assert "[&#39;" not in shown


def test_whoever_cannot_edit_the_dataset_cannot_object(ckan: Any, dataset: Any, person: Any, reader: Any) -> None:
    package, stranger = dataset(), person()
    reader(stranger).get(address(package), status=403)
    reader(stranger).post(address(package), 403, text="No.")
    reader("").get(address(package), status=302)
    result = {"id": package["id"], "criterion": CRITERION}
    for user in (stranger, ""):
        for action, more in (("aivision_objection_save", {"text": "No."}), ("aivision_objection_delete", {})):
            with pytest.raises(ckan.NotAuthorized):
                ckan.get_action(action)({"user": user}, {**result, **more})


def test_objections_of_a_private_dataset_are_for_its_own_people(
    ckan: Any, dataset: Any, steward: str, site_user: dict[str, Any]
) -> None:
    package = dataset(private=True)
    said = {"id": package["id"], "criterion": CRITERION, "text": TEXT}
    ckan.get_action("aivision_objection_save")({"user": steward}, said)
    asked = {"id": package["name"]}
    assert [row["text"] for row in ckan.get_action("aivision_objection_list")({"user": steward}, asked)] == [TEXT]
    with pytest.raises(ckan.NotAuthorized):
        ckan.get_action("aivision_objection_list")({"user": ""}, asked)


def test_operators_see_all_of_them_the_newest_first(
    objected: dict[str, Any], person: Any, steward: str, reader: Any
) -> None:
    operator = reader(person("sysadmin"))
    text = operator.text("/ckan-admin/objections")
    assert objected["title"] in text
    assert TEXT in text
    assert steward in text
    reader(steward).get("/ckan-admin/objections", status=403)
    reader("").get("/ckan-admin/objections", status=302)


def test_a_purged_dataset_takes_its_objections_along(
    ckan: Any, objected: dict[str, Any], site_user: dict[str, Any]
) -> None:
    ckan.get_action("dataset_purge")(dict(site_user), {"id": objected["id"]})
    listed = ckan.get_action("aivision_objection_list")(dict(site_user), {"limit": 1000})
    assert objected["id"] not in {row["package_id"] for row in listed}


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({}, "id"),
        ({"id": ["x"]}, "id"),
        ({"criterion": "no-such"}, "criterion"),
        ({"criterion": 7}, "criterion"),
        ({"criterion": CRITERION, "text": ["x"]}, "text"),
        ({"criterion": CRITERION, "text": "a\0b"}, "text"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_field(
    ckan: Any, dataset: Any, steward: str, asked: dict[str, Any], field: str
) -> None:
    given = {"id": dataset()["id"], **asked} if field != "id" else asked
    with pytest.raises(ckan.ValidationError) as refused:
        ckan.get_action("aivision_objection_save")({"user": steward}, given)
    assert field in refused.value.error_dict


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 30, "99999"])
def test_a_page_that_is_not_there_is_no_error(person: Any, reader: Any, page: str) -> None:
    reader(person("sysadmin")).get(f"/ckan-admin/objections?page={page}")


def test_an_unknown_criterion_or_dataset_is_not_found(dataset: Any, steward: str, reader: Any) -> None:
    reader(steward).get(f"/dataset/{dataset()['name']}/objection/no-such", status=404)
    reader(steward).get(f"/dataset/no-such-{uuid.uuid4()}/objection/{CRITERION}", status=404)
