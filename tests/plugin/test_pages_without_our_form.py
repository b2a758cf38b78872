"""Pages of CKAN open for its editors in a site with `aivision_core` alone, whatever form its datasets have."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest
from tests.plugin.other_site import OtherSite
from tests.plugin.test_other_schemas import SCHEMA

# A form of several pages, as ckanext-scheming makes it, with a repeating field.
PAGES = SCHEMA.replace(
    "- {field_name: ward, label: Ward}",
    """- field_name: ward
  label: Ward
  start_form_page: {title: Where}
- field_name: depots
  label: Depots
  repeating_subfields:
  - {field_name: street, label: Street}""",
)


@pytest.mark.long
@pytest.mark.parametrize("schema", ["", PAGES], ids=["CKAN's own", "of several pages"])
def test_forms_and_pages_open(stack: Any, tmp_path: Path, organization: str, schema: str) -> None:
    names = [f"bins-{uuid.uuid4().hex[:8]}" for _ in range(2)]
    id = str(uuid.uuid4())
    resource = {"id": id, "url": "https://council.example.gov.uk/bins.csv", "name": "Bins", "format": "CSV"}
    new = {"title": "Litter bins", "owner_org": organization}
    published, draft = (f"/dataset/{name}" for name in names)
    paths = [
        *("/", "/dataset/", "/dataset/new", f"/organization/{organization}", f"/organization/edit/{organization}"),
        *("/dashboard/datasets", "/ckan-admin/", f"/dataset/edit/{names[0]}", f"/dataset/resources/{names[0]}"),
        *(published, f"{published}/resource/new", f"{published}/resource/{id}", f"{published}/resource/{id}/edit"),
        *(draft, f"/dataset/edit/{names[1]}", f"{draft}/resource/new", f"{published}/files"),
    ]
    if schema == PAGES:
        paths += [f"/dataset/edit/{names[0]}/2", f"/dataset/new/{names[1]}/2"]
    found = OtherSite(stack, tmp_path).steps(
        f"aivision_core {'scheming_datasets' if schema else ''} activity",
        schema,
        ("call", "package_create", {**new, "name": names[0], "resources": [resource]}),
        ("call", "package_create", {**new, "name": names[1], "state": "draft"}),
        ("pages", *paths),
        *(("call", "dataset_purge", {"id": name}) for name in names),
    )
    # An id leads to the name, and a form of several pages to its first.
    led_on = (f"/organization/{organization}", *(f"/dataset/edit/{name}" for name in names if schema == PAGES))
    assert {path: status for path, status in found[2].items() if status != (302 if path in led_on else 200)} == {}


@pytest.mark.long
def test_what_ckanext_dcat_refuses_it_refuses_in_its_own_way_beside_our_core(stack: Any, tmp_path: Path) -> None:
    wrong = "/catalog.ttl?modified_since=yesterday"
    ((beside_core,), (with_ours,)) = [
        OtherSite(stack, tmp_path).steps(f"{ours} dcat activity", "", ("pages", wrong))
        for ours in ("aivision_core", "aivision_core aivision_dcat")
    ]
    assert (beside_core[wrong], with_ours[wrong]) == (409, 400)
