"""A record as a CKAN package and back: what the evaluation rests on comes through, and CKAN takes every value."""

from __future__ import annotations

import datetime
import json
from typing import Any

import msgspec
import pytest
from ckan.logic.validators import tag_length_validator, tag_name_validator
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.serialise.conftest import EVERYTHING

from ckanext.aivision.normalise import dates, frequencies, licences, media_types
from ckanext.aivision.record import Agent, Dataset, Distribution, Moment, PeriodOfTime, Term
from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.lenses.load import load_lens
from ckanext.aivision.scoring.lenses.view import metric_results
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.serialise.ckan_values import web_address
from ckanext.aivision.serialise.package import from_package, to_package
from ckanext.aivision.serialise.resource import from_resource, to_resource
from ckanext.aivision.serialise.tags import to_tags

ON = datetime.date(2026, 11, 24)


def stored(dataset: Dataset) -> Dataset:
    """The record after a way through CKAN, which keeps JSON; the source's dates of its record stay in the ledger."""
    dates_of_record = {name: getattr(dataset, name) for name in ("metadata_issued", "metadata_modified")}
    return msgspec.structs.replace(from_package(json.loads(json.dumps(to_package(dataset)))), **dates_of_record)


def results(dataset: Dataset) -> dict[str, tuple[str, float | None]]:
    return {row.criterion: (row.result, row.value) for row in evaluate(dataset, load(), ON).results}


def storable(dataset: Dataset) -> Dataset:
    """The record without what a package has no place for: a landing page that is no web address, and distributions
    that have neither an address nor words."""
    return msgspec.structs.replace(
        dataset,
        landing_page=web_address(dataset.landing_page),
        distribution=[item for item in dataset.distribution if to_resource(item) is not None],
    )


def differences(records: list[Dataset]) -> list[tuple[str, str, Any, Any]]:
    found = []
    for dataset in records:
        before = storable(dataset)
        after = msgspec.structs.replace(stored(dataset), profile=dataset.profile, identifier=dataset.identifier)
        old, new = results(before), results(after)
        found += [(dataset.identifier, name, old[name], new[name]) for name in old if old[name] != new[name]]
    return found


def test_every_field_of_the_form_comes_back_as_it_was() -> None:
    there = stored(EVERYTHING)
    for field in Dataset.__struct_fields__:
        assert getattr(there, field) == getattr(EVERYTHING, field), field


def test_a_filled_in_record_leaves_no_field_of_the_profile_untested() -> None:
    carried = load().profiles["aivision"]
    unset = [
        name
        for name in carried
        if not getattr(
            EVERYTHING.distribution[0] if name.startswith("distribution.") else EVERYTHING,
            name.removeprefix("distribution."),
        )
    ]
    assert unset == []


def test_records_of_the_corpus_are_evaluated_alike_before_and_after(corpus_records: list[Dataset]) -> None:
    assert len(corpus_records) >= 24
    assert differences(corpus_records) == []


def test_sample_records_are_evaluated_alike_before_and_after(sample_records: list[Dataset]) -> None:
    assert {record.country for record in sample_records} == {"US", "GB"}
    assert differences(sample_records) == []


@pytest.mark.parametrize(
    ("field", "value", "key"),
    [
        ("license", licences.clean("Free for research at universities"), "license_text"),
        ("access_rights", Term("Open to members of the mapping agreement"), "access_rights_text"),
        ("accrual_periodicity", frequencies.clean("two weeks after each election"), "frequency_text"),
    ],
)
def test_words_that_no_choice_of_the_form_says_stay_in_the_field_beside_it(field: str, value: Term, key: str) -> None:
    dataset = msgspec.structs.replace(EVERYTHING, **{field: value})
    assert value.id is None
    assert to_package(dataset)[key] == value.original
    assert getattr(stored(dataset), field) == value


def test_a_period_that_no_two_days_say_stays_in_words() -> None:
    written = dates.period("the bathing seasons since the war")
    assert written is not None
    dataset = msgspec.structs.replace(EVERYTHING, temporal=[written])
    assert "temporal_coverage" not in to_package(dataset)
    assert stored(dataset).temporal == [written]


def test_terms_in_words_are_not_shown_as_no_licence() -> None:
    dataset = msgspec.structs.replace(EVERYTHING, license=licences.clean("https://rivers.example.gov/terms"))
    assert to_package(dataset)["license_id"] == "restricted"


def test_a_placeholder_is_no_licence() -> None:
    assert to_package(msgspec.structs.replace(EVERYTHING, license=Term("TBD")))["license_id"] == "none"


def test_a_licence_that_a_steward_chooses_wins_over_the_words_of_before() -> None:
    package = to_package(msgspec.structs.replace(EVERYTHING, license=licences.clean("Free for research")))
    assert from_package({**package, "license_id": "CC0-1.0"}).license == licences.clean("CC0-1.0")


def test_a_choice_on_ai_use_is_a_statement_without_further_words() -> None:
    assert "not allowed" in str(from_package({"title": "Levels", "ai_use": "not-allowed"}).ai_use_terms)
    assert from_package({"title": "Levels"}).ai_use_terms is None


def test_paragraphs_and_lists_of_an_html_description_survive_and_its_tags_do_not() -> None:
    html = (
        "<div style='x'><p>Levels &amp; flows.</p><p>Measured<br/>weekly.</p></div>"
        "<ul><li>Thames</li><li>Severn</li></ul><script>alert(1)</script>"
    )
    notes = to_package(Dataset(identifier="a", title="A", profile="ckan", country="GB", description=html))["notes"]
    assert notes.split("\n\n") == ["Levels & flows.", "Measured", "weekly.", "- Thames", "- Severn"]


def test_a_description_without_markup_is_left_alone() -> None:
    text = "Levels < 5 m & flows.\nMeasured weekly.\n\n* Thames\n* Severn"
    assert (
        to_package(Dataset(identifier="a", title="A", profile="ckan", country="GB", description=text))["notes"] == text
    )


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "file:///etc/passwd", "s3://bucket/levels.csv", "levels.csv"]
)
def test_an_address_that_no_browser_may_follow_is_told_but_not_linked(address: str) -> None:
    resource = to_resource(
        Distribution(title="Levels", description="By week.", download_url=address, access_url=address)
    )
    assert resource is not None
    assert address in resource["description"]
    assert not {"url", "download_url", "access_url"} & set(resource)


def test_a_landing_page_that_no_browser_may_follow_is_not_linked() -> None:
    assert "url" not in to_package(msgspec.structs.replace(EVERYTHING, landing_page="javascript:alert(1)"))


def test_a_distribution_without_an_address_is_kept_for_what_it_says() -> None:
    assert to_resource(Distribution(title="Order the data set")) == {"name": "Order the data set"}
    assert to_resource(Distribution(media_type=media_types.clean("text/csv"))) is None


def test_repeating_fields_are_read_as_the_form_stores_them() -> None:
    package = {
        "title": "Levels",
        "contact": '[{"name": "Data desk", "email": "mailto:data@rivers.example.gov"}]',
        "theme": '["ENVI", "Water"]',
        "tag_string": "rivers, levels",
        "temporal_coverage": [{"start": "2001", "end": ""}],
        "resources": [
            {"url": "https://rivers.example.gov/levels.csv", "size": "12", "columns": "level | number | metres\n\nweek"}
        ],
    }
    dataset = from_package(package)
    assert dataset.contact_point == [Agent("Data desk", "data@rivers.example.gov")]
    assert [theme.original for theme in dataset.theme] == ["ENVI", "Water"]
    assert dataset.keyword == ["rivers", "levels"]
    assert dataset.temporal[0].start == datetime.date(2001, 1, 1)
    assert dataset.distribution[0].download_url == "https://rivers.example.gov/levels.csv"
    assert (dataset.distribution[0].byte_size, dataset.distribution[0].columns) == (12, ["level", "week"])


def test_the_one_address_of_a_file_is_that_of_access_too_as_dcat_ap_asks() -> None:
    file = {"url": "https://rivers.example.gov/levels.csv", "format": "CSV"}
    (found,) = from_package({"title": "Levels", "resources": [file]}).distribution
    assert (found.access_url, found.download_url) == (file["url"], file["url"])
    page = {"url": "https://rivers.example.gov/page.html", "format": "HTML"}
    (found,) = from_package({"title": "Levels", "resources": [page]}).distribution
    assert (found.access_url, found.download_url) == (page["url"], None)


def test_a_file_saved_in_our_form_lacks_nothing_that_mqa_asks_of_its_addresses() -> None:
    resources = [{"url": "https://rivers.example.gov/levels.csv", "format": "CSV"}]
    dataset = from_package({"title": "Levels", "notes": "Levels by gauge.", "resources": resources})
    found = metric_results(load_lens("mqa"), dataset)
    assert {found[id].result for id in ("download-url", "dcat-ap")} == {"pass"}
    assert found["access-url-answers"].result == "unknown"


def test_what_a_harvest_kept_of_two_addresses_is_not_made_more() -> None:
    csv = "https://rivers.example.gov/levels.csv"
    for item in (Distribution(download_url=csv), Distribution(access_url=csv)):
        found = from_resource(to_resource(item) or {})
        assert (found.access_url, found.download_url) == (item.access_url, item.download_url)


def test_the_address_of_a_service_is_no_download_beside_its_page() -> None:
    resource = {
        "url": "https://rivers.example.gov/wfs",
        "access_url": "https://rivers.example.gov/page",
        "format": "WFS",
    }
    (found,) = from_package({"title": "Levels", "resources": [resource]}).distribution
    assert (found.access_url, found.download_url) == ("https://rivers.example.gov/wfs", None)


def test_when_we_saved_a_package_is_no_date_of_the_data() -> None:
    saved = {"metadata_created": "2026-11-01T10:00:00", "metadata_modified": "2026-11-02T10:00:00"}
    dataset = from_package({"title": "Levels", **saved})
    assert {results(dataset)[name] for name in ("issued-stated", "modified-stated")} == {("fail", 0.0)}


def test_the_organisation_is_the_publisher_where_no_other_is_named() -> None:
    package = {"title": "Levels", "organization": {"name": "river-office", "title": "River office"}}
    assert from_package(package).publisher == Agent(name="River office", identifier="river-office")


def test_a_date_is_kept_as_exact_as_it_was_written() -> None:
    dataset = msgspec.structs.replace(EVERYTHING, issued=dates.moment("2001-05"), modified=Moment("soon"))
    package = to_package(dataset)
    assert package["issued"] == "2001-05"
    assert "modified" not in package


# The machine may be busy with other tests.
@settings(deadline=None)
@given(st.lists(st.text(), max_size=8))
def test_ckan_takes_every_tag_and_each_is_there_once(keywords: list[str]) -> None:
    names = [tag["name"] for tag in to_tags(keywords)]
    for name in names:
        assert tag_name_validator(tag_length_validator(name, {}), {}) == name
    assert len(set(names)) == len(names)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
_KEYS = sorted(
    {*to_package(EVERYTHING), "tag_string", "license_text", "frequency_text", "temporal_text", "organization"}
)
_RESOURCE_KEYS = sorted(to_package(EVERYTHING)["resources"][0])


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from(_KEYS), anything),
    st.lists(st.dictionaries(st.sampled_from(_RESOURCE_KEYS), anything), max_size=2),
)
def test_no_content_of_a_package_stops_its_reading(package: dict[str, Any], resources: list[dict[str, Any]]) -> None:
    assert isinstance(from_package(package), Dataset)
    assert isinstance(from_package({**package, "resources": resources}), Dataset)


@pytest.mark.long
@settings(deadline=None)
@given(
    text=st.text(st.characters(codec=None, categories=None), min_size=1),
    size=st.integers(),
)
def test_what_comes_out_can_be_stored_whatever_a_source_wrote(text: str, size: int) -> None:
    dataset = Dataset(
        identifier=text,
        title=text,
        profile="ckan",
        country=text,
        description=text,
        keyword=[text],
        theme=[Term(text)],
        license=Term(text),
        rights=[text],
        access_rights=Term(text),
        accrual_periodicity=Term(text),
        temporal=[PeriodOfTime(text)],
        contact_point=[Agent(text)],
        publisher=Agent(text),
        limitations=text,
        page=[text],
        distribution=[Distribution(title=text, description=text, download_url=text, byte_size=size)],
    )
    package = to_package(dataset)
    encoded = json.dumps(package, ensure_ascii=False)
    assert encoded.encode("utf-8")
    assert "\\u0000" not in encoded
    for resource in package["resources"]:
        assert 0 <= resource.get("size", 0) < 2**63
