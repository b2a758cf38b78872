"""The answer of a comparison: at most a hundred words, and true to its figures, through every filter and lens."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.compare.test_sentences import COUNT, LABELS, N, check_verdict, comparisons, number, overviews
from tests.examples import share_of

from ckanext.aivision.compare.answer import MOST_WORDS, answer, frameworks_answer, lens_answer
from ckanext.aivision.compare.estimates.figures import Measure, Overview
from ckanext.aivision.compare.estimates.verdict_sentences import short_verdict
from ckanext.aivision.scoring.lenses.schema import Lens
from ckanext.aivision.scoring.rubric import Criterion

pytestmark = pytest.mark.long
OVERALL = re.compile(
    rf"(?:Overall|Through [^(]+?) the (US is ahead|UK is ahead|two cannot be told apart) "
    rf"\(US minus UK {N} points, 95 % interval {N} to {N}\)\."
)
CRITERIA = re.compile(
    rf"The US is ahead in {COUNT} criteri(?:a|on), the UK in {COUNT}, {COUNT} cannot be told apart, {COUNT} cannot be "
    r"compared\.|None of the \d+ criteria can be compared\."
)
# One is written as one.
AGENCIES = r"([\d,]+) (?:(?<=\b1 )agency|(?<!\b1 )agencies)"
LEADS = re.compile(r"(?:By dimension|By its groups) [^.]+\.")
BASIS = re.compile(
    rf"This rests on {COUNT} US datasets? \({AGENCIES} counted\) and {COUNT} UK datasets? "
    rf"\({AGENCIES} counted\); {COUNT} and {COUNT} per cent of the questions have an answer\."
)
VERDICTS = ("US ahead", "UK ahead", "cannot be told apart", "not compared")


@pytest.fixture(scope="module")
def figures(criteria: list[Criterion], lens: Lens) -> Any:
    return overviews(criteria, lens)


def without_lens(found: Overview) -> Overview:
    return msgspec.structs.replace(found, lens=None)


def check_leads(sentence: str, measures: list[Measure]) -> None:
    """Each name is under the country that is ahead in it; the others are counted."""
    verdicts = Counter(row.comparison.verdict for row in measures)
    for label in LABELS:
        ahead = [row.title for row in measures if row.comparison.verdict == f"{label} ahead"]
        part = re.search(rf"the {label}(?: is ahead)? in ([^;.]+?)(?:, the UK in|;|\.)", sentence)
        assert bool(part) == bool(ahead)
        named = [f"“{title}”" if " " in title else title for title in ahead]
        assert part is None or re.sub(r" and (?![^“]*”)", ", ", part[1]) == ", ".join(named)
    for verdict, words in (("cannot be told apart", "cannot be told apart"), ("not compared", "cannot be compared")):
        said = re.search(rf"{COUNT} {words}", sentence)
        assert (number(said[1]) if said else 0) == verdicts[verdict]


def check_basis(match: re.Match[str], found: Overview, whole: Measure) -> None:
    us, us_agencies, uk, uk_agencies, *known = (number(text) for text in match.groups())
    for row, data_sets, agencies, share in zip(
        found.countries, (us, uk), (us_agencies, uk_agencies), known, strict=True
    ):
        counted = sum(one.counted for one in found.agencies if one.country == row.code)
        assert (row.data_sets, counted) == (data_sets, agencies)
        assert abs(whole.countries[row.code].known - share) <= 0.5


@settings(max_examples=share_of(100), deadline=None)
@given(data=st.data())
def test_it_says_who_is_ahead_where_and_how_surely(figures: Any, data: Any) -> None:
    drawn = data.draw(figures)
    found = without_lens(drawn)
    text = answer(found)
    assert drawn.notes[0] == text
    assert len(text.split()) <= MOST_WORDS
    empty = [row.label for row in found.countries if not row.data_sets]
    if empty:
        assert text == f"There are no datasets of the {' or the '.join(empty)}, so nothing can be compared."
        return
    overall = OVERALL.match(text)
    if overall:
        check_verdict(overall, found.overall.comparison)
    else:
        assert text.startswith(f"Overall the two cannot be compared: {found.overall.comparison.note}. ")
    criteria, leads, basis = CRITERIA.search(text), LEADS.search(text), BASIS.search(text)
    assert criteria
    assert leads
    assert basis
    if criteria[1]:
        verdicts = Counter(row.comparison.verdict for row in found.criteria)
        assert [number(told) for told in criteria.groups()] == [verdicts[one] for one in VERDICTS]
    check_leads(leads[0], found.dimensions)
    check_basis(basis, found, found.overall)
    assert text.endswith(basis[0])


@settings(max_examples=share_of(60), deadline=None)
@given(data=st.data())
def test_through_a_lens_it_says_the_same_of_its_groups(figures: Any, data: Any) -> None:
    found = data.draw(figures)
    text = answer(found)
    if not all(row.data_sets for row in found.countries):
        assert text == answer(without_lens(found))
        return
    assert found.lens.verdict == text
    match = OVERALL.match(text)
    if match:
        assert text.startswith("Through two the ")
        check_verdict(match, found.lens.overall.comparison)
    else:
        assert text.startswith("Through two the two cannot be compared: ")
    leads, basis = LEADS.search(text), BASIS.search(text)
    assert leads
    assert basis
    check_leads(leads[0], [row for row in found.lens.groups if not row.dimension])
    check_basis(basis, found, found.lens.overall)


@settings(max_examples=share_of(40), deadline=None)
@given(data=st.data())
def test_under_all_frameworks_it_names_who_is_ahead_under_which(figures: Any, data: Any) -> None:
    found = data.draw(figures)
    lenses = [
        msgspec.structs.replace(
            found.lens, label=label, overall=msgspec.structs.replace(found.overall, comparison=data.draw(comparisons()))
        )
        for label in ("MQA", "FAIR")
    ]
    text = frameworks_answer(found, lenses, "our view")
    verdicts = {"our view": found.overall.comparison, **{one.label: one.overall.comparison for one in lenses}}
    for label in LABELS:
        ahead = [name for name, one in verdicts.items() if short_verdict(one, LABELS) == f"{label} ahead"]
        part = re.search(rf"[Tt]he {label} is ahead under ([^;.]+)", text)
        assert (re.sub("[“”]", "", part[1]).replace(" and ", ", ").split(", ") if part else []) == ahead
    level = sum(short_verdict(one, LABELS) == "cannot be told apart" for one in verdicts.values())
    said = re.search(r"[Uu]nder (\d of|all) 3 the two cannot be told apart", text)
    assert (0 if said is None else 3 if said[1] == "all" else int(said[1][0])) == level


@settings(max_examples=share_of(40), deadline=None)
@given(data=st.data())
def test_it_stays_within_a_hundred_words_whatever_groups_are_called(figures: Any, data: Any) -> None:
    found = data.draw(figures)
    titles = data.draw(st.lists(st.sampled_from(["Words", "Legal, security and ethical compliance"]), max_size=30))
    groups = [
        msgspec.structs.replace(found.lens.groups[0], title=title, comparison=data.draw(comparisons()))
        for title in titles
    ]
    text = lens_answer(msgspec.structs.replace(found.lens, groups=groups), found.countries)
    assert len(text.split()) <= MOST_WORDS
