"""What an e-mail address is read as."""

from __future__ import annotations

import pytest

from ckanext.aivision.normalise import contacts

READ = [
    ("mailto:opendata@example.gov", "opendata@example.gov"),
    ("MAILTO:Open.Data@Example.gov", "Open.Data@Example.gov"),
    ("mailto:mailto:opendata@example.gov", "opendata@example.gov"),
    ("mailto:opendata@example.gov?subject=Roads", "opendata@example.gov"),
    ("mailto:opendata@example.gov (subject line: weekly hospital data)", "opendata@example.gov"),
    ("a@example.gov, b@example.gov, c@example.gov", "a@example.gov"),
    ("a@example.gov; b@example.gov", "a@example.gov"),
    ("a@example.gov or b@example.gov", "a@example.gov"),
    ("Open Data Team <opendata@example.gov.uk>", "opendata@example.gov.uk"),
    ("open%2Edata@example.gov", "open.data@example.gov"),
    ("opendata@example.gov.", "opendata@example.gov"),
    (" opendata@example.gov\n", "opendata@example.gov"),
]

UNREAD = [
    "mailto:https://example.gov/form?queue_id=1810",
    "https://example.gov/contact?name=a@example.gov",
    "mailto:cdcinfo.example.gov",
    "mailto:TBD",
    "{{orgContactEmail}}",
    "@example.gov",
    "a@b",
    "a@example..gov",
    None,
    "",
    {"email": "a@example.gov"},
    7,
]

UNANSWERED = [
    "no-reply@data.example.gov",
    "noreply@example.gov",
    "do_not_reply@example.gov",
    "DoNotReply@example.gov",
    "noemailprovided@usa.gov",
    "contactperson@example.org",
]

ANSWERED = ["opendata@agency.gov", "reply@agency.gov", "nora.reply@agency.gov", "data@roads.us.example"]


@pytest.mark.parametrize(("written", "address"), READ)
def test_an_address_is_read_as(written: str, address: str) -> None:
    assert contacts.email(written) == address


@pytest.mark.parametrize("written", UNREAD)
def test_what_is_no_address_is_none(written: object) -> None:
    assert contacts.email(written) is None


@pytest.mark.parametrize("address", UNANSWERED)
def test_an_address_that_nobody_reads_is_told_apart(address: str) -> None:
    assert contacts.is_no_reply(address)


@pytest.mark.parametrize("address", ANSWERED)
def test_an_address_that_somebody_may_read_counts(address: str) -> None:
    assert not contacts.is_no_reply(address)
