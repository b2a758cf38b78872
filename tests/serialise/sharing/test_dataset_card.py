"""Dataset cards: YAML that Hugging Face reads, and the record's words in its sections."""

from __future__ import annotations

from typing import Any

import msgspec
import yaml
from hypothesis import given
from hypothesis import strategies as some
from tests.serialise.conftest import EVERYTHING
from tests.serialise.conftest import corpus_records as corpus_records

from ckanext.aivision.normalise import licences
from ckanext.aivision.record import Dataset
from ckanext.aivision.serialise.sharing.citation import cite
from ckanext.aivision.serialise.sharing.dataset_card import write_card

PAGE = "https://catalogue.example.gov/dataset/levels"


def card(dataset: Dataset) -> str:
    return write_card(dataset, cite(dataset, "levels", PAGE), PAGE)


def front_matter(text: str) -> dict[str, Any]:
    assert text.startswith("---\n")
    found: dict[str, Any] = yaml.safe_load(text.split("\n---\n")[0].removeprefix("---\n"))
    return found


def test_the_front_matter_says_language_licence_name_and_tags() -> None:
    known_licence = licences.info("OGL-UK-3.0")
    assert known_licence is not None
    assert front_matter(card(EVERYTHING)) == {
        "pretty_name": "Weekly river levels",
        "language": ["en"],
        "license": "other",
        "license_name": "ogl-uk-3-0",
        "license_link": known_licence.uri,
        "tags": ["rivers", "levels", "gauges"],
    }
    known = msgspec.structs.replace(EVERYTHING, license=licences.clean("CC-BY-4.0"))
    assert front_matter(card(known))["license"] == "cc-by-4.0"
    unknown = msgspec.structs.replace(EVERYTHING, license=None)
    assert "license" not in front_matter(card(unknown))


def test_the_sections_have_the_record_s_words() -> None:
    text = card(EVERYTHING)
    for heading, words in {
        "### Direct Use": "Flood studies.",
        "### Out-of-Scope Use": "Navigation.",
        "#### Data Collection and Processing": "A sensor reads the level every week.",
        "### Annotations": "Floods are marked by hand.",
        "## Bias, Risks, and Limitations": "Small streams are covered poorly.",
        "## Dataset Card Contact": "Data desk",
    }.items():
        assert words in text[text.index(heading) :].split("\n## ")[0], heading


def test_a_record_that_says_little_has_no_empty_sections() -> None:
    text = card(Dataset(identifier="a", title="Levels", profile="aivision", country="GB"))
    lines = [line for line in text.split("\n---\n")[1].splitlines() if line]
    headings = [at for at, line in enumerate(lines) if line.startswith("#")]
    assert "## Uses" not in lines
    assert "## Dataset Creation" not in lines
    for at in headings[1:]:
        level = len(lines[at]) - len(lines[at].lstrip("#"))
        following = lines[at + 1]
        assert not following.startswith("#") or len(following) - len(following.lstrip("#")) > level


@given(words=some.text(max_size=80))
def test_no_words_of_a_record_are_markdown_or_html(words: str) -> None:
    text = card(msgspec.structs.replace(EVERYTHING, title=f"x {words}", limitations=f"x {words}"))
    assert front_matter(text)["pretty_name"].startswith("x")
    body = text.split("\n---\n", 1)[1].split("**BibTeX:**")[0]
    assert "<" not in body.replace("\\<", "")
    assert "](" not in body.replace("\\](", "")


def test_every_record_of_the_corpus_has_a_card(corpus_records: list[Dataset]) -> None:
    for dataset in corpus_records:
        assert front_matter(card(dataset))["pretty_name"]
