"""`aivision_dcat`: our own RDF at ckanext-dcat's addresses, and corrections of what its profiles give out."""

from __future__ import annotations

from typing import Any

import ckan.plugins as plugins
from flask import Blueprint, Flask

from ckanext.aivision.logic import dcat_profile
from ckanext.aivision.logic.action import rdf
from ckanext.aivision.plugins.structured_data import StructuredDataFeature
from ckanext.aivision.views.rdf import rdf as rdf_pages
from ckanext.aivision.views.web import direct


class AivisionDcatPlugin(StructuredDataFeature):
    """Gives out records in RDF where ckanext-dcat is loaded, and adds our correction to the profiles of others."""

    plugins.implements(plugins.IMiddleware, inherit=True)

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

    def make_middleware(self, app: Any, config: Any) -> Any:
        """Around CKAN's own, so that what is kept is given out before CKAN begins."""
        app = super().make_middleware(app, config)
        return direct.add(app) if plugins.plugin_loaded("dcat") and isinstance(app, Flask) else app

    def get_blueprint(self) -> list[Blueprint]:
        return [*super().get_blueprint(), *([rdf_pages] if plugins.plugin_loaded("dcat") else [])]
