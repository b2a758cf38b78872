"""Pages in Welsh, which CKAN does not have, and in Spanish; the language switch; what stays English."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from typing import Any

import lxml.html
import pytest

from ckanext.aivision.translation.catalogues import Language, languages, read_catalogue

WELSH, SPANISH = languages()
BOTH = pytest.mark.parametrize("language", [WELSH, SPANISH], ids=["cy", "es"])


def translation(language: Language, text: str) -> str:
    message = read_catalogue(language).get(text)
    assert message is not None, text
    assert message.string, text
    return str(message.string)


@pytest.fixture(scope="module")
def place(ckan_application: Any, figures_of_two: str) -> dict[str, str]:
    """A dataset, and a log-in that may edit it. What was looked up in one request counts in those within it."""
    from ckan.plugins import toolkit

    with ckan_application.test_request_context():
        admin = {"ignore_auth": True, "user": toolkit.get_action("get_site_user")({"ignore_auth": True}, {})["name"]}
        name, user = (f"{what}-{uuid.uuid4().hex[:8]}" for what in ("levels", "person"))
        account = {"name": user, "email": f"{user}@rivers.example.gov", "password": uuid.uuid4().hex, "sysadmin": True}
        toolkit.get_action("user_create")(dict(admin), account)
        office = toolkit.get_action("organization_create")(dict(admin), {"name": f"office-{user}"})
        package = {
            "name": name,
            "title": "River levels",
            "country": "GB",
            "license_id": "none",
            "owner_org": office["id"],
        }
        toolkit.get_action("package_create")(dict(admin), package)
        token = toolkit.get_action("api_token_create")(dict(admin), {"user": user, "name": "test"})["token"]
    return {"dataset": name, "token": token}


@pytest.fixture
def page(ckan_application: Any, place: dict[str, str]) -> Callable[..., str]:
    def get(path: str, **headers: str) -> str:
        answer = ckan_application.test_client().get(path, headers=headers)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        return str(answer.get_data(as_text=True))

    return get


def words(page: str) -> str:
    """What a reader sees of a page, with single spaces."""
    return " ".join(lxml.html.fromstring(page).text_content().split())


@BOTH
def test_the_page_of_a_dataset_is_in_the_readers_language(page: Any, place: dict[str, str], language: Language) -> None:
    text = page(f"/{language.locale}/dataset/{place['dataset']}")
    assert f'<html lang="{language.locale}"' in text
    shown = words(text)
    question = "Does the title say what the data are?"
    for source in ("All results by group", "no licence", "Fix these first", question, "Findable", "Machine readable"):
        assert translation(language, source) in shown, source
    assert question not in shown


@BOTH
def test_the_form_has_its_labels_help_and_choices_in_the_readers_language(
    page: Any, place: dict[str, str], language: Language
) -> None:
    text = page(f"/{language.locale}/dataset/edit/{place['dataset']}/1", Authorization=place["token"])
    help_text = "The title is all that people see in search results. Name the subject, the place and the time."
    for source in ("Country of the publisher", help_text, "Another country", "Save and go to the data", "Essentials"):
        assert translation(language, source) in words(text), source


@BOTH
def test_the_comparison_and_the_criteria_are_in_the_readers_language(page: Any, language: Language) -> None:
    shown = words(page(f"/{language.locale}/best-practice"))
    for source in ("Best practice: US and UK", "Overall and by dimension", "Findable", "Title descriptive"):
        assert translation(language, source) in shown, source
    shown = words(page(f"/{language.locale}/best-practice/criteria/licence-open"))
    question = "Can anyone reuse the data, including commercially and to train models?"
    for source in ("Why it matters", "Licence open", question):
        assert translation(language, source) in shown, source


@BOTH
def test_what_stays_english_on_a_page_in_another_language_is_marked_as_english(
    page: Any, place: dict[str, str], language: Language
) -> None:
    """WCAG 2.2, 3.1.2: a screen reader reads the evidence and the sentence of the comparison with an English voice."""
    for path, words_of in (
        (f"/dataset/{place['dataset']}", "fewer than three words"),
        (f"/dataset/{place['dataset']}/score-sheet", "fewer than three words"),
        ("/best-practice", "Overall the "),
    ):
        marked = f"//*[@lang='en'][contains(., '{words_of}')]"
        assert lxml.html.fromstring(page(f"/{language.locale}{path}")).xpath(marked), path
        # The whole of an English page is.
        assert not lxml.html.fromstring(page(path)).xpath(f"//body{marked}"), path


def test_texts_of_ckan_are_in_its_own_spanish_and_the_most_seen_in_our_welsh(page: Any) -> None:
    assert "Iniciar Sesión" in words(page("/es/dataset"))
    shown = words(page("/cy/dataset"))
    assert "Mewngofnodi" in shown
    assert "You can also access this registry" in shown


def test_the_footer_leads_to_the_same_page_in_each_language(page: Any) -> None:
    for path, current in (("/dataset?q=rivers", "en"), ("/cy/dataset?q=rivers", "cy")):
        (links,) = lxml.html.fromstring(page(path)).xpath("//footer//nav[.//a[@hreflang]]")
        found = {link.get("hreflang"): (link.text_content(), link.get("href")) for link in links.iter("a")}
        assert found == {
            "en": ("English", "/dataset?q=rivers"),
            "cy": ("Cymraeg", "/cy/dataset?q=rivers"),
            "es": ("Español", "/es/dataset?q=rivers"),
        }
        assert [link.get("hreflang") for link in links.iter("a") if link.get("aria-current")] == [current]


@BOTH
def test_a_page_says_that_nobody_has_reviewed_its_translation(page: Any, language: Language) -> None:
    notice = "No native speaker has reviewed this translation yet, and parts of it are still in English."
    assert translation(language, notice) in words(page(f"/{language.locale}/about"))
    assert notice not in page("/about")


def test_scripts_of_ckan_start_in_a_language_that_ckan_does_not_have(page: Any) -> None:
    assert re.match(r"\{.*\}", page("/api/i18n/cy"), re.DOTALL)


def test_the_api_answers_in_english_whatever_the_reader_prefers(page: Any, place: dict[str, str]) -> None:
    path = f"/api/3/action/aivision_score_show?id={place['dataset']}"
    answer = page(path, **{"Accept-Language": "cy"})
    assert "fewer than three words" in answer
    assert json.loads(page(f"/cy{path}"))["result"] == json.loads(answer)["result"]
