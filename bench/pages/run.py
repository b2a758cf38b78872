"""One catalogue's run: everything that is measured at it, in order."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from bench.pages import catalogue
from bench.pages.addresses import COMPARISON, HOME, JSON, Kind, kinds
from bench.pages.measure import Behind, Saver, at_rest, behind, busy, first, settle, while_harvesting
from bench.pages.readers import Asked, Reader, spread
from bench.pages.site import Site
from bench.pages.snapshot import Cost, cost

# Whose pages are asked for in turn, so that no cache answers for another request.
_DATASETS = 40


class Options(NamedTuple):
    """data: where the catalogues are. copies: how many datasets the large one has. requests: of each kind at rest.
    agency: whose records are harvested again while readers read."""

    data: Path
    corpus: Path
    copies: int
    requests: int
    profile: bool
    agency: str

    @property
    def records(self) -> Path:
        """Where the files are that the catalogues are harvested from."""
        return self.data / "records"


class Pages(NamedTuple):
    """Requests of one kind of page. cpu: processor seconds of the site's process for each request of `rest`.

    first: in a process that has just started, after a new snapshot; saved: right after a save; busy: by several readers
    at once, from the moment of a new snapshot; harvest: by several while a harvest ran.
    """

    kind: str
    first: Sequence[Asked] = ()
    rest: Sequence[Asked] = ()
    saved: Sequence[Asked] = ()
    busy: Sequence[Asked] = ()
    harvest: Sequence[Asked] = ()
    cpu: float = 0.0


class Taken(NamedTuple):
    """What was measured of one catalogue. named: the datasets that its comparison names. load: load averages of the
    machine at the beginning and at the end."""

    pages: Sequence[Pages]
    named: int
    load: tuple[float, float]
    cost: Cost | None = None
    behind: Behind | None = None
    harvest: str = ""


def take(site: Site, name: str, options: Options) -> Taken:
    """Everything at one of our own catalogues."""
    settle(site)
    load = os.getloadavg()[0]
    profile = options.data / f"profile-{name}.txt"
    spent = cost(site)
    _say(
        f"{name}: snapshot of {spent.data_sets:,}: {spent.wall:.1f} s, {spent.cpu:.1f} s of a core, "
        f"PostgreSQL {spent.postgres:.1f}, {spent.peak_bytes / 1e6:.0f} MB; look {spent.look:.2f} s"
    )
    if options.profile:
        cost(site, profile)
        _say(f"  profile in {profile}")
    datasets = list(catalogue.public_names(site, _DATASETS))
    chosen = kinds(datasets)
    found = {
        kind.name: {"first": list(asked)} for kind, asked in zip(chosen, first(site, chosen).values(), strict=True)
    }
    _tell("first", found)
    cpu = {}
    for kind in chosen:
        found[kind.name]["rest"], cpu[kind.name] = at_rest(site, kind, options.requests)
    _tell("rest", found)
    saver = Saver(site, datasets[0])
    for kind in chosen:
        # A save before each, so that every first request is the first one after it.
        saver.save()
        found[kind.name]["saved"] = _once(site, kind)
    _tell("saved", found)
    # What is kept is drawn again after a new snapshot: these readers find nothing, and keep it for one another.
    saver.shown_after(saver.save())
    _sort(found, chosen, "busy", busy(site, chosen))
    _tell("busy", found)
    asked, harvest = while_harvesting(site, chosen, options.agency, options.corpus, options.records)
    _sort(found, chosen, "harvest", asked)
    _tell("harvest", found)
    pages = [Pages(kind.name, **found[kind.name], cpu=cpu[kind.name]) for kind in chosen]
    return Taken(pages, named(site), (load, os.getloadavg()[0]), spent, behind(site, saver), harvest)


def take_before(site: Site, options: Options) -> Taken:
    """What the pages were before: first after a save, and afterwards, in one run."""
    load = os.getloadavg()[0]
    site.ckan("aivision", "renew-figures", limit=1800)
    dataset = next(catalogue.public_names(site, 1))
    chosen = [
        Kind("the home page", (HOME,)),
        Kind("the comparison", (COMPARISON,)),
        Kind("the comparison as JSON", (JSON,)),
    ]
    opened = first(site, chosen)
    saver = Saver(site, dataset)
    pages = []
    for kind in chosen:
        saver.save()
        saved = _once(site, kind)
        asked, cpu = at_rest(site, kind, options.requests)
        pages.append(Pages(kind.name, opened[kind.name], asked, saved, cpu=cpu))
    return Taken(pages, named(site), (load, os.getloadavg()[0]))


def named(site: Site) -> int:
    """How many datasets of the two countries the comparison counts."""
    figures = Reader(site.address).json(JSON)
    countries = figures.get("countries")
    return sum(int(row["data_sets"]) for row in countries) if isinstance(countries, list) else 0


def _once(site: Site, kind: Kind) -> list[Asked]:
    reader = Reader(site.address)
    return [reader.ask(path) for path in kind.paths]


def _sort(found: dict[str, dict[str, list[Asked]]], chosen: Sequence[Kind], when: str, asked: Sequence[Asked]) -> None:
    for kind in chosen:
        found[kind.name][when] = [one for one in asked if one.path in kind.paths]


def _tell(when: str, found: dict[str, dict[str, list[Asked]]]) -> None:
    """Prints how far it is, as the whole takes long."""
    for kind, asked in found.items():
        _say(f"  {when:8} {kind}: {spread(asked[when])}, load average {os.getloadavg()[0]:.1f}")


def _say(text: str) -> None:
    print(text, flush=True)
