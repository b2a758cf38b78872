"""`aivision_schema`: the dataset form, and the register of licences that it offers."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import ckan.plugins as plugins
from flask import Blueprint

from ckanext.aivision.logic import validators
from ckanext.aivision.logic.action import form
from ckanext.aivision.logic.action.steward import score_draft as score_draft_action
from ckanext.aivision.plugins.feature import FeaturePlugin
from ckanext.aivision.views.steward.dataset_form import dataset_form
from ckanext.aivision.views.steward.publish_draft import publication
from ckanext.aivision.views.steward.score_draft import score_draft

_LARGEST_FORM = 8_000_000
_LICENSES = Path(__file__).resolve().parents[1] / "config" / "licenses.json"


class AivisionSchemaPlugin(FeaturePlugin):
    """Reads what the pages of the form send, and publishes drafts."""

    plugins.implements(plugins.IMiddleware, inherit=True)

    ACTIONS: ClassVar[tuple[ModuleType, ...]] = (form, score_draft_action)
    BLUEPRINTS: ClassVar[tuple[Blueprint, ...]] = (dataset_form, publication, score_draft)
    VALIDATORS: ClassVar[tuple[ModuleType, ...]] = (validators,)

    def update_config(self, config: Any) -> None:
        super().update_config(config)
        if not config.get("licenses_group_url"):
            # The register of the form's licences, so that their titles and addresses are shown and given out.
            config["licenses_group_url"] = _LICENSES.resolve().as_uri()

    def make_middleware(self, app: Any, config: Any) -> Any:
        """Lets Flask, whose own limit is 500 kB, read a form with a long text; the form refuses it and shows it."""
        app = super().make_middleware(app, config)
        app.config["MAX_FORM_MEMORY_SIZE"] = max(app.config["MAX_FORM_MEMORY_SIZE"] or 0, _LARGEST_FORM)
        return app
