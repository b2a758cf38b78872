"""What a distribution says of rights is part of what its dataset says, in every format that has a place for it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.open_source import open_source
from ckanext.aivision.harvesters.sources.source import resolve

RIGHTS = "No reuse without permission"
DATASET = {"identifier": "https://data.example.org/1", "title": "Lamps", "license": "CC0", "rights": "Ask the desk"}
FILE = {"downloadURL": "https://data.example.org/1.csv", "rights": RIGHTS}
TURTLE = """
@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
<https://data.example.org/1> a dcat:Dataset ; dct:title "Lamps" ; dct:rights "Ask the desk" ; dcat:distribution
    [ dcat:downloadURL <https://data.example.org/1.csv> ;
      dct:rights [ dct:description "No reuse without permission" ] ] ,
    <https://data.example.org/1.json> .
"""
DOCUMENTS = {
    "1.1.json": json.dumps({"dataset": [{**DATASET, "distribution": [FILE]}]}),
    "3.0.json": json.dumps({"@type": "Catalog", "dataset": [{"@type": "Dataset", **DATASET, "distribution": [FILE]}]}),
    "catalog.ttl": TURTLE,
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_rights_of_a_distribution_are_rights_of_the_dataset(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(DOCUMENTS[name])
    (record,) = open_source(resolve(str(tmp_path / name)), Session())
    assert record.dataset is not None
    assert record.dataset.rights == ["Ask the desk", RIGHTS]
