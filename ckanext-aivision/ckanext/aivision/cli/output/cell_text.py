"""A value of a report as the text of a cell."""

from __future__ import annotations

from ckanext.aivision.serialise.spreadsheet import harmless


def cell_text(value: object) -> str:
    """The text of a value. None is empty; text that a spreadsheet would compute is disarmed; numbers stay numbers."""
    if value is None:
        return ""
    return harmless(value) if isinstance(value, str) else str(value)
