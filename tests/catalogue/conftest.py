"""What the catalogue's tests share: sources written for a test, harvested into the running catalogue."""

from __future__ import annotations

import itertools
import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.processes import QuickStack

from ckanext.aivision.catalogue.harvest.run_account import Run
from ckanext.aivision.services.stack import Stack

Records = list[Any]
Harvest = Callable[..., Run]
_titles = itertools.count()


@pytest.fixture(scope="module")
def services(first_start: Callable[[Path], None]) -> Iterator[Stack]:
    """Services that the tests of a file have to themselves, to empty them or to kill them."""
    with tempfile.TemporaryDirectory(prefix="aivision-services-", ignore_cleanup_errors=True) as folder:
        first_start(Path(folder))
        running = QuickStack(Path(folder), port=5400)
        running.start()
        try:
            yield running
        finally:
            running.stop()


@pytest.fixture
def source_file(tmp_path: Path) -> Callable[[Records], Path]:
    """Writes a data.json; the same path every time, so that it is one source whose content changes."""
    path = tmp_path / "data.json"

    def write(records: Records) -> Path:
        path.write_text(json.dumps({"dataset": records}))
        return path

    return write


@pytest.fixture
def into_ckan(ckan: Any) -> Callable[..., Any]:
    """Harvests a file into the running catalogue."""
    from ckanext.aivision.catalogue.ckan.harvest_job import harvest_into_ckan
    from ckanext.aivision.harvesters.sources.source import resolve

    def harvest(path: Path, **options: Any) -> Any:
        return harvest_into_ckan(resolve(str(path), "dcat-us", None, "US"), **options)

    return harvest


@pytest.fixture
def found(ckan: Any) -> Callable[[str], list[dict[str, Any]]]:
    """What the search finds of a publisher."""

    def search(publisher: str) -> list[dict[str, Any]]:
        query = {"fq": f'organization:"{publisher}"', "rows": 1000}
        results: list[dict[str, Any]] = ckan.get_action("package_search")({"ignore_auth": True}, query)["results"]
        return results

    return search


@pytest.fixture
def publisher() -> tuple[dict[str, Any], str]:
    """A publisher of this test's own, so that tests do not count each other's datasets: its record and its name."""
    number = next(_titles)
    return {"publisher": {"name": f"Store test office {number}"}}, f"store-test-office-{number}-us"
