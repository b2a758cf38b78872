"""The schema of a lens file (`config/lenses/*.yaml`): a published framework as groups of rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Annotated, Literal

import msgspec

from ckanext.aivision.scoring.lenses.metrics import Metric
from ckanext.aivision.scoring.observations.observations import Depth

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
Id = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]{0,59}$")]
Weight = Annotated[float, msgspec.Meta(gt=0, le=1000)]


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What answers a group's question: a criterion of the rubric, or metrics with an id and a title of their own.

    clauses: of the framework, as `DOC 2.1.2`. weight: the rubric's where not given. points: in a lens of points.
    any_of: the row passes with one of these metrics. Where one of them is of a distribution, each distribution is
    asked, and the one with most points speaks for the dataset.
    all_of: it passes with all of these, those of a distribution on every distribution.
    """

    criterion: str = ""
    id: Id | Literal[""] = ""
    title: str = ""
    clauses: list[Text] = []
    weight: Weight | None = None
    points: Weight | None = None
    any_of: list[Metric] = []
    all_of: list[Metric] = []

    @property
    def key(self) -> str:
        return self.criterion or self.id

    @property
    def of_distribution(self) -> bool:
        return any(metric.of_distribution for metric in self.any_of)


class NotMeasured(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A clause that nothing answers here, and why. until: the depth from which on a row does; empty if none does."""

    clause: Text
    title: Text
    reason: Text
    until: Depth | Literal[""] = ""


class Subgroup(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A principle within a pillar, a practice within an area. clause: as the framework counts it.

    dimension: of the rubric; the group then has every criterion of it.
    """

    id: Id
    title: Text
    question: Text
    clause: Text
    dimension: str = ""
    rows: list[Row] = []
    not_measured: list[NotMeasured] = []


class Group(Subgroup, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A pillar or an area. points: what its rows add up to, where the publication says so."""

    points: Weight | None = None
    groups: list[Subgroup] = []

    def all_rows(self) -> Iterator[Row]:
        yield from self.rows
        for group in self.groups:
            yield from group.rows


class Band(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """least: points, or score of 100, from which on it is reached. coverage: least share known, 0 to 1."""

    title: Text
    least: Annotated[float, msgspec.Meta(ge=0)]
    coverage: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.0


class LeftOut(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Criteria that the framework does not ask for, and why they are no part of it."""

    criteria: list[str]
    reason: Text


class Lens(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """One framework. label: what it is called for short, its name where not given. address: of the publication.

    sure: how it is known to us, as in `config/guidance.yaml`.
    unit: `score` (0 to 100, the weighted mean of what is known) or `points` (their sum; `total` is the most).
    silence: what an unknown row does to a score: it is `left-out` of the mean, or it `earns-nothing`, as in the rubric.
    bands: best first; none where the framework has none. note: what a reader must know of our reading of it.
    guidance: the framework's id in `config/guidance.yaml`; a criterion that cites a clause of it is added to the group
    of that clause, unless the file lists it or leaves it out (`membership.add_members`).
    """

    name: Id
    title: Text
    label: Annotated[str, msgspec.Meta(max_length=30)] = ""
    publisher: Text
    version: Text
    date: Text
    address: Annotated[str, msgspec.Meta(pattern=r"^(?:https?://\S{4,500})?$")]
    groups: list[Group]
    unit: Literal["score", "points"] = "score"
    silence: Literal["left-out", "earns-nothing"] = "left-out"
    sure: Literal["full", "part", "known"] = "full"
    guidance: str = ""
    total: Weight | None = None
    note: str = ""
    bands: list[Band] = []
    left_out: list[LeftOut] = []

    @property
    def short(self) -> str:
        return self.label or self.name

    def rows(self) -> Iterator[Row]:
        """Every row, in the lens's order."""
        for group in self.groups:
            yield from group.all_rows()

    def clauses(self) -> list[str]:
        """The code of every clause that the lens names, in its order."""
        groups = [found for group in self.groups for found in (group, *group.groups)]
        codes = (
            code
            for group in groups
            for code in (
                group.clause,
                *(clause for row in group.rows for clause in row.clauses),
                *(missing.clause for missing in group.not_measured),
            )
        )
        return list(dict.fromkeys(codes))

    def asking(self, criteria: Collection[str], depths: Collection[Depth]) -> Lens:
        """The lens as far as was looked: with the rows of these criteria and its own, and what they leave unmeasured.

        criteria: ids of the rubric's that were asked. depths: what was looked at beyond the metadata.
        """
        groups = [
            msgspec.structs.replace(
                group,
                rows=_asked(group, criteria),
                not_measured=_left(group, depths),
                groups=[
                    msgspec.structs.replace(inner, rows=_asked(inner, criteria), not_measured=_left(inner, depths))
                    for inner in group.groups
                ],
            )
            for group in self.groups
        ]
        return msgspec.structs.replace(self, groups=groups)

    @property
    def has_metrics(self) -> bool:
        """Whether the record itself is needed, beyond its results."""
        return any(not row.criterion for row in self.rows())


def _asked(group: Subgroup, criteria: Collection[str]) -> list[Row]:
    return [row for row in group.rows if not row.criterion or row.criterion in criteria]


def _left(group: Subgroup, depths: Collection[Depth]) -> list[NotMeasured]:
    return [missing for missing in group.not_measured if missing.until not in depths]
