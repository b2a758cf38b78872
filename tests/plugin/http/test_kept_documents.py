"""What is kept of a dataset is given out at once, as long as it is true and public, and never after that."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from tests.plugin.conftest import execute

Ask = Callable[..., Any]
SYNTAXES = ("ttl", "xml", "jsonld", "nt", "n3", "rdf")


def text(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))


@pytest.fixture(params=["harvested", "of the form"])
def package(request: pytest.FixtureRequest) -> dict[str, Any]:
    """A public dataset of which documents are kept."""
    if request.param == "harvested":
        found: dict[str, Any] = request.getfixturevalue("harvest")()[0]
    else:
        found = request.getfixturevalue("published")()
    ask = request.getfixturevalue("ask")
    for syntax in SYNTAXES:
        text(ask(f"/dataset/{found['name']}.{syntax}"))
    text(ask("/catalog.nt?page=all"))
    return found


CHANGES: dict[str, Callable[[Any, dict[str, Any], str], Any]] = {
    "title": lambda act, package, word: act("package_patch", id=package["id"], title=f"Levels {word}"),
    "keyword": lambda act, package, word: act("package_patch", id=package["id"], tags=[{"name": word}]),
    "file": lambda act, package, word: act(
        "resource_create", package_id=package["id"], url=f"https://rivers.example.gov/{word}.csv"
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_shows_at_once(ask: Ask, act: Any, published: Any, change: Any) -> None:
    package, word = published(), f"word{uuid.uuid4().hex[:8]}"
    tags = {syntax: ask(f"/dataset/{package['name']}.{syntax}").headers["ETag"] for syntax in SYNTAXES}
    change(act, package, word)
    for syntax, tag in tags.items():
        answer = ask(f"/dataset/{package['name']}.{syntax}", **{"If-None-Match": tag})
        assert word in text(answer)
        assert answer.headers["ETag"] != tag
    assert word in text(ask("/catalog.nt?page=all"))


def test_a_harvested_dataset_is_given_out_as_its_source_has_it_whatever_is_corrected_here(
    ask: Ask, act: Any, harvest: Any
) -> None:
    package, word = harvest()[0], f"word{uuid.uuid4().hex[:8]}"
    own = text(ask(f"/dataset/{package['name']}.nt"))
    act("package_patch", id=package["id"], title=f"Levels {word}")
    assert text(ask(f"/dataset/{package['name']}.nt")) == own


def test_a_publisher_that_is_renamed_shows_at_once(ask: Ask, act: Any, published: Any) -> None:
    word = f"word{uuid.uuid4().hex[:8]}"
    office = act("organization_create", name=f"office-{word}", title="River office")
    package = published(owner_org=office["id"])
    assert word not in text(ask(f"/dataset/{package['name']}.jsonld")).replace(office["name"], "")
    act("organization_patch", id=office["id"], title=f"Office {word}")
    assert f"Office {word}" in text(ask(f"/dataset/{package['name']}.jsonld"))
    act("organization_patch", id=office["id"], title="River office")


WITHDRAWALS: dict[str, tuple[Callable[[Any, dict[str, Any]], Any], int]] = {
    "made private": (lambda act, package: act("package_patch", id=package["id"], private=True), 404),
    "deleted": (lambda act, package: act("package_delete", id=package["id"]), 410),
    "purged": (lambda act, package: act("dataset_purge", id=package["id"]), 410),
    "made a draft by SQL": (
        lambda act, package: execute("UPDATE package SET state = 'draft' WHERE id = :id", id=package["id"]),
        404,
    ),
}


@pytest.mark.parametrize(("withdraw", "status"), WITHDRAWALS.values(), ids=WITHDRAWALS)
def test_what_is_not_public_any_more_is_not_given_out(
    ask: Ask, act: Any, package: dict[str, Any], withdraw: Any, status: int
) -> None:
    tags = {syntax: ask(f"/dataset/{package['id']}.{syntax}").headers["ETag"] for syntax in SYNTAXES}
    withdraw(act, package)
    for syntax, tag in tags.items():
        for headers in ({}, {"If-None-Match": tag}, {"Cookie": "a=b"}):
            answer = ask(f"/dataset/{package['id']}.{syntax}", **headers)
            assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
            assert package["title"] not in answer.get_data(as_text=True)
    assert package["id"] not in text(ask("/catalog.nt?page=all"))


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_it_makes_no_difference_who_asks_and_whether_it_was_kept(
    ask: Ask, harvest: Any, ckan: Any, sysadmin: Any, monkeypatch: pytest.MonkeyPatch, syntax: str
) -> None:
    (package,) = harvest()
    path = f"/dataset/{package['name']}.{syntax}"
    monkeypatch.setitem(ckan.config, "ckanext.aivision.keep_documents", False)
    first = ask(path)
    monkeypatch.setitem(ckan.config, "ckanext.aivision.keep_documents", True)
    answers = [
        ask(path),
        ask(path),
        ask(path, Cookie="a=b"),
        ask(f"/dataset/{package['id']}.{syntax}"),
        sysadmin.get(path),
    ]
    for answer in answers:
        assert answer.get_data() == first.get_data()
        assert (answer.headers["ETag"], answer.content_type) == (first.headers["ETag"], first.content_type)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "public" in answer.headers["Cache-Control"]
    head = ask(path, "HEAD")
    assert head.headers["Content-Length"] == str(len(first.get_data()))
    assert head.get_data() == b""


def test_both_standards_are_kept_apart(ask: Ask, harvest: Any) -> None:
    (package,) = harvest()
    path = f"/dataset/{package['name']}.ttl"
    for _ in range(2):
        assert "org:Organization" not in text(ask(path))
        assert "org:Organization" in text(ask(f"{path}?profiles=aivision_dcat_us_3"))


def test_whoever_may_read_a_private_dataset_gets_it_and_nobody_after_them(
    ask: Ask, published: Any, sysadmin: Any
) -> None:
    package = published(private=True)
    path = f"/dataset/{package['name']}.ttl"
    answer = sysadmin.get(path)
    assert package["title"] in answer.get_data(as_text=True)
    assert "public" not in answer.headers.get("Cache-Control", "")
    assert ask(path, **{"If-None-Match": answer.headers["ETag"]}).status_code == 404


def test_a_rule_of_another_extension_is_asked(
    ask: Ask, package: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from ckanext.aivision.catalogue.rdf import open_reading

    assert open_reading.is_open()
    # As an extension that hides datasets by labels of its own has it.
    monkeypatch.setattr(open_reading, "get_permission_labels", object)
    assert not open_reading.is_open()
    assert ask(f"/dataset/{package['name']}.ttl", Cookie="a=b").status_code == 200
    assert ask("/catalog.ttl?page=all").status_code == 400


def test_a_database_that_takes_nothing_gives_documents_still(ask: Ask, harvest: Any) -> None:
    (package,) = harvest()
    execute("ALTER TABLE aivision_document ADD CONSTRAINT nothing CHECK (body = '')  NOT VALID")
    try:
        assert package["title"] in text(ask(f"/dataset/{package['name']}.ttl"))
    finally:
        execute("ALTER TABLE aivision_document DROP CONSTRAINT nothing")
