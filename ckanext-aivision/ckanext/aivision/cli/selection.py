"""Some of the rubric's criteria, by their ids or their dimensions."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

import msgspec

from ckanext.aivision.errors import UsageError
from ckanext.aivision.scoring.registry import DIMENSIONS
from ckanext.aivision.scoring.rubric import Rubric


def narrowed(rubric: Rubric, select: Sequence[str] = (), ignore: Sequence[str] = ()) -> Rubric:
    """The rubric with the criteria that are selected and not ignored; scores are then of these alone.

    select, ignore: ids of criteria or dimensions, or several with commas between them; select is all where empty.
    Raises UsageError where a name is neither, or where no criterion is left.
    """
    chosen = _ids(rubric, select, "--select") if select else {row.id for row in rubric.criteria}
    chosen -= _ids(rubric, ignore, "--ignore")
    if not chosen:
        raise UsageError("--select and --ignore leave no criterion: ignore fewer; `aivision criteria` lists them")
    return msgspec.structs.replace(rubric, criteria=[row for row in rubric.criteria if row.id in chosen])


def _ids(rubric: Rubric, names: Sequence[str], option: str) -> set[str]:
    found: set[str] = set()
    for name in (part.strip() for text in names for part in text.split(",")):
        matching = {row.id for row in rubric.criteria if name in (row.id, row.dimension)}
        if not matching:
            raise UsageError(f"{option}: {name!r} is no criterion and no dimension; {_advice(rubric, name)}")
        found |= matching
    return found


def _advice(rubric: Rubric, name: str) -> str:
    known = [row.id for row in rubric.criteria] + list(DIMENSIONS)
    close = difflib.get_close_matches(name, known, n=3)
    return f"did you mean {' or '.join(close)}?" if close else f"the dimensions are {', '.join(DIMENSIONS)}"
