"""The last step of the form: a dataset is published, or saved as private, and the page says which before."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from tests.plugin.forms import Steward, buttons


def publish(steward: Steward, **typed: str) -> str:
    """Sends all pages of the form and gives the dataset's name; its file's form is left to the test."""
    name = f"levels-{uuid.uuid4().hex[:8]}"
    essentials = {"title": "River levels", "name": name, "country": "GB", "license_id": "OGL-UK-3.0"}
    path = "/dataset/new"
    for page in ({**essentials, **typed}, {}, {}, {}, {}):
        path = urlsplit(steward.send(path, **page).headers["Location"]).path
    assert path == f"/dataset/{name}/resource/new"
    return name


FILE = {"url": "https://rivers.example.gov/levels.csv", "name": "Levels"}


def test_publish_makes_a_dataset_public_and_says_so_before(steward: Steward, reader: Any) -> None:
    name = publish(steward)
    reader("").get(f"/dataset/{name}", status=404)
    path = f"/dataset/{name}/resource/new"
    answer = steward.reader.get(path)
    assert "Publish makes this dataset visible to everyone." in answer.get_data(as_text=True)
    address = f"/dataset/{name}/publish?to=everyone"
    assert buttons(answer) == {"Publish": (address, "go-metadata")}
    steward.reader.post(address, **{**steward.form(path)[1], **FILE, "save": "go-metadata"})
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
    for user, status in ((person("member", organization), 403), (person(), 404)):
        reader(user).post(f"/dataset/{name}/publish", status, save="go-metadata", id="", **FILE)
    assert (steward.stored(name)["state"], steward.stored(name)["private"]) == ("draft", True)


def test_a_file_that_is_refused_publishes_nothing(steward: Steward) -> None:
    name = publish(steward, private="True")
    refused = {**FILE, "size": "many"}
    _, fields = steward.form(f"/dataset/{name}/resource/new")
    steward.reader.post(f"/dataset/{name}/publish", 200, **{**fields, **refused, "save": "go-metadata"})
    assert (steward.stored(name)["state"], steward.stored(name)["private"]) == ("draft", True)
