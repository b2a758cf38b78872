"""Credentials in addresses are masked; identifiers, page numbers and instructions that look like them are not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.aivision.normalise.web.credentials import has_credentials, mask, mask_record

MASKED = {
    "https://user:s3cret@town.gov/a.csv": "https://***@town.gov/a.csv",
    "https://user@town.gov/a.csv": "https://***@town.gov/a.csv",
    "https://user:s3c@ret@town.gov/": "https://***@town.gov/",
    "ftp://user:s3cret@town.gov:21/a": "ftp://***@town.gov:21/a",
    "//user:s3cret@town.gov/a": "//***@town.gov/a",
    "https://town.gov/a?api_key=s3cret&page=2": "https://town.gov/a?api_key=***&page=2",
    "https://town.gov/a?page=2&ApiKey=s3cret#rows": "https://town.gov/a?page=2&ApiKey=***#rows",
    "https://town.gov/a?token=s3cret": "https://town.gov/a?token=***",
    "https://town.gov/a#access_token=s3cret": "https://town.gov/a#access_token=***",
    "https://town.gov/a?api%5Fkey=s3cret": "https://town.gov/a?api%5Fkey=***",
    "https://town.gov/a?x=1;password=s3cret": "https://town.gov/a?x=1;password=***",
    "https://town.gov/a?x=1&amp;pwd=s3cret": "https://town.gov/a?x=1&amp;pwd=***",
    "https://town.gov/a?subscription-key=s3cret": "https://town.gov/a?subscription-key=***",
    "https://town.gov/a.json?$$app_token=s3cret&$limit=5": "https://town.gov/a.json?$$app_token=***&$limit=5",
    "https://town.gov/a?key=8f14e45fceea167a5a36dedd4bea2543": "https://town.gov/a?key=***",
    "https://town.gov/a?key=01234567-89ab-cdef-0123-456789abcdef": "https://town.gov/a?key=***",
    "https://x.blob.core.windows.net/a?sv=2020-08-04&sp=r&sig=s3cretS3CRETs3cret%2Fx%3D": (
        "https://x.blob.core.windows.net/a?sv=2020-08-04&sp=r&sig=***"
    ),
    "https://s3.amazonaws.com/a?X-Amz-Credential=s3cret&X-Amz-Signature=s3cret&X-Amz-Expires=9": (
        "https://s3.amazonaws.com/a?X-Amz-Credential=***&X-Amz-Signature=***&X-Amz-Expires=9"
    ),
    "https://a.gov/to?url=https%3A%2F%2Ftown.gov%3Fapi_key%3Ds3cret%26x%3D1": (
        "https://a.gov/to?url=https%3A%2F%2Ftown.gov%3Fapi_key%3D***%26x%3D1"
    ),
    'See <a href="https://u:s3cret@town.gov/">the data</a>.': 'See <a href="https://***@town.gov/">the data</a>.',
}
KEPT = [
    "https://town.gov/a?token=",
    "https://town.gov/a?token=3",
    "https://town.gov/a?key=rivers",
    "https://town.gov/a?keyword=water&passes=3&signal=high&author=Smith&monkey=1",
    "https://town.gov/a?resource_id=550e8400-e29b-41d4-a716-446655440000",
    "https://town.gov/a?id=8f14e45fceea167a5a36dedd4bea2543",
    "https://town.gov/a?api_key=DEMO_KEY",
    "https://town.gov/a?api_key={your key}",
    "https://town.gov/a?api_key=YOUR_API_KEY",
    "https://docs.google.com/spreadsheet/pub?key=0AonYZs4MzlZbdGZ1abcdefg12&output=csv",
    "https://town.gov/@user/a.csv",
    "https://town.gov//a/me@town.gov",
    "https://town.gov/a?mail=me@town.gov",
    "mailto:me@town.gov",
    "https://town.gov/wfs?typename=a:b&sr=4326",
]


@pytest.mark.parametrize(("address", "expected"), MASKED.items())
def test_credentials_are_masked_and_the_rest_of_the_address_is_kept(address: str, expected: str) -> None:
    assert mask(address) == mask(expected) == expected
    assert has_credentials(address)
    assert has_credentials(expected)


@pytest.mark.parametrize("address", KEPT)
def test_what_only_looks_like_credentials_is_kept(address: str) -> None:
    assert mask(address) == address
    assert not has_credentials(address)


@pytest.mark.parametrize("address", MASKED)
def test_a_record_is_masked_at_any_depth_and_says_so(address: str) -> None:
    record = {"title": "River", "distribution": [{"links": [address]}], address: 1}
    masked, problems = mask_record(record, "$")
    assert "s3c" not in json.dumps(masked)
    assert [problem.code for problem in problems] == ["credentials-masked"]
    assert problems[0].where == "$.distribution[0].links[0]"
    assert "s3c" not in repr(problems)


@pytest.mark.long
@given(st.recursive(st.text() | st.integers() | st.none(), lambda of: st.lists(of) | st.dictionaries(st.text(), of)))
def test_any_record_can_be_masked_and_masked_again(value: Any) -> None:
    masked, _ = mask_record(value, "$")
    assert mask_record(masked, "$")[0] == masked
