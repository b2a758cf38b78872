"""Make cells of CSV files safe for spreadsheets."""

from __future__ import annotations

# What a spreadsheet takes for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: str) -> str:
    """A cell that no spreadsheet computes: an apostrophe stands before what begins like a formula.

    Source: OWASP, CSV Injection.
    """
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
