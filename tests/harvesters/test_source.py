"""Sources by name, address or file, and what is taken for granted of them."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.aivision.errors import UsageError
from ckanext.aivision.harvesters.sources.kind_registry import KINDS
from ckanext.aivision.harvesters.sources.source import complete_source, load_sources, resolve, sources_of


def test_every_configured_source_says_what_it_is_and_under_which_licence() -> None:
    for name, source in load_sources().items():
        assert source.name == name
        assert source.kind in KINDS
        assert source.country in ("US", "GB")
        assert all((source.title, source.publisher, source.license, source.profile))
        assert urlsplit(source.url).scheme == "https" or Path(source.url).is_file()


def test_the_configuration_has_many_sources_of_both_countries_and_the_two_national_catalogues() -> None:
    remote = [source for source in load_sources().values() if "://" in source.url]
    assert sum(source.country == "US" for source in remote) >= 40
    assert sum(source.country == "GB" for source in remote) >= 20
    assert [source.url for source in remote if source.kind == "datagov-search"] == ["https://catalog.data.gov/search"]
    assert load_sources()["data.gov.uk"].profile == "data-gov-uk"


def test_every_configured_address_is_a_host_and_a_path_over_https() -> None:
    for source in load_sources().values():
        if "://" in source.url:
            parts = urlsplit(source.url)
            assert (parts.scheme, parts.query, parts.fragment, parts.username) == ("https", "", "", None)
            assert "." in (parts.hostname or "")
            assert source.url == source.url.strip().rstrip("/")


def test_no_two_sources_have_one_address() -> None:
    urls = [source.url for source in load_sources().values()]
    assert len(set(urls)) == len(urls)


ROW = {"title": "A", "url": "https://a.gov/x", "kind": "dcat-us", "country": "US", "publisher": "A", "license": "us-pd"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"title": None}, "says nothing of title"),
        ({"kind": "oai-pmh"}, "kind 'oai-pmh' is not one of dcat-us"),
        ({"max_gone_share": 20}, "<= 1"),
        ({"country": "USA"}, "length <= 2"),
        ({"longest_run": 5}, "unknown field `longest_run`"),
        ({"name": "b"}, "has a `name`"),
    ],
)
def test_a_row_that_is_not_in_the_form_is_refused_with_its_name(changes: dict[str, object], message: str) -> None:
    row = {key: value for key, value in {**ROW, **changes}.items() if value is not None}
    with pytest.raises(UsageError) as refused:
        sources_of(json.dumps({"agency": row}).encode(), "mine.yaml")
    assert str(refused.value).startswith("mine.yaml: agency: ")
    assert message in str(refused.value)


def test_a_name_that_stands_twice_in_a_list_is_refused() -> None:
    row = "agency: {title: A, url: https://a.gov/data.json, kind: dcat-us, country: US, publisher: A, license: us-pd}"
    assert sources_of(f"{row}\n".encode(), "mine.yaml")
    with pytest.raises(UsageError, match=r"mine\.yaml: agency stands there twice"):
        sources_of(f"{row}\n{row}\n".encode(), "mine.yaml")


def test_what_the_user_states_goes_before_the_configuration() -> None:
    source = resolve("gsa", profile="dcat-us-3.0", country="GB")
    assert (source.url, source.kind) == ("https://open.gsa.gov/data.json", "dcat-us")
    assert (source.profile, source.country) == ("dcat-us-3.0", "GB")


def test_a_file_is_named_by_its_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data.json").write_text("{}")
    monkeypatch.chdir(tmp_path)
    assert resolve("data.json").name == str(tmp_path / "data.json")


def test_a_directory_is_named_by_its_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert resolve(".").name == resolve(str(tmp_path)).name == str(tmp_path)


def test_a_misspelt_name_is_told_with_what_is_close() -> None:
    with pytest.raises(UsageError, match="did you mean treasury"):
        resolve("tresury")


@pytest.mark.parametrize("target", ["", "no such file", "x" * 5000, "a\0b", "/dev/null"])
def test_what_is_no_source_is_the_users_mistake(target: str) -> None:
    with pytest.raises(UsageError, match="not the name of a source"):
        resolve(target)


@pytest.mark.parametrize("target", ["ftp://a.gov/x", "file:///etc/passwd", "http://", "https:///x", "http://[1/x"])
def test_an_address_that_is_not_http_is_the_users_mistake(target: str) -> None:
    with pytest.raises(UsageError, match="https://"):
        resolve(target)


@pytest.mark.parametrize("query", ["api_key=SECRET", "q=1&access_token=SECRET", "X-Api-Key=SECRET&q=2"])
def test_credentials_are_kept_for_the_request_but_out_of_the_name(query: str) -> None:
    source = resolve(f"https://user:SECRET@portal.gov.uk/data.json?{query}")
    assert "SECRET" not in source.name
    assert source.url.count("SECRET") == 2


def test_two_parts_of_one_portal_are_two_sources() -> None:
    base = "https://portal.gov.uk/api/3/action/package_search?fq=organization:"
    assert resolve(base + "a").name != resolve(base + "b").name


@pytest.mark.parametrize(
    ("url", "kind", "country", "profile"),
    [
        ("https://ckan.publishing.service.gov.uk", "ckan", "GB", "data-gov-uk"),
        ("https://data.gov.uk/api/3/action/package_search", "ckan", "GB", "data-gov-uk"),
        ("https://www.opendata.nhs.scot", "ckan", "GB", "ckan"),
        ("https://open.canada.ca/data", "ckan", "CA", "ckan"),
        ("https://agency.gov/data.json", "dcat-us", "US", "dcat-us-1.1"),
        ("https://department.org/data.yaml", "uk-metadata-exchange", "GB", "uk-metadata-exchange"),
        ("https://datos.gob.es/catalogo.rdf", "dcat-rdf", "ES", "dcat-ap"),
        # What tells no country: one that is of none, of a union, or registered all over the world.
        ("https://data.city.org/data.json", "dcat-us", "", "dcat-us-1.1"),
        ("https://data.city.org", "ckan", "", "ckan"),
        ("https://data.europa.eu/catalog.rdf", "dcat-rdf", "", "dcat-ap"),
        ("https://data.city.io/data.json", "dcat-us", "", "dcat-us-1.1"),
    ],
)
def test_country_and_profile_follow_from_the_address_and_the_kind(
    url: str, kind: str, country: str, profile: str
) -> None:
    source = complete_source(resolve(url), kind)
    assert (source.kind, source.country, source.profile) == (kind, country, profile)


@given(target=st.text())
def test_any_text_is_a_source_or_the_users_mistake(target: str) -> None:
    with contextlib.suppress(UsageError):
        assert resolve(target).url


@pytest.mark.parametrize(
    ("document", "name", "kind"),
    [
        ('{"@type": "dcat:Catalog", "dataset": [{"identifier": "a", "title": "b"}]}', "a.json", "dcat-us"),
        ('{"dataset": []}', "empty.json", "dcat-us"),
        ('{"id": "a", "title": "b", "resources": []}\n{"id": "c", "title": "d", "tags": []}\n', "a.ndjson", "ckan"),
        ('{"id": "a", "title": "b", "owner_org": "x"}', "one.json", "ckan"),
        ('[{"id": "a", "title": "b", "license_id": "cc-by"}, {"id": "c", "title": "d"}]', "list.json", "ckan"),
        (
            '{"help": "", "success": true, "result": {"count": 1, "results": [{"id": "a", "title": "b"}]}}',
            "s.json",
            "ckan",
        ),
        ('{"help": "", "success": true, "result": {"id": "a", "title": "b", "notes": "count"}}', "show.json", "ckan"),
        (
            '{"identifier": "a", "title": "b", "type": "dcat:Dataset", "licence": "OGL"}',
            "uk.json",
            "uk-metadata-exchange",
        ),
        (
            '[{"identifier": "a", "title": "b", "updateFrequency": "freq:daily"}, {"identifier": "c", "title": "d"}]',
            "uks.json",
            "uk-metadata-exchange",
        ),
        (
            "---\n- identifier: a\n  title: b\n  updateFrequency: x\n---\nidentifier: c\ntitle: d\n",
            "uk.yaml",
            "uk-metadata-exchange",
        ),
        ('{"results": [{"slug": "s", "dcat": {"identifier": "a", "title": "b"}}]}', "p.json", "datagov-search"),
    ],
)
def test_the_kind_of_a_file_shows_in_its_content(
    document: str, name: str, kind: str, read: Callable[..., list[Any]]
) -> None:
    for stated in ({}, {"kind": kind}):
        records = read(document, name, **stated)
        assert [r.identifier for r in records] in ([], ["a"], ["a", "c"])
        assert all(r.dataset is not None and r.dataset.profile == KINDS[kind].profile for r in records)
        assert bool(records) == ('dataset": []' not in document)
