"""What the catalogue's tests share: sources written for a test, harvested into the running catalogue."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ckanext.aivision.catalogue.run import Run

Records = list[Any]
Harvest = Callable[..., Run]


def record(number: int, **members: Any) -> dict[str, Any]:
    """A small DCAT-US 1.1 record."""
    return {
        "@type": "dcat:Dataset",
        "identifier": f"river-{number}",
        "title": f"Weekly river levels at station {number}",
        "description": "Levels in metres above the gauge's zero, measured every week by an automated sensor.",
        "keyword": ["rivers", "levels", "gauges"],
        "modified": "2026-10-01",
        "publisher": {"@type": "org:Organization", "name": "River Sample Office"},
        "contactPoint": {"@type": "vcard:Contact", "fn": "Data desk", "hasEmail": "mailto:data@rivers.example"},
        "accessLevel": "public",
        "license": "https://creativecommons.org/publicdomain/zero/1.0/",
        "distribution": [{"downloadURL": f"https://rivers.example/{number}.csv", "mediaType": "text/csv"}],
        **members,
    }


@pytest.fixture
def source_file(tmp_path: Path) -> Callable[[Records], Path]:
    """Writes a data.json; the same path every time, so that it is one source whose content changes."""
    path = tmp_path / "data.json"

    def write(records: Records) -> Path:
        path.write_text(json.dumps({"dataset": records}))
        return path

    return write
