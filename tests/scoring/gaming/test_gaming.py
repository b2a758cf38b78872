"""What fills a field without telling anything earns nothing by it. Most of it stands in real records."""

from __future__ import annotations

import pytest
from tests.scoring.conftest import N_A, result_of, value_of

from ckanext.aivision.scoring.examples import record
from ckanext.aivision.scoring.observations.observations import Link, Observed

PLACEHOLDERS = (
    "N/A",
    "none",
    "TBD",
    "null",
    "unknown",
    "not applicable",
    "To be determined",
    "{{description}}",
    "Insert description here",
    "No description provided.",
    "-",
    "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore.",
)
# criterion -> the field of this catalogue's form that holds what it asks for.
STATEMENTS = {
    "collection-described": "collection",
    "limitations-described": "limitations",
    "quality-measured": "quality",
    "maintenance-stated": "maintenance_plan",
    "source-described": "provenance",
    "personal-data-addressed": "personal_data_measures",
    "representativeness-described": "biases",
    "uses-described": "uses",
    "uncertainty-described": "uncertainty",
    "attribution-stated": "bibliographic_citation",
    "ai-use-terms-stated": "ai_use_terms",
}
LINKS = {
    "documentation-linked": "page",
    "data-dictionary-linked": "described_by",
    "processing-code-linked": "code_repository",
    "standard-conformance-stated": "conforms_to",
    "source-described": "derived_from",
}
NOTHING_KNOWN = (
    "None known",
    "No known limitations.",
    "Limitations: none known at this time.",
    "There are no known issues with this dataset.",
    "We are not aware of any.",
    "no significant biases identified",
    "This data set has no known data quality issues or errors.",
)
CSV = "https://rivers.example.gov/levels.csv"
HOME = ("https://rivers.example.gov", "https://rivers.example.gov/", "http://www.rivers.example.gov//")


@pytest.mark.parametrize("text", PLACEHOLDERS)
@pytest.mark.parametrize("criterion", STATEMENTS)
def test_template_words_are_no_statement(criterion: str, text: str) -> None:
    assert value_of(criterion, **{STATEMENTS[criterion]: text}) == 0


@pytest.mark.parametrize("text", PLACEHOLDERS)
def test_template_words_are_no_description(text: str) -> None:
    assert value_of("description-substantive", description=text) == 0
    assert value_of("plain-language", description=f"<p>{text}</p>") == 0


@pytest.mark.parametrize("text", PLACEHOLDERS[:7])
@pytest.mark.parametrize("criterion", LINKS)
def test_template_words_are_no_link(criterion: str, text: str) -> None:
    is_list = LINKS[criterion] in ("page", "conforms_to", "derived_from")
    assert value_of(criterion, **{LINKS[criterion]: [text] if is_list else text}) == 0


@pytest.mark.parametrize("criterion", STATEMENTS)
def test_a_word_or_two_is_no_statement(criterion: str) -> None:
    assert value_of(criterion, **{STATEMENTS[criterion]: "See web."}) == 0


@pytest.mark.parametrize("text", NOTHING_KNOWN)
@pytest.mark.parametrize("field", ["limitations", "biases", "uncertainty", "quality"])
def test_that_no_limits_are_known_tells_of_none(field: str, text: str) -> None:
    criterion = {field: id for id, field in STATEMENTS.items()}[field]
    assert value_of(criterion, **{field: text}) == 0
    assert value_of(criterion, description=f"Weekly river levels. {text}") == 0


def test_what_comes_after_no_known_limits_counts() -> None:
    told = "No known limitations before 2019; since then the gauges of Orkney have been missing."
    assert value_of("limitations-described", limitations=told) == 1


def test_of_a_hundred_keywords_three_are_as_good_as_all() -> None:
    three = value_of("keywords-specific", keyword=["rivers", "floods", "gauges"])
    hundred = [f"{first}{second}burgh" for first in "bcdfghjklm" for second in "aeiouwxyrl"]
    assert three == value_of("keywords-specific", keyword=hundred) == 1


def test_one_keyword_in_many_spellings_is_one() -> None:
    assert value_of("keywords-specific", keyword=["Rivers", "rivers", " RIVERS ", "data", "n/a", ""]) == 0.333


@pytest.mark.parametrize("times", [2, 10, 1000])
def test_a_description_that_repeats_itself_is_worth_no_more_than_its_different_words(times: int) -> None:
    value = value_of("description-substantive", description="river level data " * times)
    assert isinstance(value, float)
    assert value <= 3 / 8


def test_a_description_that_repeats_the_title_says_nothing() -> None:
    title = "Weekly river levels at all the gauging stations of the north"
    assert value_of("description-substantive", title=title, description=f"<b>{title.upper()}</b>") == 0


@pytest.mark.parametrize(
    "address", ["noreply@water.gov", "no-reply@water.gov", "do_not_reply@water.gov", "you@example.com"]
)
def test_an_address_that_nobody_reads_is_no_contact(address: str) -> None:
    assert value_of("contact-reachable", contact_point=[{"name": "River desk", "email": address}]) == 0


@pytest.mark.parametrize("name", PLACEHOLDERS[:7])
def test_a_placeholder_is_no_contact_and_no_publisher(name: str) -> None:
    assert value_of("contact-reachable", contact_point=[name]) == 0
    assert value_of("publisher-identified", publisher={"name": name, "identifier": "010:12"}) == 0


@pytest.mark.parametrize("home", HOME)
class TestAHomePage:
    def test_is_no_download(self, home: str) -> None:
        said = {"download_url": home, "media_type": "text/csv", "format": "CSV"}
        assert value_of("download-direct", distribution=[said]) == 0

    @pytest.mark.parametrize("criterion", ["documentation-linked", "data-dictionary-linked", "processing-code-linked"])
    def test_is_neither_documentation_nor_dictionary_nor_code(self, criterion: str, home: str) -> None:
        field = LINKS[criterion]
        assert value_of(criterion, **{field: [home] if field == "page" else home}, landing_page=home) == 0

    def test_is_no_dictionary_of_a_file_and_the_evidence_says_so(self, home: str) -> None:
        found = result_of("data-dictionary-linked", record(distribution=[{"access_url": CSV, "described_by": home}]))
        assert found.value == 0
        assert home in found.evidence

    def test_is_no_notice_of_a_system_of_records(self, home: str) -> None:
        assert value_of("personal-data-addressed", system_of_records=home) == 0
        assert value_of("maintenance-stated", system_of_records=home) == 0


class TestDistributions:
    def test_one_address_given_ten_times_counts_once(self) -> None:
        said = [{"access_url": CSV, "title": "Levels of 2019", "byte_size": 1}, *[{"access_url": CSV}] * 9]
        assert value_of("size-given", distribution=said) == 1
        assert "1 of 1" in result_of("size-given", record(distribution=said)).evidence

    def test_one_name_for_every_file_tells_none_apart(self) -> None:
        said = [
            {"access_url": f"https://rivers.example.gov/{n}.csv", "title": "Weekly river levels"} for n in range(10)
        ]
        assert value_of("distributions-described", distribution=said) == 0

    @pytest.mark.parametrize("title", ["Download", "CSV file", "Link to the data", "Click here", "data.csv 2"])
    def test_a_name_that_every_file_could_have_is_none(self, title: str) -> None:
        assert value_of("distributions-described", distribution=[{"access_url": CSV, "title": title}]) == 0

    def test_a_pdf_that_is_called_a_table_stays_a_pdf(self) -> None:
        said = {"download_url": "https://rivers.example.gov/levels.pdf", "format": "CSV", "media_type": "text/csv"}
        for criterion in ("format-structured", "download-direct", "media-type-registered"):
            assert value_of(criterion, distribution=[said]) == 0

    def test_a_placeholder_is_no_address(self) -> None:
        for criterion in ("distribution-present", "download-direct", "format-structured"):
            assert value_of(criterion, distribution=[{"download_url": "N/A", "format": "CSV"}]) == 0

    @pytest.mark.parametrize(
        "reason",
        [
            "TBD",
            "n/a",
            "",
            "Contact the office for access.",
            "Available on request",
            "© Crown copyright",
            "OGL licence",
        ],
    )
    def test_restricted_access_without_a_reason_excuses_nothing(self, reason: str) -> None:
        said = {"access_rights": "restricted public", "rights": [reason], "access_procedure": reason}
        assert value_of("distribution-present", **said) == 0
        told = {**said, "access_procedure": "Apply to the data desk: the Water Act keeps the records confidential."}
        assert value_of("distribution-present", **told) == N_A


def test_a_yes_on_quality_is_a_quarter_of_a_statement() -> None:
    assert value_of("quality-measured", profile="dcat-us-1.1", quality="true") == 0.25


def test_a_standard_of_the_metadata_is_none_of_the_data() -> None:
    assert (
        value_of("standard-conformance-stated", conforms_to=["https://project-open-data.cio.gov/v1.1/schema"]) == 0.25
    )


def test_a_date_in_the_future_is_no_update() -> None:
    assert value_of("updated-on-rhythm", accrual_periodicity="R/P1D", modified="2099-01-01") == 0
    assert value_of("modified-stated", modified="2099-01-01") == 0


@pytest.mark.parametrize(("served", "value"), [("Tue, 12 Mar 2019 07:59:00 GMT", 0), ("not a date", None), ("", None)])
def test_a_date_that_was_moved_while_the_file_stayed_as_it_is_counts_nothing(served: str, value: float | None) -> None:
    dataset = record(modified="2026-11-23", accrual_periodicity="R/P1D", distribution=[{"download_url": CSV}])
    link = Link(url=CSV, state="reachable", last_modified=served)
    assert result_of("modified-as-served", dataset, Observed({CSV: link})).value == value


def test_irregular_without_a_reason_is_half_a_rhythm() -> None:
    assert value_of("update-frequency-stated", accrual_periodicity="irregular") == 0.5


def test_to_speak_of_machine_learning_gives_no_permission_for_it() -> None:
    made_for = "These images were labelled for machine learning, and a model was trained on them."
    assert value_of("ai-use-terms-stated", description=made_for) == 0
