"""Which packages are datasets: those of the types in the setting `ckanext.aivision.dataset_types`.

Python asks the setting, and SQL the table that is written from it when CKAN starts (`model.dataset_types`).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

import ckan.model as model
import sqlalchemy as sa
from ckan.plugins import toolkit

from ckanext.aivision.errors import UsageError
from ckanext.aivision.model import dataset_type

SETTING = "ckanext.aivision.dataset_types"
# CKAN's default, and the type of what we harvest.
DEFAULT = "dataset"
_NAME = re.compile(r"[a-z0-9_-]{1,100}")
_EXISTS = sa.text("SELECT to_regclass('aivision_dataset_type') IS NOT NULL")
# Writers of packages wait, and their triggers see the new list.
_ALONE = sa.text("LOCK TABLE package IN SHARE ROW EXCLUSIVE MODE")
_NOT_FOREVER = sa.text("SET LOCAL lock_timeout = '60s'")


class Changed(NamedTuple):
    """Types that are datasets now and were not, and those that were."""

    added: frozenset[str]
    removed: frozenset[str]


def dataset_types() -> tuple[str, ...]:
    """The types of the setting, in its order, each once."""
    return tuple(dict.fromkeys(toolkit.aslist(toolkit.config.get(SETTING)) or (DEFAULT,)))


def is_dataset(package_type: str | None) -> bool:
    """Whether packages of a type are datasets. A package without a type is of CKAN's default."""
    return (package_type or DEFAULT) in dataset_types()


def check_types(not_allowed: Collection[str] = ()) -> None:
    """Raises UsageError if the setting lists what no type is called, or a type of `not_allowed`."""
    for name in dataset_types():
        if not _NAME.fullmatch(name):
            raise UsageError(f"{SETTING}: `{name}` is no name of a type; list names such as `dataset`, with spaces")
        if name in not_allowed:
            raise UsageError(f"{SETTING}: `{name}` has entries of a register, which are no datasets; take it out")


def store_types() -> Changed:
    """Writes the setting into the table if it says something else. Commits. Returns what changed.

    The triggers note all public packages of added and removed types as created and deleted. Nothing is done before
    `ckan db upgrade` has made the table. Raises sqlalchemy.exc.SQLAlchemyError, for example if a package is written to
    for longer than a minute.
    """
    wanted = frozenset(dataset_types())
    with model.meta.engine.begin() as connection:
        if not connection.execute(_EXISTS).scalar() or _stored(connection) == wanted:
            return Changed(frozenset(), frozenset())
        connection.execute(_NOT_FOREVER)
        connection.execute(_ALONE)
        stored = _stored(connection)
        changed = Changed(wanted - stored, stored - wanted)
        if changed.removed:
            connection.execute(sa.delete(dataset_type).where(dataset_type.c.name.in_(changed.removed)))
        if changed.added:
            connection.execute(sa.insert(dataset_type), [{"name": name} for name in sorted(changed.added)])
        return changed


def _stored(connection: sa.Connection) -> frozenset[str]:
    return frozenset(connection.execute(sa.select(dataset_type.c.name)).scalars())
