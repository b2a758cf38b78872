"""Instances of subclasses conform to DCAT-AP's shapes, and what is shown of a finding is the node that it is about."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import call, refusal

PREFIXES = """@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix schema: <http://schema.org/> .
"""


def errors(properties: str, folder: Path) -> list[dict[str, Any]]:
    """The errors of a dataset with these properties."""
    source = folder / "catalogue.ttl"
    source.write_text(
        f'{PREFIXES}<https://town.gov.uk/1> a dcat:Dataset ; dct:title "Trees"@en ; dct:description "Trees."@en ; '
        f"{properties} ."
    )
    results = json.loads(call("validate", source, "--format", "json").out)["results"]
    return [one for record in results for one in record["findings"] if one["level"] == "error"]


@pytest.mark.parametrize(
    "properties",
    [
        'dct:publisher [ a foaf:Organization ; foaf:name "Town" ]',
        'dct:publisher [ a org:FormalOrganization ; foaf:name "Town" ]',
        'dct:creator [ a foaf:Person ; foaf:name "A" ]',
        'dcat:contactPoint [ a vcard:Organization ; vcard:fn "Data" ]',
        'dcat:contactPoint [ a vcard:Individual ; vcard:fn "Data" ]',
        "dcat:distribution [ a dcat:Distribution ; dcat:accessURL <https://town.gov.uk/a> ; "
        'dct:format [ a dct:MediaType ; skos:prefLabel "CSV" ] ]',
        "dcat:distribution [ a dcat:Distribution ; dcat:accessURL <https://town.gov.uk/a> ; "
        'dct:format [ a dct:FileFormat ; skos:prefLabel "CSV" ] ]',
    ],
)
def test_an_instance_of_a_subclass_conforms(properties: str, tmp_path: Path) -> None:
    assert errors(properties, tmp_path) == []


def test_what_is_of_no_subclass_does_not_and_is_shown_itself(tmp_path: Path) -> None:
    files = (
        "dcat:distribution [ a dcat:Distribution ; dcat:accessURL <https://town.gov.uk/a> ; "
        'dct:title "Levels"@en ; dct:format [ a skos:Concept ; skos:prefLabel "CSV" ] ]'
    )
    [found] = errors(files, tmp_path)
    assert (found["message"], found["seen"]) == ("must be a dct:MediaTypeOrExtent", "CSV")


def test_rdf_in_schema_org_is_refused_by_name(tmp_path: Path) -> None:
    source = tmp_path / "schema.ttl"
    source.write_text(f'{PREFIXES}<https://town.gov.uk/1> a schema:Dataset ; schema:name "Trees" .')
    assert "describes datasets in schema.org" in refusal(call("score", source))
