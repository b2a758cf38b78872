"""The report of one harvest: the numbers of records read, new, changed and so on."""

from __future__ import annotations

import datetime
from typing import Literal

import msgspec

RunState = Literal["finished", "limited", "incomplete", "needs-confirmation", "cancelled"]


class Counts(msgspec.Struct):
    """How many records a run fetched, and what became of them; fetched = the sum of all others but gone.

    Of a document that is still the same nothing is fetched: `unchanged` are then all that there were.
    """

    fetched: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    gone: int = 0


class Run(msgspec.Struct, kw_only=True):
    """The account of one run.

    state: `finished`; `limited` by --limit; `incomplete` when the source broke off; `needs-confirmation` when the
    run would have removed too much; `cancelled` when somebody asked it to stop. Only a finished run removes anything.
    warnings: repairs and other remarks on records that were taken. mean_score: 0 to 100, of the `scored` records that
    the store has at the end; of a preview, which stores nothing, of those that it would have written. sample: whether
    the source's records are made up.
    """

    source: str
    url: str
    kind: str
    country: str
    started: datetime.datetime
    finished: datetime.datetime | None = None
    state: RunState = "finished"
    counts: Counts = msgspec.field(default_factory=Counts)
    expected: int | None = None
    warnings: int = 0
    scored: int = 0
    mean_score: float | None = None
    message: str = ""
    rubric_version: str = ""
    reference_date: datetime.date | None = None
    sample: bool = False
