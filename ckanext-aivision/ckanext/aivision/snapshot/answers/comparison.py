"""Answer what a reader asks of the comparison: through a lens, as of a past day, narrowed by filters."""

from __future__ import annotations

import contextlib
import datetime
import functools
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb
import msgspec

from ckanext.aivision.compare.estimates.figures import LensComparison, Overview
from ckanext.aivision.compare.table.columns import is_criterion
from ckanext.aivision.compare.table.filters import NAMES, Filters, parse
from ckanext.aivision.compare.table.groups import GROUP_FILES, read_groups
from ckanext.aivision.compare.table_comparison import compare
from ckanext.aivision.errors import UsageError
from ckanext.aivision.scoring.lenses.load import load_lens, names
from ckanext.aivision.scoring.lenses.schema import Lens
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.snapshot import read
from ckanext.aivision.snapshot.read import Snapshot

# What an address may say beside the filters.
CHOICES = ("lens", "as_of")
# Of the questions that were asked last, a process keeps the answers: 20 MB at most.
_ANSWERS_KEPT = 64
_ONE_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class Question(NamedTuple):
    """lens: the name of one that is not our own, or empty. as_of: the day of the figures (UTC); None for the newest.

    choices: names and values that only the page of a figure reads, as it reads them.
    """

    lens: str = ""
    as_of: datetime.date | None = None
    filters: Filters = Filters()
    choices: tuple[tuple[str, str], ...] = ()

    def pairs(self) -> list[tuple[str, str]]:
        """Name and value, as they stand in an address."""
        own = [("lens", self.lens), ("as_of", self.as_of.isoformat() if self.as_of else "")]
        return [(name, value) for name, value in own if value] + self.filters.pairs() + list(self.choices)


class Answer(NamedTuple):
    """snapshot, figures: None while there are none. problem: why there is no newer snapshot; empty if there is none.

    frameworks: the same datasets through every lens but our own, where that was asked for.
    """

    question: Question
    snapshot: Snapshot | None
    figures: Overview | None
    problem: str
    frameworks: Sequence[LensComparison] = ()


class NoFigures(UsageError):
    """There are no figures of the day that was asked for."""


def read_question(pairs: Iterable[tuple[str, str]]) -> Question:
    """What name and value, as of an address, ask for.

    An empty value, as a form sends it for what is not chosen, asks for nothing. Raises UsageError for a name or value
    that means nothing.
    """
    own: dict[str, str] = {}
    filters = []
    for name, value in pairs:
        if name not in CHOICES:
            if value.strip() or name not in NAMES:
                filters.append((name, value))
        elif name in own:
            raise UsageError(f"{name}: it can be given once")
        else:
            own[name] = value.strip()
    try:
        chosen = parse(filters)
    except UsageError as error:
        others = [name for name, _ in filters if name not in NAMES]
        known = f"{', '.join((*CHOICES, *NAMES))}"
        raise UsageError(
            f"{others[0][:100]}: there is no such choice; there are {known}" if others else str(error)
        ) from error
    return Question(_lens(own.get("lens", "")), _day(own.get("as_of", "")), chosen)


def answer(question: Question, frameworks: bool = False) -> Answer:
    """The figures that a question asks for: stored ones, or worked out from the snapshot's table where it has filters.

    frameworks: whether the answer has those through every lens too. Raises UsageError where a filter names what no
    dataset has, NoFigures where there are none of the day.
    """
    problem = read.problem()
    found = read.newest() if question.as_of is None else read.as_of(question.as_of)
    if found is None:
        if question.as_of is not None:
            raise NoFigures(f"as_of={question.as_of}: there are no figures of that day or an earlier one")
        return Answer(question, None, None, problem)
    if frameworks:
        return with_frameworks(found, question, problem)
    return Answer(question, found, figures_in(found, question), problem)


def figures_in(found: Snapshot, question: Question) -> Overview | None:
    """The figures of a snapshot that a question asks for; None where the newest is of another version of the software.

    Raises as `answer`.
    """
    if question.filters:
        wanted = [question.lens] if question.lens else []
        return _narrowed(found, question, [load_lens(name) for name in wanted])[-1]
    figures = found.figures(question.lens)
    if figures is None and question.as_of is not None:
        raise NoFigures(f"as_of={question.as_of}: the figures of that day are of a version that can no longer be read")
    return figures


def with_frameworks(found: Snapshot, question: Question, problem: str = "") -> Answer:
    """The answer of a snapshot with the figures of every framework, all from one reading of the table.

    Raises as `answer`.
    """
    if not question.filters:
        return Answer(question, found, figures_in(found, question), problem, found.frameworks())
    wanted = names()[1:]
    own, *others = _narrowed(found, question, [load_lens(name) for name in wanted])
    seen = dict(zip(wanted, others, strict=True))
    lenses = [one.lens for one in others if one.lens is not None]
    return Answer(question, found, seen.get(question.lens, own), problem, lenses)


def _narrowed(found: Snapshot, question: Question, lenses: Sequence[Lens]) -> list[Overview]:
    """The figures, and after them the same with each lens."""
    rubric, of = load(), found.manifest
    criteria = [id for id in of.criteria if is_criterion(id)]
    if (of.rubric_version, criteria) != (rubric.version, [row.id for row in rubric.criteria]):
        raise NoFigures(
            f"the figures of {found.moment:%Y-%m-%d} are under rubric {of.rubric_version}, and the current one is "
            f"{rubric.version}: leave out the filters"
        )
    try:
        stat = os.stat(found.folder / GROUP_FILES[1])
        asked = tuple(question.filters.chosen.items()), tuple(lens.name for lens in lenses)
        kept = _worked_out(found.folder, tuple(of.criteria), stat.st_ino, stat.st_mtime_ns, *asked)
    except (OSError, duckdb.IOException) as error:
        # Groups may be removed between their two files.
        raise NoFigures(
            f"as_of={found.moment:%Y-%m-%d}: of that day only the figures of all datasets are kept; leave out the "
            "filters"
        ) from error
    own = msgspec.json.decode(kept.figures, type=Overview)
    return [own, *(msgspec.structs.replace(own, lens=lens) for lens in _decode_lenses(kept.lenses))]


class _Encoded(NamedTuple):
    """figures, lenses: in JSON, which takes a tenth of the memory and a millisecond to read."""

    figures: bytes
    lenses: bytes


_decode_lenses = msgspec.json.Decoder(list[LensComparison]).decode


@functools.lru_cache(_ANSWERS_KEPT)
def _worked_out(
    folder: Path,
    criteria: tuple[str, ...],
    inode: int,
    changed: int,
    chosen: tuple[tuple[str, tuple[str, ...]], ...],
    lenses: tuple[str, ...],
) -> _Encoded:
    """What `compare` says of a snapshot. Of the same files and the same question it is always the same.

    inode, changed: of the file of sums, as a folder of the same name may take its place. Raises as `compare`.
    """
    rubric, groups = load(), read_groups(folder, criteria)
    with contextlib.closing(groups.connection):
        found = compare(
            groups, rubric.criteria, rubric.version, Filters(dict(chosen)), [load_lens(one) for one in lenses]
        )
    encode = msgspec.json.encode
    return _Encoded(encode(msgspec.structs.replace(found[0], lens=None)), encode([one.lens for one in found[1:]]))


def _lens(wanted: str) -> str:
    if wanted and wanted not in names():
        raise UsageError(f"lens={wanted[:100]}: there is no such lens; there are {', '.join(names())}")
    # Our own lens has the groups that the figures have anyway.
    return "" if wanted == names()[0] else wanted


def _day(wanted: str) -> datetime.date | None:
    if not wanted:
        return None
    try:
        # Later versions of Python read more forms.
        return datetime.date.fromisoformat(wanted if _ONE_DAY.fullmatch(wanted) else "")
    except ValueError as error:
        raise UsageError(f"as_of={wanted[:100]}: not a day, such as 2026-11-30") from error
