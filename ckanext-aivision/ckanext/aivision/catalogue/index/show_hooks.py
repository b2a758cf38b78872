"""The hooks that CKAN calls for documents of its index (ckan.logic.package_show_default_and_custom_schemas)."""

from __future__ import annotations

from typing import Any

from ckan.plugins import IPackageController, IResourceController

from ckanext.aivision.catalogue.hook_calls import HookCalls, overriding
from ckanext.aivision.catalogue.index.package_show import Shown

# ckanext-dcat does nothing there where ckanext-scheming has the schema, and asks for the schema to find that out.
_IDLE_WITH_SCHEMING = frozenset(("dcat",))


class ShowHooks:
    """Lets other plugins add to packages as they are shown. any: whether one does."""

    def __init__(self, calls: HookCalls) -> None:
        self._calls = calls
        self._of_resources = overriding(IResourceController, "before_resource_show")
        shown = overriding(IPackageController, "after_dataset_show")
        self._of_packages = [plugin for plugin in shown if plugin.name not in _IDLE_WITH_SCHEMING]
        self.any = bool(self._of_resources or self._of_packages)

    def before_schema(self, package: Shown) -> None:
        """package: before the site's schema is laid over it. Plugins change the resources in place."""
        for plugin in self._of_resources:
            for resource in package["resources"]:
                self._calls.result(None, plugin, "before_resource_show", resource)

    def after_schema(self, package: Shown) -> None:
        """package: by the site's schema. Plugins change it in place."""
        if self._of_packages:
            # Not in place: the organisation and the tags are those of other packages and forms too.
            package |= {
                "organization": dict(package["organization"]) if package["organization"] else None,
                "tags": [dict(tag) for tag in package["tags"]],
            }
        for plugin in self._of_packages:
            context: dict[str, Any] = {"ignore_auth": True, "use_cache": False, "validate": False}
            self._calls.result(None, plugin, "after_dataset_show", context, package)
