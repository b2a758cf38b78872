"""Who may do what with a work list and with changes to many datasets: every action, every role."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest

OGL = {"license_id": "OGL-UK-3.0"}
ALLOWED = ("editor", "admin", "sysadmin")
READING = ("fix_list", "fix_show", "bulk_edit_list", "bulk_edit_show")  # and so the same for everyone in turn
# By the action: what it is called with, where {organization}, {dataset} and {edit} stand for those of the test.
CALLS: dict[str, dict[str, Any]] = {
    "fix_list": {"organization": "{organization}"},
    "fix_show": {"organization": "{organization}", "fix": "licence"},
    "bulk_edit_create": {
        "organization": "{organization}",
        "fix": "licence",
        "values": OGL,
        "datasets": ["{dataset}"],
    },
    "bulk_edit_import": {"organization": "{organization}", "rows": [{"id": "{dataset}", "citation": "Ours."}]},
    "bulk_edit_add": {"organization": "{organization}", "rows": [{"title": "Tides"}]},
    "bulk_edit_list": {"organization": "{organization}"},
    "bulk_edit_show": {"id": "{edit}"},
    "bulk_edit_apply": {"id": "{edit}"},
    "bulk_edit_undo": {"id": "{edit}"},
    "bulk_edit_discard": {"id": "{edit}"},
}


@pytest.fixture
def roles(ckan: Any, site_user: dict[str, Any], person: Callable[..., str], organization: str) -> dict[str, str]:
    other = ckan.get_action("organization_create")(dict(site_user), {"name": f"other-{uuid.uuid4().hex[:8]}"})["id"]
    members = {role: person(role, organization) for role in ("member", "editor", "admin")}
    strangers = {"editor of another": person("editor", other), "admin of another": person("admin", other)}
    return {"": "", "stranger": person(), **members, **strangers, "sysadmin": person("sysadmin")}


@pytest.mark.parametrize("action", CALLS)
def test_an_action_is_for_editors_and_admins_of_the_organization_and_sysadmins(
    ckan: Any, act: Any, levels: Any, prepared: Any, worker: Any, roles: Any, organization: str, action: str
) -> None:
    def ready() -> tuple[str, str]:
        package = levels(state="draft", title="Secret levels")
        edit = prepared("licence", OGL, [package["id"]])
        if action == "bulk_edit_undo":
            act(roles["editor"], "bulk_edit_apply", id=edit)
            worker("apply", edit, roles["editor"])
        return edit, package["id"]

    edit, dataset = ready()
    for role, user in roles.items():
        if role in ALLOWED and action not in READING:
            edit, dataset = ready()
        places = {"{organization}": organization, "{edit}": edit, "{dataset}": dataset}
        asked = {name: _filled(value, places) for name, value in CALLS[action].items()}
        if role in ALLOWED:
            act(user, action, **asked)
            continue
        for call in (asked, {**asked, "nothing": "1"}):
            with pytest.raises(ckan.NotAuthorized) as refused:
                act(user, action, **call)
            assert "Secret" not in str(refused.value)


def _filled(value: Any, places: dict[str, str]) -> Any:
    if isinstance(value, list):
        return [_filled(item, places) for item in value]
    if isinstance(value, dict):
        return {name: _filled(item, places) for name, item in value.items()}
    return places.get(value, value)


def test_a_change_is_made_with_the_rights_of_who_applies_it_at_that_moment(
    ckan: Any,
    act: Any,
    levels: Any,
    prepared: Any,
    worker: Any,
    shown: Any,
    editor: str,
    organization: str,
    site_user: Any,
) -> None:
    package = levels()
    edit = prepared("licence", OGL, [package["id"]])
    act(editor, "bulk_edit_apply", id=edit)
    ckan.get_action("organization_member_delete")(dict(site_user), {"id": organization, "username": editor})
    worker("apply", edit, editor)
    assert shown(package["id"])["license_id"] == "none"


def test_datasets_of_another_organization_cannot_be_named(
    ckan: Any, act: Any, levels: Any, site_user: Any, organization: str, editor: str
) -> None:
    other = ckan.get_action("organization_create")(dict(site_user), {"name": f"other-{uuid.uuid4().hex[:8]}"})["id"]
    foreign = levels(owner_org=other, private=True, title="Secret levels")
    given = {"organization": organization, "fix": "licence", "values": OGL}
    messages = set()
    for name in (foreign["id"], foreign["name"], str(uuid.uuid4())):
        with pytest.raises(ckan.ValidationError) as refused:
            act(editor, "bulk_edit_create", datasets=[levels()["id"], name], **given)
        messages.add(refused.value.error_dict["datasets"][0].replace(name, "NAME"))
    assert messages == {"The organization has no dataset NAME"}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"fix": "no-such"}, "fix"),
        ({"fix": "size-given"}, "fix"),
        ({"values": {}}, "values"),
        ({"values": {"owner_org": "x"}}, "values"),
        ({"values": {"license_id": "no-such-licence"}}, "values"),
        ({"values": {"license_id": {"a": 1}}}, "values"),
        ({"values": {"license_id": "a\0b"}}, "values"),
        ({"fix": "contact", "values": {"contact": "x"}}, "values"),
        ({"fix": "contact", "values": {"contact": [{"owner": "x"}]}}, "values"),
        ({"fix": "citation", "values": {"citation": "x" * 30_000}}, "values"),
        ({"values": "x"}, "values"),
        ({"datasets": []}, "datasets"),
        ({"datasets": ["x" * 200]}, "datasets"),
        ({"datasets": ["x"] * 5001}, "datasets"),
        ({"datasets": [{"id": "x"}]}, "datasets"),
        ({"every": "maybe"}, "every"),
        ({"nothing": 1}, "nothing"),
    ],
)
def test_what_makes_no_sense_is_refused_by_its_field(
    ckan: Any, act: Any, office: Any, given: dict[str, Any], field: str
) -> None:
    usual = {"organization": office.id, "fix": "licence", "values": OGL, "datasets": [office.datasets["weekly"]]}
    with pytest.raises(ckan.ValidationError) as refused:
        act(office.editor, "bulk_edit_create", **{**usual, **given})
    assert field in refused.value.error_dict


def test_an_organization_cannot_fill_the_queue(
    ckan: Any, act: Any, levels: Any, organization: str, editor: str
) -> None:
    given = {"organization": organization, "fix": "licence", "values": OGL, "datasets": [levels()["id"]]}
    for _ in range(20):
        act(editor, "bulk_edit_create", **given)
    with pytest.raises(ckan.ValidationError, match="wait"):
        act(editor, "bulk_edit_create", **given)


def test_a_form_without_its_token_is_refused_and_one_change_is_no_other_organizations(
    act: Any, levels: Any, prepared: Any, editor: str, person: Any, reader: Any, ckan: Any, site_user: Any
) -> None:
    package = levels()
    edit, name = prepared("licence", OGL, [package["id"]]), package["organization"]["name"]
    other = ckan.get_action("organization_create")(dict(site_user), {"name": f"other-{uuid.uuid4().hex[:8]}"})
    reader(person("sysadmin")).get(f"/organization/{other['name']}/improve/edit/{edit}", status=404)
    reader(person()).post(f"/organization/{name}/improve/edit/{edit}/apply", 403)
    reader("").post(f"/organization/{name}/improve/edit/{edit}/apply", 403)
    reader(editor).post(f"/organization/{name}/improve/edit/{edit}/purge", 404)
    assert act(editor, "bulk_edit_show", id=edit)["state"] == "checked"


def test_the_form_previews_and_applies_without_scripts(
    act: Any, levels: Any, worker: Any, shown: Any, editor: str, reader: Any
) -> None:
    package, other = levels(title="Levels <i>one</i>"), levels()
    name, own = package["organization"]["name"], reader(editor)
    page = f"/organization/{name}/improve/fix/licence"
    refused = own.post(page, 400, dataset=package["id"], license_id="")
    assert "Fill in at least one field" in refused.get_data(as_text=True)
    assert f'value="{package["id"]}" aria-label="Levels &lt;i&gt;one&lt;/i&gt;" checked' in refused.get_data(
        as_text=True
    )
    address = own.post(page, dataset=package["id"], license_id="OGL-UK-3.0").headers["Location"]
    waiting = own.get(address)
    assert waiting.headers["Refresh"] == "5"
    edit = address.rsplit("/")[-1]
    worker("check", edit, editor)
    text = own.text(address)
    assert "Apply to 1 datasets" in text
    assert other["title"] not in text
    own.post(f"/organization/{name}/improve/edit/{edit}/apply")
    worker("apply", edit, editor)
    assert "Undo in 1 datasets" in own.text(address)
    assert shown(package["id"])["license_id"] == "OGL-UK-3.0"
    own.post(f"/organization/{name}/improve/edit/{edit}/undo")
    worker("undo", edit, editor)
    assert shown(package["id"])["license_id"] == "none"
    assert "Undone" in own.text(address)
