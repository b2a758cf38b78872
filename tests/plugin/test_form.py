"""The form without JavaScript: what is typed, changed, emptied and removed on its pages is what is stored then."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

DESK = {"name": "Data desk", "email": "desk@rivers.example"}
OFFICE = {"name": "Office", "url": "https://rivers.example/contact"}
LAB = {"name": "Laboratory"}


class Steward:
    """An editor of one organization, who fills in forms."""

    def __init__(self, reader: Any, toolkit: Any, organization: str) -> None:
        self.reader, self._toolkit, self.organization = reader, toolkit, organization

    def stored(self, name: str) -> dict[str, Any]:
        import ckan.model as model

        # What other threads have saved since this one's session read it.
        model.Session.expire_all()
        found: dict[str, Any] = self._toolkit.get_action("package_show")({"ignore_auth": True}, {"id": name})
        return found

    def form(self, path: str) -> tuple[str, dict[str, str]]:
        """The address that the form on a page is sent to, and what it is filled with."""
        return read_form(self.reader.get(path), path)

    def send(self, path: str, status: int = 302, without: str = "\n", **typed: str) -> Any:
        """Opens the form, types into it, takes all inputs away that begin with `without`, and sends the rest."""
        address, fields = self.form(path)
        assert typed.keys() <= fields.keys() | {"save"}, typed.keys() - fields.keys()
        kept = {name: value for name, value in (fields | typed).items() if not name.startswith(without)}
        return self.reader.post(address, status, **{"save": "", **kept})


def read_form(answer: Any, path: str) -> tuple[str, dict[str, str]]:
    forms = lxml.html.fromstring(answer.get_data(as_text=True)).forms
    form = next(form for form in forms if form.get("id") in ("dataset-edit", "resource-edit"))
    return form.get("action") or path, dict(form.form_values())


@pytest.fixture
def steward(reader: Any, person: Callable[..., str], ckan: Any, organization: str) -> Steward:
    return Steward(reader(person("editor", organization)), ckan, organization)


@pytest.fixture
def dataset(ckan: Any, site_user: dict[str, Any], organization: str) -> Callable[..., str]:
    """Saves a dataset as the API does; gives its name."""

    def save(**fields: Any) -> str:
        name = f"levels-{uuid.uuid4().hex[:8]}"
        package = {"name": name, "title": "River levels", "country": "GB", "license_id": "OGL-UK-3.0", **fields}
        ckan.get_action("package_create")(dict(site_user), {"owner_org": organization, **package})
        return name

    return save


@pytest.fixture(params=["edit", "new"], ids=["published", "draft"])
def page(request: pytest.FixtureRequest, dataset: Callable[..., str]) -> Callable[..., tuple[str, str]]:
    """Saves a dataset, as a draft or published; gives its name and the address of a page of its form."""

    def open_page(number: int, **fields: Any) -> tuple[str, str]:
        name = dataset(state="draft" if request.param == "new" else "active", **fields)
        return name, f"/dataset/{request.param}/{name}/{number}"

    return open_page


def test_an_entry_is_added_to_those_that_there_are(steward: Steward, page: Any) -> None:
    name, path = page(1, contact=[DESK])
    steward.send(path, **{"contact-1-name": "Laboratory"})
    assert steward.stored(name)["contact"] == [DESK, LAB]


def test_the_first_entry_is_added_to_a_dataset_without_any(steward: Steward, page: Any) -> None:
    name, path = page(1)
    steward.send(path, **{"contact-0-name": "Laboratory"})
    assert steward.stored(name)["contact"] == [LAB]


def test_an_entry_is_changed_and_an_emptied_value_is_gone(steward: Steward, page: Any) -> None:
    name, path = page(1, contact=[DESK, OFFICE])
    steward.send(path, **{"contact-0-email": "", "contact-1-name": "New office"})
    assert steward.stored(name)["contact"] == [{"name": "Data desk"}, {**OFFICE, "name": "New office"}]


def test_an_entry_whose_values_are_all_emptied_is_gone(steward: Steward, page: Any) -> None:
    name, path = page(1, contact=[DESK, OFFICE, LAB])
    steward.send(path, **{"contact-1-name": "", "contact-1-url": ""})
    assert steward.stored(name)["contact"] == [DESK, LAB]


def test_an_entry_removed_from_the_middle_is_gone(steward: Steward, page: Any) -> None:
    name, path = page(1, contact=[DESK, OFFICE, LAB])
    steward.send(path, without="contact-1-")
    assert steward.stored(name)["contact"] == [DESK, LAB]


def test_all_entries_can_be_removed_and_other_pages_keep_theirs(steward: Steward, page: Any) -> None:
    name, path = page(1, contact=[DESK, OFFICE], creator=[LAB], spatial_coverage=[{"text": "Leeds"}])
    steward.send(path, without="contact-")
    stored = steward.stored(name)
    assert "contact" not in stored
    assert (stored["creator"], stored["spatial_coverage"]) == ([LAB], [{"text": "Leeds"}])


def test_periods_and_places_are_edited_as_contacts_are(steward: Steward, page: Any) -> None:
    name, path = page(2, temporal_coverage=[{"start": "2001-01-01"}], spatial_coverage=[{"text": "Leeds"}])
    typed = {"temporal_coverage-0-end": "2004-12-31", "spatial_coverage-1-text": "York"}
    steward.send(path, **typed)
    stored = steward.stored(name)
    assert stored["temporal_coverage"] == [{"start": "2001-01-01", "end": "2004-12-31"}]
    assert stored["spatial_coverage"] == [{"text": "Leeds"}, {"text": "York"}]


def test_a_year_alone_is_kept_by_a_form_that_is_saved_as_it_stands(steward: Steward, page: Any) -> None:
    name, path = page(2, temporal_coverage=[{"start": "2015", "end": "2019-06"}])
    steward.send(path)
    assert steward.stored(name)["temporal_coverage"] == [{"start": "2015", "end": "2019-06"}]


def test_more_than_ten_entries_keep_their_order(steward: Steward, page: Any) -> None:
    contacts = [{"name": f"Desk {number}"} for number in range(13)]
    name, path = page(1, contact=contacts)
    steward.send(path, **{"contact-13-name": "Desk 13"})
    assert [entry["name"] for entry in steward.stored(name)["contact"]] == [f"Desk {number}" for number in range(14)]


def test_a_new_dataset_keeps_the_order_of_more_than_ten_entries(
    ckan: Any, site_user: dict[str, Any], steward: Steward, dataset: Callable[..., str]
) -> None:
    name = dataset(**{f"contact-{number}-name": f"Desk {number}" for number in range(12)})
    assert [entry["name"] for entry in steward.stored(name)["contact"]] == [f"Desk {number}" for number in range(12)]


def test_what_was_typed_into_an_entry_is_kept_where_another_field_is_refused(steward: Steward, page: Any) -> None:
    name, path = page(2, temporal_coverage=[{"start": "2001-01-01"}], spatial_coverage=[{"text": "Leeds"}])
    typed = {"temporal_coverage-0-start": "some day", "spatial_coverage-0-text": "York"}
    _, fields = read_form(steward.send(path, 200, **typed), path)
    assert {key: fields[key] for key in typed} == typed
    assert steward.stored(name)["spatial_coverage"] == [{"text": "Leeds"}]


def test_a_draft_page_that_was_refused_is_mended_and_leads_on(
    steward: Steward, dataset: Callable[..., str], ckan: Any
) -> None:
    file = {"url": "https://rivers.example/levels.csv", "name": "Levels"}
    name = dataset(state="draft", notes="Levels of rivers.", limitations="Floods are missing.", resources=[file])
    path = f"/dataset/new/{name}/2"
    address, fields = read_form(steward.send(path, 200, **{"temporal_coverage-0-start": "some day"}), path)
    answer = steward.reader.post(address, **{**fields, "temporal_coverage-0-start": "2001-01-01", "save": ""})
    assert urlsplit(answer.headers["Location"]).path == f"/dataset/new/{name}/3"
    stored = steward.stored(name)
    assert stored["temporal_coverage"] == [{"start": "2001-01-01"}]
    assert (stored["notes"], stored["limitations"]) == ("Levels of rivers.", "Floods are missing.")
    assert [resource["name"] for resource in stored["resources"]] == ["Levels"]


def test_a_draft_opened_for_editing_keeps_the_other_pages_and_its_files(
    steward: Steward, dataset: Callable[..., str]
) -> None:
    file = {"url": "https://rivers.example/levels.csv", "name": "Levels"}
    name = dataset(state="draft", limitations="Floods are missing.", contact=[DESK], resources=[file])
    steward.send(f"/dataset/edit/{name}/1", title="Weekly river levels")
    stored = steward.stored(name)
    assert (stored["title"], stored["limitations"], stored["contact"]) == (
        "Weekly river levels",
        "Floods are missing.",
        [DESK],
    )
    assert [resource["name"] for resource in stored["resources"]] == ["Levels"]


def test_a_patch_over_the_api_leaves_alone_what_it_does_not_name(
    ckan: Any, site_user: dict[str, Any], steward: Steward, dataset: Callable[..., str]
) -> None:
    name = dataset(contact=[DESK], temporal_coverage=[{"start": "2001-01-01"}])
    ckan.get_action("package_patch")(dict(site_user), {"id": name, "notes": "Levels of rivers."})
    assert steward.stored(name)["contact"] == [DESK]
    ckan.get_action("package_patch")(dict(site_user), {"id": name, "contact": [OFFICE, LAB]})
    assert steward.stored(name)["contact"] == [OFFICE, LAB]
    ckan.get_action("package_patch")(dict(site_user), {"id": name, "contact": []})
    assert "contact" not in steward.stored(name)
    assert steward.stored(name)["temporal_coverage"] == [{"start": "2001-01-01"}]


def test_the_publisher_is_entered_changed_and_taken_away(steward: Steward, page: Any) -> None:
    name, path = page(3)
    steward.send(path, **{"publisher-0-name": "Rivers Trust", "publisher-0-url": "https://rivers.example"})
    assert steward.stored(name)["publisher"] == [{"name": "Rivers Trust", "url": "https://rivers.example"}]
    steward.send(path, **{"publisher-0-name": "Rivers Agency"})
    assert steward.stored(name)["publisher"] == [{"name": "Rivers Agency", "url": "https://rivers.example"}]
    assert "publisher-1-name" not in steward.form(path)[1]
    steward.send(path, **{"publisher-0-name": "", "publisher-0-url": ""})
    assert "publisher" not in steward.stored(name)


@given(st.dictionaries(st.integers(0, 10**30), st.text(min_size=1), max_size=15), st.lists(st.text()))
def test_entries_come_in_the_order_of_their_numbers_and_nothing_else_is_touched(
    entries: dict[int, str], others: list[str]
) -> None:
    from ckanext.aivision.logic.form_page import collapse_entries

    rest = {key: "other" for key in others if not key.startswith("contact-")}
    inputs = {f"contact-{index}-name": name for index, name in entries.items()}
    data: dict[str, Any] = {**rest, **inputs, "contact-REPEATING-INDEX0-name": ""}
    collapse_entries(data, {"contact"})
    expected = [{"name": entries[index]} for index in sorted(entries)]
    assert data.pop("contact", []) == expected
    assert data == {key: value for key, value in rest.items() if key != "contact"}


def test_inputs_of_resources_become_entries_too(monkeypatch: pytest.MonkeyPatch, ckan: Any) -> None:
    from ckanext.aivision.logic.form_page import read_dataset

    field = {"field_name": "station", "repeating_subfields": [{"field_name": "id"}]}
    schema = ckan.h.scheming_get_dataset_schema("dataset")
    monkeypatch.setitem(schema, "resource_fields", [*schema["resource_fields"], field])
    typed = {f"station-{number}-id": str(number) for number in (11, 2, 0)}
    data: dict[str, Any] = {"resources": [{"name": "Levels", "station": [{"id": "old"}], **typed}, {"name": "Map"}]}
    read_dataset(data, "dataset")
    entries = [{"id": "0"}, {"id": "2"}, {"id": "11"}]
    assert data == {"resources": [{"name": "Levels", "station": entries}, {"name": "Map"}]}


def test_a_published_dataset_is_unpublished_by_the_button_of_that_name(
    steward: Steward, dataset: Callable[..., str]
) -> None:
    name = dataset(contact=[DESK])
    steward.send(f"/dataset/edit/{name}/1", save="go-metadata-unpublish")
    assert (steward.stored(name)["state"], steward.stored(name)["contact"]) == ("draft", [DESK])


def choices(answer: Any, name: str) -> tuple[str, list[str]]:
    """What is chosen in a list of a form, and what can be chosen."""
    page = lxml.html.fromstring(answer.get_data(as_text=True))
    (select,) = page.xpath(f"//select[@name='{name}']")
    return select.value, select.value_options


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
    assert "Organisation" in lxml.html.fromstring(answer.get_data(as_text=True)).xpath(
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
    from ckanext.aivision import helpers

    listed = helpers.aivision_organization_choices("no-such-office")
    assert {"value": "no-such-office", "text": "no-such-office"} in listed


def publish(steward: Steward, **typed: str) -> str:
    """Sends all pages of the form and gives the dataset's name; its file's form is left to the test."""
    name = f"levels-{uuid.uuid4().hex[:8]}"
    essentials = {"title": "River levels", "name": name, "country": "GB", "license_id": "OGL-UK-3.0"}
    path = "/dataset/new"
    for page in ({**essentials, **typed}, {}, {}, {}, {}):
        path = urlsplit(steward.send(path, **page).headers["Location"]).path
    assert path == f"/dataset/{name}/resource/new"
    return name


def buttons(answer: Any) -> dict[str, tuple[str | None, str]]:
    """The buttons of a form that finish it, by their words: where they send it, and what with."""
    page = lxml.html.fromstring(answer.get_data(as_text=True))
    found = page.xpath("//form[@id='resource-edit']//button[@name='save' and contains(@value, 'go-metadata')]")
    return {button.text_content().strip(): (button.get("formaction"), button.get("value")) for button in found}


FILE = {"url": "https://rivers.example/levels.csv", "name": "Levels"}


def test_publish_makes_a_dataset_public_and_says_so_before(steward: Steward, reader: Any) -> None:
    name = publish(steward)
    reader("").get(f"/dataset/{name}", status=404)
    path = f"/dataset/{name}/resource/new"
    answer = steward.reader.get(path)
    assert "Publish makes this dataset visible to everyone." in answer.get_data(as_text=True)
    assert buttons(answer) == {"Publish": (None, "go-metadata")}
    steward.send(path, save="go-metadata", **FILE)
    stored = steward.stored(name)
    assert (stored["state"], stored["private"]) == ("active", False)
    reader("").get(f"/dataset/{name}")


def test_a_private_dataset_is_published_by_the_button_that_says_so(steward: Steward, reader: Any) -> None:
    name = publish(steward, private="True")
    path = f"/dataset/{name}/resource/new"
    answer = steward.reader.get(path)
    assert "only members of River office will be able to see it" in answer.get_data(as_text=True)
    assert list(buttons(answer)) == ["Publish to everyone", "Save as private"]
    address, value = buttons(answer)["Publish to everyone"]
    _, fields = steward.form(path)
    steward.reader.post(str(address), **{**fields, **FILE, "save": value})
    stored = steward.stored(name)
    assert (stored["state"], stored["private"]) == ("active", False)
    assert [resource["url"] for resource in stored["resources"]] == [FILE["url"]]
    assert "private" not in stored["resources"][0]


def test_a_private_dataset_can_be_finished_as_private_and_its_page_says_so(steward: Steward, reader: Any) -> None:
    name = publish(steward, private="True")
    steward.send(f"/dataset/{name}/resource/new", save="go-metadata", **FILE)
    stored = steward.stored(name)
    assert (stored["state"], stored["private"]) == ("active", True)
    assert "This dataset is private" in steward.reader.text(f"/dataset/{name}")
    reader("").get(f"/dataset/{name}", status=404)


def test_nobody_else_publishes_a_private_draft(
    steward: Steward, reader: Any, person: Callable[..., str], organization: str
) -> None:
    name = publish(steward, private="True")
    for user in (person("member", organization), person()):
        reader(user).post(f"/dataset/{name}/publish", 403, save="go-metadata", id="", **FILE)
    assert (steward.stored(name)["state"], steward.stored(name)["private"]) == ("draft", True)


def test_a_file_that_is_refused_publishes_nothing(steward: Steward) -> None:
    name = publish(steward, private="True")
    refused = {**FILE, "size": "many"}
    _, fields = steward.form(f"/dataset/{name}/resource/new")
    steward.reader.post(f"/dataset/{name}/publish", 200, **{**fields, **refused, "save": "go-metadata"})
    assert (steward.stored(name)["state"], steward.stored(name)["private"]) == ("draft", True)


@pytest.fixture
def of_a_source(
    harvested: Any, source: Callable[..., str], site_user: dict[str, Any], ckan: Any
) -> Callable[..., tuple[dict[str, Any], str]]:
    """Harvests a record; gives its package and the name of the source."""
    from tests.records import record

    def harvest(**fields: Any) -> tuple[dict[str, Any], str]:
        name = source(title="Rivers of the North", url="https://user:key@rivers.example/data.json?token=secret")
        assert harvested(name, [record(1, identifier=uuid.uuid4().hex, **fields)]).state == "finished"
        (row,) = ckan.get_action("aivision_record_list")(dict(site_user), {"source": name})
        package = ckan.get_action("package_show")(dict(site_user), {"id": row["package_id"]})
        return package, name

    return harvest


@pytest.fixture
def editor(reader: Any, person: Callable[..., str]) -> Callable[[dict[str, Any]], Any]:
    """An editor of the organization that a package belongs to."""
    return lambda package: reader(person("editor", package["owner_org"]))


def test_every_page_that_changes_a_harvested_dataset_says_that_the_next_harvest_replaces_it(
    of_a_source: Any, editor: Any
) -> None:
    package, _ = of_a_source(landingPage="https://rivers.example/station/1")
    name, file = package["name"], package["resources"][0]["id"]
    pages = [f"/dataset/edit/{name}/{number}" for number in range(1, 6)]
    others = [f"/dataset/{name}/resource/{file}/edit", f"/dataset/{name}/resource/new", f"/dataset/resources/{name}"]
    for path in (*pages, *others):
        text = " ".join(editor(package).text(path).split())
        assert "This dataset is harvested from Rivers of the North." in text, path
        assert "The next harvest then overwrites them" in text, path
        assert 'href="https://rivers.example/station/1"' in text, path


def test_a_harvested_dataset_without_a_page_links_to_its_source_without_its_key(of_a_source: Any, editor: Any) -> None:
    package, _ = of_a_source(landingPage=None)
    text = editor(package).text(f"/dataset/edit/{package['name']}/1")
    assert 'href="https://rivers.example/data.json"' in text
    assert "secret" not in text
    assert "user:key" not in text


def test_fix_it_leads_to_the_source_of_a_harvested_dataset_and_into_the_form_of_any_other(
    of_a_source: Any, editor: Any, steward: Steward, dataset: Callable[..., str]
) -> None:
    package, _ = of_a_source(landingPage="https://rivers.example/station/1")
    card = lxml.html.fromstring(editor(package).text(f"/dataset/{package['name']}")).get_element_by_id("ai-readiness")
    links = {link.get("href") for link in card.xpath(".//a[starts-with(text(), 'Fix it')]")}
    assert links == {"https://rivers.example/station/1"}
    assert "This dataset is harvested from Rivers of the North." in card.text_content()
    name = dataset()
    card = lxml.html.fromstring(steward.reader.text(f"/dataset/{name}")).get_element_by_id("ai-readiness")
    links = {link.get("href").split("#")[0] for link in card.xpath(".//a[text()='Fix it']")}
    assert links
    assert all(link.startswith(f"/dataset/edit/{name}/") or link == f"/dataset/resources/{name}" for link in links)
    for path in (f"/dataset/{name}", f"/dataset/edit/{name}/1"):
        assert "is harvested from" not in steward.reader.text(path)


def test_readers_of_a_harvested_dataset_are_not_told_how_to_edit_it(of_a_source: Any, reader: Any) -> None:
    package, _ = of_a_source()
    assert "Your changes here last only" not in reader("").text(f"/dataset/{package['name']}")
