"""What a media type is read as: the name in IANA's registry (RFC 6838), or nothing."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.aivision.normalise import media_types
from ckanext.aivision.normalise.vocabulary import rows
from ckanext.aivision.record import Term

ASCII = st.characters(max_codepoint=127)
READ = [
    ("text/csv", "text/csv", "id"),
    ("text/CSV", "text/csv", "id"),
    (" text/csv; header=present ", "text/csv", "id"),
    ("https://www.iana.org/assignments/media-types/application/json", "application/json", "uri"),
    ("application/pdf", "application/pdf", "id"),
    ("application/vnd.api+json", "application/vnd.api+json", "id"),
    ("image/fits", "image/fits", "id"),
    ("application/html", "text/html", "label"),
    ("application/x-zip-compressed", "application/zip", "label"),
    ("application/x-gzip", "application/gzip", "label"),
    ("application/vnd.geo+json", "application/geo+json", "label"),
    ("application/csv", "text/csv", "label"),
    ("application/txt", "text/plain", "label"),
    ("image/jpg", "image/jpeg", "label"),
    ("image/x-png", "image/png", "label"),
    ("application/xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "label"),
    ("text/xml", "text/xml", "id"),
]

UNREAD = [
    "application/octet-stream-of-mine",
    "application/nappdf",
    "application/dat",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.shee",
    "application/vnd.nobody.registered.this",
    "image/x-3ds",
    "application/x-hdf",
    "CSV",
    "https://example.org/text/csv",
    "text/",
    "",
]


@pytest.mark.parametrize(("written", "id", "rule"), READ)
def test_a_media_type_is_read_as(written: str, id: str, rule: str) -> None:
    assert media_types.clean(written) == Term(written, id, rule)


@pytest.mark.parametrize("written", UNREAD)
def test_what_iana_does_not_register_stays_unmatched(written: str) -> None:
    assert media_types.clean(written) == Term(written)


def test_octet_stream_says_nothing_though_it_is_registered() -> None:
    assert media_types.clean("application/octet-stream").id is None


@given(st.data())
def test_every_address_that_a_pattern_matches_holds_the_words_that_it_is_told_by(data: st.DataObject) -> None:
    row = data.draw(st.sampled_from(rows("url_patterns")))
    shown = data.draw(st.from_regex(re.compile(row["pattern"], re.IGNORECASE | re.ASCII), alphabet=ASCII))
    assert row["holds"] in shown.lower()
