"""Every action of the served site, fuzzed from its OpenAPI document: no fault, and answers of the documented form."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, settings

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis needs Python 3.11")
checks = pytest.importorskip("schemathesis.specs.openapi.checks")

EXAMPLES = 12


@pytest.fixture(scope="module")
def token(live_site: str, stack: Any) -> str:
    """An API token of a sysadmin, of a site with datasets and a snapshot."""
    stack.ckan("aivision", "harvest", "sample-us")
    stack.ckan("aivision", "snapshot")
    stack.ckan("user", "add", "fuzzer", "email=fuzzer@rivers.example.gov", "password=a-long-password")
    stack.ckan("sysadmin", "add", "fuzzer")
    return str(stack.ckan("user", "token", "add", "fuzzer", "fuzz", "-q")).split()[-1]


@pytest.fixture(scope="module")
def schema(live_site: str, token: str) -> Any:
    return schemathesis.openapi.from_url(f"{live_site}/api/aivision/openapi.json")


lazy = schemathesis.pytest.from_fixture("schema")


@lazy.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_an_action_is_answered_as_documented(case: Any, token: str) -> None:
    answer = case.call(headers={"Authorization": token}, timeout=60)
    case.validate_response(
        answer,
        checks=[
            schemathesis.checks.not_a_server_error,
            checks.status_code_conformance,
            checks.content_type_conformance,
            checks.response_schema_conformance,
        ],
    )
