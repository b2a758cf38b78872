"""Beside ckanext-harvest as it is on the registry: each has its pages, and its sources are no datasets.

The short form of `tests/packaging/test_existing_ckan.py`, which installs a whole CKAN with more of its extensions.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from tests.packaging.test_light import NO_INDEX
from tests.plugin.other_site import OtherSite
from tests.plugin.test_other_schemas import SCHEMA

PACKAGES = ("ckanext-harvest==1.6.3",)
THEIRS = "harvest ckan_harvester scheming_datasets activity"
ITS_TABLES = r"""SELECT table_name FROM information_schema.tables
    WHERE table_schema = 'public' AND table_name LIKE 'harvest\_%'"""

pytestmark = pytest.mark.long


@pytest.fixture
def site(stack: Any, tmp_path: Path, catalogue_state: Any) -> Iterator[OtherSite]:
    target = tmp_path / "packages"
    command = [sys.executable, "-m", "pip", "--quiet", "install", "--no-deps", "--target", target, *PACKAGES]
    done = subprocess.run(command, capture_output=True, text=True, timeout=200, check=False)
    if done.returncode and (seen := NO_INDEX.search(done.stderr)):
        pytest.skip(f"pip reaches no package index from here ({seen[0]})")
    assert done.returncode == 0, done.stderr
    catalogue_state.restore()
    yield OtherSite(stack, tmp_path, target)
    # Its tables refer to packages, which the next test file empties.
    engine = sa.create_engine(stack.database_url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        for table in list(connection.execute(sa.text(ITS_TABLES)).scalars()):
            connection.execute(sa.text(f'DROP TABLE "{table}" CASCADE'))
        # Of its table of messages.
        connection.execute(sa.text("DROP TYPE IF EXISTS log_level"))


@pytest.mark.parametrize(
    "ours", ["aivision dcat", pytest.param("aivision_core aivision_harvest", marks=pytest.mark.nightly)]
)
def test_each_has_its_pages_and_a_source_is_no_dataset(site: OtherSite, ours: str) -> None:
    site.ckan(THEIRS, SCHEMA, "db", "upgrade", "-p", "harvest")
    office = {"name": "council", "title": "Council"}
    source = {"name": "feed", "title": "Feed", "url": "https://feed.example.gov", "source_type": "ckan"}
    bins = {
        "name": "bins",
        "title": "Litter bins",
        "owner_org": "council",
        "license_id": "uk-ogl",
        "ward": "Headingley",
    }
    _, before, _ = site.steps(
        THEIRS,
        SCHEMA,
        ("call", "organization_create", office),
        ("call", "package_create", bins),
        ("call", "harvest_source_create", {**source, "owner_org": "council", "frequency": "MANUAL"}),
    )
    steps = (
        ("rebuild",),
        ("command", "rescore", "--jobs", "1"),
        ("countries",),
        ("pages", "/harvest", "/harvest/feed", "/harvest/about/feed", "/aivision/harvest", "/dataset/bins"),
        ("call", "harvest_source_show", {"id": "feed"}),
        ("call", "package_patch", {"id": "bins", "title": "Litter bins by ward"}),
    )
    found = site.steps(f"{ours} {THEIRS}", SCHEMA if "core" in ours else "", *steps)[1:]
    rescore, countries, pages, shown, edited = found
    assert (rescore["status"], list(countries), shown["name"]) == (0, ["bins"], "feed")
    assert set(pages.values()) == {200}, pages
    own = edited | {extra["key"]: extra["value"] for extra in edited.get("extras") or ()}
    assert (own["ward"], own["license_id"]) == (before["ward"], before["license_id"])
