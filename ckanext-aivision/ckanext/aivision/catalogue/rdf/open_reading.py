"""Whether nothing but CKAN's own rule decides who may read a dataset: what is public, anybody may read."""

from __future__ import annotations

import ckan.plugins as plugins
from ckan.lib.plugins import DefaultPermissionLabels, get_permission_labels

# What has a say in it. ckanext-dcat's own function allows everything.
_ASKED = ("site_read", "package_show", "dcat_dataset_show", "dcat_catalog_show", "dcat_catalog_search")
_HARMLESS = "ckanext.dcat"


def is_open() -> bool:
    """Whether no extension has a rule of its own. If one has, each dataset has to be read as the user who asks."""
    if type(get_permission_labels()) is not DefaultPermissionLabels:
        return False
    return not any(
        name in _ASKED and not getattr(function, "__module__", "").startswith(_HARMLESS)
        for plugin in plugins.PluginImplementations(plugins.IAuthFunctions)
        for name, function in plugin.get_auth_functions().items()
    )
