"""Catalogues with a schema of their own are adopted, used with our form, and left again, and no field is lost."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.corpora import OWN, catalogues_of
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
THOUSAND = int(os.environ.get("AIVISION_ADOPTED_RECORDS", "1000"))


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


def changes(before: dict[str, dict[str, Any]], after: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Values before and after of the fields in which datasets differ, without what an edit of the title changes."""
    found = {name: fields(before[name]).items() ^ fields(after[name]).items() for name in before}
    return {name: sorted(each) for name, each in found.items() if each}


def fields(shown: dict[str, Any]) -> dict[str, str]:
    """Fields of a dataset and its files by name, as JSON."""
    own = {key: value for key, value in shown.items() if key not in ("title", "metadata_modified", "resources")}
    # CKAN notes the time of a save for files whose values it does not store as they were sent.
    files = {
        f"file {number}: {key}": value
        for number, file in enumerate(shown["resources"])
        for key, value in file.items()
        if key != "metadata_modified"
    }
    return {key: json.dumps(value, sort_keys=True) for key, value in (own | files).items()}


class Catalogue:
    """A catalogue with a schema of its own, before, with and after us. limit: seconds for the work of a site."""

    def __init__(self, stack: Any, folder: Path, kind: str, limit: int) -> None:
        self._site, self._limit, self._form = OtherSite(stack, folder), limit, SCHEMAS[kind]
        self.theirs = f"{'scheming_datasets' if self._form else ''} activity"
        self.country = "US" if kind == "usmetadata" else "GB"

    def create(self, new: list[dict[str, Any]]) -> dict[str, Any]:
        """The datasets by name, which are of three organizations in turn; one of these states its country already."""
        stated = [{"key": "aivision_default_country", "value": self.country}]
        owners = [{"name": "office"}, {"name": "bureau"}, {"name": "ministry", "extras": stated}]
        created = [
            ("call", "package_create", {**package, "owner_org": owners[number % len(owners)]["name"]})
            for number, package in enumerate(new)
        ]
        organizations = [("call", "organization_create", owner) for owner in owners]
        # Saved once more first: what CKAN itself writes otherwise then is not ours.
        edits = (("patch", "title", "Edited before"), ("show",))
        made: dict[str, Any] = self.steps(self.theirs, *organizations, *created, *edits)[-1]
        return made

    def steps(self, plugins: str, *steps: Any, ours: bool = False) -> list[Any]:
        """What steps give in a new process. ours: our form is used in place of the catalogue's schema."""
        # Solr waits for the disk at each commit, and nothing is searched here.
        settings = {"ckan__search__solr_commit": "false"}
        return self._site.steps(plugins, "" if ours else self._form, *steps, limit=self._limit, **settings)


def adopt_use_and_leave(catalogue: Catalogue, new: list[dict[str, Any]]) -> None:
    before = catalogue.create(new)
    _adopt(catalogue, before)
    plugins = catalogue.theirs.replace("scheming_datasets", "")
    survey, edited, countries, left = catalogue.steps(
        f"aivision dcat scheming_datasets {plugins}",
        ("rebuild",),
        ("command", "adopt", "--format", "json"),
        ("patch", "title", "Edited in our form"),
        ("countries",),
        ("command", "uninstall", "--yes"),
        ours=True,
    )[1:]
    found = json.loads(survey["output"])
    assert (found["form"], found["refusals"], edited, left["status"]) == (True, [], {}, 0)
    assert countries == dict.fromkeys(before, catalogue.country)
    after, edited = catalogue.steps(catalogue.theirs, ("rebuild",), ("show",), ("patch", "title", "Edited again"))[1:]
    assert edited == {}
    assert changes(before, after) == {}


def _adopt(catalogue: Catalogue, before: dict[str, Any]) -> None:
    """Beside their schema: the dry run is true, everything is evaluated, and an edit changes nothing else."""
    adopt = ("adopt", "--country", catalogue.country, "--format", "json")
    untouched, dry, as_before, done, with_country, again, rescore, countries, edited, shown = catalogue.steps(
        f"aivision_core {catalogue.theirs}",
        ("rebuild",),
        ("organizations",),
        ("command", *adopt, "--dry-run"),
        ("organizations",),
        ("command", *adopt, "--yes"),
        ("organizations",),
        ("command", *adopt, "--yes"),
        ("command", "rescore", "--jobs", "1"),
        ("countries",),
        ("patch", "title", "Edited beside our core"),
        ("show",),
    )[1:]
    assert "2 organizations would get the country" in dry["beside"]
    assert "2 organizations got the country" in done["beside"]
    assert as_before == untouched
    assert with_country == {key: {"aivision_default_country": catalogue.country} for key in untouched}
    assert json.loads(dry["output"]) == json.loads(done["output"])
    assert json.loads(done["output"])["datasets"] == len(before)
    assert json.loads(again["output"])["countries"] == {catalogue.country: len(before)}
    assert (rescore["status"], edited) == (0, {})
    assert countries == dict.fromkeys(before, catalogue.country)
    assert changes(before, shown) == {}


@pytest.fixture(autouse=True)
def an_empty_catalogue(catalogue_state: Any) -> None:
    catalogue_state.restore()


@pytest.mark.long
def test_a_catalogue_is_adopted_used_with_our_form_and_left_again(stack: Any, tmp_path: Path) -> None:
    adopt_use_and_leave(Catalogue(stack, tmp_path, "datagovuk", limit=240), list(packages("datagovuk", OWN, 24)))


@pytest.mark.nightly
@pytest.mark.long
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("kind", list(SCHEMAS))
def test_a_thousand_real_datasets_are_adopted_used_with_our_form_and_left_again(
    stack: Any, tmp_path: Path, real_corpus: Path, kind: str
) -> None:
    adopt_use_and_leave(Catalogue(stack, tmp_path, kind, limit=3600), list(packages(kind, real_corpus, THOUSAND)))


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
