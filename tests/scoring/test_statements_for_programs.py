"""What a record states for programs: next update, conditions of use, vocabularies, classification and robots.txt."""

from __future__ import annotations

import pytest
from tests.scoring.conftest import N_A, Value, value_of

from ckanext.aivision.harvesters.http.robots import RobotsFile
from ckanext.aivision.record import Dataset, Term
from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.examples import ON, record
from ckanext.aivision.scoring.observations.observations import Link, Observed
from ckanext.aivision.scoring.rubric import load

URL = "https://data.bristol.gov.uk/air.csv"


# The tests are dated 24 November 2026.
@pytest.mark.parametrize(
    ("sentence", "value"),
    [
        ("Next release: 12 May 2027.", 1),
        ("The next update is due on 1st December 2026.", 1),
        ("Next publication date: November 2026.", 1),
        ("The figures will next be published on March 3, 2027.", 1),
        ("Next update 2027-01-31", 1),
        ("Next update 2026-11-24", 1),
        ("Next update 2026-11-23", 0),
        ("Next publication date: October 2026.", 0),
        ("Next release: soon.", 0),
        ("The next edition of 2027 will have more.", 0),
        ("Published on 12 May 2027.", 0),
        ("Next release: 45 May 2027.", 0),
        ("Next release: 12 May 2020. The next release is planned for 12 May 2027.", 1),
    ],
)
def test_the_next_update_counts_if_it_is_a_day_that_is_not_past(sentence: str, value: Value) -> None:
    assert value_of("next-update-stated", description=f"Levels of rivers. {sentence}") == value


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ({"ai_use_terms": "https://data.bristol.gov.uk/policy.odrl"}, 1),
        ({"ai_use_terms": "train-ai=y"}, 1),
        ({"rights": ["Content-Usage: train-ai=n"]}, 1),
        ({"ai_use_terms": "https://localhost/policy"}, 0.5),
        ({"ai_use_terms": "Anyone can train models on the readings."}, 0.5),
        ({"rights": ["Anyone can train models on the readings."]}, 0),
        ({"rights": ["See https://data.bristol.gov.uk/policy?research=y"]}, 0),
        ({"license": "https://creativecommons.org/licenses/by/4.0/"}, 0),
    ],
)
def test_conditions_of_use_are_for_programs_if_they_are_a_policy_or_preferences(
    said: dict[str, object], value: Value
) -> None:
    assert value_of("use-conditions-machine-readable", **said) == value


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ({"conforms_to": ["http://mlcommons.org/croissant/1.0"]}, 1),
        ({"conforms_to": ["https://schema.org/Dataset"]}, 1),
        ({"conforms_to": ["https://schema.org/Person"]}, 0),
        ({"distribution": [{"access_url": URL, "title": "Croissant", "format": "CSV"}]}, 0),
        ({"distribution": [{"title": "Croissant", "format": "JSON"}]}, 0),
        ({"description": "Prices of a croissant."}, 0),
    ],
)
def test_croissant_counts_where_it_can_be_fetched_or_is_named_as_the_standard(
    said: dict[str, object], value: Value
) -> None:
    assert value_of("vocabulary-for-machine-learning", **said) == value


@pytest.mark.parametrize("profile", sorted(load().profiles))
def test_every_form_of_a_dcat_profile_states_its_profile(profile: str) -> None:
    states = profile.startswith(("dcat-", "uk-metadata-exchange", "aivision"))
    assert (value_of("metadata-profile-stated", profile=profile) == 1) == states


@pytest.mark.parametrize(
    ("country", "given", "value"),
    [
        ("US", None, N_A),
        ("US", "OFFICIAL", N_A),
        ("GB", "OFFICIAL", 1),
        ("GB", "n/a", 0),
        ("GB", "Top", 0),
        ("GB", None, 0),
    ],
)
def test_a_security_classification_is_asked_of_uk_records_alone(country: str, given: str | None, value: Value) -> None:
    term = Term(given, given if given == "OFFICIAL" else None) if given else None
    dataset = Dataset(
        identifier="a", title="Levels", profile="uk-metadata-exchange", country=country, security_classification=term
    )
    found = next(
        row for row in evaluate(dataset, load(), ON).results if row.criterion == "security-classification-stated"
    )
    assert (N_A if found.result == N_A else found.value) == value


def _robots(link: Link) -> float | None:
    dataset = record(distribution=[{"download_url": URL}])
    results = evaluate(dataset, load(), ON, Observed(links={URL: link})).results
    return next(row.value for row in results if row.criterion == "robots-allow")


def test_a_host_in_trouble_says_nothing_of_what_it_allows() -> None:
    detail = RobotsFile(status=503).refusal(URL)
    assert detail
    assert _robots(Link(url=URL, fault="disallowed-by-robots", detail=detail)) is None


def test_what_robots_txt_forbids_fails_and_what_was_fetched_was_allowed() -> None:
    assert _robots(Link(url=URL, fault="disallowed-by-robots", detail="its robots.txt")) == 0
    assert _robots(Link(url=URL, state="reachable", status=200, form="other")) == 1
    assert _robots(Link(url=URL, fault="forbidden", status=403)) == 1
    assert _robots(Link(url=URL, fault="name-not-found")) is None
