"""Criteria that belong to a lens without being listed in it: by their dimension, or by the clauses that they cite."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from ckanext.aivision.scoring.lenses.schema import Lens, NotMeasured, Row, Subgroup
from ckanext.aivision.scoring.rubric import Criterion


def add_members(lens: Lens, criteria: Sequence[Criterion]) -> Lens:
    """The lens with the rows of the criteria that its file does not list.

    A group with a `dimension` has every criterion of that dimension. In a lens with `guidance`, a criterion that cites
    a clause of that document is added to the group whose clause is nearest, with the weight of the rubric; what was
    not measured of that clause until now is measured from the depth of the criterion on.
    """
    added = _of_dimensions(lens, criteria)
    measured: dict[str, str] = {}
    for row, clauses in _candidates(lens, criteria):
        if (group := _nearest(lens, clauses[0])) is not None:
            added.setdefault(group.id, []).append(Row(criterion=row.id, clauses=clauses))
            for clause in clauses:
                measured[clause] = "" if "" in (measured.get(clause), _depth(row)) else _depth(row)
    groups = []
    for group in lens.groups:
        inner = [_grown(subgroup, added, measured) for subgroup in group.groups]
        groups.append(msgspec.structs.replace(_grown(group, added, measured), groups=inner))
    return msgspec.structs.replace(lens, groups=groups)


def unplaced(lens: Lens, criteria: Sequence[Criterion]) -> list[tuple[str, str]]:
    """Criteria that cite the lens's document but belong to none of its groups, each with the clause."""
    return [(row.id, clauses[0]) for row, clauses in _candidates(lens, criteria) if _nearest(lens, clauses[0]) is None]


def _candidates(lens: Lens, criteria: Sequence[Criterion]) -> Iterator[tuple[Criterion, list[str]]]:
    """Criteria that the lens neither lists nor leaves out, with the clauses of its document that they cite."""
    # Points are given by the framework, so no row of a lens of points follows from the rubric.
    if not lens.guidance or lens.unit == "points":
        return
    listed, dimensions = _listed(lens), {group.dimension for group in _groups(lens)}
    for row in criteria:
        clauses = [source for source in row.sources if source.startswith(f"{lens.guidance} ")]
        if clauses and row.id not in listed and row.dimension not in dimensions:
            yield row, clauses


def _groups(lens: Lens) -> list[Subgroup]:
    return [found for group in lens.groups for found in (group, *group.groups)]


def _listed(lens: Lens) -> set[str]:
    return {row.criterion for row in lens.rows()} | {id for left in lens.left_out for id in left.criteria}


def _of_dimensions(lens: Lens, criteria: Sequence[Criterion]) -> dict[str, list[Row]]:
    """The rows of groups with a dimension, by group."""
    listed = _listed(lens)
    return {
        group.id: [
            Row(criterion=row.id) for row in criteria if row.dimension == group.dimension and row.id not in listed
        ]
        for group in _groups(lens)
        if group.dimension
    }


def _nearest(lens: Lens, clause: str) -> Subgroup | None:
    """The group with this clause, or with the longest one that contains it (2.1 contains 2.1.3, F contains F2)."""
    containing = [group for group in _groups(lens) if _contains(group.clause, clause)]
    return max(containing, key=lambda group: len(group.clause), default=None)


def _contains(whole: str, part: str) -> bool:
    if not part.startswith(whole):
        return False
    rest = part[len(whole) :]
    return not rest or rest[0] in ". " or (rest[0].isdigit() and whole[-1].isalpha())


def _depth(row: Criterion) -> str:
    return "" if row.depth == "metadata" else row.depth


def _grown(group: Subgroup, added: Mapping[str, list[Row]], measured: Mapping[str, str]) -> Subgroup:
    return msgspec.structs.replace(
        group,
        dimension="",
        rows=[*group.rows, *added.get(group.id, [])],
        not_measured=[*_still_missing(group, measured)],
    )


def _still_missing(group: Subgroup, measured: Mapping[str, str]) -> Iterator[NotMeasured]:
    for missing in group.not_measured:
        if missing.clause not in measured:
            yield missing
        elif until := measured[missing.clause]:
            yield msgspec.structs.replace(missing, until=until)
