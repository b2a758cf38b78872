"""Select criteria of the rubric by id or dimension."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

import msgspec

from ckanext.aivision.errors import UsageError
from ckanext.aivision.scoring.gate_rows import Gate
from ckanext.aivision.scoring.observations.observations import Depth
from ckanext.aivision.scoring.registry import DIMENSIONS
from ckanext.aivision.scoring.rubric import Criterion, Rubric, load


def narrowed(
    rubric: Rubric, select: Sequence[str] = (), ignore: Sequence[str] = (), depths: tuple[Depth, ...] = ()
) -> Rubric:
    """The rubric with only the criteria and gates that are selected and not ignored; scores then cover these alone.

    select, ignore: ids of criteria, gates or dimensions, or several separated by commas; an empty select means all.
    depths: what is checked besides the metadata.
    Raises UsageError if a name is neither, or if no criterion is left.
    """
    asked, gates = rubric.at(depths), rubric.gates_at(depths)
    rubric = msgspec.structs.replace(rubric, criteria=asked, everything=asked, gates=gates)
    chosen = _ids(rubric, select, "--select") if select else _names(asked, gates)
    chosen -= _ids(rubric, ignore, "--ignore")
    left = [row for row in asked if row.id in chosen]
    if not left:
        raise UsageError("--select and --ignore leave no criteria: ignore fewer; `aivision criteria` lists them")
    gates = [row for row in gates if row.id in chosen]
    return msgspec.structs.replace(rubric, criteria=left, everything=left, gates=gates)


def _names(criteria: Sequence[Criterion], gates: Sequence[Gate]) -> set[str]:
    return {row.id for row in criteria} | {row.id for row in gates}


def _ids(rubric: Rubric, names: Sequence[str], option: str) -> set[str]:
    found: set[str] = set()
    deeper: dict[str, str] = {row.id: row.depth for row in load().everything}
    deeper |= {row.id: row.depth for row in load().gates}
    for name in (part.strip() for text in names for part in text.split(",")):
        matching = {row.id for row in rubric.criteria if name in (row.id, row.dimension)}
        matching |= {row.id for row in rubric.gates if name == row.id}
        if not matching and name in deeper:
            raise UsageError(f"{option}: {name} is checked only with `--depth {deeper[name]}`")
        if not matching:
            raise UsageError(f"{option}: {name!r} is not a criterion or dimension; {_advice(rubric, name)}")
        found |= matching
    return found


def _advice(rubric: Rubric, name: str) -> str:
    known = [*_names(rubric.criteria, rubric.gates), *DIMENSIONS]
    close = difflib.get_close_matches(name, known, n=3)
    return f"did you mean {' or '.join(close)}?" if close else f"the dimensions are {', '.join(DIMENSIONS)}"
