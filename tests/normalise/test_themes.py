"""What a theme is read as: an id of a published vocabulary, or nothing."""

from __future__ import annotations

import pytest

from ckanext.aivision.normalise import themes
from ckanext.aivision.record import Term

READ = [
    ("http://publications.europa.eu/resource/authority/data-theme/ENVI", "ENVI", "uri"),
    ("http://publications.europa.eu/resource/authority/data-theme/TRAN", "TRAN", "uri"),
    ("Agriculture, fisheries, forestry and food", "AGRI", "label"),
    ("Population and society", "SOCI", "label"),
    ("Energy", "ENER", "label"),
    ("environment", "environment", "label"),
    ("Climatology, Meteorology, Atmosphere", "climatologyMeteorologyAtmosphere", "label"),
    ("inlandWaters", "inlandWaters", "label"),
    ("Transportation", "transportation", "label"),
    ("society", "society", "label"),
    ("Climate", "climate5434", "label"),
    ("Crime and Justice", "crime-and-justice", "label"),
    ("Business & Economy", "business-and-economy", "label"),
    ("Government Reference Data", "government-reference-data", "label"),
]

UNREAD = ["geospatial", "Earth Science", "NULL", "[]", "Use", "http://example.org/themes/envelopes", ""]


@pytest.mark.parametrize(("written", "id", "rule"), READ)
def test_a_theme_is_read_as(written: str, id: str, rule: str) -> None:
    assert themes.clean(written) == Term(written, id, rule)


@pytest.mark.parametrize("written", UNREAD)
def test_what_is_of_no_vocabulary_stays_unmatched(written: str) -> None:
    assert themes.clean(written) == Term(written)
