"""The headers that protect readers: on every page of ours strictly, and on CKAN's as its templates allow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


def _directives(answer: Any) -> dict[str, list[str]]:
    policy = answer.headers["Content-Security-Policy"]
    return {name: sources for name, *sources in (part.split() for part in policy.split(";"))}


@pytest.fixture
def plain_pages(ckan_application: Any) -> list[str]:
    """The addresses of our pages that name nothing."""
    rules = ckan_application.url_map.iter_rules()
    return sorted(
        {
            rule.rule
            for rule in rules
            if rule.endpoint.startswith("aivision_") and "GET" in rule.methods and not rule.arguments
        }
    )


def test_no_page_of_ours_runs_scripts_that_stand_in_it(
    plain_pages: list[str], ckan_application: Any, sysadmin: Any, snapshot: Any
) -> None:
    snapshot()
    client = ckan_application.test_client()
    pages = 0
    for path in plain_pages:
        answer = client.get(path, headers=sysadmin.headers)
        if answer.status_code != 200:
            continue
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path
        assert answer.headers["Referrer-Policy"] == "strict-origin-when-cross-origin", path
        policy = _directives(answer)
        assert policy["frame-ancestors"] == ["'self'"], path
        assert policy.get("script-src", policy["default-src"]) in (["'self'"], ["'none'"]), path
        pages += answer.mimetype == "text/html"
    assert pages > 10


@pytest.mark.parametrize(
    ("path", "inline"), [("/", False), ("/dataset/", False), ("/user/login", False), ("/dataset/new", True)]
)
def test_pages_of_ckan_allow_inline_scripts_only_in_forms(sysadmin: Any, path: str, inline: bool) -> None:
    policy = _directives(sysadmin.get(path, headers={}))
    assert ("'unsafe-inline'" in policy["script-src"]) is inline
    assert policy["object-src"] == ["'none'"]
    assert policy["base-uri"] == ["'self'"]
    assert policy["frame-ancestors"] == ["'self'"]


@pytest.mark.parametrize(
    ("setting", "ours", "ckans"), [("all", True, True), ("ours", True, False), ("off", False, False)]
)
def test_the_setting_says_which_pages_have_the_headers(
    reader: Callable[[str], Any], ckan: Any, monkeypatch: pytest.MonkeyPatch, setting: str, ours: bool, ckans: bool
) -> None:
    monkeypatch.setitem(ckan.config, "ckanext.aivision.security_headers", setting)
    for path, expected in (("/best-practice/method", ours), ("/dataset/", ckans)):
        headers = reader("").get(path).headers
        for name in ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options"):
            assert (name in headers) is expected, (path, name)


def test_scripts_of_hosts_that_the_operator_names_are_allowed(
    reader: Callable[[str], Any], ckan: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ckan.config, "ckanext.aivision.script_hosts", ["https://analytics.example.gov"])
    policy = _directives(reader("").get("/best-practice/method"))
    assert policy["script-src"] == ["'self'", "https://analytics.example.gov"]


def test_an_uploaded_picture_cannot_run_scripts(ckan_application: Any, ckan: Any, reader: Callable[[str], Any]) -> None:
    from pathlib import Path

    folder = Path(str(ckan.config["ckan.storage_path"])) / "storage" / "uploads" / "group"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "seal.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
    policy = _directives(reader("").get("/uploads/group/seal.svg"))
    assert policy["default-src"] == ["'none'"]
    assert policy["sandbox"] == []
