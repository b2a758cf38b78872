"""The portal of the national benchmark: every identifier once, and as many changes as are asked for."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from bench.national_portal import Portal
from tests.corpora import OWN, catalogues_of

COPIES = 3


@pytest.fixture
def portal(tmp_path: Path) -> Portal:
    (tmp_path / "us").mkdir()
    for name, records in catalogues_of(OWN, "us").items():
        text = json.dumps({"dataset": records}).encode()
        (tmp_path / "us" / f"{name}.data.json.gz").write_bytes(gzip.compress(text))
    return Portal(tmp_path, COPIES)


def _walked(portal: Portal, size: int = 4) -> list[dict[str, Any]]:
    rows, start = [], "0"
    while start:
        page = json.loads(portal.page(int(start), size))
        rows += page["results"]
        start = page.get("after", "")
    return rows


def test_pages_have_every_identifier_as_often_as_the_corpus_has_it(portal: Portal) -> None:
    rows = _walked(portal)
    served = [row["dcat"]["identifier"] for row in rows]
    assert set(served) == set(portal.identifiers())
    assert served
    assert len(served) % COPIES == 0
    assert [row["identifier"] for row in rows] == served


def test_one_of_so_many_changes_and_nothing_else(portal: Portal) -> None:
    before = _walked(portal)
    portal.every, portal.first = 10, 5
    after = _walked(portal)
    changed = [place for place, pair in enumerate(zip(before, after, strict=True)) if pair[0] != pair[1]]
    assert changed == list(range(5, len(before), 10))
    assert after[5]["dcat"] == {**before[5]["dcat"], "title": f"{before[5]['title']} (revised)"}
