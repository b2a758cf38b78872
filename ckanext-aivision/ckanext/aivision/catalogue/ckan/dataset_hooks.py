"""The hooks that `package_create`, `package_update` and `package_delete` call, for bulk writes and deletions.

CKAN calls them inside its transaction and before it indexes. Here they are called in the thread that harvests, which
has CKAN's session, once the batch is committed and its documents are with Solr: what a hook writes to a package, and
has CKAN index, then stands. A site whose plugins have none of these hooks pays nothing.
After a crash they are called for what had not reached the index, so that one may be called twice for a dataset.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import ckan.model as model
from ckan.lib.datapreview import get_default_view_plugins
from ckan.plugins import IDomainObjectModification, IPackageController, PluginImplementations, toolkit

from ckanext.aivision.catalogue.hook_calls import HookCalls, overriding
from ckanext.aivision.catalogue.index.package_show import Shown


class _Event(NamedTuple):
    """What CKAN calls at an event, plugin by plugin: a hook that gets the entity, and one that gets a dictionary."""

    of_entity: str
    of_dict: str


_CREATED = _Event("create", "after_dataset_create")
_UPDATED = _Event("edit", "after_dataset_update")
_DELETED = _Event("delete", "after_dataset_delete")


class Hooks:
    """Calls the hooks of other plugins, in CKAN's order, in a user's name. Use in the thread of the session.

    any: whether there is any. A batch that nobody waits for need not be kept.
    """

    def __init__(self, user: str, calls: HookCalls) -> None:
        self._user, self._calls = user, calls
        events = (_CREATED, _UPDATED, _DELETED)
        self._hooks = {event: _in_order(event) for event in events}
        self._observers = overriding(IDomainObjectModification, "notify")
        self._views = bool(get_default_view_plugins())
        self.any = bool(self._observers or self._views or any(self._hooks.values()))

    def after_write(self, packages: Sequence[Shown]) -> None:
        """Calls the hooks for packages that were created or updated.

        packages: as `package_show` gives them by CKAN's own schema, committed and with Solr.
        """
        if not self.any:
            return
        entities = _entities([package["id"] for package in packages])
        for package in packages:
            if (entity := entities.get(package["id"])) is not None:
                self._call_for_package(package, entity)

    def after_delete(self, ids: Sequence[str]) -> None:
        """Calls the hooks for deleted packages. ids: of packages whose deletion is committed."""
        if not self._hooks[_DELETED] and not self._observers:
            return
        for id, entity in _entities(ids).items():
            self._run(_DELETED, entity, {"id": id}, None)
            self._notify(entity, "changed", None)

    def _call_for_package(self, package: Shown, entity: model.Package) -> None:
        identifier = _identifier(package)
        is_new = package["metadata_created"] == package["metadata_modified"]
        self._run(_CREATED if is_new else _UPDATED, entity, package, identifier)
        if is_new and self._views:
            context, action = self._context(entity), toolkit.get_action("package_create_default_resource_views")
            step = _bound(action, context, {"package": package})
            self._calls.guarded(identifier, "of a resource view", "package_create_default_resource_views", step)
        if self._observers:
            self._notify_of_resources(package, entity, identifier)
            if is_new:
                self._notify(entity, "new", identifier)
            # A new package too, for CKAN notifies of it with its resources and memberships.
            self._notify(entity, "changed", identifier)

    def _run(self, event: _Event, entity: model.Package, data: dict[str, Any], identifier: str | None) -> None:
        for plugin, hook in self._hooks[event]:
            arguments = (entity,) if hook == event.of_entity else (self._context(entity), data)
            self._calls.call(identifier, plugin, hook, *arguments)

    def _notify_of_resources(self, package: Shown, entity: model.Package, identifier: str | None) -> None:
        new = {item["id"] for item in package["resources"] if item["created"] == item["metadata_modified"]}
        # With those that this change marked as deleted; those of the change before are gone.
        for resource in entity.resources_all:
            self._notify(resource, "new" if resource.id in new else "changed", identifier)

    def _notify(self, entity: Any, operation: str, identifier: str | None) -> None:
        for observer in self._observers:
            self._calls.call(identifier, observer, "notify", entity, operation)

    def _context(self, entity: model.Package) -> dict[str, Any]:
        user = model.User.get(self._user)
        return {
            "model": model,
            "session": model.Session,
            "user": self._user,
            "auth_user_obj": user,
            "ignore_auth": True,
            "package": entity,
        }


def _in_order(event: _Event) -> list[tuple[Any, str]]:
    """Both hooks of a plugin come before those of the next, as CKAN calls them."""
    plugins = {hook: overriding(IPackageController, hook) for hook in event}
    every = PluginImplementations(IPackageController)
    return [(plugin, hook) for plugin in every for hook in event if plugin in plugins[hook]]


def _entities(ids: Sequence[str]) -> dict[str, model.Package]:
    """Packages of the session, as they now stand."""
    query = model.Session.query(model.Package).filter(model.Package.id.in_(ids)).populate_existing()
    return {package.id: package for package in query}


def _bound(action: Any, context: dict[str, Any], data: dict[str, Any]) -> Callable[[], Any]:
    return lambda: action(context, data)


def _identifier(package: Shown) -> str | None:
    """The identifier of a harvested package, in its source."""
    return next((extra["value"] for extra in package["extras"] if extra["key"] == "identifier"), None)
