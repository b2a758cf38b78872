"""A portal at fault: nothing is lost or doubled, and the next harvest ends in the undisturbed state."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.aivision.harvesters.source import Source

# Of portal.py: half of all requests go wrong in this way. `slow` would only take time.
FAULTS = ("429", "500", "reset", "truncate", "garbage", "html", "bomb", "redirect-private")
NUMBERS = {"us/opm/data.json": ("dcat-us", "dcat-us-1.1", 134), "uk/glasgow": ("ckan", "ckan-flat", 138)}


def ledger(name: str) -> list[tuple[str, bool, str]]:
    import ckan.model as model
    import sqlalchemy as sa

    model.Session.rollback()
    statement = "SELECT identifier, indexed, state FROM aivision_record WHERE source = :name"
    return [tuple(row) for row in model.Session.execute(sa.text(statement), {"name": name})]


def harvest(name: str, address: str, path: str) -> Any:
    from ckanext.aivision.catalogue.jobs import harvest_into_ckan

    kind, profile, _ = NUMBERS[path]
    source = Source(name=name, url=f"{address}/{path}", kind=kind, profile=profile, country="US")
    return harvest_into_ckan(source, allow_hosts=[address.removeprefix("http://")])


@pytest.mark.parametrize("path", NUMBERS)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_portal_at_fault_loses_nothing(ckan: Any, portal: Any, fault: str, path: str) -> None:
    name, number = f"fault {fault} {path}", NUMBERS[path][2]
    with portal("--fault", f"{fault}=0.5", "--seed", "7") as address:
        first = harvest(name, address, path)
    assert first.state in ("finished", "incomplete")
    assert (first.state == "finished") == (first.counts.new == number)
    with portal() as address:
        second = harvest(name, address, path)
    assert (second.state, second.counts.new + first.counts.new, second.counts.gone) == ("finished", number, 0)
    found = ledger(name)
    assert len(found) == number
    assert {(indexed, state) for _, indexed, state in found} == {(True, "active")}
