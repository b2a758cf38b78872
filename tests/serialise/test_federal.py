"""Codes of US federal agencies: given out as the source has them, of the dataset and not of its publisher."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.serialise.conftest import EVERYTHING
from tests.serialise.round_trip import entries, pairs
from tests.serialise.web.documents import STANDARDS as ON_THE_WEB
from tests.serialise.web.documents import document

from ckanext.aivision.record import Agent
from ckanext.aivision.serialise.rdf.catalogue import dataset_triples
from ckanext.aivision.serialise.rdf.mapping import STANDARDS, Standard
from ckanext.aivision.serialise.web.property_table import Standard as WebStandard

RAW = {"bureauCode": ["026:00", "026:10"], "programCode": ["026:001"], "primaryITInvestmentUII": "026-000000123"}
DATASET = msgspec.structs.replace(
    EVERYTHING, country="US", publisher=Agent("River university", identifier="026:00"), raw=RAW
)
POD = "https://project-open-data.cio.gov/v1.1/schema#"


@pytest.mark.parametrize("standard", STANDARDS)
def test_in_rdf_the_codes_are_those_of_the_dataset(standard: Standard) -> None:
    (entry,) = entries([DATASET])
    said: dict[str, list[Any]] = {}
    for triple in dataset_triples(entry, standard):
        name = triple.predicate.value.removeprefix(POD)
        if name in RAW:
            assert triple.subject == entry.node
            said.setdefault(name, []).append(getattr(triple.object, "value", ""))
        assert getattr(triple.object, "value", "") != "026:00" or name == "bureauCode"
    assert said == {name: codes if isinstance(codes, list) else [codes] for name, codes in RAW.items()}


@pytest.mark.parametrize("standard", STANDARDS)
def test_our_reader_takes_the_bureau_for_the_publishers_as_in_dcat_us(standard: Standard, tmp_path: Path) -> None:
    ((_, again),) = pairs([DATASET], standard, "ttl", tmp_path)
    assert again.publisher == DATASET.publisher


@pytest.mark.parametrize("standard", ON_THE_WEB)
def test_on_the_web_the_publisher_has_no_code(standard: WebStandard) -> None:
    found = document(DATASET, standard)
    assert found["publisher"] == {"@type": "Organization", "name": "River university"}
    assert {name: found[f"pod:{name}"] for name in RAW} == {**RAW, "programCode": "026:001"}


@pytest.mark.parametrize("standard", STANDARDS)
def test_a_record_without_its_sources_own_keeps_the_bureau(standard: Standard, tmp_path: Path) -> None:
    ((_, again),) = pairs([msgspec.structs.replace(DATASET, raw={})], standard, "ttl", tmp_path)
    assert again.publisher == DATASET.publisher
