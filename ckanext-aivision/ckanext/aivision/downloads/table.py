"""What a figure holds once it is worked out: columns with units, rows, and the marks that its picture draws."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from ckanext.aivision.compare.charts.marks import Row
from ckanext.aivision.compare.charts.trend_marks import TrendChart
from ckanext.aivision.compare.estimates.figures import Overview
from ckanext.aivision.snapshot.answers.comparison import NoFigures, Question, figures_in
from ckanext.aivision.snapshot.read import Snapshot

Cell = str | int | float | bool | None
Datatype = Literal["string", "integer", "number", "boolean"]


class Asked:
    """What a figure is worked out from.

    question: a lens only for figures that take one. subject: the id of what it is of, which exists; or empty.
    """

    def __init__(self, question: Question, snapshot: Snapshot, subject: str = "") -> None:
        self.question, self.snapshot, self.subject = question, snapshot, subject

    @functools.cached_property
    def figures(self) -> Overview:
        """The comparison, narrowed as the question asks.

        Raises UsageError where a filter names what no dataset has, NoFigures where the snapshot has no such figures.
        """
        return figures_there(figures_in(self.snapshot, self.question))

    @functools.cached_property
    def of_all(self) -> Overview:
        """The comparison of all datasets. Raises NoFigures as `figures`."""
        return figures_there(self.snapshot.figures())


def figures_there(figures: Overview | None) -> Overview:
    """Raises NoFigures where there are none that can be read."""
    if figures is None:
        raise NoFigures("these figures are of a version that can no longer be read")
    return figures


class Column(NamedTuple):
    """name: in JSON and CSV on the Web. title: in the header row, without the unit. description: in one sentence."""

    name: str
    title: str
    unit: str = ""
    description: str = ""
    datatype: Datatype = "string"

    @property
    def header(self) -> str:
        """As the header row has it: `US mean score (0 to 100)`."""
        return f"{self.title} ({self.unit})" if self.unit else self.title


class Marks(NamedTuple):
    """What a chart draws of a figure, on a scale of 0 to 100.

    groups: rows below a heading, which may be empty. labels: what each shape stands for, with sample sizes.
    scale: what the scale says, such as `Mean score, 0 to 100`. note: how to read it, in a sentence or two. unit, bars,
    verdicts, trend: as of compare.charts.picture.Picture.
    """

    groups: Sequence[tuple[str, Sequence[Row]]]
    labels: Sequence[str]
    scale: str
    note: str = ""
    unit: str = ""
    bars: bool = False
    verdicts: bool = False
    trend: TrendChart | None = None


class Content(NamedTuple):
    """A figure worked out. subject: the name of what it is of, such as that of an agency; empty if it is of everything.

    rows: cells in the order of the columns. sample: how much the figures are of, in a sentence. marks: None where
    there is nothing to draw. banner: a warning that comes first, as that all records are made up; or empty.
    """

    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    sample: str
    subject: str = ""
    marks: Marks | None = None
    banner: str = ""

    def records(self) -> list[Mapping[str, Cell]]:
        """The rows by the names of the columns."""
        names = [column.name for column in self.columns]
        return [dict(zip(names, row, strict=True)) for row in self.rows]
