"""What is typed into the form is read as people write it, or refused with an example, and then nothing else is lost."""

from __future__ import annotations

from typing import Any

import lxml.html
import pytest
from tests.plugin.forms import Steward, read_form


def error_at(answer: Any, name: str) -> str:
    """The error beside an input of the form."""
    page = lxml.html.fromstring(answer.get_data(as_text=True))
    (group,) = page.xpath(f"(//*[@name='{name}'])[1]/ancestor::div[contains(@class, 'form-group')][1]")
    return " ".join(group.xpath("string(.//*[contains(@class, 'error-block')])").split())


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("31/12/2024", "2024-12-31"),
        ("12/31/2024", "2024-12-31"),
        ("31 December 2024", "2024-12-31"),
        ("December 31, 2024", "2024-12-31"),
        ("December 2024", "2024-12"),
        ("2024-12", "2024-12"),
        ("2024", "2024"),
        (" 2024-12-31 ", "2024-12-31"),
        ("04/04/2024", "2024-04-04"),
        ("2024-12-31T08:30:00Z", "2024-12-31T08:30:00Z"),
    ],
)
def test_a_date_is_read_as_people_write_it(ckan: Any, typed: str, stored: str) -> None:
    key = ("issued",)
    data: dict[Any, Any] = {key: typed}
    errors: dict[Any, list[str]] = {key: []}
    ckan.get_validator("aivision_date")(key, data, errors, {})
    assert (data[key], errors[key]) == (stored, [])


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("03/04/2024", "03/04/2024 can be 2024-04-03 or 2024-03-04. Which one is meant?"),
        ("3.4.2024", "3.4.2024 can be 2024-04-03 or 2024-03-04. Which one is meant?"),
        ("some day", "Write the date as 2026-01-19 or 19 January 2026"),
        ("2024-02-30", "Write the date as 2026-01-19 or 19 January 2026"),
        ("31/31/2024", "Write the date as 2026-01-19 or 19 January 2026"),
    ],
)
def test_a_date_that_can_be_two_days_is_asked_back_and_what_is_none_is_refused_with_an_example(
    steward: Steward, page: Any, typed: str, message: str
) -> None:
    name, path = page(2, dcat_type="time series")
    answer = steward.send(path, 200, **{"temporal_coverage-0-start": typed, "dcat_type": "survey"})
    assert message in error_at(answer, "temporal_coverage-0-start")
    fields = read_form(answer, path)[1]
    assert (fields["temporal_coverage-0-start"], fields["dcat_type"]) == (typed, "survey")
    assert steward.stored(name)["dcat_type"] == "time series"


@pytest.mark.parametrize(
    ("number", "field", "wrong", "message"),
    [
        (1, "contact-0-email", "not-an-email", "Write an email address such as"),
        (1, "contact-0-url", "javascript:alert(1)", "begins with javascript:"),
        (3, "url", "ht!tp:/bad", "not a web address"),
        (3, "documentation", "see our web site", "not a web address"),
        (3, "described_by", "C:\\data\\columns.csv", "somebody's own computer"),
        (3, "bureau_code", "Interior", "three digits, a colon and two digits"),
        (3, "program_code", "010:47", "three digits, a colon and three digits"),
    ],
)
def test_what_is_no_address_or_code_is_refused(
    steward: Steward, dataset: Any, number: int, field: str, wrong: str, message: str
) -> None:
    path = f"/dataset/edit/{dataset()}/{number}"
    answer = steward.send(path, 200, **{field: wrong})
    assert message in error_at(answer, field)
    assert read_form(answer, path)[1][field] == wrong


def test_words_around_an_address_of_mail_are_taken_off(steward: Steward, page: Any) -> None:
    name, path = page(1)
    steward.send(path, **{"contact-0-email": "mailto:desk@rivers.example.gov (data desk)"})
    assert steward.stored(name)["contact"] == [{"email": "desk@rivers.example.gov"}]


FILE = {"url": "https://rivers.example.gov/levels.csv", "name": "Levels"}


@pytest.mark.parametrize(
    ("field", "wrong", "message"),
    [
        ("size", "-5", "Write the size in bytes"),
        ("size", "many", "Write the size in bytes"),
        ("mimetype", "a table", "Write a media type such as text/csv"),
        ("url", "javascript:alert(1)", "begins with javascript:"),
        ("access_url", "levels", "not a web address"),
        ("modified", "03/04/2024", "Which one is meant?"),
    ],
)
def test_what_is_wrong_of_a_file_is_refused(
    steward: Steward, dataset: Any, field: str, wrong: str, message: str
) -> None:
    name = dataset()
    path = f"/dataset/{name}/resource/new"
    answer = steward.send(path, 200, **{**FILE, field: wrong, "save": "go-dataset-complete"})
    assert message in answer.get_data(as_text=True).replace("&#39;", "'")
    assert read_form(answer, path)[1]["name"] == "Levels"
    assert steward.stored(name)["resources"] == []


def test_sizes_and_media_types_are_read_as_people_write_them(steward: Steward, dataset: Any) -> None:
    name = dataset()
    typed = {**FILE, "size": "48,200,311", "mimetype": "CSV", "modified": "1 May 2024"}
    steward.send(f"/dataset/{name}/resource/new", **typed, save="go-dataset-complete")
    (resource,) = steward.stored(name)["resources"]
    assert (resource["size"], resource["mimetype"], resource["modified"]) == (48200311, "text/csv", "2024-05-01")


def test_what_a_source_has_given_stays_and_does_not_stop_the_rest_of_the_form(
    steward: Steward, dataset: Any, ckan: Any
) -> None:
    """An address that is none was stored before the form checked it, or by a harvest."""
    import ckan.model as model
    from ckan.lib.search import rebuild

    name = dataset(contact=[{"name": "Data desk"}])
    package = model.Package.get(name)
    package.extras = {
        **package.extras,
        "contact": '[{"name": "Data desk", "url": "ask us"}]',
        "described_by": "on paper",
    }
    model.Session.commit()
    rebuild(name)
    steward.send(f"/dataset/edit/{name}/3", citation="Rivers (2024).")
    steward.send(f"/dataset/edit/{name}/1", notes="Levels of rivers.")
    stored = steward.stored(name)
    assert (stored["described_by"], stored["citation"]) == ("on paper", "Rivers (2024).")
    assert stored["contact"] == [{"name": "Data desk", "url": "ask us"}]
