"""`aivision_schema`: the dataset form, and the register of licences that it offers."""

from __future__ import annotations

from types import ModuleType
from typing import Any, ClassVar

from flask import Blueprint

from ckanext.aivision.logic import choice_validators, validators
from ckanext.aivision.logic.action import form
from ckanext.aivision.logic.action.steward import bulk_edits, work_list
from ckanext.aivision.logic.action.steward import score_draft as score_draft_action
from ckanext.aivision.logic.action.steward import sheets as sheet_actions
from ckanext.aivision.logic.licence_register import extend_register
from ckanext.aivision.plugins.feature import FeaturePlugin
from ckanext.aivision.views.steward.bulk_edits import bulk_edit
from ckanext.aivision.views.steward.publish_draft import publication
from ckanext.aivision.views.steward.score_draft import score_draft
from ckanext.aivision.views.steward.sheets import sheets
from ckanext.aivision.views.steward.work_list import improve


class AivisionSchemaPlugin(FeaturePlugin):
    """Reads what the pages of the form send, and publishes drafts."""

    ACTIONS: ClassVar[tuple[ModuleType, ...]] = (form, score_draft_action, work_list, bulk_edits, sheet_actions)
    BLUEPRINTS: ClassVar[tuple[Blueprint, ...]] = (publication, score_draft, improve, bulk_edit, sheets)
    VALIDATORS: ClassVar[tuple[ModuleType, ...]] = (choice_validators, validators)

    def update_config(self, config: Any) -> None:
        super().update_config(config)
        extend_register()
