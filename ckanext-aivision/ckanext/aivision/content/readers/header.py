"""Clean up the names of columns, and report their problems."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ckanext.aivision.content.limits import ProfileLimits, Unprofiled
from ckanext.aivision.content.personal_data import shows_personal_data
from ckanext.aivision.scoring.observations.file_profile import Header

# `level (2)`, `population (2021)`: which of several, and nothing that is counted.
_NUMBERED = re.compile(r"\s{0,9}[(\[]\s{0,9}[\d/-]{1,9}\s{0,9}[)\]]\s*$")
# `depth (m)`, `Rainfall [mm]`, `temperature_degC`, `share_pct`: what a figure is counted in.
_BRACKETED = re.compile(r"[(\[]([^()\[\]]{1,20})[)\]]\s*$")
_SUFFIX = re.compile(
    r"[_ ](mm|cm|m|km|km2|ha|g|kg|mg|ug|t|l|ml|m3|kw|kwh|mw|mwh|gwh|pct|percent|degc|degf|celsius|ppm|ppb|mph|kph|"
    r"usd|gbp|ugm3|mgl|hpa|db|hz|secs?|seconds|mins?|minutes|hrs|hours|days|miles|feet|ft|acres|lbs?)$",
    re.IGNORECASE,
)


def name_columns(
    cells: Sequence[str] | None, width: int, rows_above: int, limits: ProfileLimits
) -> tuple[list[str], Header]:
    """A name for each of `width` columns, each only once, and what the header is like. cells: None for no header.

    A cell that looks like personal data is no name, whatever row it stands in.
    Raises Unprofiled if a name has no end.
    """
    if width > limits.columns:
        raise Unprofiled("too-wide", f"it has {width:,} columns, more than the {limits.columns:,} that can be profiled")
    if cells is None:
        return [f"column {place}" for place in range(1, width + 1)], Header(found=False, rows_above=rows_above)
    if any(len(cell) > limits.name for cell in cells):
        message = f"its header has a name of more than {limits.name} characters, perhaps because a quote is not closed"
        raise Unprofiled("line-too-long", message)
    written = [*cells, *[""] * (width - len(cells))][:width]
    names: list[str] = []
    blank = duplicate = 0
    for place, cell in enumerate(written, 1):
        name = " ".join(cell.split())
        blank += not name
        if not name or shows_personal_data(name):
            name = f"column {place}"
        duplicate += name in names
        names.append(_once(name, names))
    spaced = sum(1 for cell in written if cell != cell.strip() or "\n" in cell)
    return names, Header(rows_above=rows_above, blank=blank, duplicate=duplicate, spaced=spaced)


def unit_of(name: str) -> str:
    """The unit that a column's name tells; empty if it tells none."""
    bare = _NUMBERED.sub("", name)
    found = _BRACKETED.search(bare) or _SUFFIX.search(bare)
    return found[1].strip() if found is not None else ""


def _once(name: str, names: Sequence[str]) -> str:
    number, free = 1, name
    while free in names:
        number += 1
        free = f"{name} ({number})"
    return free
