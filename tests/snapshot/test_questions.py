"""What an address asks of the comparison, and what it is refused for."""

from __future__ import annotations

import datetime

import pytest

from ckanext.aivision.compare.table.filters import NAMES, Filters, known_values
from ckanext.aivision.errors import UsageError
from ckanext.aivision.scoring.lenses.load import names
from ckanext.aivision.snapshot.answers.comparison import CHOICES, Question, read_question

Pairs = list[tuple[str, str]]


def test_nothing_asks_for_the_newest_figures_of_everything() -> None:
    assert read_question([]) == Question()
    assert Question().pairs() == []


def test_a_question_is_read_back_from_the_address_that_it_makes() -> None:
    pairs = [
        ("lens", "mqa"),
        ("as_of", "2026-11-30"),
        ("country", "GB"),
        ("level", "national"),
        ("level", "local"),
        ("kind", "tabular"),
        ("year", "2020-2024"),
    ]
    question = read_question(pairs)
    assert question.lens == "mqa"
    assert question.as_of == datetime.date(2026, 11, 30)
    assert question.pairs() == pairs
    assert read_question(question.pairs()) == question
    assert read_question(reversed(pairs)).pairs() == [*pairs[:3], pairs[4], pairs[3], *pairs[5:]]


@pytest.mark.parametrize("name", sorted(known_values()))
def test_every_value_on_a_list_of_ours_is_taken_in_any_case_and_with_space_around(name: str) -> None:
    for value in known_values()[name]:
        asked = read_question([(name, f" {value.upper()} "), (name, value)])
        assert asked.filters == Filters({name: (value,)})


def test_our_own_lens_is_none_as_its_groups_are_the_figures_own() -> None:
    assert read_question([("lens", names()[0])]) == Question()
    for name in names()[1:]:
        assert read_question([("lens", name)]).lens == name


def test_empty_choices_of_a_form_are_none() -> None:
    assert read_question([("lens", ""), ("as_of", " "), *((name, " ") for name in NAMES)]) == Question()


@pytest.mark.parametrize(
    ("pairs", "told"),
    [
        ([("q", "")], "q: there is no such choice"),
        ([("colour", "red")], "colour: there is no such choice; there are lens, as_of, country"),
        ([("country", "GB"), ("Country", "US")], "Country: there is no such choice"),
        ([("country", "FR")], "country=FR: unknown; it can be US, GB"),
        ([("publisher", "x" * 5000)], "publisher: a value is missing, or longer than"),
        ([("year", "20")], "year=20: not a year or a span of years"),
        ([("year", "2024-2020")], "year=2024-2020: not a year"),
        ([("licence", "open' OR 1=1 --")], "unknown; it can be"),
        ([("looked_at", "everything")], "looked_at=everything: unknown"),
        ([("lens", "mqua")], "lens=mqua: there is no such lens; there are aivision"),
        ([("lens", "../mqa")], "there is no such lens"),
        ([("lens", "mqa"), ("lens", "mqa")], "lens: it can be given once"),
        ([("as_of", "yesterday")], "as_of=yesterday: not a day, such as"),
        ([("as_of", "2026-02-30")], "as_of=2026-02-30: not a day"),
        ([("as_of", "20261130")], "as_of=20261130: not a day"),
        ([("as_of", "2026-11-30T12:00")], "not a day"),
        ([("as_of", "2026-11-30"), ("as_of", "2026-11-30")], "as_of: it can be given once"),
        ([("publisher", str(number)) for number in range(51)], "publisher: 50 values at most"),
    ],
)
def test_a_name_or_value_that_means_nothing_is_refused_in_a_sentence(pairs: Pairs, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_question(pairs)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", [*CHOICES, *NAMES, "x" * 5000])
def test_a_refusal_does_not_repeat_a_book(name: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_question([(name, "q" * 5000)])
    assert len(str(caught.value)) < 2500
