"""Some of the rubric's criteria, by their ids or their dimensions."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

import msgspec

from ckanext.aivision.errors import UsageError
from ckanext.aivision.scoring.observations.observations import Depth
from ckanext.aivision.scoring.registry import DIMENSIONS
from ckanext.aivision.scoring.rubric import Rubric, load


def narrowed(
    rubric: Rubric, select: Sequence[str] = (), ignore: Sequence[str] = (), depths: tuple[Depth, ...] = ()
) -> Rubric:
    """The rubric with the criteria that are selected and not ignored; scores are then of these alone.

    select, ignore: ids of criteria or dimensions, or several with commas between them; select is all where empty.
    depths: what is looked at beyond the metadata.
    Raises UsageError where a name is neither, or where no criterion is left.
    """
    asked = rubric.at(depths)
    rubric = msgspec.structs.replace(rubric, criteria=asked, everything=asked)
    chosen = _ids(rubric, select, "--select") if select else {row.id for row in asked}
    chosen -= _ids(rubric, ignore, "--ignore")
    if not chosen:
        raise UsageError("--select and --ignore leave no criterion: ignore fewer; `aivision criteria` lists them")
    left = [row for row in asked if row.id in chosen]
    return msgspec.structs.replace(rubric, criteria=left, everything=left)


def _ids(rubric: Rubric, names: Sequence[str], option: str) -> set[str]:
    found: set[str] = set()
    deeper = {row.id: row.depth for row in load().everything}
    for name in (part.strip() for text in names for part in text.split(",")):
        matching = {row.id for row in rubric.criteria if name in (row.id, row.dimension)}
        if not matching and name in deeper:
            raise UsageError(f"{option}: {name} is asked with `--depth {deeper[name]}` only")
        if not matching:
            raise UsageError(f"{option}: {name!r} is no criterion and no dimension; {_advice(rubric, name)}")
        found |= matching
    return found


def _advice(rubric: Rubric, name: str) -> str:
    known = [row.id for row in rubric.criteria] + list(DIMENSIONS)
    close = difflib.get_close_matches(name, known, n=3)
    return f"did you mean {' or '.join(close)}?" if close else f"the dimensions are {', '.join(DIMENSIONS)}"
