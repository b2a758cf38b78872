"""Counts of how grades would change: by country, criterion, gate and publisher, with a few examples.

Memory grows with the number of publishers, not with the number of datasets.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

import msgspec

from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.results import Evaluation
from ckanext.aivision.scoring.scores.score import grade

# Examples of each change from one grade to another.
EXAMPLES = 2
# Reasons that are given for the change of one dataset.
REASONS = 3


class GradeChange(NamedTuple):
    """One dataset before and after. stored: its row. effects: of `scoring.scores.score_effects.find_effects`."""

    stored: Any
    dataset: Dataset
    before: Evaluation
    after: Evaluation
    effects: dict[str, float]

    @property
    def direction(self) -> int:
        """1 if the grade gets better, -1 if worse, 0 if it stays."""
        return (self.before.grade > self.after.grade) - (self.before.grade < self.after.grade)

    def gate(self) -> str:
        """The id of the gate that keeps the new grade below that of the score; empty if there is none."""
        return next((id for id, limit in limits(self.after) if limit == self.after.grade > grade(self.after.score)), "")

    def criteria(self) -> list[str]:
        """The ids of the criteria that move the score most in the direction of the grade, greatest first."""
        moving = [(points, id) for id, points in self.effects.items() if points * self.direction > 0]
        return [id for _, id in sorted(moving, key=lambda pair: (-abs(pair[0]), pair[1]))[:REASONS]]


class Moved(msgspec.Struct):
    """Datasets evaluated; of these with a lower and with a higher grade, and the sum of the changes of their scores."""

    datasets: int = 0
    lower: int = 0
    higher: int = 0
    points: float = 0.0

    def count(self, direction: int, points: float) -> None:
        self.datasets += 1
        self.lower += direction < 0
        self.higher += direction > 0
        self.points += points

    def add(self, other: Moved) -> None:
        self.datasets += other.datasets
        self.lower += other.lower
        self.higher += other.higher
        self.points += other.points


class Example(msgspec.Struct):
    """A dataset whose grade would change. gate, criteria: the ids of what changes it; gate may be empty."""

    package_id: str
    name: str
    title: str
    publisher: str
    country: str
    before: str
    after: str
    score_before: float | None
    score_after: float | None
    gate: str
    criteria: list[str]


class GradeChanges(msgspec.Struct):
    """What a dry run counts.

    current: datasets that are evaluated under this version as of this date already. new: without a stored evaluation.
    versions: of the stored evaluations. grades: by country, grade before and grade after. score_before, score_after:
    sums. gates: datasets whose grade would be limited, by gate. effects: by criterion; its `lower` and `higher` are
    datasets that lose and gain points by it. publishers: by country and name.
    """

    current: int = 0
    new: int = 0
    evaluated: Moved = msgspec.field(default_factory=Moved)
    versions: Counter[str] = msgspec.field(default_factory=Counter)
    grades: Counter[tuple[str, str, str]] = msgspec.field(default_factory=Counter)
    score_before: float = 0.0
    score_after: float = 0.0
    gates: Counter[str] = msgspec.field(default_factory=Counter)
    effects: dict[str, Moved] = msgspec.field(default_factory=dict)
    publishers: dict[tuple[str, str], Moved] = msgspec.field(default_factory=dict)
    examples: dict[tuple[str, str], list[Example]] = msgspec.field(default_factory=dict)

    @property
    def changed(self) -> int:
        """Datasets whose grade would change."""
        return self.evaluated.lower + self.evaluated.higher

    def count(self, change: GradeChange) -> None:
        """Counts one dataset."""
        before, after, direction = change.before, change.after, change.direction
        moved = (after.score or 0.0) - (before.score or 0.0)
        self.versions[before.rubric_version] += 1
        self.grades[after.country, before.grade, after.grade] += 1
        self.score_before += before.score or 0.0
        self.score_after += after.score or 0.0
        self.evaluated.count(direction, moved)
        self.publishers.setdefault((after.country, after.publisher or ""), Moved()).count(direction, moved)
        if gate := change.gate():
            self.gates[gate] += 1
        for id, points in change.effects.items():
            self.effects.setdefault(id, Moved()).count(1 if points > 0 else -1, points)
        examples = self.examples.setdefault((before.grade, after.grade), []) if direction else None
        if examples is not None and len(examples) < EXAMPLES:
            examples.append(_example(change))

    def add(self, other: GradeChanges) -> None:
        """Adds the counts of another part."""
        self.current += other.current
        self.new += other.new
        self.score_before += other.score_before
        self.score_after += other.score_after
        self.evaluated.add(other.evaluated)
        self.versions.update(other.versions)
        self.grades.update(other.grades)
        self.gates.update(other.gates)
        for id, moved in other.effects.items():
            self.effects.setdefault(id, Moved()).add(moved)
        for publisher, moved in other.publishers.items():
            self.publishers.setdefault(publisher, Moved()).add(moved)
        for grades, examples in other.examples.items():
            known = self.examples.setdefault(grades, [])
            known += examples[: EXAMPLES - len(known)]


def limits(evaluation: Evaluation) -> list[tuple[str, str]]:
    """The ids of the gates that limit a grade, each with the best grade that it allows, worst first."""
    return [(hit.gate, hit.limit) for hit in evaluation.gates]


def _example(change: GradeChange) -> Example:
    before, after = change.before, change.after
    return Example(
        package_id=change.stored.package_id,
        name=change.stored.name,
        title=change.dataset.title,
        publisher=after.publisher or "",
        country=after.country,
        before=before.grade,
        after=after.grade,
        score_before=before.score,
        score_after=after.score,
        gate=change.gate(),
        criteria=change.criteria(),
    )
