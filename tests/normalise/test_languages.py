"""What a language is read as: a tag of BCP 47."""

from __future__ import annotations

import pytest

from ckanext.aivision.normalise import languages
from ckanext.aivision.record import Term

READ = [
    ("en-US", "en-US"),
    ("en-us", "en-US"),
    ("en_GB", "en-GB"),
    ("en:US", "en-US"),
    ("us-EN", "en-US"),
    ("en-UK", "en-GB"),
    ("en", "en"),
    ("eng", "en"),
    ("eng; USA", "en"),
    ("English", "en"),
    ("sp-US", "es-US"),
    ("spa", "es"),
    ("Spanish", "es"),
    ("fil-PH", "fil-PH"),
    ("wel", "cy"),
    ("Welsh", "cy"),
    ("Scottish Gaelic", "gd"),
    ("zh-Hans-CN", "zh-Hans-CN"),
    ("lang:ENG", "en"),
    ("http://publications.europa.eu/resource/authority/language/ENG", "en"),
    ("http://id.loc.gov/vocabulary/iso639-1/en", "en"),
]

UNREAD = ["N/A", "NA", "TBD", "xyq", "Not a language", "http://example.org/English grammar", "", "-", "12"]


@pytest.mark.parametrize(("written", "id"), READ)
def test_a_language_is_read_as(written: str, id: str) -> None:
    term = languages.clean(written)
    assert (term.original, term.id) == (written, id)
    assert term.rule


@pytest.mark.parametrize("written", UNREAD)
def test_what_is_no_language_stays_unmatched(written: str) -> None:
    assert languages.clean(written) == Term(written)
