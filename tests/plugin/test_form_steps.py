"""The ways through the form: back, on, to the data, out of it with a draft; and what has to be filled in when."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlsplit

import lxml.html
import pytest
from tests.plugin.forms import Steward, read_form


def led_to(answer: Any) -> str:
    return urlsplit(answer.headers["Location"]).path


def begin(steward: Steward, **typed: str) -> str:
    """Saves a draft with a title alone; gives its name."""
    answer = steward.send("/dataset/new", save="go-draft", title=f"River levels {uuid.uuid4().hex[:8]}", **typed)
    return led_to(answer).rsplit("/", 1)[-1]


def errors_in(answer: Any) -> str:
    page = lxml.html.fromstring(answer.get_data(as_text=True))
    return " ".join(page.xpath("string(//*[contains(@class, 'error-explanation')])").split())


def test_a_draft_is_saved_with_a_title_alone_and_its_address_is_made_of_it(steward: Steward, reader: Any) -> None:
    title = f"Afon Dyfi: lefelau'r dŵr {uuid.uuid4().hex[:8]}"
    name = led_to(steward.send("/dataset/new", save="go-draft", title=title)).rsplit("/", 1)[-1]
    stored = steward.stored(name)
    assert (stored["title"], stored["state"]) == (title, "draft")
    assert name.startswith("afon-dyfi-lefelaur-d")
    assert not stored.get("country")
    assert not stored.get("license_id")
    reader("").get(f"/dataset/{name}", status=404)
    second = led_to(steward.send("/dataset/new", save="go-draft", title=title)).rsplit("/", 1)[-1]
    assert second == f"{name}-2"


def test_without_a_title_the_form_asks_for_the_title_and_not_for_an_address(steward: Steward) -> None:
    answer = steward.send("/dataset/new", 200, save="go-draft", notes="Levels of rivers.")
    assert "Title: Missing value" in errors_in(answer)
    assert "Address" not in errors_in(answer)
    assert read_form(answer, "/dataset/new")[1]["notes"].strip() == "Levels of rivers."


def test_next_asks_for_what_is_missing_on_this_page_and_not_for_what_is_on_others(steward: Steward) -> None:
    name = begin(steward)
    answer = steward.send(f"/dataset/new/{name}/1", 200)
    for label in ("Country of the publisher", "Licence"):
        assert f"{label}: Missing value" in errors_in(answer)
    assert led_to(steward.send(f"/dataset/new/{name}/2", dcat_type="time series")) == f"/dataset/new/{name}/3"
    assert steward.stored(name)["dcat_type"] == "time series"


@pytest.mark.parametrize(
    ("button", "number", "to"),
    [
        ("go-previous", 3, "new/{name}/2"),
        ("go-draft", 3, "{name}"),
        ("go-data", 2, "{name}/resource/new"),
        ("go-next", 5, "{name}/resource/new"),
    ],
)
def test_every_button_saves_what_was_typed_and_leads_where_it_says(
    steward: Steward, button: str, number: int, to: str
) -> None:
    name, field = begin(steward), {2: "dcat_type", 3: "citation", 5: "biases"}[number]
    answer = steward.send(f"/dataset/new/{name}/{number}", save=button, **{field: "As typed."})
    assert led_to(answer) == f"/dataset/{to.format(name=name)}"
    assert (steward.stored(name)[field], steward.stored(name)["state"]) == ("As typed.", "draft")


def test_every_page_offers_all_ways(steward: Steward, dataset: Any) -> None:
    name, published = begin(steward), dataset()
    ways = {"go-next", "go-previous", "go-draft", "go-data"}
    for number, fewer in ((1, {"go-previous"}), (2, set()), (5, {"go-data"})):
        assert offered(steward, f"/dataset/new/{name}/{number}") == ways - fewer
    assert offered(steward, f"/dataset/edit/{published}/2") == {
        "go-save",
        "go-previous",
        "go-data",
        "go-metadata-unpublish",
    }


def offered(steward: Steward, path: str) -> set[str]:
    page = lxml.html.fromstring(steward.reader.get(path).get_data(as_text=True))
    return set(page.xpath("//form[@id='dataset-edit']//button[@name='save']/@value"))


def test_the_enter_key_presses_the_button_that_saves(steward: Steward, dataset: Any) -> None:
    for path in ("/dataset/new", f"/dataset/edit/{dataset()}/2"):
        page = lxml.html.fromstring(steward.reader.get(path).get_data(as_text=True))
        first = page.xpath("//form[@id='dataset-edit']//button[@type='submit']")[0]
        assert first.get("value") in ("go-next", "go-save")
        assert first.get("formaction") is None


def test_a_published_dataset_has_to_keep_what_is_required(steward: Steward, dataset: Any) -> None:
    name = dataset()
    answer = steward.send(f"/dataset/edit/{name}/1", 200, license_id="")
    assert "Licence: Missing value" in errors_in(answer)
    assert steward.stored(name)["license_id"] == "OGL-UK-3.0"


def test_publish_asks_for_what_is_missing_keeps_the_file_and_leads_to_the_page(steward: Steward) -> None:
    name = begin(steward)
    path = f"/dataset/{name}/publish?to=everyone"
    file = {"url": "https://rivers.example.gov/levels.csv", "name": "Levels"}
    fields = steward.form(f"/dataset/{name}/resource/new")[1]
    answer = steward.reader.post(path, **{**fields, **file, "save": "go-metadata"})
    assert led_to(answer) == f"/dataset/new/{name}/1"
    told = steward.reader.text(f"/dataset/new/{name}/1")
    assert "Before you can publish, fill in: Country of the publisher, Licence" in told
    stored = steward.stored(name)
    assert (stored["state"], [resource["url"] for resource in stored["resources"]]) == ("draft", [file["url"]])
    steward.send(f"/dataset/new/{name}/1", save="go-data", country="GB", license_id="OGL-UK-3.0")
    steward.reader.post(path, **{**fields, "url_type": "", "save": "go-metadata"})
    stored = steward.stored(name)
    assert (stored["state"], stored["private"], len(stored["resources"])) == ("active", False, 1)


@pytest.mark.parametrize("file", [{}, {"url": "https://rivers.example.gov/levels.csv"}])
def test_save_draft_on_the_page_of_files_publishes_nothing(steward: Steward, file: dict[str, str]) -> None:
    name = begin(steward)
    fields = steward.form(f"/dataset/{name}/resource/new")[1]
    answer = steward.reader.post(
        f"/dataset/{name}/publish?to=draft", **{**fields, "url_type": "", **file, "save": "again"}
    )
    assert led_to(answer) == f"/dataset/{name}"
    stored = steward.stored(name)
    assert (stored["state"], [resource["url"] for resource in stored["resources"]]) == ("draft", list(file.values()))


@pytest.mark.parametrize("kind", ["new", "draft", "published"])
def test_a_text_of_a_megabyte_is_refused_in_the_form_and_nothing_typed_is_lost(
    steward: Steward, dataset: Any, kind: str
) -> None:
    path = {
        "new": lambda: "/dataset/new",
        "draft": lambda: f"/dataset/new/{begin(steward)}/1",
        "published": lambda: f"/dataset/edit/{dataset()}/1",
    }[kind]()
    long = "Lefelau'r dŵr. " * 70_000
    answer = steward.send(path, 200, title="River levels", notes=long, **{"contact-0-name": "Data desk"})
    assert "Description: Use at most 200,000 characters; these are 1,050,000." in errors_in(answer)
    fields = read_form(answer, path)[1]
    assert (fields["title"], fields["contact-0-name"]) == ("River levels", "Data desk")
    assert fields["notes"].strip() == long.strip()


def test_nobody_else_saves_a_page(steward: Steward, reader: Any, person: Any, organization: str, dataset: Any) -> None:
    name = dataset(notes="Levels of rivers.")
    for user in (person("member", organization), person()):
        reader(user).post(f"/dataset/form/{name}/1", 403, save="go-save", notes="Other words.")
    reader("").post(f"/dataset/form/{name}/1", 403, save="go-save", notes="Other words.")
    reader("").post("/dataset/form/new", 403, save="go-draft", title="Mine")
    assert steward.stored(name)["notes"] == "Levels of rivers."


def test_an_address_of_a_page_that_there_is_not_is_not_found(steward: Steward, dataset: Any) -> None:
    name = dataset()
    for path in (f"/dataset/form/{name}/9", "/dataset/form/no-such-dataset/1"):
        steward.reader.post(path, 404, save="go-save")
    assert led_to(steward.reader.get(f"/dataset/form/{name}/2", 302)) == f"/dataset/edit/{name}/2"


def test_a_resource_with_neither_file_nor_address_is_refused(steward: Steward, dataset: Any, ckan: Any) -> None:
    name = dataset(resources=[{"url": "https://rivers.example.gov/levels.csv", "name": "Levels"}])
    path = f"/dataset/{name}/resource/new"
    answer = steward.send(path, 200, name="Levels of 2019", url="", save="go-dataset-complete")
    assert "Upload a file, or give the address of one" in errors_in(answer)
    assert read_form(answer, path)[1]["name"] == "Levels of 2019"
    (resource,) = steward.stored(name)["resources"]
    answer = steward.send(f"/dataset/{name}/resource/{resource['id']}/edit", 200, url=" ")
    assert "Upload a file, or give the address of one" in errors_in(answer)
    assert [kept["url"] for kept in steward.stored(name)["resources"]] == ["https://rivers.example.gov/levels.csv"]
