"""Facts told in words: what is found in a text, what is shown of it, and what keeps the rules in order."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests.scoring.conftest import value_of

from ckanext.aivision.errors import UsageError
from ckanext.aivision.scoring.examples import record
from ckanext.aivision.scoring.facts import evidence
from ckanext.aivision.scoring.facts.text import mention_rows, mentions

LIMITS = "Figures for Orkney should be interpreted with caution."


def find_mention(subject: str, text: str) -> str | None:
    return mentions.find(mentions.read(text), subject)


def test_every_rule_is_in_lower_case_and_has_words_to_look_for() -> None:
    for subject, listed in mention_rows.load_rows().items():
        for row in listed:
            assert row.near, subject
            for phrase in row.near:
                assert phrase == phrase.lower().strip(), phrase
                assert any(character.isalnum() for character in phrase), phrase


def test_no_fragment_of_a_pattern_is_left_without_its_words() -> None:
    for listed in mention_rows.load_rows().values():
        assert [row.pattern for row in listed if "<DATA>" in row.pattern or "<TOLD>" in row.pattern] == []


def test_what_is_found_is_shown_as_it_was_written_with_words_around_it() -> None:
    text = f"Weekly levels. {LIMITS.upper()} See the guide."
    assert find_mention("limitations", text) == f"“…{text}…”"


def test_only_some_words_around_it_are_shown() -> None:
    shown = find_mention("limitations", f"{'before ' * 50}. {LIMITS}{' after' * 50}")
    assert shown is not None
    assert "with caution" in shown
    assert len(shown) < 200


def test_a_text_without_the_words_of_a_subject_tells_nothing_of_it() -> None:
    assert [subject for subject in mention_rows.load_rows() if find_mention(subject, "Ceci n'est pas une pipe.")] == []


def test_a_subject_that_the_file_does_not_have_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        find_mention("weather", LIMITS)


def test_a_capital_that_grows_in_lower_case_moves_no_words() -> None:
    shown = find_mention("limitations", f"{'İ' * 30} gauges. {LIMITS}")
    assert shown is not None
    assert "interpreted with caution" in shown


@pytest.mark.parametrize("place", ["title", "description", "rights"])
def test_a_fact_may_be_told_in_the_title_the_description_and_the_rights(place: str) -> None:
    said = {place: [LIMITS] if place == "rights" else LIMITS}
    assert value_of("limitations-described", profile="dcat-us-1.1", **said) == 1


def test_markup_between_the_words_hides_nothing() -> None:
    said = {"description": "<p>Figures for Orkney should be <b>interpreted</b> with&nbsp;caution.</p>"}
    assert value_of("limitations-described", profile="dcat-us-1.1", **said) == 1


def test_what_one_text_says_cannot_hide_what_another_tells() -> None:
    told = {"profile": "dcat-us-1.1", "rights": [LIMITS]}
    # What rules a hit out where it stands beside it, and a word so often that nobody reads on.
    for description in ("A warning to motorists.", "Caution! " * 30, "x" * evidence.LONGEST_PROSE):
        assert value_of("limitations-described", **told, description=description) == 1


def test_what_stands_beyond_twenty_thousand_characters_is_not_looked_for() -> None:
    for distance, value in ((19_000, 1), (21_000, None)):
        text = f"{'x' * distance} {LIMITS}"
        assert value_of("limitations-described", profile="dcat-us-1.1", description=text) == value


def test_another_data_set_is_not_answered_with_the_last_ones_words() -> None:
    one, other = record(description=LIMITS), record(description="Weekly levels.")
    assert evidence.mention(one, "limitations") is not None
    assert evidence.mention(other, "limitations") is None
    assert evidence.mention(one, "limitations") is not None


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the rules, which is what `load_rows` reads for the length of a test."""
    config = Path(str(resources.files("ckanext.aivision.config")))
    (tmp_path / "vocabularies").mkdir()
    path = tmp_path / "vocabularies" / "mentions.yaml"
    shutil.copy(config / "vocabularies" / "mentions.yaml", path)
    monkeypatch.setattr(mention_rows, "resources", SimpleNamespace(files=lambda _: tmp_path))
    cached = (mentions.load_rules, mention_rows.load_rows)
    for function in cached:
        function.cache_clear()
    yield path
    for function in cached:
        function.cache_clear()


@pytest.mark.long
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("near: [limitation, limitations]", "words: [limitation]", "unknown field `words`"),
        ("near: [limitation, limitations]", "near: limitation", "Expected `array`, got `str`"),
        ("near: [limitation, limitations]", "near: [limitation", "expected"),
        (
            r"pattern: '\b(?:data|known|",
            r"pattern: '\b(?:data|(known|",
            "limitations: missing )",
        ),
    ],
)
def test_rules_that_are_not_in_their_form_are_refused(table: Path, old: str, new: str, said: str) -> None:
    text = table.read_text(encoding="utf-8")
    assert old in text
    table.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(UsageError, match=r"config/vocabularies/mentions\.yaml") as caught:
        mentions.read(LIMITS)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_rules_that_are_missing_are_refused_with_their_name(table: Path) -> None:
    table.unlink()
    with pytest.raises(UsageError, match=r"config/vocabularies/mentions\.yaml"):
        mentions.read(LIMITS)
