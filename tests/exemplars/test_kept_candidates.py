"""What records showed is kept from one snapshot to the next, and thrown away where it may be of something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from ckanext.aivision.exemplars.selection import Candidate
from ckanext.aivision.snapshot.examples import kept_candidates
from ckanext.aivision.snapshot.examples.kept_candidates import Found

pytestmark = pytest.mark.pure

SHOWN = Candidate("licence-open", "id-1", "us-026", 0.75, "open é", "license", "An open licence", "{}", "2026-11-30")
FOUND = {"id-1": Found("state", ["licence-open", "title-says"], [SHOWN]), "id-2": Found("other", ["title-says"], [])}


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    kept_candidates.write(tmp_path, FOUND)
    assert kept_candidates.read(tmp_path) == FOUND


def test_without_a_snapshot_before_nothing_is_kept(tmp_path: Path) -> None:
    assert kept_candidates.read(None) == {}
    assert kept_candidates.read(tmp_path) == {}


@pytest.mark.parametrize("keep", [0, 10, -1])
def test_a_file_that_is_cut_short_keeps_nothing(tmp_path: Path, keep: int) -> None:
    kept_candidates.write(tmp_path, FOUND)
    (path,) = tmp_path.iterdir()
    path.write_bytes(path.read_bytes()[:keep])
    assert kept_candidates.read(tmp_path) == {}
