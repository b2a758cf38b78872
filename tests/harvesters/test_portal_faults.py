"""Whatever a portal does wrong ends in the whole catalogue or in one clear error, never in half of it unnoticed."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.corpora import copies_of, records_of
from tests.portal import FAULTS, Portal, serve
from tests.selection import pairs

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.http.limits import Limits
from ckanext.aivision.harvesters.open_source import Harvest

SOURCES = {
    "/us/samples/data.json": "dcat-us",
    "/uk/samples": "ckan",
    "/search": "datagov-search",
    "/catalog/samples.jsonld": "dcat-rdf",
}
LIMITS = Limits(read=2, total=30, retries=1, longest_wait=1, ratio_from=2**20)
PASSING = ("429", "500", "reset", "truncate")
COPIES = 4

Serve = Callable[..., str]


@pytest.fixture
def portal_at_fault(samples: Path) -> Iterator[Serve]:
    """Serves copies of the repository's samples until the test ends, with shares of faults; gives the address."""
    us = {"samples": copies_of(records_of(samples / "us.data.json"), COPIES)}
    uk = {"samples": copies_of(records_of(samples / "uk.ckan.ndjson"), COPIES, "id")}
    with contextlib.ExitStack() as stack:
        yield lambda faults, seed=0: stack.enter_context(serve(Portal(us, uk, faults, seed, most_rows=100, page=10)))


@pytest.mark.long
@pytest.mark.parametrize("path", SOURCES)
def test_without_a_fault_every_record_comes(portal_at_fault: Serve, harvest: Callable[..., Harvest], path: str) -> None:
    reading = harvest(portal_at_fault({}) + path, kind=SOURCES[path])
    assert len({harvested.identifier for harvested in reading}) == COPIES * 35
    assert reading.complete


@pytest.mark.long
@pytest.mark.parametrize(("fault", "path"), pairs(FAULTS, SOURCES))
def test_a_fault_that_does_not_pass_is_a_source_error(
    portal_at_fault: Serve, harvest: Callable[..., Harvest], fault: str, path: str
) -> None:
    reading = harvest(portal_at_fault({fault: 1}) + path, kind=SOURCES[path], limits=LIMITS)
    with pytest.raises(SourceError) as caught:
        list(reading)
    assert "\n" not in str(caught.value)
    assert not reading.complete


@pytest.mark.long
@pytest.mark.parametrize(("fault", "path"), pairs(PASSING, SOURCES))
def test_a_fault_that_passes_costs_no_record(
    portal_at_fault: Serve, harvest: Callable[..., Harvest], fault: str, path: str
) -> None:
    base = portal_at_fault({fault: 0.5}, seed=3)
    reading = harvest(base + path, kind=SOURCES[path], limits=Limits(retries=12, longest_wait=0.1))
    identifiers = [harvested.identifier for harvested in reading]
    assert len(set(identifiers)) == len(identifiers) == COPIES * 35
    assert reading.complete


def test_pages_that_are_garbage_now_and_then_are_asked_for_again(
    portal_at_fault: Serve, harvest: Callable[..., Harvest]
) -> None:
    base = portal_at_fault({"garbage": 0.4, "html": 0.2}, seed=1)
    assert len(list(harvest(f"{base}/uk/samples", kind="ckan", limits=Limits(retries=12)))) == COPIES * 35
