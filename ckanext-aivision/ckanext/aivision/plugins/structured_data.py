"""A part of `aivision_dcat`: datasets as schema.org and Croissant, in pages and at addresses of their own."""

from __future__ import annotations

from types import ModuleType
from typing import Any, ClassVar

import ckan.plugins as plugins
from flask import Blueprint

from ckanext.aivision.helpers import structured_data as helpers
from ckanext.aivision.logic.action.exports import structured_data as actions
from ckanext.aivision.plugins.feature import FeaturePlugin
from ckanext.aivision.views import blueprints


class StructuredDataFeature(FeaturePlugin):
    """Writes JSON-LD of the record where ckanext-dcat writes that of CKAN's fields."""

    plugins.implements(plugins.ITemplateHelpers)

    ACTIONS: ClassVar[tuple[ModuleType, ...]] = (actions,)
    BLUEPRINTS: ClassVar[tuple[Blueprint, ...]] = blueprints.STRUCTURED_DATA

    def get_helpers(self) -> dict[str, Any]:
        """Those of ckanext-dcat's plugins only where they are loaded: there is nothing to chain to otherwise."""
        parent = super()
        inherited: dict[str, Any] = parent.get_helpers() if hasattr(parent, "get_helpers") else {}
        names = [name for name in ("croissant", "structured_data") if plugins.plugin_loaded(name)]
        return inherited | {name: getattr(helpers, name) for name in names}
