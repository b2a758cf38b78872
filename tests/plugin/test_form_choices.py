"""The choices of the form: nothing is chosen for a steward, and what is refused is named and kept."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import lxml.html
import pytest
from tests.plugin.forms import Steward, choices, read_form


@pytest.mark.parametrize("field", ["country", "license_id"])
def test_nothing_is_chosen_for_a_steward_who_has_to_choose_and_the_form_says_why(steward: Steward, field: str) -> None:
    answer = steward.reader.get("/dataset/new")
    chosen, options = choices(answer, field)
    assert (chosen, options[0]) == ("", "")
    page = lxml.html.fromstring(answer.get_data(as_text=True))
    (group,) = page.xpath(f"//select[@name='{field}']/ancestor::div[contains(@class, 'form-group')]")
    assert "is preselected" in group.text_content()


def test_a_form_without_country_and_licence_is_refused_and_says_which_are_missing(steward: Steward) -> None:
    name = f"levels-{uuid.uuid4().hex[:8]}"
    answer = steward.send("/dataset/new", 200, title="River levels", name=name)
    (errors,) = lxml.html.fromstring(answer.get_data(as_text=True)).xpath("//*[contains(@class, 'error-explanation')]")
    for words in ("Country of the publisher: Missing value", "Licence: Missing value"):
        assert words in " ".join(errors.text_content().split())
    assert choices(answer, "country")[0] == choices(answer, "license_id")[0] == ""
    assert read_form(answer, "/dataset/new")[1]["title"] == "River levels"


@pytest.mark.parametrize(
    ("field", "number"),
    [("license_id", 1), ("access_rights", 1), ("ai_use", 3), ("frequency", 4), ("personal_data", 5)],
)
def test_a_choice_that_is_not_on_the_list_is_refused_kept_and_named(
    steward: Steward, page: Any, field: str, number: int
) -> None:
    name, path = page(number)
    answer = steward.send(path, 200, **{field: "cc-mine"})
    assert choices(answer, field)[0] == "cc-mine"
    page_shown = lxml.html.fromstring(answer.get_data(as_text=True))
    (group,) = page_shown.xpath(f"//select[@name='{field}']/ancestor::div[contains(@class, 'form-group')]")
    assert "cc-mine (not on this list)" in group.text_content()
    assert group.xpath(".//*[contains(@class, 'error-block')]")
    assert steward.stored(name).get(field) != "cc-mine"


def test_a_new_form_keeps_what_was_refused(steward: Steward) -> None:
    typed = {"title": "River levels", "name": f"levels-{uuid.uuid4().hex[:8]}", "country": "GB", "license_id": "mine"}
    answer = steward.send("/dataset/new", 200, **typed)
    fields = read_form(answer, "/dataset/new")[1]
    assert {key: fields[key] for key in typed} == typed


def test_a_stored_value_that_is_not_on_the_list_is_not_replaced_by_the_first_choice(
    steward: Steward, dataset: Callable[..., str]
) -> None:
    from ckan import model
    from ckan.lib.search import rebuild

    name = dataset()
    model.Session.query(model.Package).filter_by(name=name).update({"license_id": "uk-ogl-of-old"})
    model.Session.commit()
    rebuild(name)
    answer = steward.reader.get(f"/dataset/edit/{name}/1")
    assert choices(answer, "license_id")[0] == "uk-ogl-of-old"


def test_the_organization_is_chosen_for_members_of_one_and_by_members_of_several(
    steward: Steward, reader: Any, person: Callable[..., str], ckan: Any, site_user: dict[str, Any], organization: str
) -> None:
    assert choices(steward.reader.get("/dataset/new"), "owner_org") == (organization, ["", organization])
    other = {"name": f"office-{uuid.uuid4().hex[:8]}", "title": "Another office"}
    other_id = ckan.get_action("organization_create")(dict(site_user), other)["id"]
    both = person("editor", organization)
    ckan.get_action("organization_member_create")(dict(site_user), {"id": other_id, "username": both, "role": "editor"})
    of_two = Steward(reader(both), ckan, organization)
    chosen, options = choices(of_two.reader.get("/dataset/new"), "owner_org")
    assert (chosen, sorted(options)) == ("", sorted(["", organization, other_id]))
    typed = {"title": "River levels", "name": f"levels-{uuid.uuid4().hex[:8]}", "country": "GB", "license_id": "none"}
    answer = of_two.send("/dataset/new", 200, **typed)
    assert choices(answer, "owner_org")[0] == ""
    assert "Organization" in lxml.html.fromstring(answer.get_data(as_text=True)).xpath(
        "string(//*[contains(@class, 'error-explanation')])"
    )


def test_the_organization_of_a_dataset_stays_on_the_list_of_those_who_cannot_publish_for_it(
    reader: Any, person: Callable[..., str], ckan: Any, site_user: dict[str, Any], dataset: Any, organization: str
) -> None:
    other = {"name": f"office-{uuid.uuid4().hex[:8]}", "title": "Another office"}
    other_id = ckan.get_action("organization_create")(dict(site_user), other)["id"]
    name = dataset(owner_org=other_id)
    both = person("editor", organization)
    ckan.get_action("organization_member_create")(dict(site_user), {"id": other_id, "username": both, "role": "editor"})
    of_one = Steward(reader(both), ckan, organization)
    page = of_one.reader.get(f"/dataset/edit/{name}/1")
    assert choices(page, "owner_org")[0] == other_id
    from ckanext.aivision.helpers import form

    listed = form.aivision_organization_choices("no-such-office")
    assert {"value": "no-such-office", "text": "no-such-office"} in listed


def test_themes_and_languages_are_chosen_in_words_and_stored_as_codes(steward: Steward, page: Any) -> None:
    name, path = page(2, language=["cy"], theme=["Rivers of ours"])
    answer = steward.reader.get(path)
    fields = read_form(answer, path)[1]
    assert (fields["language"], fields["theme"]) == ("Welsh", "Rivers of ours")
    shown = lxml.html.fromstring(answer.get_data(as_text=True))
    (listed,) = shown.xpath("//input[@name='theme']/@list")
    options = shown.xpath(f"//datalist[@id='{listed}']/option/@value")
    assert {"Health", "Inland waters (ISO 19115)"} <= set(options)
    steward.send(path, theme="Inland waters (ISO 19115)")
    assert steward.stored(name)["theme"] == ["inlandWaters"]
    steward.send(path, language="English", theme="Health")
    stored = steward.stored(name)
    assert stored["theme"] == ["http://publications.europa.eu/resource/authority/data-theme/HEAL"]
    assert stored["language"] == ["en"]


def test_a_theme_in_a_sources_own_words_is_not_replaced_by_a_code(steward: Steward, page: Any, ckan: Any) -> None:
    import ckan.model as model
    from ckan.lib.search import rebuild

    name, path = page(2)
    package = model.Package.get(name)
    package.extras = {**package.extras, "theme": '["Health"]'}
    model.Session.commit()
    rebuild(name)
    steward.send(path, dcat_type="survey")
    assert (steward.stored(name)["theme"], steward.stored(name)["dcat_type"]) == (["Health"], "survey")


def test_every_rhythm_is_in_words(steward: Steward, page: Any) -> None:
    answer = steward.reader.get(page(4)[1])
    words = lxml.html.fromstring(answer.get_data(as_text=True)).xpath("//select[@name='frequency']/option/text()")
    assert "Three times a week" in [text.strip() for text in words]
    assert [text for text in words if "R/" in text] == []
