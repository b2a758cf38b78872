"""A portal at fault: nothing is lost or doubled, and the next harvest ends in the undisturbed state.

`make soak` does the same with large catalogues.
"""

from __future__ import annotations

import os
from typing import Any, NamedTuple

import pytest
from tests.selection import pairs

from ckanext.aivision.harvesters.sources.kind_registry import KINDS
from ckanext.aivision.harvesters.sources.source import Source

RECORDS = int(os.environ.get("AIVISION_FAULT_RECORDS", "130"))
# Of portal.py: half of all requests go wrong in this way. `slow` would only take time.
FAULTS = ("429", "500", "reset", "truncate", "garbage", "html", "bomb", "redirect-private")


class Catalogue(NamedTuple):
    """One of the portal's, and how many records it has without copies."""

    kind: str
    number: int

    @property
    def copies(self) -> int:
        return -(-RECORDS // self.number)


CATALOGUES = {
    "us/harbors/data.json": Catalogue("dcat-us", 9),
    "search?org_slug=harbors": Catalogue("datagov-search", 9),
    "uk/fenwick": Catalogue("ckan", 6),
    "catalog/harbors.jsonld": Catalogue("dcat-rdf", 9),
}


def ledger(name: str) -> list[tuple[str, bool, str]]:
    import ckan.model as model
    import sqlalchemy as sa

    model.Session.rollback()
    statement = "SELECT package_id, indexed, state FROM aivision_record WHERE source = :name"
    return [tuple(row) for row in model.Session.execute(sa.text(statement), {"name": name})]


def searchable(packages: set[str]) -> set[str]:
    """Those of the packages that the index has."""
    from ckan.lib.search.common import make_connection

    query = {"q": "*:*", "fq": f"{{!terms f=id}}{','.join(packages)}", "fl": "id", "rows": len(packages) + 1}
    found = list(make_connection().search(search_method="POST", **query))
    assert len(found) == len({document["id"] for document in found})
    return {document["id"] for document in found}


def harvest(name: str, address: str, path: str) -> Any:
    from ckanext.aivision.catalogue.ckan.harvest_job import harvest_into_ckan

    kind = CATALOGUES[path].kind
    source = Source(name=name, url=f"{address}/{path}", kind=kind, profile=KINDS[kind].profile, country="US")
    return harvest_into_ckan(source, allow_hosts=[address.removeprefix("http://")])


@pytest.mark.timeout(300 + RECORDS / 10)
@pytest.mark.parametrize(("fault", "path"), pairs(FAULTS, CATALOGUES))
def test_a_portal_at_fault_loses_nothing(ckan: Any, portal: Any, fault: str, path: str) -> None:
    name, copies = f"fault {fault} {path}", CATALOGUES[path].copies
    number = copies * CATALOGUES[path].number
    with portal(copies=copies, faults={fault: 0.5}, seed=7) as address:
        first = harvest(name, address, path)
    assert first.state in ("finished", "incomplete")
    assert (first.state == "finished") == (first.counts.new == number)
    with portal(copies=copies) as address:
        second = harvest(name, address, path)
    assert (second.state, second.counts.new + first.counts.new, second.counts.gone) == ("finished", number, 0)
    found = ledger(name)
    assert len(found) == number
    assert {(indexed, state) for _, indexed, state in found} == {(True, "active")}
    packages = {package for package, _, _ in found}
    assert searchable(packages) == packages
