"""The weekly e-mail: for people who asked for it, through a real mail server, about their own organizations alone."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.mailbox import Mailbox, open_mailbox
from tests.plugin.conftest import execute


@pytest.fixture
def mailbox(ckan: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    with open_mailbox(ckan.config, monkeypatch) as found:
        yield found


@pytest.fixture
def subscribed(person: Callable[..., str], organization: str, ckan: Any) -> str:
    """An editor who asked for the e-mail eight days ago."""
    name = person("editor", organization)
    ckan.get_action("aivision_digest_set")({"user": name}, {"subscribed": True})
    execute("UPDATE aivision_digest SET asked = now() - interval '8 days'")
    return name


@pytest.fixture
def regraded(dataset: Callable[..., str], ckan: Any) -> str:
    """A dataset whose grade was A eight days ago, with a dead link."""
    name = dataset(
        title="Levels of the Wye", resources=[{"url": f"https://rivers.example.gov/{datetime.date.today()}.csv"}]
    )
    id = ckan.get_action("package_show")({"ignore_auth": True}, {"id": name})["id"]
    execute(
        "INSERT INTO aivision_history SELECT package_id, rubric_version, current_date - 9, country, publisher, public,"
        " jsonb_set(CAST(point AS jsonb), '{2}', '\"A\"'), record, recomputed"
        " FROM aivision_history WHERE package_id = :id",
        id=id,
    )
    execute(
        "INSERT INTO aivision_link SELECT encode(sha256(convert_to(url, 'UTF8')), 'hex'), url, 'broken', now(), NULL,"
        " json_build_object('url', url, 'state', 'broken') FROM resource WHERE package_id = :id ON CONFLICT DO NOTHING",
        id=id,
    )
    return name


def send() -> int:
    from ckanext.aivision.catalogue.digests.send_digests import send_digests

    return send_digests()


def test_it_says_what_is_new_once_a_week_and_how_to_stop_it(
    mailbox: Mailbox, subscribed: str, regraded: str, ckan: Any
) -> None:
    send()
    (text,) = mailbox.texts(subscribed)
    assert "Datasets with a lower grade: 1" in text
    assert "Levels of the Wye: A ->" in text
    assert "Dead links: 1" in text
    assert f"/dataset/{regraded}" in text
    assert "/dashboard/notices" in text
    (message,) = [message for to, message in mailbox.messages if to == [f"{subscribed}@rivers.example.gov"]]
    assert "/dashboard/notices" in message["List-Unsubscribe"]
    send()
    assert len(mailbox.texts(subscribed)) == 1


def test_nobody_gets_it_who_did_not_ask_or_stopped_it(
    mailbox: Mailbox, subscribed: str, regraded: str, person: Any, organization: str, ckan: Any
) -> None:
    other = person("admin", organization)
    ckan.get_action("aivision_digest_set")({"user": subscribed}, {"subscribed": False})
    send()
    assert mailbox.texts(subscribed) == mailbox.texts(other) == []


def test_people_of_other_organizations_members_and_sysadmins_are_told_nothing_of_it(
    mailbox: Mailbox, regraded: str, person: Any, organization: str, ckan: Any
) -> None:
    for name in (person(), person("member", organization), person("sysadmin")):
        ckan.get_action("aivision_digest_set")({"user": name}, {"subscribed": True})
        execute("UPDATE aivision_digest SET asked = now() - interval '8 days'")
        send()
        assert mailbox.texts(name) == []
        shown = ckan.get_action("aivision_notice_list")({"user": name}, {})
        assert shown["worse"] == shown["dead_links"] == []


def test_where_nothing_is_new_nothing_is_sent(mailbox: Mailbox, subscribed: str, dataset: Any) -> None:
    send()
    assert mailbox.texts(subscribed) == []


def test_an_e_mail_that_could_not_be_sent_is_tried_again_later(
    mailbox: Mailbox, subscribed: str, regraded: str, ckan: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as away:
        away.setitem(ckan.config, "smtp.server", "127.0.0.1:1")
        send()
    send()
    assert mailbox.texts(subscribed) == []
    execute("UPDATE aivision_digest SET sent = sent - interval '61 minutes'")
    send()
    assert len(mailbox.texts(subscribed)) == 1


def test_the_dashboard_shows_the_same_and_has_the_switch(regraded: str, steward: Any, reader: Any) -> None:
    page = steward.reader.text("/dashboard/notices")
    assert "Levels of the Wye" in page
    assert "Send me this by e-mail once a week" in page
    steward.reader.post("/dashboard/notices", subscribed="true")
    assert "Stop the e-mails" in steward.reader.text("/dashboard/notices")
    assert "/dashboard/notices" in steward.reader.text("/dashboard/datasets")
    assert reader("").get("/dashboard/notices", 302)


def test_who_is_not_logged_in_is_refused(ckan: Any) -> None:
    for action, asked in (("aivision_notice_list", {}), ("aivision_digest_set", {"subscribed": True})):
        with pytest.raises(ckan.NotAuthorized):
            ckan.get_action(action)({"user": ""}, asked)
