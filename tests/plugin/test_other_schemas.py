"""`aivision_core` in a catalogue with a schema of its own: it evaluates what there is, and refuses nothing."""

from __future__ import annotations

import json
import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from tests.processes import run_python

# Three fields of their own, as in many catalogues; CKAN's core fields are left as they are.
SCHEMA = """
scheming_version: 2
dataset_type: dataset
about: Datasets of a council
about_url: https://council.example.gov.uk
dataset_fields:
- {field_name: title, label: Title, preset: title}
- {field_name: name, label: URL, preset: dataset_slug}
- {field_name: notes, label: Description, form_snippet: markdown.html}
- {field_name: tag_string, label: Tags, preset: tag_string_autocomplete}
- {field_name: license_id, label: Licence, form_snippet: license.html}
- {field_name: owner_org, label: Organization, preset: dataset_organization}
- {field_name: url, label: Source}
- {field_name: author, label: Author}
- {field_name: maintainer_email, label: Email}
- {field_name: ward, label: Ward}
- {field_name: contact-email, label: Contact}
- {field_name: update_frequency, label: Updated}
resource_fields:
- {field_name: url, label: URL, preset: resource_url_upload}
- {field_name: name, label: Name}
- {field_name: format, label: Format, preset: resource_format_autocomplete}
"""
COMMANDS = """
import json, sys
from ckan.cli import load_config
from ckan.config.middleware import make_app
from ckan.plugins import toolkit
ini, calls, rebuilt = sys.argv[1:]
application = make_app(load_config(ini))._wsgi_app
with application.test_request_context():
    user = toolkit.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    if rebuilt:
        from ckan.lib.search import rebuild
        rebuild(rebuilt)
    for call in json.loads(calls):
        result = toolkit.get_action(call[0])({"ignore_auth": True, "user": user}, call[1])
        print(json.dumps(result, default=str))
"""


def site(stack: Any, folder: Path, schema: str, calls: list[tuple[str, dict[str, Any]]], **settings: str) -> list[Any]:
    """What actions return in a site with `aivision_core` alone. schema: empty for CKAN's own fields."""
    scheming = "scheming_datasets" if schema else ""
    text = re.sub(
        r"(?m)^ckan\.plugins = .*$", f"ckan.plugins = aivision_core {scheming} activity", stack.ini.read_text()
    )
    text = re.sub(
        r"(?m)^scheming\.dataset_schemas = .*$", f"scheming.dataset_schemas = file://{folder}/schema.yaml", text
    )
    added = "".join(f"{key.replace('__', '.')} = {value}\n" for key, value in settings.items())
    text = text.replace("[app:main]\n", f"[app:main]\n{added}")
    (folder / "schema.yaml").write_text(schema)
    ini = folder / "ckan.ini"
    ini.write_text(text)
    return run(ini, calls)


def run(ini: Path, calls: list[tuple[str, dict[str, Any]]], rebuilt: str = "") -> list[Any]:
    """What actions return in a site of its own, since CKAN loads plugins once in a process.

    rebuilt: a dataset that is indexed again before.
    """
    done = run_python("-c", COMMANDS, ini, json.dumps(calls), rebuilt)
    assert done.returncode == 0, done.stderr[-3000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def council(organization: str) -> dict[str, Any]:
    """A dataset as such a catalogue has it."""
    return {
        "name": f"bins-{uuid.uuid4().hex[:8]}",
        "title": "Litter bins by ward",
        "notes": "One row for each litter bin that the council empties, with the day of the week and the ward.",
        "owner_org": organization,
        "license_id": "uk-ogl",
        "tags": [{"name": "litter"}, {"name": "bins"}, {"name": "wards"}],
        "ward": "Headingley",
        "contact-email": "data@council.example.gov.uk",
        "update_frequency": "monthly",
        "resources": [{"url": "https://council.example.gov.uk/bins.csv", "name": "Bins", "format": "CSV"}],
    }


def test_a_dataset_of_another_schema_is_evaluated_from_the_fields_there_are(
    stack: Any, tmp_path: Path, council: dict[str, Any]
) -> None:
    name = {"id": council["name"]}
    made, score, saved, again, _ = site(
        stack,
        tmp_path,
        SCHEMA,
        [
            ("package_create", council),
            ("aivision_score_show", name),
            ("package_patch", {**name, "title": "Litter bins by ward and street"}),
            ("aivision_score_show", name),
            ("dataset_purge", name),
        ],
        ckanext__aivision__country="GB",
    )
    results = {result["criterion"]: result["result"] for result in score["results"]}
    for criterion in ("licence-open", "contact-reachable", "update-frequency-stated"):
        assert results.get(criterion) == "pass", (criterion, score["results"])
    assert score["country"] == again["country"] == "GB"
    own = ("ward", "contact-email", "update_frequency", "license_id", "notes")
    assert {key: saved[key] for key in own} == {key: council[key] for key in own} == {key: made[key] for key in own}


def test_a_dataset_of_ckans_own_fields_is_evaluated_and_belongs_to_no_country_that_nobody_stated(
    stack: Any, tmp_path: Path, council: dict[str, Any]
) -> None:
    own = ("ward", "contact-email", "update_frequency")
    plain = {key: value for key, value in council.items() if key not in own}
    plain["extras"] = [{"key": key, "value": council[key]} for key in own]
    name = {"id": council["name"]}
    _, score, saved, _ = site(
        stack,
        tmp_path,
        "",
        [
            ("package_create", plain),
            ("aivision_score_show", name),
            ("package_patch", {**name, "title": "Litter bins"}),
            ("dataset_purge", name),
        ],
    )
    results = {result["criterion"]: result["result"] for result in score["results"]}
    assert results.get("contact-reachable") == "pass"
    assert score["country"] == "XX"
    assert sorted(extra["key"] for extra in saved["extras"]) == sorted(own)


def test_the_sites_field_map_says_what_its_own_fields_are(stack: Any, tmp_path: Path, council: dict[str, Any]) -> None:
    path = tmp_path / "map.yaml"
    path.write_text("fields: {ward: null, how_collected: collection_method, made_by: creator.name}")
    how = "Crews record each bin on a tablet when they empty it; the depot checks one street in twenty every month."
    council["extras"] = [{"key": "how_collected", "value": how}, {"key": "made_by", "value": "Waste service"}]
    calls = [("package_create", council), ("aivision_score_show", {"id": council["name"]})]
    calls += [("dataset_purge", {"id": council["name"]})]
    before = site(stack, tmp_path, SCHEMA, calls)[1]
    after = site(stack, tmp_path, SCHEMA, calls, ckanext__aivision__field_map=str(path))[1]
    outcome = {
        when: next(result["result"] for result in score["results"] if result["criterion"] == "collection-described")
        for when, score in (("before", before), ("after", after))
    }
    assert outcome == {"before": "unknown", "after": "pass"}


@pytest.mark.parametrize(
    ("written", "told"),
    [("fields: [ward]", "there is no `fields:`"), ("fields: {ward: parish}", "our form has no field `parish`")],
)
def test_a_field_map_that_is_wrong_stops_the_start_with_the_reason(
    stack: Any, tmp_path: Path, written: str, told: str
) -> None:
    (tmp_path / "map.yaml").write_text(written)
    with pytest.raises(AssertionError, match=told):
        site(stack, tmp_path, SCHEMA, [], ckanext__aivision__field_map=str(tmp_path / "map.yaml"))
