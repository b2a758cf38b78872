"""List the sources of this catalogue, and those in config/sources.yaml that have not been harvested yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import ckan.model as model
import msgspec
import sqlalchemy as sa
from ckan import authz
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.sources import runs
from ckanext.aivision.catalogue.sources.source_store import SCHEDULES
from ckanext.aivision.catalogue.tables import moments
from ckanext.aivision.harvesters.sources.kind_registry import KINDS
from ckanext.aivision.harvesters.sources.source import Source, load_sources
from ckanext.aivision.model import run as run_table
from ckanext.aivision.model import source as source_table
from ckanext.aivision.record import COUNTRIES
from ckanext.aivision.scoring.rubric import load

_columns = source_table.c
# The order in which Python sorts too: two lists are merged.
_NAME = sa.collate(_columns.name, "C")


def choices() -> dict[str, list[str]]:
    """What a form offers. The catalogue compares these two countries; others may be stated too."""
    return {
        "kind": list(KINDS),
        "profile": list(load().profiles),
        "country": list(COUNTRIES),
        "schedule": list(SCHEDULES),
    }


def administered_by(user: str) -> set[str]:
    """The names of the sources whose owning organisation has the user as an admin, by itself or by one above it.

    CKAN says which those are (setting `ckan.auth.roles_that_cascade_to_sub_groups`).
    """
    if not user:
        return set()
    owned = sa.select(_columns.name, _columns.owner_org).where(_columns.owner_org.is_not(None))
    owners = dict(model.Session.execute(owned).tuples().all())
    if not owners:
        # This is asked for the header of every page.
        return set()
    found = toolkit.get_action("organization_list_for_user")({"user": user}, {"permission": "admin"})
    ids = {organization["id"] for organization in found}
    return {name for name, owner in owners.items() if owner in ids}


def is_administered_by(user: str, name: str) -> bool:
    """Whether the organisation that owns a source has the user as an admin, by itself or by one above it."""
    owner = model.Session.execute(sa.select(_columns.owner_org).where(_columns.name == name)).scalar()
    return bool(owner) and authz.has_user_permission_for_group_or_org(owner, user, "admin")


def find(name: str) -> dict[str, Any] | None:
    """A source by its name, or None."""
    row = model.Session.execute(sa.select(source_table).where(_columns.name == name)).first()
    if row is not None:
        return _describe_source(row, _last_runs([name]).get(name))
    source = load_sources().get(name)
    return _not_stored(source) if source is not None else None


def sources_by_name(names: Iterable[str]) -> dict[str, Source]:
    """The sources of these names, as they are stored or else as in config/sources.yaml; others are left out."""
    wanted = set(names)
    query = sa.select(_columns.name, _columns.source).where(_columns.name.in_(wanted))
    stored = {name: msgspec.convert(source, type=Source) for name, source in model.Session.execute(query)}
    return {name: source for name, source in load_sources().items() if name in wanted} | stored


def list_sources(
    most: int, filters: Mapping[str, str], after: str = "", only: Iterable[str] | None = None
) -> list[dict[str, Any]]:
    """Sources by name.

    filters: country and kind, which are equal, and q, a part of name or title. after: the name before the first one.
    only: sources of these names; None for all, with those of config/sources.yaml that nobody has harvested.
    """
    query = sa.select(source_table).where(after < _NAME).order_by(_NAME).limit(most)
    for field in ("country", "kind"):
        if field in filters:
            query = query.where(_columns.source[field].astext == filters[field])
    if "q" in filters:
        fields = (_columns.name, _columns.source["title"].astext)
        query = query.where(sa.or_(*(field.icontains(filters["q"], autoescape=True) for field in fields)))
    if only is not None:
        query = query.where(_columns.name.in_(only))
    rows = model.Session.execute(query).all()
    last = _last_runs([row.name for row in rows])
    stored = [_describe_source(row, last.get(row.name)) for row in rows]
    others = _list_unharvested(filters, after) if only is None else []
    return sorted([*stored, *others], key=lambda source: source["name"])[:most]


def _list_unharvested(filters: Mapping[str, str], after: str) -> list[dict[str, Any]]:
    """What config/sources.yaml has beside the table."""
    names = [name for name in load_sources() if name > after]
    query = sa.select(_columns.name).where(_columns.name.in_(names))
    known = set(model.Session.execute(query).scalars())
    found = [_not_stored(load_sources()[name]) for name in names if name not in known]
    return [source for source in found if _matches(source, filters)]


def _matches(source: Mapping[str, Any], filters: Mapping[str, str]) -> bool:
    part = filters.get("q", "").casefold()
    equal = all(source[field] == filters.get(field, source[field]) for field in ("country", "kind"))
    return equal and (part in source["name"].casefold() or part in source["title"].casefold())


def _last_runs(names: list[str]) -> dict[str, dict[str, Any]]:
    """The latest run of each source: one step into an index each, however many runs there are."""
    if not names:
        return {}
    # Not a column called "name": PostgreSQL takes that for its type of this name, of 63 letters.
    wanted = sa.select(sa.func.unnest(sa.cast(names, sa.ARRAY(sa.Text))).label("wanted")).subquery()
    of_one = sa.select(run_table).where(run_table.c.source == wanted.c.wanted)
    latest = of_one.order_by(run_table.c.started.desc()).limit(1).lateral()
    rows = model.Session.execute(sa.select(*latest.c).select_from(wanted.join(latest, sa.true())))
    return {row.source: runs.describe_run(row) for row in rows}


def _describe_source(row: Any, last_run: dict[str, Any] | None) -> dict[str, Any]:
    stored = {
        "schedule": row.schedule,
        "priority": row.priority,
        "owner_org": row.owner_org,
        "active": row.active,
        "gone": row.gone,
        "created": moments.iso(row.created),
        "stored": True,
        "harvested": last_run is not None,
        "last_run": last_run,
        "next_due": _next_due(row),
    }
    return {**_public_fields(msgspec.convert(row.source, type=Source)), **stored}


def _not_stored(source: Source) -> dict[str, Any]:
    blank = {"schedule": "manual", "priority": 0, "owner_org": None, "active": 0, "gone": 0, "created": None}
    return {**_public_fields(source), **blank, "stored": False, "harvested": False, "last_run": None, "next_due": None}


def _public_fields(source: Source) -> dict[str, Any]:
    """The fields of a source but for its secrets. A file on the server is read from the command line only."""
    harvestable = source.url.startswith(("http://", "https://")) or source.name in load_sources()
    others = {
        "url": runs.without_secrets(source.url),
        "harvestable": harvestable,
        "is_api": source.kind in KINDS and KINDS[source.kind].is_api,
    }
    return {**msgspec.to_builtins(source), **others}


def _next_due(row: Any) -> str | None:
    """When the schedule asks for the next harvest, in ISO 8601; None if a person starts each."""
    pause = SCHEDULES.get(row.schedule)
    if pause is None:
        return None
    return moments.iso(row.last_started + pause if row.last_started is not None else row.created)
