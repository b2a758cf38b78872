"""Saying more never costs, empty words never pay, and the same record always gets the same score."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.examples import share_of
from tests.scoring.strategies import FIELDS, PARTS, Said, additions, additions_to_a_file, files, records

from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.examples import ON, record
from ckanext.aivision.scoring.facts.distributions import restriction
from ckanext.aivision.scoring.observations.observations import Link, Observed
from ckanext.aivision.scoring.results import Evaluation
from ckanext.aivision.scoring.rubric import load

# The machine may be busy with other tests.
many = settings(max_examples=share_of(150), deadline=None)


_NOW = datetime.datetime(2026, 11, 24, tzinfo=datetime.timezone.utc)
# What an address may give; which one does what is settled by its length.
_GIVEN: list[dict[str, Any]] = [
    {"state": "reachable", "form": "other", "byte_size": 190492},
    {"state": "broken", "fault": "not-found"},
    {"state": "unknown", "fault": "timeout"},
    {"state": "reachable", "form": "html", "fault": "page-instead-of-data"},
    {"state": "unknown", "fault": "forbidden"},
    {"state": "reachable", "form": "other"},
]
_LASTING = {"checked_at": _NOW, "failing_since": _NOW - datetime.timedelta(days=3), "failures": 2}


def evaluated(said: Said) -> Evaluation:
    return evaluate(record(**said), load(), ON)


def evaluated_with_links(said: Said) -> Evaluation:
    dataset = record(**said)
    urls = [str(item.url) for item in dataset.distribution]
    links = {url: Link(url=url, **_GIVEN[len(url) % len(_GIVEN)], **_LASTING) for url in urls}
    return evaluate(dataset, load(), ON, Observed(links=links))


def worse(before: Evaluation, after: Evaluation) -> dict[str, str]:
    """The criteria whose answer lowers the mean: a lower value, or less than all where nothing was counted before.

    What the metadata do not say earns nothing; what is unknown of links and files is not counted. To say that people
    are named and not protected takes back what was earned by saying that they are named, and is not listed.
    """
    found = {}
    newly = {hit.gate for hit in after.gates} - {hit.gate for hit in before.gates}
    of_metadata = {row.id for row in load().criteria}
    for old, new in zip(before.results, after.results, strict=True):
        if old.criterion == "personal-data-addressed" and "personal-data-unprotected" in newly:
            continue
        was, now = old.value, new.value
        if old.result == "unknown" and old.criterion in of_metadata:
            was = 0.0
        if (was is None and now is not None and now < 1) or (was is not None and (now or 0) < was):
            found[old.criterion] = f"{was} -> {now}: {old.evidence} -> {new.evidence}"
    return found


@pytest.mark.long
@pytest.mark.parametrize("profile", sorted(load().profiles))
def test_one_thing_said_in_an_empty_record_makes_no_answer_worse(profile: str) -> None:
    before = evaluated({"profile": profile})
    for field, values in FIELDS.items():
        if profile in PARTS and field not in load().profiles[profile]:
            continue
        for value in values:
            assert worse(before, evaluated({"profile": profile, field: value})) == {}, (field, value)


@pytest.mark.long
@many
@given(additions())
def test_to_say_more_of_a_data_set_makes_no_answer_worse(said: tuple[Said, Said]) -> None:
    before, after = map(evaluated, said)
    # A date can show that a rhythm is not kept; the score is no lower for it (below).
    dated = said[0].get("modified") != said[1].get("modified")
    assert worse(before, after).keys() <= ({"update-frequency-stated"} if dated else set())


@pytest.mark.long
@many
@given(additions_to_a_file())
def test_to_say_more_of_a_distribution_makes_no_answer_worse(said: tuple[Said, Said]) -> None:
    before, after = map(evaluated, said)
    # A field more can show that two files have one name.
    assert worse(before, after).keys() <= {"distributions-described"}


@pytest.mark.long
@many
@given(records(most_files=0), files())
def test_a_first_distribution_makes_no_answer_worse(said: Said, file: Said) -> None:
    before, after = evaluated(said), evaluated({**said, "distribution": [file]})
    # Of restricted data no file is asked for, so that one in a poor format tells more than none does.
    excused = {"format-structured", "api-documented"} if restriction(record(**said)) else set()
    assert set(worse(before, after)) <= excused


@pytest.mark.long
@many
@given(st.one_of(additions(), additions_to_a_file()))
def test_to_say_more_makes_no_answer_about_links_worse(said: tuple[Said, Said]) -> None:
    before, after = map(evaluated_with_links, said)
    assert worse(before, after).keys() <= {"distributions-described", "update-frequency-stated"}


@pytest.mark.long
@many
@given(records(most_files=0), files())
def test_a_first_distribution_makes_no_answer_about_links_worse(said: Said, file: Said) -> None:
    before, after = evaluated_with_links(said), evaluated_with_links({**said, "distribution": [file]})
    ours = {row.id for row in load().everything if row.depth == "links"}
    assert set(worse(before, after)) & ours == set()


@pytest.mark.long
@many
@given(st.one_of(additions(), additions_to_a_file()))
def test_to_say_more_never_lowers_the_score(said: tuple[Said, Said]) -> None:
    before, after = map(evaluated, said)
    assert before.score is not None
    assert after.score is not None
    newly = {hit.gate for hit in after.gates} - {hit.gate for hit in before.gates}
    assert after.score >= before.score or "personal-data-unprotected" in newly, worse(before, after)


@pytest.mark.long
@pytest.mark.parametrize("profile", sorted(load().profiles))
@pytest.mark.parametrize("rhythm", ["R/P1D", "R/P1Y", "irregular", "notPlanned", "as we please", None])
@pytest.mark.parametrize("modified", ["1999-12-31", "2031-01-01", "R/P1D", "last spring"])
def test_a_stale_or_unreadable_date_scores_no_less_than_none(profile: str, rhythm: str | None, modified: str) -> None:
    said = {"profile": profile, **({"accrual_periodicity": rhythm} if rhythm else {})}
    before, after = evaluated(said), evaluated({**said, "modified": modified})
    # A date that shows a rhythm to be broken takes its worth from the rhythm, and earns as much or more by itself.
    assert worse(before, after).keys() <= {"update-frequency-stated"}
    assert after.score >= before.score


TEMPLATE_WORDS = st.sampled_from(["N/A", "TBD", "unknown", "-", "{{text}}", "Lorem ipsum dolor sit amet, consectetur"])
EMPTY_MARKUP = st.sampled_from([" ", "\n\n", "<p></p>", "&nbsp;", "<br/>", "<span style='x'> </span>"])


@pytest.mark.long
@many
@given(records(), st.sampled_from(sorted(FIELDS)), TEMPLATE_WORDS)
def test_template_words_raise_no_score_in_any_field(said: Said, field: str, text: str) -> None:
    before = {key: value for key, value in said.items() if key != field}
    after = evaluated({**before, field: [text] if isinstance(FIELDS[field][0], list) else text})
    assert after.score <= evaluated(before).score


@pytest.mark.long
@many
@given(records(), st.text("qzxvkj ", min_size=1, max_size=400))
def test_letters_without_meaning_behind_a_good_description_raise_no_score(said: Said, padding: str) -> None:
    # A good description has all the words of its own that count; one with fewer gains little by new ones.
    good = f"{FIELDS['description'][0]} Wardens of Orkney and Shetland read the gauges of burns, lochs and sluices."
    described = {**said, "description": good}
    padded = {**described, "description": f"{good} {padding}"}
    assert evaluated(padded).score <= evaluated(described).score


@pytest.mark.long
@many
@given(records(), EMPTY_MARKUP, st.integers(1, 99))
def test_empty_markup_changes_nothing(said: Said, empty: str, times: int) -> None:
    if "description" in said:
        padded = {**said, "description": empty * times + said["description"] + empty * times}
        assert evaluated(padded) == evaluated(said)


@pytest.mark.long
@many
@given(st.lists(st.text("abcdefgh", min_size=1, max_size=12), min_size=1, max_size=25), st.integers(1, 50))
def test_a_description_is_worth_no_more_than_its_different_words(words: list[str], times: int) -> None:
    found = evaluated({"description": " ".join(words * times)}).results
    value = next(row.value for row in found if row.criterion == "description-substantive")
    assert (value or 0) <= len(set(words)) / 8 + 0.001


@pytest.mark.parametrize("profile", sorted(load().profiles))
@pytest.mark.parametrize("rhythm", ["irregular", "notPlanned", "asNeeded"])
def test_to_say_that_there_is_no_rhythm_never_lowers_what_is_covered(profile: str, rhythm: str) -> None:
    silent, told = evaluated({"profile": profile}), evaluated({"profile": profile, "accrual_periodicity": rhythm})
    assert told.coverage >= silent.coverage
