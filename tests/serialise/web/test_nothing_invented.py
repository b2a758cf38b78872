"""A description says what the record says, and no more."""

from __future__ import annotations

import datetime
import re
from urllib.parse import unquote

import msgspec
import pytest
from tests.corpora import OWN
from tests.serialise.web.documents import HERE, STANDARDS, document, leaves, records

from ckanext.aivision.normalise import dates, licences
from ckanext.aivision.record import Agent, Dataset, Distribution, PeriodOfTime, Term
from ckanext.aivision.serialise.ckan_values import day
from ckanext.aivision.serialise.web.property_table import Standard

BARE = Dataset(identifier="levels-7", title="River levels", profile="ckan", country="XX")
# What stands in every description, besides the members of the record.
OURS = {"@context", "@type", "@id", "url", "includedInDataCatalog", "conformsTo"}


def with_fields(**fields: object) -> Dataset:
    return msgspec.structs.replace(BARE, **fields)


@pytest.mark.parametrize("standard", STANDARDS)
def test_a_record_that_says_nothing_is_given_out_with_its_name_alone(standard: Standard) -> None:
    found = document(BARE, standard)
    assert found.keys() - OURS == {"name", "identifier"}
    assert found["url"] == HERE.page


@pytest.mark.parametrize("standard", STANDARDS)
def test_the_publisher_is_no_creator_and_a_contact_is_no_agent(standard: Standard) -> None:
    found = document(
        with_fields(publisher=Agent(name="River office"), contact_point=[Agent(name="Data desk")]), standard
    )
    assert "creator" not in found
    assert found["publisher"] == {"@type": "Organization", "name": "River office"}
    assert found["dcat:contactPoint"] == {"@type": "ContactPoint", "name": "Data desk"}


@pytest.mark.parametrize("standard", STANDARDS)
@pytest.mark.parametrize(
    "words", ["No licence", "notspecified", "other-closed", "n/a", "No license specified", "TBD", "  "]
)
def test_words_for_no_licence_are_no_licence(standard: Standard, words: str) -> None:
    item = Distribution(download_url="https://rivers.example.gov/a.csv", license=licences.clean(words))
    found = document(with_fields(license=licences.clean(words), distribution=[item]), standard)
    files = [*found.get("distribution", []), *found.get("dcat:distribution", [])]
    assert [node for node in (found, *files) if "license" in node] == []


@pytest.mark.parametrize("standard", STANDARDS)
def test_a_known_licence_is_its_address_and_own_terms_are_their_words(standard: Standard) -> None:
    address = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
    own = "Free for research at universities"
    assert document(with_fields(license=licences.clean("uk-ogl")), standard)["license"] == address
    assert document(with_fields(license=licences.clean(own)), standard)["license"] == {
        "@type": "CreativeWork",
        "name": own,
    }


@pytest.mark.parametrize("standard", STANDARDS)
def test_dates_are_those_of_the_record_as_exact_as_they_are(standard: Standard) -> None:
    found = document(with_fields(issued=dates.moment("2004"), modified=dates.moment("last spring")), standard)
    assert found["datePublished"] == "2004"
    assert "dateModified" not in found
    assert found["dct:modified"] == "last spring"


@pytest.mark.parametrize("standard", STANDARDS)
def test_a_period_whose_end_is_unknown_is_not_said_to_be_open(standard: Standard) -> None:
    start = datetime.date(2020, 1, 1)
    found = document(
        with_fields(temporal=[PeriodOfTime("from 2020", start), PeriodOfTime("2020 on", start, None, True)]), standard
    )
    assert found["temporalCoverage"] == "2020-01-01/.."
    assert found["dct:temporal"] == "from 2020"


@pytest.mark.parametrize("standard", STANDARDS)
def test_terms_in_words_are_no_rule_that_a_program_could_follow(standard: Standard) -> None:
    terms = with_fields(ai_use_terms="Ask before you train a model.")
    assert document(terms, standard)["usageInfo"] == {"@type": "CreativeWork", "description": terms.ai_use_terms}
    for choice, rule in (("allowed", "odrl:permission"), ("not-allowed", "odrl:prohibition"), ("conditions", None)):
        usage = document(msgspec.structs.replace(terms, ai_use=choice), standard)["usageInfo"]
        assert [member for member in usage if member.startswith("odrl:")] == ([rule] if rule else [])


def test_it_is_live_only_if_the_record_says_that_it_is_updated_regularly() -> None:
    def live(id: str | None) -> object:
        rhythm = Term(id or "now and then", id, "id")
        return document(with_fields(accrual_periodicity=rhythm), "croissant").get("isLiveDataset", "not said")

    assert [live(id) for id in ("R/P1D", "continuous", "ended")] == [True, True, False]
    assert {live(id) for id in ("irregular", "as-needed", None)} == {"not said"}
    assert "isLiveDataset" not in document(BARE, "croissant")


def test_the_standards_of_the_data_do_not_change_the_version_of_croissant() -> None:
    others = ["http://mlcommons.org/croissant/1.0", "https://www.rfc-editor.org/rfc/rfc4180", "ISO 19115"]
    found = document(with_fields(conforms_to=others), "croissant")
    assert found["conformsTo"] == ["http://mlcommons.org/croissant/1.1", *others[1:]]


_BY_RULE = re.compile(
    r"http://publications\.europa\.eu/resource/authority/(?:frequency|access-right)/[A-Z0-9_]+"  # codes of vocabularies
    r"|\d+ B|(?:-?\d+(?:\.\d+)?(?:e-?\d+)? ?){4}|[\d.-]+/[\d.-]+"  # sizes, boxes and periods
    r"|True|False|sc:Text|ldqd:precision|(?:application|audio|image|text|video)/[\w.+-]+"  # types
)


@pytest.mark.parametrize("standard", STANDARDS)
def test_no_sentence_name_or_address_is_of_our_making(standard: Standard) -> None:
    for dataset in records(OWN):
        own = {text for text in leaves(msgspec.to_builtins(dataset)) if text.strip()}
        own |= {text.strip() for text in own}
        own |= {*Dataset.__struct_fields__}
        own |= {known.uri for known in licences.all_licences()}
        given = {member: value for member, value in document(dataset, standard).items() if member not in OURS}
        others = {text for text in leaves(given) if text not in own and not _BY_RULE.fullmatch(text)}
        # Identifiers within the document are made of the names of files and columns.
        written = " ".join(own) + re.sub(r"[^\w.-]+", "-", unquote(" ".join(own)))
        made = {text for text in others if not all(part.removesuffix("-rows") in written for part in text.split("/"))}
        assert made == set(), dataset.identifier


@pytest.mark.parametrize("standard", STANDARDS)
def test_every_date_is_one_of_the_record(standard: Standard) -> None:
    for dataset in records(OWN):
        found = document(dataset, standard)
        assert found.get("datePublished") == day(dataset.issued)
        assert found.get("dateModified") == day(dataset.modified)


def test_a_long_description_is_cut_for_search_engines_and_whole_beside_it() -> None:
    long = "Levels of rivers. " * 400
    found = document(with_fields(description=long), "schema_org")
    assert len(found["description"]) <= 5000
    assert found["dct:description"] == long
    assert document(with_fields(description=long), "croissant")["description"] == long
