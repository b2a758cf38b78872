"""The audit log: who did what, when and on what. `config/audit.yaml` lists what is noted; secrets never are."""

from __future__ import annotations

import datetime
import functools
import getpass
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import resources
from typing import Any

import ckan.model as model
import msgspec
import sqlalchemy as sa
import yaml

from ckanext.aivision.catalogue.tables import moments
from ckanext.aivision.model.audit import audit as table
from ckanext.aivision.normalise.web.credentials import mask

Receiver = Callable[..., None]
# Of a text among the details.
_LONGEST = 500
_COMMAND, _CORRECTION = "command", "correction"
_log = logging.getLogger(__name__)


class Noted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is noted of an action: a row of `config/audit.yaml`, whose head explains the columns."""

    of: str
    id: str = ""
    parameters: list[str] = []
    result: list[str] = []
    fields: bool = False
    only_with: str = ""


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    actions: dict[str, Noted]
    commands: list[str]


class Filters(msgspec.Struct, frozen=True):
    """Which entries are wanted: those that have all of these. since, until: days, both included; empty for all."""

    who: str = ""
    action: str = ""
    kind: str = ""
    thing: str = ""
    since: str = ""
    until: str = ""


@functools.cache
def noted() -> _Table:
    """What is noted, by the names of actions and commands."""
    path = resources.files("ckanext.aivision.config") / "audit.yaml"
    return msgspec.convert(yaml.safe_load(path.read_text(encoding="utf-8")), type=_Table)


def action_succeeded(action: str, context: Any = None, data_dict: Any = None, result: Any = None, **_: Any) -> None:
    """Notes an action of the table. CKAN calls this after each action that has succeeded (`action_succeeded`)."""
    row = noted().actions[action]
    given = data_dict if isinstance(data_dict, Mapping) else {}
    returned = result if isinstance(result, Mapping) else {}
    if row.only_with and row.only_with not in given:
        return
    name = row.id.removeprefix("result.")
    thing = (returned if row.id.startswith("result.") else given).get(name, "") if name else ""
    details = {key: given[key] for key in row.parameters if given.get(key) not in (None, "")}
    details |= {key: returned[key] for key in row.result if returned.get(key) not in (None, "")}
    if row.fields:
        details["fields"] = sorted(str(key) for key in given)
    who = str((context or {}).get("user") or "")
    _add_by_itself(who, action, row.of, str(thing), details)


def command_begins(words: Sequence[str]) -> None:
    """Notes a command of `ckan aivision`, with its words, if it is one of the table and no dry run."""
    if words and words[0] in noted().commands and "--dry-run" not in words:
        _add_by_itself(_account(), _COMMAND, "catalogue", " ".join(words), {})


def add_correction(who: str, package_id: str, fields: Iterable[str]) -> None:
    """Notes that somebody corrected fields of a harvested dataset, within the session's transaction."""
    values = _values(who, _CORRECTION, "dataset", package_id, {"fields": sorted(fields)})
    model.Session.execute(table.insert().values(**values))


def find(filters: Filters, limit: int, before: int | None = None) -> list[Any]:
    """The entries, the newest first. before: the id of the last entry of the page before."""
    wanted = [
        getattr(table.c, name) == text
        for name in ("who", "action", "kind", "thing")
        if (text := getattr(filters, name))
    ]
    if filters.since:
        wanted.append(table.c.made >= datetime.date.fromisoformat(filters.since))
    if filters.until:
        day = datetime.date.fromisoformat(filters.until)
        wanted.append(table.c.made < day + datetime.timedelta(days=1) if day < datetime.date.max else sa.true())
    if before is not None:
        wanted.append(table.c.id < before)
    return list(model.Session.execute(sa.select(table).where(*wanted).order_by(table.c.id.desc()).limit(limit)))


def prune(now: datetime.datetime, days: int) -> int:
    """Deletes entries that are older than some days. Commits. Returns their number."""
    statement = sa.delete(table).where(table.c.made < now - datetime.timedelta(days=days))
    count = model.Session.execute(statement).rowcount
    model.Session.commit()
    return int(count)


def _add_by_itself(who: str, action: str, kind: str, thing: str, details: Mapping[str, Any]) -> None:
    """In a transaction of its own: what the action has done stays done, whatever becomes of its entry."""
    try:
        with model.meta.engine.begin() as connection:
            connection.execute(table.insert().values(**_values(who, action, kind, thing, details)))
    except sa.exc.SQLAlchemyError as error:
        reason = str(error).splitlines()[0]
        _log.error("not in the audit log: %s by %s on %s %s (%s)", action, who, kind, _plain(thing), reason)


def _values(who: str, action: str, kind: str, thing: str, details: Mapping[str, Any]) -> dict[str, Any]:
    shown = {key: _plain(value) for key, value in details.items()}
    values = {"who": _plain(who), "action": action, "kind": kind, "thing": _plain(thing), "details": shown}
    return {**values, "made": moments.now()}


def _plain(value: Any) -> Any:
    """A value that JSONB takes, without credentials, and not too long."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple | set):
        return [_plain(item) for item in list(value)[:100]]
    return mask(str(value).encode("utf-8", "replace").decode().replace("\0", ""))[:_LONGEST]


def _account() -> str:
    """The account of the system that runs a command."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
