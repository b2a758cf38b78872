"""What cannot be fetched from the public Internet is worth no more than no address, and the evidence says why."""

from __future__ import annotations

from typing import Any

import pytest
from tests.scoring.conftest import result_of

from ckanext.aivision.scoring.examples import record

FALSE = (
    "available on request",
    "javascript:void(0)",
    "file:///C:/data/lamps.csv",
    r"\\\\server\share\lamps.csv",
    "files/lamps.csv",
    "http://localhost:8080/lamps.csv",
    "http://192.168.1.5/lamps.csv",
    "http://gisserver/lamps.csv",
    "https://example.org/lamps.csv",
    "https://lamps.example/lamps.csv",
    "https://doi.org/",
    "https://data.gov/[REDACTED]",
    "dkan://file/7.csv",
)
# Criterion -> the record that has nothing but an address.
CLAIMS: dict[str, Any] = {
    "distribution-present": lambda text: {"distribution": [{"download_url": text, "media_type": "text/csv"}]},
    "download-direct": lambda text: {"distribution": [{"download_url": text, "media_type": "text/csv"}]},
    "api-documented": lambda text: {"distribution": [{"access_url": text, "format": "WFS"}]},
    "format-structured": lambda text: {"distribution": [{"download_url": text, "media_type": "text/csv"}]},
    "format-efficient": lambda text: {"distribution": [{"download_url": text, "format": "PARQUET"}]},
    "media-type-registered": lambda text: {"distribution": [{"download_url": text, "media_type": "text/csv"}]},
    "data-dictionary-linked": lambda text: {"described_by": text},
    "documentation-linked": lambda text: {"page": [text]},
    "processing-code-linked": lambda text: {"code_repository": text},
    "contact-reachable": lambda text: {"contact_point": [{"url": text}]},
    "identifier-persistent": lambda text: {"other_identifier": [text]},
    "checksum-given": lambda text: {"distribution": [{"download_url": text, "checksum": "a" * 64}]},
    "size-given": lambda text: {"distribution": [{"download_url": text, "byte_size": 9}]},
    "distributions-described": lambda text: {"distribution": [{"download_url": text, "title": "Lamps by street"}]},
}
QUOTED = (
    *("distribution-present", "download-direct", "api-documented", "format-structured", "format-efficient"),
    *("data-dictionary-linked",),
)


@pytest.mark.parametrize("text", FALSE)
@pytest.mark.parametrize("criterion", CLAIMS)
def test_an_address_that_is_none_is_worth_what_silence_is(criterion: str, text: str) -> None:
    silent = result_of(criterion, record())
    found = result_of(criterion, record(**CLAIMS[criterion](text)))
    assert (found.result, found.value) == (silent.result, silent.value)


@pytest.mark.parametrize("text", FALSE)
@pytest.mark.parametrize("criterion", QUOTED)
def test_the_evidence_quotes_an_address_that_is_none(criterion: str, text: str) -> None:
    found = result_of(criterion, record(**CLAIMS[criterion](text)))
    assert f"{text}: " in found.evidence
    assert "not given" not in found.evidence


@pytest.mark.parametrize("text", [text for text in FALSE if "://" in text])
def test_the_address_of_a_standard_must_lead_on(text: str) -> None:
    assert result_of("standard-conformance-stated", record(conforms_to=[text])).value == 0


@pytest.mark.parametrize("name", ["GTFS", "EPSG:4326", "ISO 19157", "urn:ogc:def:crs:EPSG::27700"])
def test_the_name_of_a_standard_is_no_address(name: str) -> None:
    assert result_of("standard-conformance-stated", record(conforms_to=[name])).value == 1


def test_the_good_address_of_a_distribution_counts_beside_a_bad_one() -> None:
    item = {"download_url": "file:///C:/lamps.csv", "access_url": "https://data.gov/lamps.csv"}
    found = result_of("download-direct", record(distribution=[item]))
    assert (found.value, found.evidence) == (1, "https://data.gov/lamps.csv")


def test_several_addresses_in_one_reference_are_documentation() -> None:
    text = "Guide: https://data.gov/guide.html, codes: https://data.gov/codes.html."
    found = result_of("documentation-linked", record(page=[text]))
    assert (found.value, found.evidence) == (1, "https://data.gov/guide.html, https://data.gov/codes.html")


@pytest.mark.parametrize("mail", ["desk@example.com", "desk@lamps.test", "desk@localhost"])
def test_a_mailbox_that_cannot_exist_is_no_contact(mail: str) -> None:
    found = result_of("contact-reachable", record(contact_point=[{"email": mail}]))
    assert (found.value, found.evidence) == (0, f"{mail}: an address that leads nowhere")


@pytest.mark.parametrize(
    "doi", ["10.9999/nothing", "doi:10.1234/a", "https://doi.org/10.5555/12345678", "10.5066/xxxx"]
)
def test_a_made_up_doi_is_no_persistent_identifier(doi: str) -> None:
    assert (result_of("identifier-persistent", record(other_identifier=[doi])).value or 0) < 1


@pytest.mark.parametrize("doi", ["10.5066/P9ABCDEF", "https://doi.org/10.1000/182", "https://hdl.handle.net/1/2"])
def test_a_persistent_identifier_counts(doi: str) -> None:
    assert result_of("identifier-persistent", record(other_identifier=[doi])).value == 1
