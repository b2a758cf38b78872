"""Alerts by e-mail: a stuck harvest and a stale snapshot, each once a day at most, through a real mail server."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from tests.mailbox import Mailbox, open_mailbox

from ckanext.aivision.harvesters.http.clock import Clock

_TO = "operators@rivers.example.gov"


@pytest.fixture
def mailbox(ckan: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    monkeypatch.setitem(ckan.config, "ckanext.aivision.alert_email", [_TO])
    with open_mailbox(ckan.config, monkeypatch) as found:
        yield found
    forget()


def forget() -> None:
    """As if a day had passed."""
    from ckan.lib.redis import connect_to_redis

    redis = connect_to_redis()
    for key in redis.keys("*aivision-alert*"):
        redis.delete(key)


def send(clock: Clock | None = None) -> int:
    from ckanext.aivision.services.monitoring.alerts import send_alerts

    return send_alerts(clock) if clock is not None else send_alerts()


def ago(hours: float) -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None) - datetime.timedelta(hours=hours)


@pytest.fixture
def runs(ckan: Any) -> Iterator[Any]:
    """Adds a run that is noted as running, with its last sign of life."""
    import ckan.model as model

    from ckanext.aivision.model import run as table

    def add(source: str, heartbeat: datetime.datetime) -> None:
        row = {"id": source, "source": source, "started": heartbeat, "state": "running", "heartbeat": heartbeat}
        row |= {"account": {}, "worker": "host:1", "cancel_requested": False}
        model.Session.execute(table.insert().values(**row))
        model.Session.commit()

    yield add
    model.Session.execute(table.delete().where(table.c.source.like("alert %")))
    model.Session.commit()


def test_a_stuck_harvest_is_told_once_a_day_with_what_to_do(mailbox: Mailbox, runs: Any, snapshot: Any) -> None:
    snapshot()
    runs("alert rivers", ago(2))
    runs("alert lakes", ago(0.1))
    assert send() == 1
    assert send() == 0
    ((to, message),) = mailbox.messages
    assert to == [_TO]
    assert "1 thing needs attention" in message["subject"]
    assert "The harvest of alert rivers has shown no activity since" in message.get_content()
    assert "`ckan jobs worker`" in message.get_content()
    assert "lakes" not in message.get_content()
    runs("alert ponds", ago(3))
    assert send() == 1
    assert "rivers" not in mailbox.messages[1][1].get_content()
    forget()
    assert send() == 2


def test_a_stale_snapshot_is_told_once_a_day(mailbox: Mailbox, figures_of_two: str, ckan: Any) -> None:
    import ckan.model as model
    import sqlalchemy as sa

    later = Clock(now=lambda: datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=3))
    assert send(later) == 0
    model.Session.execute(sa.text("UPDATE package SET title = title || '.' WHERE type = 'dataset'"))
    model.Session.commit()
    assert send() == 0
    assert [send(later), send(later)] == [1, 0]
    assert "or run `ckan aivision snapshot`, which shows errors" in mailbox.messages[0][1].get_content()


def test_without_an_address_nothing_is_sent(ckan: Any, runs: Any) -> None:
    runs("alert streams", ago(2))
    assert send() == 0


def test_an_alert_that_cannot_be_sent_is_tried_again_within_a_day(
    mailbox: Mailbox, runs: Any, snapshot: Any, ckan: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ckan.lib.redis import connect_to_redis

    snapshot()
    runs("alert brooks", ago(2))
    for setting, value in (("smtp.server", "127.0.0.1:9"), ("smtp.mail_from", None)):
        forget()
        with monkeypatch.context() as fault:
            fault.setitem(ckan.config, setting, value)
            assert send() == 0
    redis = connect_to_redis()
    (key,) = redis.keys("*aivision-alert:run:alert brooks")
    assert 0 < redis.ttl(key) <= 3600
    redis.delete(key)
    assert send() == 1
