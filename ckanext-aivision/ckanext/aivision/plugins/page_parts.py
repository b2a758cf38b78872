"""Template helpers, and what processes keep of pages in sites that ask for it."""

from __future__ import annotations

from typing import Any

import ckan.plugins as plugins
from ckan.lib import webassets_tools
from ckan.plugins import toolkit
from flask import Flask

from ckanext.aivision.helpers import find_helpers
from ckanext.aivision.helpers.home_and_about import aivision_has_site_pages
from ckanext.aivision.logic.action.pages import dataset_page
from ckanext.aivision.plugins.feature import FeaturePlugin
from ckanext.aivision.views.web import page_assets, page_cache, page_texts


class PagePartsFeature(FeaturePlugin):
    """Registers the helpers; with `ckanext.aivision.keep_page_parts`, also what takes the place of parts of CKAN."""

    plugins.implements(plugins.IMiddleware, inherit=True)
    plugins.implements(plugins.ITemplateHelpers)

    def get_actions(self) -> dict[str, Any]:
        of_pages = {name: getattr(dataset_page, name) for name in dataset_page.__all__} if _keeps_parts() else {}
        return super().get_actions() | of_pages

    def get_helpers(self) -> dict[str, Any]:
        return find_helpers(_keeps_parts())

    def make_middleware(self, app: Any, config: Any) -> Any:
        """Has pages take texts, addresses of styles and whole pages from what is kept; no page changes by that."""
        app = super().make_middleware(app, config)
        if _keeps_parts():
            page_assets.keep(webassets_tools.env)
            if isinstance(app, Flask):
                page_texts.keep(app.jinja_env)
                page_cache.keep(app, aivision_has_site_pages())
        return app


def _keeps_parts() -> bool:
    return bool(toolkit.asbool(toolkit.config.get("ckanext.aivision.keep_page_parts")))
