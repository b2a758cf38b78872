"""What an organization fills in for its new datasets: set on its edit page, used by the form and by nothing else."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import lxml.html
import pytest
from tests.plugin.forms import Steward, choices, read_form

TYPED = {
    "country": "GB",
    "license_id": "OGL-UK-3.0",
    "contact_name": "Data desk",
    "contact_email": "desk@rivers.example.gov.uk",
    "publisher_name": "Rivers Agency",
    "language": "cy",
    "theme": "http://publications.europa.eu/resource/authority/data-theme/ENVI",
}


def organization_form(answer: Any) -> tuple[Any, dict[str, str]]:
    page = lxml.html.fromstring(answer.get_data(as_text=True))
    form = page.get_element_by_id("organization-edit-form")
    return page, dict(form.form_values())


@pytest.fixture
def set_defaults(reader: Any, person: Callable[..., str], organization: str) -> Callable[..., Any]:
    """Types defaults on the organization's edit page, as one of its admins; gives the answer."""

    def set_all(status: int = 302, **typed: str) -> Any:
        admin, path = reader(person("admin", organization)), f"/organization/edit/{organization}"
        fields = organization_form(admin.get(path))[1]
        inputs = {f"aivision_default_{key}": value for key, value in typed.items()}
        assert inputs.keys() <= fields.keys()
        return admin.post(path, status, **{**fields, **inputs, "save": ""})

    return set_all


@pytest.fixture
def extras(ckan: Any, organization: str) -> Callable[[], dict[str, str]]:
    def read() -> dict[str, str]:
        import ckan.model as model

        model.Session.expire_all()
        found = ckan.get_action("organization_show")({"ignore_auth": True}, {"id": organization})
        return {extra["key"]: extra["value"] for extra in found["extras"]}

    return read


def test_an_admin_sets_changes_and_clears_the_defaults_on_the_edit_page(set_defaults: Any, extras: Any) -> None:
    set_defaults(**TYPED, bureau_code="010:18")
    assert extras() == {f"aivision_default_{key}": value for key, value in {**TYPED, "bureau_code": "010:18"}.items()}
    set_defaults(country="US", language="")
    assert extras()["aivision_default_country"] == "US"
    assert "aivision_default_language" not in extras()
    set_defaults(**dict.fromkeys([*TYPED, "bureau_code"], ""))
    assert extras() == {}


def test_defaults_that_mean_nothing_are_refused_named_and_kept_in_the_form(set_defaults: Any, extras: Any) -> None:
    wrong = {"country": "FR", "contact_email": "the data desk", "bureau_code": "Interior"}
    page, fields = organization_form(set_defaults(200, **wrong))
    for key, value in wrong.items():
        (group,) = page.xpath(f"//*[@name='aivision_default_{key}']/ancestor::div[contains(@class, 'form-group')]")
        assert group.xpath(".//*[contains(@class, 'error-block')]"), key
        assert fields[f"aivision_default_{key}"] == value or key == "country"
    assert extras() == {}


def test_the_api_checks_them_too_and_leaves_other_extras_alone(
    ckan: Any, site_user: dict[str, Any], organization: str, extras: Any
) -> None:
    patch = ckan.get_action("organization_patch")
    own = {"key": "telephone", "value": "none"}
    patch(dict(site_user), {"id": organization, "extras": [own, {"key": "aivision_default_country", "value": "GB"}]})
    patch(dict(site_user), {"id": organization, "title": "River office of the north"})
    assert extras() == {"telephone": "none", "aivision_default_country": "GB"}
    with pytest.raises(ckan.ValidationError) as refused:
        patch(dict(site_user), {"id": organization, "aivision_default_contact_url": "javascript:alert(1)"})
    assert list(refused.value.error_dict) == ["aivision_default_contact_url"]


def test_an_editor_cannot_set_them(ckan: Any, person: Callable[..., str], organization: str) -> None:
    editor = {"user": person("editor", organization)}
    with pytest.raises(ckan.NotAuthorized):
        ckan.get_action("organization_patch")(editor, {"id": organization, "aivision_default_country": "no country"})


def test_the_form_of_a_new_dataset_is_filled_with_them_and_a_steward_can_change_and_clear_them(
    set_defaults: Any, steward: Steward
) -> None:
    set_defaults(**TYPED)
    answer = steward.reader.get("/dataset/new")
    fields = read_form(answer, "/dataset/new")[1]
    assert (choices(answer, "country")[0], choices(answer, "license_id")[0]) == ("GB", "OGL-UK-3.0")
    assert (fields["contact-0-name"], fields["contact-0-email"]) == ("Data desk", "desk@rivers.example.gov.uk")
    name = f"levels-{uuid.uuid4().hex[:8]}"
    cleared = {"contact-0-name": "", "contact-0-email": ""}
    answer = steward.send("/dataset/new", title="River levels", name=name, license_id="CC0-1.0", **cleared)
    stored = steward.stored(name)
    assert (stored["country"], stored["license_id"], stored.get("contact")) == ("GB", "CC0-1.0", None)
    assert stored["publisher"] == [{"name": "Rivers Agency"}]
    assert (stored["language"], stored["theme"]) == (["cy"], [TYPED["theme"]])
    told = steward.reader.text(urlsplit(answer.headers["Location"]).path)
    assert "Filled in as your organization has set it: Publisher, Languages, Themes" in told


def test_a_member_of_several_organizations_gets_those_of_the_one_that_is_chosen(
    set_defaults: Any, steward: Steward, ckan: Any, site_user: dict[str, Any], reader: Any, person: Any
) -> None:
    set_defaults(**TYPED)
    other = ckan.get_action("organization_create")(dict(site_user), {"name": f"office-{uuid.uuid4().hex[:8]}"})["id"]
    both = person("editor", steward.organization)
    ckan.get_action("organization_member_create")(dict(site_user), {"id": other, "username": both, "role": "editor"})
    of_two = Steward(reader(both), ckan, other)
    assert choices(of_two.reader.get("/dataset/new"), "country")[0] == ""
    name = f"levels-{uuid.uuid4().hex[:8]}"
    of_two.send("/dataset/new", title="River levels", name=name, owner_org=steward.organization)
    stored = steward.stored(name)
    assert (stored["country"], stored["contact"][0]["name"]) == ("GB", "Data desk")
    of_two.send("/dataset/new", 200, title="River levels", owner_org=other)


def test_what_the_api_creates_has_none_of_them(set_defaults: Any, steward: Steward, dataset: Any) -> None:
    set_defaults(**TYPED)
    stored = steward.stored(dataset(country="US", license_id="us-pd"))
    assert (stored["country"], stored["license_id"]) == ("US", "us-pd")
    assert not stored.keys() & {"contact", "publisher", "language", "theme"}


def test_the_page_about_an_organization_does_not_list_them(set_defaults: Any, reader: Any, organization: str) -> None:
    set_defaults(**TYPED)
    assert "aivision_default" not in reader("").text(f"/organization/about/{organization}")
