"""`aivision_harvest`: sources, previews, runs and their pages."""

from __future__ import annotations

from types import ModuleType
from typing import ClassVar

from flask import Blueprint

from ckanext.aivision.logic.action import harvest, previews, records, runs, sources
from ckanext.aivision.plugins.feature import FeaturePlugin
from ckanext.aivision.views.harvest import harvest as harvest_pages
from ckanext.aivision.views.preview import preview
from ckanext.aivision.views.run import run
from ckanext.aivision.views.source_record import source_record


class AivisionHarvestPlugin(FeaturePlugin):
    """Harvests sources into the catalogue."""

    ACTIONS: ClassVar[tuple[ModuleType, ...]] = (harvest, previews, records, runs, sources)
    BLUEPRINTS: ClassVar[tuple[Blueprint, ...]] = (harvest_pages, preview, run, source_record)
