"""Badges, citations, score sheets and dataset cards at their addresses, and who may have them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import lxml.html
import pytest
import yaml

DOCUMENTS = {
    "citation.txt": "text/plain",
    "citation.bib": "application/x-bibtex",
    "citation.ris": "application/x-research-info-systems",
    "citation.csl.json": "application/vnd.citationstyles.csl+json",
    "card.md": "text/markdown",
    "score-sheet": "text/html",
}


def test_a_badge_says_the_grade_and_is_kept_by_caches(dataset: Callable[..., str], reader: Any, ckan: Any) -> None:
    name = dataset(title='Levels & "flows" <b>')
    answer = reader("").get(f"/dataset/{name}/badge.svg")
    score = ckan.get_action("aivision_score_show")({"ignore_auth": True}, {"id": name})
    image = ElementTree.fromstring(answer.get_data())
    assert answer.mimetype == "image/svg+xml"
    assert f"{score['grade']} · {score['score']:.0f}/100" in "".join(image.itertext())
    assert 'dataset Levels & "flows" <b>' in image.get("aria-label", "")
    assert "public, s-maxage=3600" in answer.headers["Cache-Control"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    again = reader("").get(f"/dataset/{name}/badge.svg", 304, **{"If-None-Match": answer.headers["ETag"]})
    assert again.get_data() == b""


def test_the_badge_of_an_organization_is_of_its_public_datasets(
    dataset: Callable[..., str], organization: str, reader: Any, ckan: Any
) -> None:
    name = ckan.get_action("organization_show")({"ignore_auth": True}, {"id": organization})["name"]
    assert "no datasets" in reader("").text(f"/organization/{name}/badge.svg")
    dataset()
    dataset(private=True)
    assert "· 1 dataset<" in reader("").text(f"/organization/{name}/badge.svg")
    assert reader("").get("/organization/nobody-at-all/badge.svg", 404)


@pytest.mark.parametrize("state", [{"private": True}, {"state": "draft"}], ids=["private", "draft"])
def test_strangers_get_nothing_of_a_dataset_that_is_not_public(
    state: dict[str, Any], dataset: Callable[..., str], reader: Any, person: Any, steward: Any
) -> None:
    name = dataset(**state)
    for who in ("", person()):
        assert reader(who).get(f"/dataset/{name}/badge.svg", 404)
        for end in DOCUMENTS:
            answer = reader(who).get(f"/dataset/{name}/{end}", 404)
            assert "River levels" not in answer.get_data(as_text=True)
    assert steward.reader.get(f"/dataset/{name}/badge.svg", 404)
    if state == {"private": True}:
        for end in DOCUMENTS:
            answer = steward.reader.get(f"/dataset/{name}/{end}")
            assert "River levels" in answer.get_data(as_text=True)
            assert "public" not in answer.headers.get("Cache-Control", "")


def test_the_documents_are_what_their_addresses_say(dataset: Callable[..., str], reader: Any) -> None:
    name = dataset(creator=[{"name": "Gauging team"}], issued="2001-05-01", tags=[{"name": "rivers"}])
    for end, media_type in DOCUMENTS.items():
        answer = reader("").get(f"/dataset/{name}/{end}")
        assert answer.mimetype == media_type, end
        if end != "score-sheet":
            reader("").get(f"/dataset/{name}/{end}", 304, **{"If-None-Match": answer.headers["ETag"]})
    (item,) = json.loads(reader("").text(f"/dataset/{name}/citation.csl.json"))
    assert (item["author"], item["issued"]) == ([{"literal": "Gauging team"}], {"date-parts": [[2001, 5, 1]]})
    card = reader("").text(f"/dataset/{name}/card.md")
    assert yaml.safe_load(card.split("\n---\n")[0].removeprefix("---\n"))["tags"] == ["rivers"]
    sheet = reader("").text(f"/dataset/{name}/score-sheet")
    assert "Does the record name a licence" in sheet or "licence" in sheet
    assert "River levels" in sheet


def test_the_page_of_a_dataset_leads_to_all_of_them_and_gives_the_badge_to_paste(
    dataset: Callable[..., str], reader: Any
) -> None:
    name = dataset(title='Levels "of" <rivers>')
    page = lxml.html.fromstring(reader("").get(f"/dataset/{name}").get_data(as_text=True))
    section = page.get_element_by_id("cite")
    links = {link.get("href") for link in section.xpath(".//a")}
    assert links >= {f"/dataset/{name}/{end}" for end in DOCUMENTS}
    (pasted,) = section.xpath(".//textarea[@id='badge-html']")
    (image,) = lxml.html.fragment_fromstring(pasted.text).xpath(".//img")
    assert image.get("src").endswith(f"/dataset/{name}/badge.svg")
    assert image.get("alt") == "AI readiness of Levels of rivers"


@pytest.mark.parametrize(
    "address", ["/dataset/a%00b/badge.svg", "/dataset/a%00b/citation.txt", "/dataset/x/citation.doc"]
)
def test_what_is_not_there_is_not_found(address: str, reader: Any) -> None:
    assert reader("").get(address, 404)
