"""Coverage: who is counted, in figures and in a sentence that is true to them."""

from __future__ import annotations

import datetime
import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.aivision.agencies.register import load_register
from ckanext.aivision.compare.coverage import Bodies, CountryCoverage, SourceCoverage, coverage_of, national_catalogues
from ckanext.aivision.compare.coverage_sentence import MOST_NAMED, coverage_sentence
from ckanext.aivision.compare.estimates.figures import Overview
from ckanext.aivision.compare.estimates.sample import Sample, of_tallies
from ckanext.aivision.compare.overview import About, overview_of
from ckanext.aivision.compare.tallies.tally import Tally
from ckanext.aivision.normalise.vocabulary import rows
from ckanext.aivision.record import COUNTRIES
from ckanext.aivision.scoring.registry import DIMENSIONS
from ckanext.aivision.scoring.rubric import load

DAY = datetime.date(2026, 11, 30)
PART = re.compile(r"(\d[\d,]*) ([^(,:]+) \(((?:less than |more than )?(\d+)) per cent of the datasets\)")


def country(*bodies: Bodies) -> CountryCoverage:
    return CountryCoverage(
        code="GB",
        label="UK",
        data_sets=sum(one.data_sets for one in bodies),
        agencies=sum(one.agencies for one in bodies),
        agencies_left_out=sum(one.agencies - one.counted for one in bodies),
        publishers=1,
        unplaced=0,
        largest_agency="",
        largest_share=None,
        bodies=sorted(bodies, key=lambda one: (-one.data_sets, one.id)),
        levels=[],
        sources=[],
        looked_at={},
    )


@st.composite
def countries(draw: st.DrawFn) -> CountryCoverage:
    bodies = []
    for place in range(draw(st.integers(1, 7))):
        agencies = draw(st.integers(1, 2000))
        counted = draw(st.integers(0, agencies))
        data_sets = draw(st.integers(agencies, 600_000))
        bodies.append(
            Bodies(f"sort-{place}", f"body of sort{place}", f"bodies of sort{place}", agencies, counted, data_sets)
        )
    return country(*bodies)


def number(text: str) -> int:
    return int(text.replace(",", ""))


@given(countries())
def test_the_sentence_is_true_to_the_figures(found: CountryCoverage) -> None:
    sentence = coverage_sentence(found)
    datasets, agencies = re.findall(r"is ([\d,]+) datasets? of ([\d,]+) agenc", sentence)[0]
    assert (number(datasets), number(agencies)) == (found.data_sets, found.agencies)
    parts = PART.findall(sentence)
    assert sum(number(count) for count, *_ in parts) == found.agencies, "every agency is named or among the others"
    by_words = {word: one for one in found.bodies for word in (one.one, one.many)}
    rest = {one.id: one for one in found.bodies}
    for count, words, _, _ in parts:
        if words != "others":
            assert number(count) == by_words[words].agencies
            assert words == (by_words[words].one if number(count) == 1 else by_words[words].many)
            del rest[by_words[words].id]
    for _, words, share, rounded in parts:
        members = list(rest.values()) if words == "others" else [by_words[words]]
        exact = 100 * sum(one.data_sets for one in members) / found.data_sets
        if share.startswith("less"):
            assert 0 < exact < 1
        elif share.startswith("more"):
            assert 99 < exact < 100
        else:
            assert abs(exact - int(rounded)) <= 0.5


@given(countries())
def test_the_largest_sorts_are_named_first_and_the_sentence_stays_short(found: CountryCoverage) -> None:
    named = [words for _, words, _, _ in PART.findall(coverage_sentence(found)) if words != "others"]
    by_words = {word: one for one in found.bodies for word in (one.one, one.many)}
    sizes = [by_words[words].data_sets for words in named]
    assert sizes == sorted(sizes, reverse=True)
    assert len(named) <= MOST_NAMED + 1


def test_a_country_without_datasets_is_said_to_have_none() -> None:
    assert coverage_sentence(country()) == "The UK has no datasets here."


@pytest.fixture(scope="module")
def figures() -> tuple[Overview, dict[str, Sample]]:
    """Of two Scottish councils, a London borough and a publisher in no register; and of NASA."""

    def tally(country: str, agency: str, data_sets: int, source: str = "portal") -> Tally:
        body = load_register().agencies.get(agency)
        return Tally(
            country=country,
            publisher=f"Publisher of {agency}",
            agency=agency,
            agency_title=body.title if body else "",
            level=body.level if body else "",
            source=source,
            rubric_version="2",
            first_date=DAY,
            last_date=DAY,
            data_sets=data_sets,
            grades={"E": data_sets},
        )

    tallies = [
        tally("GB", "gb-glasgow-city-council", 60, "/srv/glasgow.json"),
        tally("GB", "gb-aberdeen-city-council", 20),
        tally("GB", "gb-london-borough-of-hackney", 4),
        tally("GB", "", 3),
        tally("US", "us-026", 30),
    ]
    criteria = load().criteria
    samples = {
        code: of_tallies([one for one in tallies if one.country == code], [row.id for row in criteria], DIMENSIONS)
        for code in ("US", "GB")
    }
    return overview_of(samples, criteria, About("2", DAY, DAY, {"FR": 2}, False, 0)), samples


def test_a_reader_sees_at_once_that_the_uk_is_mostly_scottish_councils(
    figures: tuple[Overview, dict[str, Sample]],
) -> None:
    found = coverage_of(*figures, {}, {})
    sentences = [coverage_sentence(one) for one in found.countries]
    assert sentences == [
        "The US here is 30 datasets of 1 agency: 1 federal agency or bureau (100 per cent of the datasets).",
        "The UK here is 87 datasets of 4 agencies: 2 Scottish councils (92 per cent of the datasets), "
        "1 English council (5 per cent of the datasets), 1 publisher in no register (3 per cent of the datasets).",
    ]
    assert found.other_countries == {"FR": 2}


def test_levels_and_bodies_add_up_to_the_country(figures: tuple[Overview, dict[str, Sample]]) -> None:
    for one in coverage_of(*figures, {}, {}).countries:
        for groups in (one.bodies, one.levels):
            assert sum(group.data_sets for group in groups) == one.data_sets
            assert sum(group.agencies for group in groups) == one.agencies
            assert sum(group.counted for group in groups) == one.agencies - one.agencies_left_out
        assert sum(source.data_sets for source in one.sources) == one.data_sets
        assert one.unplaced == sum(level.data_sets for level in one.levels if not level.level)


def test_of_a_file_only_its_name_is_shown_and_what_is_known_of_a_source_is_kept(
    figures: tuple[Overview, dict[str, Sample]],
) -> None:
    known = SourceCoverage("portal", "The portal", 0, "https://portal.example.gov/data.json", "dcat-us", "us-pd")
    us, gb = coverage_of(*figures, {"portal": known}, {"GB": {"links": 5}}).countries
    assert us.sources == [msgspec.structs.replace(known, data_sets=30)]
    assert [(one.name, one.data_sets) for one in gb.sources] == [("glasgow.json", 60), ("portal", 27)]
    assert gb.looked_at == {"links": 5}


def test_every_agency_of_the_register_has_a_sort_that_is_not_that_of_strangers() -> None:
    table = rows("bodies", "coverage")
    for body in load_register().agencies.values():
        of = {"country": body.country, "level": body.level, "kind": body.kind}
        row = next(row for row in table if all(row[name] in ("", value) for name, value in of.items()))
        assert row["id"] != "unplaced", body.id


def test_the_sorts_have_one_name_each() -> None:
    names: dict[tuple[str, str], tuple[str, str]] = {}
    for row in rows("bodies", "coverage"):
        assert names.setdefault((row["country"], row["id"]), (row["one"], row["many"])) == (row["one"], row["many"])


def test_the_size_of_a_national_catalogue_has_a_day_and_a_public_source() -> None:
    found = national_catalogues()
    assert set(found) <= set(COUNTRIES)
    for one in found.values():
        assert one.datasets > 0
        assert one.day < datetime.date(2026, 12, 1)
        assert one.source_address.startswith("https://")
    assert national_catalogues()["GB"].share(57_791) == 100
