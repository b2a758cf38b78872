"""What the terms of a record let one do, for its criteria and for gates; and what says otherwise."""

from __future__ import annotations

from typing import Any

import pytest
from tests.scoring.conftest import result_of

from ckanext.aivision.scoring.examples import record

CC_BY = "https://creativecommons.org/licenses/by/4.0/"
FILE = {"download_url": "https://rivers.example.gov/levels.csv"}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"license": CC_BY, "rights": ["Not for commercial use."]}, "but also: Not for commercial use."),
        ({"license": CC_BY, "distribution": [{**FILE, "license": "CC BY-NC 4.0"}]}, "but also: CC BY-NC 4.0"),
        ({"license": "CC BY-NC 4.0", "distribution": [{**FILE, "license": CC_BY}]}, f"{CC_BY}: Creative Commons"),
        ({"license": "CC BY-NC 4.0", "distribution": [{**FILE, "license": CC_BY}]}, "but also: CC BY-NC 4.0"),
        ({"license": "CC0", "rights": ["No reuse without permission"]}, "but also: No reuse"),
        ({"license": "CC0", "rights": ["Permission required for reuse"]}, "but also: Permission"),
        ({"license": "CC0", "rights": ["You must obtain permission before using these data."]}, "but also: You must"),
        ({"license": "CC0", "rights": ["Do not redistribute."]}, "but also: Do not"),
        ({"license": "CC0", "rights": ["Reproduction is forbidden"]}, "but also: Reproduction"),
        ({"license": "CC0", "rights": ["May not be used for any purpose without consent"]}, "but also: May not"),
        ({"license": "CC0", "rights": ["Commercial licence required for resale"]}, "but also: Commercial"),
    ],
)
def test_contradictions_are_told(said: dict[str, Any], told: str) -> None:
    assert told in result_of("licence-open", record(**{"distribution": [FILE], **said})).evidence


@pytest.mark.parametrize(
    "said",
    [
        {"license": CC_BY, "rights": ["Public access", CC_BY]},
        {"license": CC_BY, "rights": ["There is no need to ask for permission to reuse these data."]},
        {"license": CC_BY, "rights": ["Do not publish without naming the source."]},
        {"license": CC_BY, "rights": ["© Crown copyright. All rights reserved."]},
        {"license": CC_BY, "rights": ["Registration required"]},
        {"license": CC_BY, "distribution": [{**FILE, "license": "CC BY 4.0"}]},
    ],
)
def test_what_agrees_is_no_contradiction(said: dict[str, Any]) -> None:
    assert "but also" not in result_of("licence-open", record(**{"distribution": [FILE], **said})).evidence


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("CC BY; not for commercial use", 0.25),
        ("OGL does not apply", 0),
        ("Data: CC BY 4.0; images: all rights reserved", 0.25),
        ("All rights reserved", 0),
        ("License: none", 0),
        (CC_BY, 1),
    ],
)
def test_a_licence_is_worth_its_narrowest_reading(written: str, value: float) -> None:
    found = result_of("licence-open", record(license=written, distribution=[FILE]))
    assert found.value == value
    assert written in found.evidence


@pytest.mark.parametrize("said", [{}, {"distribution": [{"access_url": "https://rivers.example.gov/levels.html"}]}])
def test_a_licence_for_nothing_earns_nothing(said: dict[str, Any]) -> None:
    found = result_of("licence-open", record(license=CC_BY, **said))
    assert (found.value, CC_BY in found.evidence, "no data" in found.evidence) == (0, True, True)


@pytest.mark.parametrize(
    "said",
    [
        {"distribution": [FILE]},
        {"distribution": [{"access_url": "https://rivers.example.gov/file/7"}]},
        {"access_rights": "non-public", "rights": ["Confidential under 13 U.S.C. 9."]},
    ],
)
def test_a_licence_of_files_or_of_data_that_are_withheld_for_a_reason_counts(said: dict[str, Any]) -> None:
    assert result_of("licence-open", record(license=CC_BY, **said)).value == 1
