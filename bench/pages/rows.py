"""The results as rows, with what each was measured on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bench.pages import before
from bench.pages.measure import READERS
from bench.pages.readers import Asked, spread
from bench.pages.run import Pages, Taken
from bench.results import Row

# Milliseconds, by what the requests were.
GOAL, GOAL_WITH_HARVEST, GOAL_EVER = 150, 500, 1000
GOAL_BEHIND, GOAL_COST, GOAL_LOOK = 60, 30, 2
_OK = 200
_WAYS = {
    "rest": ("one reader", GOAL),
    "first": ("first after a new snapshot, in a process that has just started", GOAL_EVER),
    "saved": ("first after a save", GOAL_EVER),
    "busy": (f"{READERS} readers at once", GOAL),
    "harvest": (f"{READERS} readers while a harvest runs", GOAL_WITH_HARVEST),
}


def rows(taken: Mapping[str, Taken]) -> list[Row]:
    """The rows of what was measured."""
    peer = taken.get("before")
    found: list[Row] = []
    for name in ("real", "copies"):
        if name in taken:
            found += _of_snapshot(taken[name]) + list(_of_pages(taken[name], peer if name == "real" else None))
    return found or [row for one in taken.values() for row in _of_pages(one, None)]


def refused(taken: Mapping[str, Taken]) -> list[str]:
    """The answers that gave no page, each with its status and path."""
    everything = [
        asked for one in taken.values() for pages in one.pages for when in _WAYS for asked in getattr(pages, when)
    ]
    return sorted({f"{asked.status} {asked.path}" for asked in everything if asked.status != _OK})


def _of_snapshot(taken: Taken) -> list[Row]:
    if taken.cost is None or taken.behind is None:
        return []
    cost, load = taken.cost, _load(taken)
    size = f"of {cost.data_sets:,} datasets"
    stages = ", ".join(f"{stage.label} {stage.wall:.1f} ({stage.cpu:.1f})" for stage in cost.stages)
    note = f"{cost.wall:.1f} s, and PostgreSQL {cost.postgres:.1f} s of processors; "
    note += f"stages, s (s of a core): {stages}; {load}"
    waiting = f"right after a snapshot; {taken.behind.rested:.0f} s where none was made for a minute; {load}"
    looking = f"median; PostgreSQL {cost.look_postgres:.2f} s of processors; once a minute; {load}"
    return [
        _row(f"snapshot {size}", cost.cpu, GOAL_COST, "s of a core", note),
        _row(f"snapshot {size}: peak memory", cost.peak_bytes / 1e6, None, "MB", f"CKAN itself included; {load}", 0),
        _row(f"snapshot {size}: behind a save", taken.behind.at_once, GOAL_BEHIND, "s", waiting),
        _row(f"snapshot {size}: look whether one is due", cost.look, GOAL_LOOK, "s", looking, 2),
    ]


def _of_pages(taken: Taken, peer: Taken | None) -> Iterator[Row]:
    theirs = {pages.kind: pages for pages in peer.pages} if peer is not None else {}
    size = taken.cost.data_sets if taken.cost is not None else taken.named
    yield from _of_all_pages(taken, size)
    for pages in taken.pages:
        for when, (words, goal) in _WAYS.items():
            asked: Sequence[Asked] = getattr(pages, when)
            if asked:
                other = getattr(theirs.get(pages.kind), when, ()) if theirs else ()
                name = f"{pages.kind}, {size:,} datasets: {words}"
                yield _page_row(name, asked, other, goal, _note(taken, pages, when, asked, other, peer))


def _of_all_pages(taken: Taken, size: int) -> Iterator[Row]:
    """What readers see who ask for one page after another, of whatever kind."""
    for when, (words, goal) in _WAYS.items():
        asked = [one for pages in taken.pages for one in getattr(pages, when)]
        if asked:
            cpu = sum(pages.cpu * len(pages.rest) for pages in taken.pages) / sum(
                len(pages.rest) for pages in taken.pages
            )
            for which, some in _kept_apart(asked).items():
                note = _note(taken, Pages("all pages", cpu=cpu), when, some, (), None)
                yield _page_row(f"all pages, {size:,} datasets: {words}{which}", some, (), goal, note)


def _kept_apart(asked: Sequence[Asked]) -> dict[str, Sequence[Asked]]:
    """All of them, and apart those that were drawn for their reader and those that were kept from an earlier one."""
    kept, drawn = [one for one in asked if one.kept], [one for one in asked if not one.kept]
    apart: dict[str, Sequence[Asked]] = {", drawn for them": drawn, ", drawn for an earlier reader": kept}
    return {"": asked, **(apart if kept and drawn else {})}


def _page_row(name: str, asked: Sequence[Asked], other: Sequence[Asked], goal: float, note: str) -> Row:
    """p95, or of first requests the slowest one."""
    mine = spread(asked).p95
    slow = spread(other).p95 if other else None
    return Row(
        name=name,
        ours=round(mine),
        peer=round(slow) if slow is not None else None,
        ratio=round(slow / mine, 1) if slow is not None else None,
        # Beside a peer a goal is a ratio; that in milliseconds is of the rows of all pages.
        goal=goal if slow is None else None,
        unit="ms",
        note=note,
    )


def _note(
    taken: Taken, pages: Pages, when: str, asked: Sequence[Asked], other: Sequence[Asked], peer: Taken | None
) -> str:
    parts = [f"p50, p95, p99 and the slowest of {len(asked)} requests: {spread(asked)}"]
    if kept := sum(one.kept for one in asked):
        parts.append(f"{kept} of pages that were kept")
    sizes = [one.size for one in asked]
    if when == "rest":
        parts.append(f"{1000 * pages.cpu:.0f} ms of the site's processor each")
    slowest = max(asked, key=lambda one: one.seconds)
    parts.append(
        f"slowest {slowest.path}; {_statuses(asked)}; {min(sizes):,} to {max(sizes):,} bytes; "
        f"{taken.named:,} datasets named"
    )
    if when in ("busy", "harvest"):
        parts.append("requests of all kinds in turn")
    if when == "harvest":
        parts.append(taken.harvest)
    if other and peer is not None:
        parts.append(
            f"peer: {before.NAME}: {spread(other)}; {_statuses(other)}; {peer.named:,} datasets named; {_load(peer)}"
        )
    return "; ".join([*parts, _load(taken)])


def _statuses(asked: Sequence[Asked]) -> str:
    counts = {status: sum(one.status == status for one in asked) for status in sorted({one.status for one in asked})}
    return ", ".join(f"{number} of status {status}" for status, number in counts.items())


def _load(taken: Taken) -> str:
    return f"load average {taken.load[0]:.1f} before, {taken.load[1]:.1f} after"


def _row(name: str, value: float, goal: float | None, unit: str, note: str, digits: int = 1) -> Row:
    return Row(name=name, ours=round(value, digits), peer=None, ratio=None, goal=goal, unit=unit, note=note)
