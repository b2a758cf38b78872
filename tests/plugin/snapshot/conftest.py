"""What the tests of snapshots share: a storage and a queue of a test's own, which no worker of the run touches."""

from __future__ import annotations

import datetime
import html
import re
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ckanext.aivision.queues import SNAPSHOT
from ckanext.aivision.snapshot.files import SnapshotFiles

NOON = datetime.datetime(2026, 11, 29, 14, 5, 30, tzinfo=datetime.timezone.utc)
NOON_TEXT = "Figures as of 29 November 2026, 14:05 UTC"


@pytest.fixture
def files(ckan: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SnapshotFiles:
    """The snapshots in a storage of the test's own: there is none at first."""
    monkeypatch.setitem(ckan.config, "ckan.storage_path", str(tmp_path / "storage"))
    return SnapshotFiles(tmp_path / "storage/aivision/snapshots")


@pytest.fixture
def queue(ckan: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What is queued for the worker of snapshots, which no worker takes."""
    from ckan.lib import jobs

    real = jobs.get_queue(SNAPSHOT)
    own = real.__class__(f"test-{uuid.uuid4().hex}", connection=real.connection)
    monkeypatch.setitem(jobs._queues, jobs.add_queue_name_prefix(SNAPSHOT), own)
    yield own
    own.delete()


@pytest.fixture
def office(ckan: Any, site_user: dict[str, Any]) -> dict[str, Any]:
    """An organisation that no other dataset belongs to."""
    data = {"name": f"office-{uuid.uuid4().hex[:8]}", "title": f"Office {uuid.uuid4().hex[:8]}"}
    made: dict[str, Any] = ckan.get_action("organization_create")(dict(site_user), data)
    return made


@pytest.fixture
def published(ckan: Any, site_user: dict[str, Any], office: dict[str, Any]) -> Callable[..., dict[str, Any]]:
    """Publishes a dataset of the office."""

    def publish(**fields: Any) -> dict[str, Any]:
        package = {
            "name": f"levels-{uuid.uuid4().hex[:8]}",
            "title": "River levels, weekly",
            "owner_org": office["id"],
            "country": "GB",
            "license_id": "OGL-UK-3.0",
            **fields,
        }
        made: dict[str, Any] = ckan.get_action("package_create")(dict(site_user), package)
        return made

    return publish


@pytest.fixture
def counted(files: SnapshotFiles, office: dict[str, Any]) -> Callable[[], int]:
    """How many datasets of the office the newest snapshot has."""
    from ckanext.aivision.snapshot import read

    def count() -> int:
        newest = read.newest()
        assert newest is not None
        found = newest.datasets().select("count(*)", "publisher_title = ?", [office["title"]]).fetchall()
        return int(found[0][0])

    return count


@pytest.fixture
def due(files: SnapshotFiles) -> Callable[[], bool]:
    """Whether the tables say something else than the newest snapshot. Harvests that another test left do not count."""
    import ckan.model as model

    from ckanext.aivision.snapshot.due import read_tables, wait

    def ask() -> bool:
        model.Session.rollback()
        tables = read_tables(model.Session.connection())._replace(harvesting=False, rescoring=False)
        return wait(files, tables, NOON + datetime.timedelta(days=9999)) is not None

    return ask


def words(text: str) -> str:
    """The main part of a page as readers see it."""
    main = text.split('role="main"')[1].split("</article>")[0]
    return html.unescape(" ".join(re.sub(r"<[^>]*>", " ", main).split()))
