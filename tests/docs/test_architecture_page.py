"""docs/architecture.md names the rooms, tables and modules that there are, and leaves none out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ckanext.aivision.model import metadata

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "ckanext-aivision/ckanext/aivision"
TEXT = (ROOT / "docs/architecture.md").read_text("utf-8")
NAMED = re.findall(r"`([\w./-]+)`", TEXT)
# Templates, assets and migrations hold no rooms.
ROOMS = [path for path in PACKAGE.iterdir() if path.is_dir() and (path / "__init__.py").exists()]
LARGE = ("harvesters", "catalogue", "scoring", "compare")


@pytest.mark.parametrize("name", [name for name in NAMED if name.endswith((".py", "/"))])
def test_every_path_on_the_page_exists(name: str) -> None:
    assert (PACKAGE / name).exists() or (ROOT / name).exists()


def test_every_room_is_on_the_page() -> None:
    assert [room.name for room in ROOMS if f"`{room.name}/`" not in TEXT] == []


@pytest.mark.parametrize("room", LARGE)
def test_every_folder_of_a_large_room_is_on_the_page(room: str) -> None:
    folders = [path.name for path in (PACKAGE / room).iterdir() if (path / "__init__.py").exists()]
    assert [name for name in folders if f"`{room}/{name}/`" not in TEXT] == []


def test_every_table_is_on_the_page() -> None:
    assert sorted(name for name in metadata.tables if f"`{name}`" not in TEXT) == []
