"""Whatever a portal does wrong ends in the whole catalogue or in one clear error, never in half of it unnoticed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.selection import pairs

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.harvest import Harvest
from ckanext.aivision.harvesters.http.session import Limits

FAULTS = ("429", "500", "reset", "truncate", "slow", "garbage", "html", "bomb", "redirect-private")
SOURCES = {
    "/us/opm/data.json": ("dcat-us", 134),
    "/uk/glasgow": ("ckan", 138),
    "/search?org_slug=opm": ("datagov-search", 134),
}
LIMITS = Limits(read=2, total=30, retries=1, longest_wait=1, ratio_from=2**20)


@pytest.mark.parametrize(("fault", "path"), pairs(FAULTS, SOURCES))
def test_a_fault_that_does_not_pass_is_a_source_error(
    start_portal: Callable[..., str], harvest: Callable[..., Harvest], fault: str, path: str
) -> None:
    kind, _ = SOURCES[path]
    reading = harvest(start_portal("--fault", f"{fault}=1") + path, kind=kind, limits=LIMITS)
    with pytest.raises(SourceError) as caught:
        list(reading)
    assert "\n" not in str(caught.value)
    assert not reading.complete


@pytest.mark.parametrize(("fault", "path"), pairs(("429", "500", "reset", "truncate"), SOURCES))
def test_a_fault_that_passes_costs_no_record(
    start_portal: Callable[..., str], harvest: Callable[..., Harvest], fault: str, path: str
) -> None:
    kind, expected = SOURCES[path]
    base = start_portal("--fault", f"{fault}=0.5", "--seed", "3")
    reading = harvest(base + path, kind=kind, limits=Limits(retries=12, longest_wait=0.1))
    identifiers = [harvested.identifier for harvested in reading]
    assert len(set(identifiers)) == len(identifiers) == expected
    assert reading.complete


def test_pages_that_are_garbage_now_and_then_are_asked_for_again(
    start_portal: Callable[..., str], harvest: Callable[..., Harvest]
) -> None:
    base = start_portal("--fault", "garbage=0.4", "--fault", "html=0.2", "--seed", "1")
    reading = harvest(f"{base}/uk/glasgow", kind="ckan", limits=Limits(retries=12))
    assert len(list(reading)) == 138
