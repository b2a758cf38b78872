"""Real records of both countries: a save that changes nothing corrects nothing, by the API and by the form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import lxml.html
from tests.serialise.conftest import corpus_records as corpus_records
from tests.serialise.conftest import harvested as harvested_records

from ckanext.aivision.record import Dataset

assert harvested_records
_MOST = 30


def test_a_save_that_changes_nothing_corrects_nothing(
    corpus_records: list[Dataset], harvested_records: Any, ckan: Any, site_user: dict[str, Any]
) -> None:
    for country in ("US", "GB"):
        records = [record for record in corpus_records if record.country == country][:_MOST]
        for package in harvested_records(records):
            ckan.get_action("package_update")(dict(site_user), dict(package))
            found = ckan.get_action("aivision_correction_list")(dict(site_user), {"id": package["id"]})
            assert found == [], package["title"]


def test_pages_of_the_form_sent_as_they_are_correct_nothing(
    corpus_records: list[Dataset],
    harvested_records: Any,
    ckan: Any,
    site_user: dict[str, Any],
    reader: Callable[[str], Any],
    person: Callable[..., str],
) -> None:
    for country in ("US", "GB"):
        records = [record for record in corpus_records if record.country == country][:1]
        (package,) = harvested_records(records)
        editor = reader(person("editor", package["owner_org"]))
        for page in range(1, 6):
            address = f"/dataset/edit/{package['name']}/{page}"
            document = lxml.html.fromstring(editor.get(address).get_data(as_text=True))
            form = next(form for form in document.forms if form.get("id") == "dataset-edit")
            # A browser sends the lines of a text with CR and LF.
            fields = {name: (value or "").replace("\n", "\r\n") for name, value in form.form_values()}
            editor.post(address, 302, **{**fields, "save": ""})
        found = ckan.get_action("aivision_correction_list")(dict(site_user), {"id": package["id"]})
        assert found == []
