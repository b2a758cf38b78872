"""`aivision_schema`: the dataset form, and the register of licences that it offers."""

from __future__ import annotations

from types import ModuleType
from typing import Any, ClassVar

from flask import Blueprint

from ckanext.aivision.logic import choice_validators, validators
from ckanext.aivision.logic.action import form
from ckanext.aivision.logic.action.steward import score_draft as score_draft_action
from ckanext.aivision.logic.licence_register import extend_register
from ckanext.aivision.plugins.feature import FeaturePlugin
from ckanext.aivision.views.steward.publish_draft import publication
from ckanext.aivision.views.steward.score_draft import score_draft


class AivisionSchemaPlugin(FeaturePlugin):
    """Reads what the pages of the form send, and publishes drafts."""

    ACTIONS: ClassVar[tuple[ModuleType, ...]] = (form, score_draft_action)
    BLUEPRINTS: ClassVar[tuple[Blueprint, ...]] = (publication, score_draft)
    VALIDATORS: ClassVar[tuple[ModuleType, ...]] = (choice_validators, validators)

    def update_config(self, config: Any) -> None:
        super().update_config(config)
        extend_register()
