"""A preview of a harvest on a page and in the API: who may have one, what it shows, and that nothing is written."""

from __future__ import annotations

import datetime
import html
import re
import uuid
from typing import Any

import pytest
from tests.plugin.conftest import Reader, execute
from tests.plugin.test_harvest_pages import HOSTILE
from tests.records import record
from tests.waiting import until_cancellation_is_noticed


@pytest.fixture
def name() -> str:
    """Of a source that `harvested` makes."""
    return f"previews-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def call(ckan: Any) -> Any:
    return lambda action, **data: ckan.get_action(action)({"ignore_auth": True}, data)


def path_of(name: str) -> str:
    return f"/harvest/preview?name={name}"


def test_an_admin_of_the_owner_asks_for_a_preview_with_a_button_and_nobody_else_does(
    call: Any, reader: Any, person: Any, source: Any, organization: str
) -> None:
    name = source(owner_org=organization)
    admin, editor = reader(person("admin", organization)), reader(person("editor", organization))
    assert "Preview" in admin.text(f"/harvest/source/{name}")
    for wrong, status in ((editor, 403), (reader(""), 403)):
        wrong.post("/harvest/preview", status, name=name)
        wrong.post("/harvest/preview/cancel", status, name=name)
    editor.get(path_of(name), 403)
    assert "/user/login" in reader("").get(path_of(name), 302).headers["Location"]
    assert admin.post("/harvest/preview", name=name).headers["Location"].endswith(path_of(name))
    assert call("aivision_preview_show", name=name)["state"] == "queued"
    assert "The preview starts as soon as a worker is free" in admin.text(path_of(name))


def test_what_a_preview_shows_is_on_its_page_and_not_in_the_catalogue(
    call: Any, sysadmin: Reader, harvested: Any, previewed: Any, name: str
) -> None:
    harvested(name, [record(number) for number in range(8)])
    before = call("aivision_record_list", source=name)
    changed = record(1, title="Daily river levels at station 1")
    shown = previewed(name, [changed, record(9, title=""), record(8), *(record(n) for n in range(2, 8))])
    expected = {"new": 1, "changed": 1, "unchanged": 6, "refused": 1, "gone": 1, "fetched": 9}
    assert (shown["state"], shown["account"]["counts"]) == ("finished", expected)
    text = sysadmin.text(path_of(name))
    for words in ("Nothing was written", "Daily river levels at station 1", "river-8", "river-9", "station 0", "title"):
        assert words in text, words
    assert "hx-get" not in text
    assert re.findall(r"<dt>(\w+)</dt><dd>(\d+)</dd>", text) == [
        ("New", "1"), ("Changed", "1"), ("Unchanged", "6"), ("Gone", "1"), ("Refused", "1")
    ]  # fmt: skip
    assert call("aivision_record_list", source=name) == before


def test_a_preview_says_when_a_harvest_has_begun_since(
    sysadmin: Reader, harvested: Any, previewed: Any, name: str
) -> None:
    harvested(name, [record(1)])
    assert previewed(name, [record(1), record(2)])["superseded"] is False
    assert "A harvest has started since" not in sysadmin.text(path_of(name))
    harvested(name, [record(1), record(2)])
    assert "A harvest has started since" in sysadmin.text(path_of(name))


def test_there_is_one_preview_of_a_source_at_a_time_and_it_can_be_called_off(
    ckan: Any, call: Any, sysadmin: Reader, source: Any
) -> None:
    from ckanext.aivision.catalogue.ckan.harvest_job import preview_job

    name = source()
    job = call("aivision_source_preview", name=name)["job"]
    with pytest.raises(ckan.ValidationError, match="is already queued or running"):
        call("aivision_source_preview", name=name)
    assert "Cancel this preview" in sysadmin.text(path_of(name))
    sysadmin.post("/harvest/preview/cancel", name=name)
    assert call("aivision_preview_cancel", name=name)["cancelled"] is False
    preview_job(job.removeprefix("aivision-preview-"))  # The worker comes to it too late.
    assert call("aivision_preview_show", name=name)["state"] == "cancelled"
    assert call("aivision_source_preview", name=name)["job"] != job


def test_a_preview_that_is_called_off_at_work_stops(
    ckan: Any, call: Any, harvested: Any, previewed: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ckanext.aivision.catalogue import lease
    from ckanext.aivision.catalogue.ckan import stored_progress as progress

    class Canceller(progress.KeptProgress):
        """Calls the preview off after its first batch, and waits until it has heard of it."""

        def progress(self, counts: Any, expected: int | None) -> None:
            super().progress(counts, expected)
            call("aivision_preview_cancel", name=name)
            heard.append(counts.fetched)
            until_cancellation_is_noticed()

    heard: list[int] = []
    harvested(name, [record(1)])
    monkeypatch.setattr(lease, "HEARTBEAT_SECONDS", 0.05)
    monkeypatch.setattr("ckanext.aivision.catalogue.ckan.harvest_job.KeptProgress", Canceller)
    assert previewed(name, [record(number) for number in range(100)])["state"] == "cancelled"
    assert len(heard) == 1, "no batch follows the one at which the preview was called off"
    assert heard[0] < 100


def test_a_preview_whose_worker_has_died_is_made_anew(ckan: Any, call: Any, sysadmin: Reader, source: Any) -> None:
    name = source()
    first = call("aivision_source_preview", name=name)["job"]
    died = datetime.timedelta(minutes=1)
    update = (
        "UPDATE aivision_preview SET state = 'running', heartbeat = timezone('utc', now()) - :age WHERE source = :name"
    )
    execute(update, age=died, name=name)
    assert call("aivision_preview_show", name=name)["state"] == "stalled"
    assert "Start a new preview" in sysadmin.text(path_of(name))
    assert call("aivision_source_preview", name=name)["job"] != first


def test_a_preview_that_cannot_be_made_says_why(call: Any, sysadmin: Reader, harvested: Any, name: str) -> None:
    from ckanext.aivision.catalogue.ckan import stored_previews as previews
    from ckanext.aivision.catalogue.ckan.harvest_job import preview_job

    harvested(name, [record(1)])
    execute(
        'UPDATE aivision_source SET source = source || \'{"url": "/nowhere/data.json"}\' WHERE name = :name', name=name
    )
    preview_job(previews.ask(name))
    message = call("aivision_preview_show", name=name)["account"]["message"]
    text = sysadmin.text(path_of(name))
    assert "Failed" in text
    assert "data.json" in message
    assert message in text


def test_no_source_is_previewed_that_the_api_may_not_read_or_that_is_at_work(
    ckan: Any, call: Any, harvested: Any, source: Any, name: str
) -> None:
    from ckanext.aivision.catalogue.ckan.harvest_lease import HarvestLease

    harvested(name, [record(1)])  # From a file on the server.
    with pytest.raises(ckan.ValidationError, match="address of a source"):
        call("aivision_source_preview", name=name)
    with pytest.raises(ckan.ObjectNotFound):
        call("aivision_source_preview", name="nobody-has-added-this")
    other = source()
    with HarvestLease(other, datetime.datetime.now(datetime.timezone.utc)), pytest.raises(ckan.ValidationError):
        call("aivision_source_preview", name=other)


def test_what_a_source_brings_is_escaped_in_its_preview(
    sysadmin: Reader, harvested: Any, previewed: Any, name: str
) -> None:
    harvested(name, [record(1), *(record(number) for number in range(3, 20))])
    previewed(name, [
        record(1, title=HOSTILE, keyword=[HOSTILE]), record(2, identifier=HOSTILE, title=f"Rivers {HOSTILE}"),
        record(21, identifier=f"3{HOSTILE}", title="", modified=HOSTILE), *(record(number) for number in range(4, 20)),
    ])  # fmt: skip
    raw = sysadmin.get(path_of(name)).get_data(as_text=True)
    assert HOSTILE not in raw
    assert html.unescape(raw).count(HOSTILE) > 3


def test_a_source_that_leaves_the_list_takes_its_preview_along(ckan: Any, call: Any, source: Any) -> None:
    name = source()
    call("aivision_source_preview", name=name)
    call("aivision_source_delete", name=name)
    source(name=name)
    with pytest.raises(ckan.ObjectNotFound, match="no preview"):
        call("aivision_preview_show", name=name)
