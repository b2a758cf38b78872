"""Catalogues with a schema of their own get our fields beside their own."""

from __future__ import annotations

import json
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
# Names of fields as ckanext-datagovuk has them.
UK_FIELDS = (
    *("contact-name", "contact-email", "contact-phone", "foi-name", "foi-email", "foi-web", "theme-primary"),
    *("licence-custom", "update_frequency", "temporal_coverage-from", "temporal_coverage-to", "geographic_coverage"),
)
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


@pytest.fixture(autouse=True)
def an_empty_catalogue(catalogue_state: Any) -> None:
    catalogue_state.restore()


@pytest.mark.long
def test_the_sites_own_schema_is_written_with_our_fields_and_is_a_form(
    stack: Any, tmp_path: Path, corpus_at_hand: Path
) -> None:
    site, path = OtherSite(stack, tmp_path), tmp_path / "merged.yaml"
    record = next(iter(catalogues_of(corpus_at_hand, "uk").values()))[0]
    new = from_uk(record, 0)
    new |= {"owner_org": "office", "contact-name": "Data team", "update_frequency": "monthly"}
    site.steps(
        "aivision_core scheming_datasets activity",
        schema(UK_FIELDS),
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
