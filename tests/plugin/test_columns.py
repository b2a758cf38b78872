"""The data dictionary of a file as a table, and what the form says of licences, places and profiles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import lxml.html
import pytest
from tests.plugin.forms import Steward

FILE = {"url": "https://rivers.example.gov/levels.csv", "name": "Levels", "format": "CSV"}


@pytest.fixture
def opened(steward: Steward, dataset: Callable[..., str]) -> Callable[..., tuple[str, str]]:
    """Saves a dataset with one file; gives its name and the address of the table of the file's columns."""

    def open_file(**fields: Any) -> tuple[str, str]:
        name = dataset(resources=[{**FILE, **fields}])
        (resource,) = steward.stored(name)["resources"]
        return name, f"/dataset/{name}/files/{resource['id']}/columns"

    return open_file


def rows_of(answer: Any) -> list[tuple[str, ...]]:
    """The rows of the table that have a name."""
    page = lxml.html.fromstring(answer.get_data(as_text=True))
    (form,) = page.xpath("//form[contains(@class, 'aivision-dictionary')]")
    values: dict[str, list[str]] = {}
    for name, value in form.form_values():
        values.setdefault(name, []).append(value)
    fields = ("name", "title", "type", "unit", "description", "missing")
    return [row for row in zip(*(values[field] for field in fields), strict=True) if row[0]]


def sent(rows: list[tuple[str, ...]], **more: str) -> dict[str, Any]:
    fields = ("name", "title", "type", "unit", "description", "missing")
    return {**{field: [row[place] for row in rows] for place, field in enumerate(fields)}, **more}


LEVEL = ("level", "River level", "number", "metres", "above the gauge's zero", "-9, N/A")
STATION = ("station", "", "text", "", "code of the gauge", "")


def columns_of(steward: Steward, name: str) -> str:
    return str(steward.stored(name)["resources"][0].get("columns") or "")


def test_columns_are_saved_changed_and_removed(steward: Steward, opened: Any) -> None:
    name, path = opened()
    steward.reader.post(path, **sent([LEVEL, STATION], button="save"))
    assert columns_of(steward, name).splitlines()[1] == "station | text | code of the gauge"
    assert rows_of(steward.reader.get(path)) == [LEVEL, STATION]
    steward.reader.post(path, **sent([("", *LEVEL[1:]), STATION], button="save"))
    assert columns_of(steward, name) == "station | text | code of the gauge"


def test_what_is_pasted_is_in_the_table_and_not_stored_before_it_is_saved(steward: Steward, opened: Any) -> None:
    name, path = opened(columns="station | text | code of the gauge")
    pasted = "name\tunit\nstation\tnone\nlevel\tmetres"
    answer = steward.reader.post(path, 200, **sent([STATION], button="paste", pasted=pasted))
    assert rows_of(answer) == [
        ("station", "", "text", "none", "code of the gauge", ""),
        ("level", "", "", "metres", "", ""),
    ]
    assert columns_of(steward, name) == "station | text | code of the gauge"


def test_two_hundred_columns_are_saved(steward: Steward, opened: Any) -> None:
    name, path = opened()
    rows = [(f"c{number}", "", "number", "m", f"depth at point {number}", "-9") for number in range(200)]
    steward.reader.post(path, **sent(rows, button="save"))
    assert rows_of(steward.reader.get(path)) == rows
    assert len(columns_of(steward, name).splitlines()) == 200


def test_a_column_that_is_there_twice_is_refused_and_nothing_typed_is_lost(steward: Steward, opened: Any) -> None:
    name, path = opened()
    answer = steward.reader.post(path, 200, **sent([LEVEL, LEVEL], button="save"))
    assert "The column level is there twice" in answer.get_data(as_text=True)
    assert rows_of(answer) == [LEVEL, LEVEL]
    assert columns_of(steward, name) == ""


@pytest.mark.parametrize("who", ["a stranger", "a member"])
def test_only_people_who_can_edit_the_dataset_may(
    steward: Steward, opened: Any, reader: Any, person: Any, organization: str, who: str
) -> None:
    name, path = opened()
    user = {"a stranger": person(), "a member": person("member", organization)}[who]
    reader(user).get(path, status=403)
    reader(user).post(path, 403, **sent([LEVEL], button="save"))
    assert columns_of(steward, name) == ""


def test_the_table_counts_as_a_data_dictionary_and_the_score_does_not_fall(
    ckan: Any, steward: Steward, opened: Any
) -> None:
    name, path = opened()

    def score() -> tuple[float, str]:
        found = ckan.get_action("aivision_score_show")({"ignore_auth": True}, {"id": name})
        (result,) = (row for row in found["results"] if row["criterion"] == "data-dictionary-linked")
        return found["score"], result["result"]

    before, result = score()
    assert result != "pass"
    steward.reader.post(path, **sent([LEVEL, STATION], button="save"))
    middle, result = score()
    assert (middle > before, result) == (True, "pass")
    steward.reader.post(path, **sent([LEVEL, STATION, ("day", "", "date", "", "", "")], button="save"))
    assert score()[0] >= middle


def test_the_licence_says_what_it_means_and_the_list_can_be_searched(steward: Steward, dataset: Any) -> None:
    page = steward.reader.text(f"/dataset/edit/{dataset(license_id='OGL-UK-3.0')}/1")
    assert "must name the source. Personal data, logos and crests are not covered." in page
    found = steward.reader.text("/dataset/form/licences?q=business+zebra")
    assert "No licence has these words" in found
    found = steward.reader.text("/dataset/form/licences?q=business+same+licence")
    assert "Creative Commons Attribution Non-Commercial Share-Alike 4.0" in found
    assert "Open Government Licence" not in found
    assert steward.reader.text("/dataset/form/licences/meaning?license_id=<b>").strip() == ""


def test_a_place_that_is_chosen_gets_its_box_and_one_that_was_there_stays(steward: Steward, dataset: Any) -> None:
    name = dataset(spatial_coverage=[{"text": "England"}])
    path = f"/dataset/edit/{name}/2"
    steward.send(path)
    assert steward.stored(name)["spatial_coverage"] == [{"text": "England"}]
    steward.send(path, **{"spatial_coverage-0-text": "Wales"})
    (place,) = steward.stored(name)["spatial_coverage"]
    assert place["uri"].endswith("W92000004")
    assert "Polygon" in place["bbox"]


def test_the_page_of_a_dataset_tells_its_editors_what_a_profile_needs(
    steward: Steward, dataset: Any, reader: Any
) -> None:
    name = dataset(country="US", license_id="us-pd")
    page = steward.reader.text(f"/dataset/{name}")
    assert "Not valid yet for data.gov, federal agencies (DCAT-US 1.1)" in page
    assert f'href="/dataset/edit/{name}/3#field-bureau_code"' in page
    assert "Valid for data.gov and the UK model?" not in reader("").text(f"/dataset/{name}")


def test_the_check_of_the_form_tells_it_too(steward: Steward, dataset: Any) -> None:
    name = dataset()
    _, fields = steward.form(f"/dataset/edit/{name}/3")
    address = f"/dataset/score-draft?id={name}&page=3"
    page = steward.reader.post(address, 200, **fields).get_data(as_text=True)
    assert "Security classification (UK)" in page
    fields["security_classification"] = "OFFICIAL"
    page = steward.reader.post(address, 200, **fields).get_data(as_text=True)
    assert "Security classification (UK)" not in page


def test_nobody_else_checks_a_dataset(ckan: Any, dataset: Any, person: Any, organization: str) -> None:
    name = dataset(private=True)
    for user in ("", person(), person("member", organization)):
        with pytest.raises(ckan.NotAuthorized):
            ckan.get_action("aivision_profile_check")({"user": user}, {"id": name})
