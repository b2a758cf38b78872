"""Whatever stands in the place of a value in a product's records, reading ends in records, refusals or one error."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.examples import share_of
from tests.harvesters.protocols.samples import FOLDERS, sample_of
from tests.harvesters.test_any_catalogue import JSON, read_bytes

from ckanext.aivision.errors import UsageError

KINDS = ("dkan", "socrata", "opendatasoft", "arcgis-hub", "ogc-records", "stac", "schema-org", "croissant")
PLACES = st.floats(0, 1, exclude_max=True)


def places_of(value: Any) -> Iterator[tuple[Any, Any]]:
    """Each container in a document with one of its keys."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield value, key
        yield from places_of(item)


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
@given(changes=st.lists(st.tuples(PLACES, JSON), min_size=1, max_size=4))
@settings(max_examples=share_of(100), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_value_in_any_place_is_read_refused_or_an_error(
    kind: str, changes: list[tuple[float, Any]], tmp_path: Path
) -> None:
    sample = sample_of(FOLDERS[kind])
    assert sample is not None
    document = json.loads(sample.read_bytes())
    for place, value in changes:
        places = list(places_of(document))
        if places:
            container, key = places[int(place * len(places))]
            container[key] = value
    try:
        content = json.dumps(document).encode("utf-8", "surrogatepass")
    except ValueError:
        return
    with contextlib.suppress(UsageError):
        for record in read_bytes(content, tmp_path, kind):
            assert record.dataset is not None or record.problems
