"""Catalogues with a schema of their own are adopted, used with our form, and left again, and no field is lost."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.corpora import catalogues_of
from tests.plugin.other_site import OtherSite

FORM = "ckanext.aivision.config:schemas/ai_ready_dataset.yaml"
CORE = """
scheming_version: 2
dataset_type: dataset
about: Datasets of an office
about_url: https://office.example.gov
dataset_fields:
- {field_name: title, label: Title, preset: title}
- {field_name: name, label: URL, preset: dataset_slug}
- {field_name: notes, label: Description}
- {field_name: tag_string, label: Tags, preset: tag_string_autocomplete}
- {field_name: license_id, label: Licence}
- {field_name: owner_org, label: Organization, preset: dataset_organization}
- {field_name: url, label: Source}
"""
FILES = """
resource_fields:
- {field_name: url, label: URL, preset: resource_url_upload}
- {field_name: name, label: Name}
- {field_name: description, label: Description}
- {field_name: format, label: Format, preset: resource_format_autocomplete}
"""
# Names of fields as ckanext-usmetadata has them, and as ckanext-datagovuk has them.
US_FIELDS = (
    *("public_access_level", "publisher", "contact_name", "contact_email", "unique_id", "modified", "bureau_code"),
    *("program_code", "accrual_periodicity", "temporal", "spatial", "data_dictionary", "issued", "language"),
)
UK_FIELDS = (
    *("contact-name", "contact-email", "contact-phone", "foi-name", "foi-email", "foi-web", "theme-primary"),
    *("licence-custom", "update_frequency", "temporal_coverage-from", "temporal_coverage-to", "geographic_coverage"),
)
KEYS = {"public_access_level": "accessLevel", "unique_id": "identifier", "accrual_periodicity": "accrualPeriodicity"}
LONGEST = 1500


def schema(fields: tuple[str, ...]) -> str:
    return CORE + "".join(f"- {{field_name: {name}, label: {name}}}\n" for name in fields) + FILES


def text(value: Any) -> str:
    return (value if isinstance(value, str) else json.dumps(value))[:LONGEST]


def tags(words: Any) -> list[dict[str, str]]:
    kept = (
        "".join(sign for sign in str(word) if sign.isalnum() or sign in " -_.")[:90].strip() for word in words or ()
    )
    return [{"name": word} for word in sorted({word for word in kept if len(word) > 1})][:10]


def from_us(record: dict[str, Any], number: int) -> dict[str, Any]:
    """A package as ckanext-usmetadata keeps a record of DCAT-US 1.1."""
    contact = record.get("contactPoint") or {}
    publisher = record.get("publisher") or {}
    theirs = {
        name: text(value) for name in US_FIELDS if (value := record.get(KEYS.get(name, name))) not in (None, "", [])
    }
    theirs |= {"contact_name": text(contact.get("fn", "")), "contact_email": text(contact.get("hasEmail", ""))}
    theirs |= {"publisher": text(publisher.get("name", ""))}
    files = [
        {"url": url, "name": text(item.get("title") or ""), "format": text(item.get("format") or "")[:50]}
        for item in record.get("distribution") or ()
        if (url := item.get("downloadURL") or item.get("accessURL"))
    ][:5]
    own = {"title": text(record.get("title") or "No title"), "notes": text(record.get("description") or "")}
    return {**own, "name": f"us-{number}", "tags": tags(record.get("keyword")), "resources": files, **theirs}


def from_uk(record: dict[str, Any], number: int, fields: tuple[str, ...] = UK_FIELDS) -> dict[str, Any]:
    """A package of a UK portal: what is in no field of the schema is an extra."""
    extras = {row["key"]: text(row["value"]) for row in record.get("extras") or ()}
    extras |= {name: text(record[name]) for name in UK_FIELDS if record.get(name)}
    theirs = {name: extras.pop(name) for name in fields if name in extras}
    files = [
        {name: text(item[name]) for name in ("url", "name", "format", "description") if item.get(name)}
        for item in record.get("resources") or ()
        if item.get("url")
    ][:5]
    own = {name: text(record[name]) for name in ("title", "notes", "license_id", "url") if record.get(name)}
    return {
        **{**own, "title": own.get("title", "No title"), "name": f"uk-{number}", "resources": files, **theirs},
        "tags": tags(tag["name"] for tag in record.get("tags") or ()),
        "extras": [{"key": key, "value": value} for key, value in sorted(extras.items())],
    }


def packages(kind: str, corpus: Path, number: int) -> Iterator[dict[str, Any]]:
    """As many as asked for, taken from all catalogues of a country in turn."""
    catalogues = catalogues_of(corpus, "us" if kind == "usmetadata" else "uk").values()
    mixed = [record for row in itertools.zip_longest(*catalogues) for record in row if record]
    for place, record in enumerate(itertools.islice(itertools.cycle(mixed), number)):
        if kind == "usmetadata":
            yield from_us(record, place)
        else:
            yield from_uk(record, place, () if kind == "plain" else UK_FIELDS)


SCHEMAS = {"plain": "", "usmetadata": schema(US_FIELDS), "datagovuk": schema(UK_FIELDS)}


def without_edits(shown: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Datasets as they are shown, without what an edit of the title changes."""
    left_out = ("title", "metadata_modified")

    def strip(row: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in row.items() if key not in left_out}

    return {
        name: strip(row) | {"resources": [strip_file(file) for file in row["resources"]]} for name, row in shown.items()
    }


def strip_file(file: dict[str, Any]) -> dict[str, Any]:
    """A file without the time of a save: CKAN notes one for files whose values it does not store as they were sent."""
    return {key: value for key, value in file.items() if key != "metadata_modified"}


def adopt_use_and_leave(stack: Any, folder: Path, kind: str, new: list[dict[str, Any]], limit: int) -> None:
    site, form, country = OtherSite(stack, folder), SCHEMAS[kind], "US" if kind == "usmetadata" else "GB"
    theirs = f"{'scheming_datasets' if form else ''} activity"
    office = {"name": "office", "title": "Office for Public Data"}
    created = [("call", "package_create", {**package, "owner_org": "office"}) for package in new]
    # Saved once more first: what CKAN itself writes otherwise then is not ours.
    first = (("call", "organization_create", office), *created, ("patch", "title", "Edited before"), ("show",))
    made = site.steps(theirs, form, *first, limit=limit)
    before = made[-1]
    adopt = ("adopt", "--country", country, "--format", "json")
    dry, done, again, rescore, countries, edited, shown = site.steps(
        f"aivision_core {theirs}",
        form,
        ("rebuild",),
        ("command", *adopt, "--dry-run"),
        ("command", *adopt, "--yes"),
        ("command", *adopt, "--yes"),
        ("command", "rescore", "--jobs", "1"),
        ("countries",),
        ("patch", "title", "Edited beside our core"),
        ("show",),
        limit=limit,
    )[1:]
    assert "1 organizations would get the country" in dry["beside"]
    assert "1 organizations got the country" in done["beside"]
    assert json.loads(dry["output"]) == json.loads(done["output"])
    assert json.loads(done["output"])["datasets"] == len(new)
    assert json.loads(again["output"])["countries"] == {country: len(new)}
    assert (rescore["status"], edited) == (0, {})
    assert countries == dict.fromkeys(before, country)
    assert without_edits(shown) == without_edits(before)
    survey, edited, countries, _ = site.steps(
        f"aivision dcat {theirs if form else f'scheming_datasets {theirs}'}",
        "",
        ("rebuild",),
        ("command", "adopt", "--format", "json"),
        ("patch", "title", "Edited in our form"),
        ("countries",),
        ("command", "uninstall", "--yes"),
        limit=limit,
    )[1:]
    found = json.loads(survey["output"])
    assert (found["form"], found["refusals"], edited) == (True, [], {})
    assert countries == dict.fromkeys(before, country)
    left = (("rebuild",), ("show",), ("patch", "title", "Edited again"))
    after, edited = site.steps(theirs, form, *left, limit=limit)[1:]
    assert edited == {}
    assert without_edits(after) == without_edits(before)


@pytest.fixture(autouse=True)
def an_empty_catalogue(catalogue_state: Any) -> None:
    catalogue_state.restore()


@pytest.mark.long
def test_a_catalogue_is_adopted_and_left_again(stack: Any, tmp_path: Path, corpus_at_hand: Path) -> None:
    adopt_use_and_leave(stack, tmp_path, "datagovuk", list(packages("datagovuk", corpus_at_hand, 6)), limit=240)


@pytest.mark.nightly
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("kind", list(SCHEMAS))
def test_a_thousand_datasets_are_adopted_and_left_again(
    stack: Any, tmp_path: Path, corpus_at_hand: Path, kind: str
) -> None:
    adopt_use_and_leave(stack, tmp_path, kind, list(packages(kind, corpus_at_hand, 1000)), limit=3600)


@pytest.mark.long
def test_the_sites_own_schema_is_written_with_our_fields_and_is_a_form(
    stack: Any, tmp_path: Path, corpus_at_hand: Path
) -> None:
    site, path = OtherSite(stack, tmp_path), tmp_path / "merged.yaml"
    (new,) = packages("datagovuk", corpus_at_hand, 1)
    new |= {"owner_org": "office", "contact-name": "Data team", "update_frequency": "monthly"}
    site.steps(
        "aivision_core scheming_datasets activity",
        SCHEMAS["datagovuk"],
        ("call", "organization_create", {"name": "office", "title": "Office for Public Data"}),
        ("call", "package_create", new),
        ("command", "adopt", "--write-schema", str(path)),
    )
    survey, patched, pages = site.steps(
        "aivision dcat scheming_datasets activity",
        path.read_text(),
        ("command", "adopt", "--format", "json"),
        ("call", "package_patch", {"id": new["name"], "limitations": "Two rivers are missing.", "country": "GB"}),
        ("pages", *(f"/dataset/edit/{new['name']}/{number}" for number in (1, 6))),
    )
    found = json.loads(survey["output"])
    assert (found["form"], found["refusals"], set(pages.values())) == (True, [], {200})
    assert (patched["contact-name"], patched["limitations"]) == ("Data team", "Two rivers are missing.")
