"""Whatever stands in an address, the answer is a document or says what is wrong: never a server error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.examples import share_of

NAMES = (
    "page",
    "after",
    "q",
    "fq",
    "country",
    "agency",
    "grade",
    "modified_since",
    "organization",
    "profile",
    "profiles",
    "x",
)
EVIL = st.sampled_from(
    [
        *(
            "\0",
            "%00",
            "'",
            '"',
            "\\",
            "a\tb",
            "\u2028",
            "\ufffe",
            "é" * 300,
            "[* TO *]",
            "*:*",
            "{!lucene}x",
            "(",
            "AND",
        ),
        *(
            "all",
            "0",
            "-1",
            "1e9",
            "9" * 40,
            "٣",
            "NaN",
            "2026-13-45",
            "0001-01-01T00:00:00+23:59",
            "9999-12-31",
            "us-026",
        ),
        *(
            "US",
            "us\n",
            "A",
            "a,b",
            "aivision_dcat_us_3",
            "euro_dcat_ap_3",
            ",",
            " ",
            "id:x",
            "+state:draft",
            "-x:",
            "_query_:1",
        ),
    ]
)
VALUES = st.one_of(EVIL, st.text(max_size=12))
QUESTIONS = st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=3)
PATHS = ("/catalog.ttl", "/catalog.jsonld", "/data.json", "/uk-metadata-exchange.json", "/organization/x/data.json")
ENDINGS = ("ttl", "nt")


@pytest.fixture(autouse=True)
def unlimited(ckan: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("catalogues", "catalogues_of_all", "pages", "pages_of_all"):
        monkeypatch.setitem(ckan.config, f"ckanext.aivision.limit_{name}", 0)


def check(answer: Any) -> None:
    assert answer.status_code < 500
    if answer.status_code >= 400:
        assert answer.mimetype == "application/problem+json"
        assert answer.get_json(force=True)["status"] == answer.status_code


@pytest.mark.long
@settings(max_examples=share_of(120), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.sampled_from(PATHS), question=QUESTIONS)
def test_no_question_is_a_server_error(ask: Callable[..., Any], path: str, question: list[tuple[str, str]]) -> None:
    check(ask(f"{path}?{urlencode(question, errors='replace')}"))


@pytest.mark.long
@settings(max_examples=share_of(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=VALUES.filter(lambda name: name.strip("./") == name and name != ""),
    ending=st.sampled_from(ENDINGS),
    tag=VALUES,
)
def test_no_name_is_a_server_error(ask: Callable[..., Any], name: str, ending: str, tag: str) -> None:
    written = tag.encode("ascii", "ignore").decode().translate(dict.fromkeys(range(32)))
    address = quote(name, safe="", errors="replace")
    if "/" not in name:
        check(ask(f"/dataset/{address}.{ending}", **{"If-None-Match": written}))
