"""Names are within CKAN's rules, the same at every run, and different for different datasets."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from ckanext.aivision.catalogue.tables.names import organization_name, package_name

_CKAN_NAME = re.compile(r"[a-z0-9_-]{2,100}")


@given(st.text(), st.text(), st.text())
def test_every_title_gives_a_name_that_ckan_takes(title: str, source: str, identifier: str) -> None:
    assert _CKAN_NAME.fullmatch(package_name(title, source, identifier))


@given(st.text(min_size=1))
def test_every_publisher_gives_a_name_that_ckan_takes(publisher: str) -> None:
    assert _CKAN_NAME.fullmatch(organization_name(publisher, "US"))


def test_two_data_sets_of_one_title_have_two_names() -> None:
    assert package_name("Rivers", "epa", "1") != package_name("Rivers", "epa", "2")


def test_the_same_data_set_has_the_same_name_at_every_run() -> None:
    assert package_name("Rivers", "epa", "1") == package_name("Rivers", "epa", "1")


def test_publishers_that_differ_in_what_ascii_cannot_spell_are_two_organisations() -> None:
    assert organization_name("Ministère", "GB") != organization_name("Ministere", "GB")
