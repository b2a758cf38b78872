"""The score of a form before it is saved: what a steward sees beside it, and what the action gives."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.examples import share_of
from tests.plugin.conftest import Reader
from tests.plugin.forms import Steward, read_form

CHANGES: dict[str, dict[str, Any]] = {
    "nothing": {},
    "a description": {"notes": "Levels of 120 gauging stations in metres, read every 15 minutes by pressure sensors."},
    "another licence": {"license_id": "CC-BY-NC-4.0"},
    "an emptied description": {"notes": ""},
    "keywords": {"tag_string": "rivers, gauging stations, floods"},
    "contacts": {"contact": [{"name": "Data desk", "email": "desk@rivers.example.gov"}]},
    "a period and a place": {
        "temporal_coverage": [{"start": "2001-01-01", "end": "2004-12-31"}],
        "spatial_coverage": [{"text": "Leeds"}],
    },
    "dates": {"issued": "2024-01-01", "modified": "2026-10-01"},
    "personal data that are not protected": {"personal_data": "present"},
    "another country": {"country": "US", "license_id": "us-pd"},
}
TEXT = st.text(max_size=40)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    [
        *(
            "title",
            "notes",
            "tags",
            "tag_string",
            "contact",
            "owner_org",
            "organization",
            "resources",
            "license_id",
            "id",
        ),
        *("temporal_coverage", "spatial_coverage", "theme", "country", "publisher", "frequency", "modified"),
    ]
)


@pytest.fixture
def draft(ckan: Any, steward_name: str) -> Callable[..., dict[str, Any]]:
    def evaluate(package: Any, user: str = steward_name, **more: Any) -> dict[str, Any]:
        found: dict[str, Any] = ckan.get_action("aivision_score_draft")({"user": user}, {"package": package, **more})
        return found

    return evaluate


@pytest.fixture
def steward_name(person: Callable[..., str], organization: str) -> str:
    return person("editor", organization)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_the_score_is_the_one_that_a_save_then_gives(
    ckan: Any, site_user: dict[str, Any], dataset: Any, draft: Any, change: dict[str, Any]
) -> None:
    file = {"url": "https://rivers.example.gov/levels.csv", "format": "CSV", "name": "Levels"}
    name = dataset(notes="Levels.", resources=[file])
    found = draft(change, id=name)
    ckan.get_action("package_patch")(dict(site_user), {"id": name, **change})
    saved = ckan.get_action("aivision_score_show")(dict(site_user), {"id": name})
    assert {field: found[field] for field in ("score", "coverage", "grade")} == {
        field: saved[field] for field in ("score", "coverage", "grade")
    }
    assert [gate["gate"] for gate in found["gates"]] == [gate["gate"] for gate in saved.get("gates", ())]


def test_a_dataset_that_is_not_stored_yet_has_a_score_too(draft: Any, organization: str) -> None:
    file = {"url": "https://rivers.example.gov/levels.csv", "format": "CSV", "name": "Levels"}
    typed = {"title": "River levels", "country": "GB", "owner_org": organization, "resources": [file]}
    bare, fuller = draft(typed), draft({**typed, "license_id": "OGL-UK-3.0"})
    assert bare["stored"] is None
    assert fuller["score"] > bare["score"]
    assert bare["fixes"] == sorted(bare["fixes"], key=lambda fix: -fix["points"])
    assert {"licence-open"} & {fix["criterion"] for fix in bare["fixes"]}


def test_nothing_is_stored(ckan: Any, site_user: dict[str, Any], dataset: Any, draft: Any) -> None:
    name = dataset(notes="Levels.")
    before = ckan.get_action("package_show")(dict(site_user), {"id": name})
    found = draft({"notes": "Other words.", "tag_string": "rivers"}, id=name)
    assert found["stored"] is not None
    assert ckan.get_action("package_show")(dict(site_user), {"id": name}) == before


def test_only_editors_of_a_dataset_and_people_who_have_logged_in_may_ask(
    ckan: Any, dataset: Any, draft: Any, person: Callable[..., str]
) -> None:
    name, stranger = dataset(private=True), person()
    with pytest.raises(ckan.NotAuthorized):
        draft({}, user=stranger, id=name)
    with pytest.raises(ckan.NotAuthorized):
        draft({}, user="")
    assert draft({}, user=stranger)["stored"] is None


@pytest.mark.parametrize(
    ("package", "message"),
    [("title", "an object of fields"), ([], "an object of fields"), ({"notes": "x" * 2_000_001}, "at most 2000000")],
    ids=["text", "list", "too long"],
)
def test_what_is_no_form_is_refused(ckan: Any, draft: Any, package: Any, message: str) -> None:
    with pytest.raises(ckan.ValidationError, match=message):
        draft(package)


def test_a_dataset_that_does_not_exist_is_not_found(ckan: Any, draft: Any) -> None:
    with pytest.raises(ckan.ObjectNotFound):
        draft({}, id=uuid.uuid4().hex)


def test_whatever_is_in_the_fields_it_has_a_grade(ckan: Any, draft: Any, dataset: Any) -> None:
    name = dataset()

    @settings(max_examples=share_of(60))
    @given(st.dictionaries(FIELDS, VALUES, max_size=5))
    def check(package: dict[str, Any]) -> None:
        assert draft(json.loads(json.dumps(package)), id=name)["grade"] in "ABCDE"

    check()


def check_address(page: str) -> str:
    found = re.search(r'formaction="([^"]+score-draft[^"]*)"', page)
    assert found is not None
    return found[1].replace("&amp;", "&")


def test_the_form_is_checked_without_being_saved(steward: Steward, page: Any) -> None:
    name, path = page(1, notes="Levels.")
    shown = steward.reader.get(path)
    _, fields = read_form(shown, path)
    words = "Levels of 120 gauging stations in metres, read every 15 minutes by pressure sensors."
    typed = fields | {"notes": words, "contact-0-name": "Data desk", "contact-0-email": "desk@rivers.example.gov"}
    answer = steward.reader.post(check_address(shown.get_data(as_text=True)), 200, **typed)
    checked = answer.get_data(as_text=True)
    assert steward.stored(name)["notes"] == "Levels."
    assert "points more than what is stored" in checked
    steward.send(path, notes=words, **{"contact-0-name": "Data desk", "contact-0-email": "desk@rivers.example.gov"})
    score = re.search(r"([\d.]+) of 100 points", checked)
    assert score is not None
    assert f"{score[1]} of 100 points" in steward.reader.text(f"/dataset/{name}")


@pytest.mark.parametrize("beside", [True, False], ids=["beside the form", "on a page of its own"])
def test_fixes_lead_to_their_fields(steward: Steward, page: Any, beside: bool) -> None:
    _, path = page(1)
    shown = steward.reader.get(path)
    _, fields = read_form(shown, path)
    if beside:
        steward.reader.headers = {**steward.reader.headers, "HX-Request": "true"}
    checked = steward.reader.post(check_address(shown.get_data(as_text=True)), 200, **fields).get_data(as_text=True)
    links = set(re.findall(r'href="([^"]+)"', checked.split("Fix these next")[1].split("Nothing is saved")[0]))
    for link in links:
        address, _, anchor = link.partition("#")
        opened = steward.reader.get(address or path).get_data(as_text=True)
        assert not anchor or f'id="{anchor}' in opened, link
    assert any(link.startswith("#field-") for link in links) == beside
    assert any(link.startswith("/dataset/") for link in links)


def test_htmx_gets_the_part_of_a_page(steward: Steward, dataset: Any) -> None:
    name = dataset()
    path = f"/dataset/edit/{name}/1"
    shown = steward.reader.get(path)
    _, fields = read_form(shown, path)
    reader: Reader = steward.reader
    reader.headers = {**reader.headers, "HX-Request": "true"}
    part = reader.post(check_address(shown.get_data(as_text=True)), 200, **fields).get_data(as_text=True)
    assert "<html" not in part
    assert "of 100 points" in part


def test_registers_have_no_score_beside_their_form(reader: Any, person: Any) -> None:
    assert "score-draft" not in reader(person("sysadmin")).get("/guidance/new").get_data(as_text=True)


def test_a_user_is_refused_beyond_the_limit(
    ckan: Any, steward: Steward, dataset: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ckan.config, "ckan.site_id", f"test-{uuid.uuid4().hex}")
    monkeypatch.setitem(ckan.config, "ckanext.aivision.limit_drafts", 2)
    path = f"/dataset/edit/{dataset()}/1"
    shown = steward.reader.get(path)
    _, fields = read_form(shown, path)
    address = check_address(shown.get_data(as_text=True))
    # A new minute may begin meanwhile, once.
    statuses = [steward.reader.post(address, None, **fields).status_code for _ in range(5)]
    assert statuses[:2] == [200, 200]
    assert 429 in statuses
