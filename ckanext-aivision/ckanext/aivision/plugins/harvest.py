"""`aivision_harvest`: sources, previews, runs and their pages."""

from __future__ import annotations

from types import ModuleType
from typing import ClassVar

import ckan.plugins as plugins
from flask import Blueprint

from ckanext.aivision.logic.action import previews, records, runs, sources, start_harvest
from ckanext.aivision.plugins.feature import FeaturePlugin
from ckanext.aivision.views.harvest.preview import preview
from ckanext.aivision.views.harvest.run import run
from ckanext.aivision.views.harvest.sources import harvest as harvest_pages
from ckanext.aivision.views.source_record import source_record

_PAGES = (harvest_pages, preview, run)
# The name of ckanext-harvest's plugin, whose pages are at /harvest too.
_OTHER = "harvest"
_PREFIX_BESIDE_OTHER = "/aivision"


class AivisionHarvestPlugin(FeaturePlugin):
    """Harvests sources into the catalogue."""

    ACTIONS: ClassVar[tuple[ModuleType, ...]] = (previews, records, runs, sources, start_harvest)
    BLUEPRINTS: ClassVar[tuple[Blueprint, ...]] = (*_PAGES, source_record)

    def get_blueprint(self) -> list[Blueprint]:
        # Each of the two finds its own pages where people know them; ours give way.
        for pages in _PAGES:
            pages.url_prefix = _PREFIX_BESIDE_OTHER if plugins.plugin_loaded(_OTHER) else None
        return super().get_blueprint()
