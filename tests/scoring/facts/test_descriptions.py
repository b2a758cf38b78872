"""What an address may describe: not what it is already, and each address once."""

from __future__ import annotations

from typing import Any

import pytest
from tests.scoring.conftest import result_of, value_of

from ckanext.aivision.scoring.examples import record

SITE = "https://data.gov/levels"
FALSE: list[tuple[str, dict[str, Any], str]] = [
    ("data-dictionary-linked", {"described_by": SITE, "landing_page": f"{SITE}/"}, "the page of the dataset itself"),
    ("data-dictionary-linked", {"described_by": "https://data.gov/"}, "a home page"),
    (
        "data-dictionary-linked",
        {"described_by": f"{SITE}.csv", "distribution": [{"download_url": f"{SITE}.csv"}]},
        "the address of the data",
    ),
    ("data-dictionary-linked", {"described_by": SITE, "page": [SITE], "conforms_to": [SITE]}, "several things"),
    ("data-dictionary-linked", {"described_by": "https://data.gov/openapi.json"}, "an API"),
    ("data-dictionary-linked", {"described_by": "https://data.gov/service?wsdl"}, "an API"),
    ("documentation-linked", {"page": [f"{SITE}.csv"], "distribution": [{"download_url": f"{SITE}.csv"}]}, "the data"),
]


@pytest.mark.parametrize(("criterion", "said", "why"), FALSE)
def test_an_address_that_is_something_else_describes_nothing(criterion: str, said: dict[str, Any], why: str) -> None:
    found = result_of(criterion, record(**said))
    assert found.value == 0
    assert why in found.evidence


@pytest.mark.parametrize(
    ("criterion", "said", "value"),
    [
        ("data-dictionary-linked", {"described_by": f"{SITE}/dictionary", "landing_page": SITE}, 1),
        ("data-dictionary-linked", {"described_by": f"{SITE}/dictionary", "page": [f"{SITE}/dictionary"]}, 1),
        ("data-dictionary-linked", {"described_by": f"{SITE}/dictionary.pdf"}, 0.75),
        ("data-dictionary-linked", {"described_by": f"{SITE}/swagger-column-dictionary.json"}, 1),
        ("documentation-linked", {"page": [f"{SITE}/guide.pdf"]}, 0.75),
        ("documentation-linked", {"page": [f"{SITE}/guide.pdf", f"{SITE}/guide.html"]}, 1),
        ("documentation-linked", {"page": [SITE], "landing_page": SITE}, 0.5),
    ],
)
def test_an_address_of_a_description_counts(criterion: str, said: dict[str, Any], value: float) -> None:
    assert value_of(criterion, **said) == value


def test_parts_that_only_a_number_tells_apart_are_not_described() -> None:
    pages = [{"access_url": f"{SITE}/{n}.html", "title": f"Stream survey part {n}"} for n in range(30)]
    assert value_of("distributions-described", distribution=pages) == 0
    years = [{"access_url": f"{SITE}/{n}.csv", "title": f"Stream survey {n}"} for n in range(1990, 2000)]
    assert value_of("distributions-described", distribution=years) == 1
