"""`aivision_harvest`: sources, previews, runs and their pages."""

from __future__ import annotations

from types import ModuleType
from typing import ClassVar

from flask import Blueprint

from ckanext.aivision.logic.action import previews, records, runs, sources, start_harvest
from ckanext.aivision.plugins.feature import FeaturePlugin
from ckanext.aivision.views.harvest.preview import preview
from ckanext.aivision.views.harvest.run import run
from ckanext.aivision.views.harvest.source_record import source_record
from ckanext.aivision.views.harvest.sources import harvest as harvest_pages

_PAGES = (harvest_pages, preview, run)


class AivisionHarvestPlugin(FeaturePlugin):
    """Harvests sources into the catalogue."""

    ACTIONS: ClassVar[tuple[ModuleType, ...]] = (previews, records, runs, sources, start_harvest)
    BLUEPRINTS: ClassVar[tuple[Blueprint, ...]] = (*_PAGES, source_record)
    # ckanext-harvest.
    GIVES_WAY: ClassVar[tuple[tuple[str, Blueprint], ...]] = tuple(("harvest", pages) for pages in _PAGES)
