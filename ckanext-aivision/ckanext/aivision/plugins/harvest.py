"""`aivision_harvest`: sources, previews, runs and their pages."""

from __future__ import annotations

from types import ModuleType
from typing import ClassVar

from flask import Blueprint

from ckanext.aivision.logic.action import previews, records, runs, sources, start_harvest
from ckanext.aivision.plugins.feature import FeaturePlugin
from ckanext.aivision.views import blueprints


class AivisionHarvestPlugin(FeaturePlugin):
    """Harvests sources into the catalogue."""

    ACTIONS: ClassVar[tuple[ModuleType, ...]] = (previews, records, runs, sources, start_harvest)
    BLUEPRINTS: ClassVar[tuple[Blueprint, ...]] = blueprints.HARVEST
    # ckanext-harvest.
    GIVES_WAY: ClassVar[tuple[tuple[str, Blueprint], ...]] = tuple(
        ("harvest", pages) for pages in blueprints.HARVEST_ADDRESSES
    )
