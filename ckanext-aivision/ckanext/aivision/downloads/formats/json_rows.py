"""JSON: what goes with the figures, their columns, and the rows by the columns' names. The API gives the same."""

from __future__ import annotations

from typing import Any

import msgspec

from ckanext.aivision.downloads.work_out import Taken


def as_data(taken: Taken) -> dict[str, Any]:
    """The figure in plain values."""
    columns = [column._asdict() for column in taken.content.columns]
    return {**taken.metadata(), "columns": columns, "rows": taken.content.records()}


def write(taken: Taken) -> bytes:
    return msgspec.json.encode(as_data(taken))
