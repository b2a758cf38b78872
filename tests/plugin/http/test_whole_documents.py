"""Documents about the whole catalogue: nobody gets again what has not changed, and nobody is told so who has less."""

from __future__ import annotations

import datetime
import gzip
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from tests.plugin.conftest import execute

Ask = Callable[..., Any]
WHOLE = (
    "/data.json",
    "/data.json?profile=dcat-us-3",
    "/uk-metadata-exchange.json",
    "/catalog.ttl?page=all",
    "/catalog.nt",
)


@pytest.fixture(autouse=True)
def unlimited(ckan: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("catalogues", "catalogues_of_all", "pages", "pages_of_all"):
        monkeypatch.setitem(ckan.config, f"ckanext.aivision.limit_{name}", 0)


@pytest.fixture
def other() -> Iterator[sa.Connection]:
    """Another connection, whose transaction is rolled back if it is not committed."""
    import ckan.model as model

    with model.meta.engine.connect() as connection:
        yield connection


@pytest.mark.parametrize("path", WHOLE)
def test_it_is_sent_again_only_after_a_change(ask: Ask, published: Any, act: Any, path: str) -> None:
    package = published()
    first = ask(path)
    again = ask(path, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    act("package_patch", id=package["id"], title="Levels of rivers")
    changed = ask(path, **{"If-None-Match": first.headers["ETag"]})
    assert b"Levels of rivers" in changed.get_data()
    act("dataset_purge", id=package["id"])
    gone = ask(path, **{"If-None-Match": changed.headers["ETag"]})
    assert gone.status_code == 200
    assert package["id"].encode() not in gone.get_data()


def test_a_grade_that_changes_alone_changes_what_is_filtered_by_it(ask: Ask, published: Any) -> None:
    package = published()
    execute("UPDATE aivision_evaluation SET grade = 'A' WHERE package_id = :id", id=package["id"])
    path = "/catalog.nt?page=all&grade=A"
    first = ask(path)
    assert package["id"].encode() in first.get_data()
    execute("UPDATE aivision_evaluation SET grade = 'B' WHERE package_id = :id", id=package["id"])
    second = ask(path, **{"If-None-Match": first.headers["ETag"]})
    assert second.status_code == 200
    assert package["id"].encode() not in second.get_data()


def test_a_transaction_that_began_earlier_and_ends_later_is_not_missed(
    ask: Ask, published: Any, act: Any, other: sa.Connection
) -> None:
    earlier, later = published(), published()
    other.execute(sa.text("UPDATE package SET title = 'Told late' WHERE id = :id"), {"id": earlier["id"]})
    act("package_patch", id=later["id"], title="Told early")
    between = ask("/data.json")
    assert "Last-Modified" not in between.headers
    other.commit()
    after = ask("/data.json", **{"If-None-Match": between.headers["ETag"]})
    assert b"Told late" in after.get_data()


def test_the_last_change_is_a_validator_once_nothing_can_come_before_it(ask: Ask, published: Any) -> None:
    published()
    assert "Last-Modified" not in ask("/data.json").headers
    execute("UPDATE aivision_change SET changed = changed - interval '2 hours'")
    first = ask("/data.json")
    date = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert ask("/data.json", **date).status_code == 304
    assert ask("/data.json", "HEAD", **date).status_code == 304
    published()
    assert ask("/data.json", **date).status_code == 200


def test_a_date_of_before_the_changes_that_are_kept_proves_nothing(ask: Ask, published: Any) -> None:
    published()
    execute("UPDATE aivision_change SET changed = changed - interval '400 days'")
    date = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=200)
    asked = ask("/data.json", **{"If-Modified-Since": f"{date:%a, %d %b %Y %H:%M:%S} GMT"})
    assert asked.status_code == 200


@pytest.mark.parametrize("path", ["/data.json", "/uk-metadata-exchange.json", "/catalog.ttl?page=all"])
def test_whoever_takes_gzip_gets_it(ask: Ask, published: Any, path: str) -> None:
    published()
    plain, packed = ask(path), ask(path, **{"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert gzip.decompress(packed.get_data()) == plain.get_data()
    refused = ask(path, **{"Accept-Encoding": "gzip;q=0"})
    assert refused.get_data() == plain.get_data()


@pytest.mark.parametrize("path", ["/catalog.ttl?page=all", "/data.json", "/catalog.ttl", "/catalog.ttl?page=1"])
def test_a_visitor_who_takes_too_many_waits(ask: Ask, ckan: Any, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setitem(ckan.config, "ckan.site_id", f"test-{uuid.uuid4().hex}")
    monkeypatch.setitem(ckan.config, "ckanext.aivision.limit_catalogues", 2)
    monkeypatch.setitem(ckan.config, "ckanext.aivision.limit_pages", 2)
    # A new minute may begin meanwhile, once.
    answers = [ask(path) for _ in range(5)]
    assert {answer.status_code for answer in answers[:2]} == {200}
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert 1 <= int(refused.headers["Retry-After"]) <= 61
    assert refused.mimetype == "application/problem+json"
    tag = answers[0].headers.get("ETag")
    if tag and "page=1" not in path:
        assert {ask(path, **{"If-None-Match": tag}).status_code for _ in range(3)} == {304}, "who has it is not counted"


@pytest.mark.parametrize("path", ["/catalog.ttl?page=all", "/data.json"])
def test_a_visitor_downloads_one_at_once_and_a_process_writes_two(ckan_application: Any, path: str) -> None:
    client = ckan_application.test_client()

    def open_from(who: str) -> Any:
        return client.get(path, buffered=False, environ_base={"REMOTE_ADDR": who})

    first = open_from("192.0.2.1")
    refused = open_from("192.0.2.1")
    assert (refused.status_code, refused.mimetype) == (429, "application/problem+json")
    assert int(refused.headers["Retry-After"]) > 0
    second = open_from("192.0.2.2")
    assert second.status_code == 200
    third = open_from("192.0.2.3")
    assert (third.status_code, third.mimetype) == (503, "application/problem+json")
    assert int(third.headers["Retry-After"]) > 0
    # In one thread, the request that came last ends first.
    for answer in (third, second, refused, first):
        answer.close()
    assert open_from("192.0.2.3").status_code == 200
