"""Load harvested packages from the database, in the forms that the index and the activity stream need.

CKAN reads and validates packages one by one. Those that are as a harvest wrote them are read here by the hundred.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from typing import Any, NamedTuple

import ckan.model as model
import sqlalchemy as sa

from ckanext.aivision.catalogue.evaluations.encoding import from_text
from ckanext.aivision.catalogue.hook_calls import HookCalls
from ckanext.aivision.catalogue.index.package_show import Schema, Shown, with_default_schema
from ckanext.aivision.catalogue.index.show_hooks import ShowHooks
from ckanext.aivision.catalogue.tables import statements
from ckanext.aivision.catalogue.tables.dataset_types import DEFAULT
from ckanext.aivision.catalogue.tables.rows import Rows
from ckanext.aivision.catalogue.tables.type_schema import dataset_fields, resource_fields
from ckanext.aivision.scoring.results import Evaluation

# What those who decide on permissions look at.
_ASKED_FOR = ("id", "name", "title", "type", "owner_org", "creator_user_id", "private", "state")
_OF_EVALUATION = ("evaluation", "rubric_version", "reference_date")


class Forms(NamedTuple):
    """A package as `package_show` gives it, by CKAN's own schema and by ours, and its evaluation where it has one."""

    default: Shown
    custom: Shown
    evaluation: Evaluation | None


class StoredPackages:
    """Reads packages over a connection. It keeps the organisations that it has read: use it for one piece of work."""

    def __init__(self, calls: HookCalls) -> None:
        self._schema = current_schema()
        self._organizations = ShownOrganizations()
        self._hooks = ShowHooks(calls)

    def forms(self, connection: sa.Connection, ids: Sequence[str], state: str | None = None) -> dict[str, Forms]:
        """The forms of packages by id. state: to be shown as, where it is another than the stored one.

        Left out is what only CKAN's own actions do justice to: what was edited since its harvest, or is in a group or
        in a relationship.
        """
        packages = connection.execute(statements.STORED, {"ids": list(ids)}).mappings().all()
        resources = _by_package(connection, statements.STORED_RESOURCES, ids)
        tags = _by_package(connection, statements.STORED_TAGS, ids)
        found = {}
        for row in packages:
            package = {key: _json_value(value) for key, value in row.items() if key not in _OF_EVALUATION}
            package["state"] = state or package["state"]
            tag_ids = {tag["name"]: tag["id"] for tag in tags.get(row["id"], ())}
            rows = Rows(package, [_resource(item) for item in resources.get(row["id"], ())], list(tag_ids))
            default = with_default_schema(rows, tag_ids, self._organizations.of(package["owner_org"]))
            self._hooks.before_schema(default)
            custom = self._schema.of_package(default, package["extras"])
            self._hooks.after_schema(custom)
            kept = [row[key] for key in _OF_EVALUATION]
            found[row["id"]] = Forms(default, custom, from_text(*kept) if kept[0] is not None else None)
        return found


class ShownOrganizations:
    """Organisations as they stand in a package, each read once."""

    def __init__(self) -> None:
        self._shown: dict[str | None, Shown | None] = {}

    def of(self, id: str | None) -> Shown | None:
        """None if there is no active one with this id."""
        if id not in self._shown:
            columns = model.group_table.c
            query = sa.select(model.group_table).where(columns.id == id, columns.state == "active")
            row = model.Session.execute(query).first()
            self._shown[id] = None if row is None else _organization(row)
        return self._shown[id]


def current_schema() -> Schema:
    """The schema of datasets that is configured here."""
    return Schema(dataset_fields(DEFAULT), resource_fields(DEFAULT))


def as_entity(package: Shown) -> model.Package:
    """A package, outside every session, for those who decide on permissions."""
    return model.Package(**{key: package[key] for key in _ASKED_FOR})


def _organization(row: Any) -> Shown:
    return {key: _json_value(value) for key, value in row._mapping.items() if key != "extras"}


def _by_package(
    connection: sa.Connection, statement: sa.TextClause, ids: Sequence[str]
) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in connection.execute(statement, {"ids": list(ids)}).mappings():
        found.setdefault(row["package_id"], []).append(dict(row))
    return found


def _resource(row: dict[str, Any]) -> dict[str, Any]:
    shown = {key: _json_value(value) for key, value in row.items()}
    return {**shown, "extras": json.loads(row["extras"]) if row["extras"] else {}}


def _json_value(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime.datetime) else value
