"""Whatever a JSON catalogue holds, reading it ends in records, refusals or an error of the source."""

from __future__ import annotations

import contextlib
import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.examples import share_of

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.open_source import open_source
from ckanext.aivision.harvesters.sources.source import resolve
from ckanext.aivision.record import Harvested

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=20,
)


MEMBERS = st.sampled_from(
    [
        "identifier",
        "title",
        "description",
        "keyword",
        "theme",
        "language",
        "issued",
        "modified",
        "accrualPeriodicity",
        "publisher",
        "creator",
        "contactPoint",
        "license",
        "rights",
        "accessLevel",
        "temporal",
        "spatial",
        "landingPage",
        "references",
        "conformsTo",
        "describedBy",
        "isPartOf",
        "citation",
        "dataQuality",
        "collectionInstrument",
        "systemOfRecords",
        "distribution",
        "bureauCode",
    ]
)


DISTRIBUTION = st.dictionaries(
    st.sampled_from(
        ["@id", "title", "description", "accessURL", "downloadURL", "mediaType", "format", "modified", "conformsTo"]
    ),
    JSON,
)


RECORD = st.dictionaries(MEMBERS, JSON | st.lists(DISTRIBUTION, max_size=3), max_size=12)


def read_bytes(content: bytes, folder: Path, kind: str | None = None) -> list[Harvested]:
    path = folder / "any.json"
    path.write_bytes(content)
    taken: list[Harvested] = []
    with Session() as session, contextlib.suppress(SourceError):
        taken.extend(open_source(resolve(str(path), kind), session))
    return taken


def check(harvested: Harvested) -> None:
    """A record is a dataset that can be kept, or refused with a reason."""
    refusals = [problem for problem in harvested.problems if problem.severity == "error"]
    assert (harvested.dataset is None) == bool(refusals)
    if harvested.dataset is not None:
        json.dumps(harvested.dataset.raw, ensure_ascii=False, allow_nan=False).encode()
        assert harvested.dataset.title.strip()
        assert harvested.dataset.identifier.strip()


@pytest.mark.long
@settings(max_examples=share_of(150), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(document=JSON | st.fixed_dictionaries({"dataset": st.lists(RECORD | JSON, max_size=4)}))
def test_any_json_gives_records_refusals_or_a_source_error(tmp_path: Path, document: Any) -> None:
    for kind in (None, "dcat-us", "ckan", "datagov-search"):
        for harvested in read_bytes(json.dumps(document).encode(), tmp_path, kind):
            check(harvested)


@pytest.mark.long
@settings(max_examples=share_of(150), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200), cut=st.integers(0, 200))
def test_any_bytes_give_records_refusals_or_a_source_error(tmp_path: Path, content: bytes, cut: int) -> None:
    whole = b'{"dataset": [{"identifier": "a", "title": "b"}, {"identifier": "\\ud800", "title": "d"}]}'
    for document in (content, whole[:cut] + content + whole[cut:], gzip.compress(whole)[:cut] + content):
        for harvested in read_bytes(document, tmp_path):
            check(harvested)
