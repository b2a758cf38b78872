"""`aivision_dcat`: corrections of the RDF that ckanext-dcat gives out."""

from __future__ import annotations

from typing import Any

import ckan.plugins as plugins

from ckanext.aivision.logic import dcat_profile
from ckanext.aivision.logic.action import rdf
from ckanext.aivision.plugins.structured_data import StructuredDataFeature


class AivisionDcatPlugin(StructuredDataFeature):
    """Adds our profile to those that ckanext-dcat serialises with."""

    def update_config(self, config: Any) -> None:
        super().update_config(config)
        for name, default in dcat_profile.SETTINGS.items():
            config[name] = dcat_profile.with_correction(config.get(name), default)

    def get_actions(self) -> dict[str, Any]:
        """Those of ckanext-dcat only where it is loaded: there is nothing to chain to otherwise."""
        ours = super().get_actions()
        if plugins.plugin_loaded("dcat"):
            ours |= {name: getattr(rdf, name) for name in rdf.__all__}
        return ours
