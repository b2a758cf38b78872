"""`aivision_schema`: the dataset form, and the register of licences that it offers."""

from __future__ import annotations

from types import ModuleType
from typing import Any, ClassVar

import ckan.plugins as plugins
from flask import Blueprint

from ckanext.aivision.catalogue.licence_register import extend_register
from ckanext.aivision.catalogue.stored_values import keep_stored_values
from ckanext.aivision.logic import choice_validators, validators
from ckanext.aivision.logic.action import form
from ckanext.aivision.logic.action.steward import bulk_edits, file_inspections, profile_check, work_list
from ckanext.aivision.logic.action.steward import score_draft as score_draft_action
from ckanext.aivision.logic.action.steward import sheets as sheet_actions
from ckanext.aivision.plugins.feature import FeaturePlugin
from ckanext.aivision.views import blueprints

_LARGEST_FORM = 8_000_000


class AivisionSchemaPlugin(FeaturePlugin):
    """Reads what the pages of the form send, and publishes drafts."""

    plugins.implements(plugins.IMiddleware, inherit=True)

    ACTIONS: ClassVar[tuple[ModuleType, ...]] = (
        form,
        score_draft_action,
        work_list,
        bulk_edits,
        sheet_actions,
        file_inspections,
        profile_check,
    )
    BLUEPRINTS: ClassVar[tuple[Blueprint, ...]] = blueprints.FORM
    VALIDATORS: ClassVar[tuple[ModuleType, ...]] = (choice_validators, validators)

    def update_config(self, config: Any) -> None:
        super().update_config(config)
        extend_register()

    def configure(self, config: Any) -> None:
        super().configure(config)
        keep_stored_values()

    def make_middleware(self, app: Any, config: Any) -> Any:
        """Lets Flask, whose own limit is 500 kB, read a form with a long text; the form refuses it and shows it."""
        app = super().make_middleware(app, config)
        app.config["MAX_FORM_MEMORY_SIZE"] = max(app.config["MAX_FORM_MEMORY_SIZE"] or 0, _LARGEST_FORM)
        return app
