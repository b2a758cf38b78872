"""Our RDF in other CKANs: stock ckanext-dcat reads every record, and what it loses is known."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from tests.processes import run_python
from tests.serialise.conftest import EVERYTHING
from tests.serialise.round_trip import entries, give
from tests.serialise.test_rdf_records import VALUES, own_records

from ckanext.aivision.normalise.geography import places
from ckanext.aivision.record import Dataset
from ckanext.aivision.serialise.rdf.mapping import STANDARDS, Standard

# Each starts a process that loads CKAN.
pytestmark = pytest.mark.long
GEOMETRY = '{"type": "MultiPolygon", "coordinates": [[[[0, 50], [1, 50], [1, 51], [0, 50]]]]}'


# In a separate process: where CKAN has a schema, fields are put in other places, and what ckanext-dcat reads of CKAN's
# settings when it is imported stays.
_READ = """
import json, sys
from ckanext.dcat.processors import RDFParser

parser = RDFParser(profiles=["euro_dcat_ap_3"])
parser.parse(sys.stdin.read(), _format="ttl")
print(json.dumps(list(parser.datasets())))
"""


def parsed(records: list[Dataset], standard: Standard) -> list[dict[str, Any]]:
    text = give(records, standard, "ttl")
    done = run_python("-c", _READ, given=text.decode())
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("standard", STANDARDS)
def test_it_reads_every_record(standard: Standard) -> None:
    """One that it could not read would end its harvest of the whole catalogue."""
    others = [msgspec.structs.replace(record, identifier=name) for name, record in VALUES.items()]
    given = [record for record in [*own_records(), *others] if record.type not in ("service", "series")]
    assert len(parsed(given, standard)) == len(entries(given))


def test_a_geometry_does_not_stop_it() -> None:
    outline = places.location(GEOMETRY)
    assert outline is not None
    (found,) = parsed([msgspec.structs.replace(EVERYTHING, spatial=[outline])], "dcat-ap-3")
    assert found["title"] == EVERYTHING.title


def test_it_keeps_what_ckan_has_fields_for() -> None:
    (found,) = parsed([EVERYTHING], "dcat-ap-3")
    extras = {item["key"]: item["value"] for item in found["extras"]}
    assert (found["title"], found["notes"], found["version"]) == (
        EVERYTHING.title,
        EVERYTHING.description,
        EVERYTHING.version,
    )
    assert {tag["name"] for tag in found["tags"]} == set(EVERYTHING.keyword)
    assert (extras["identifier"], extras["modified"]) == (EVERYTHING.identifier, "2026-11-01")
    assert extras["publisher_name"] == "River office"
    (file,) = found["resources"]
    assert (file["url"], file["size"]) == (EVERYTHING.distribution[0].download_url, 1234)


def test_what_it_loses_of_a_complete_record_is_known() -> None:
    """Statements for which ckanext-dcat has no field: they stay in our RDF for whoever reads it otherwise."""
    (found,) = parsed([EVERYTHING], "dcat-ap-3")
    text = json.dumps(found)
    lost = {
        field
        for field in EVERYTHING.__struct_fields__
        if isinstance(value := getattr(EVERYTHING, field), str) and len(value) > 6 and value not in text
    }
    assert lost == {
        *("access_procedure", "ai_use", "ai_use_terms", "annotation", "bibliographic_citation", "biases"),
        *("code_repository", "collection", "described_by", "in_series", "limitations"),
        *("maintenance_plan", "personal_data", "personal_data_measures", "preprocessing", "profile", "quality"),
        *("social_impact", "system_of_records", "type", "uncertainty", "unsuitable_uses", "uses"),
    }
