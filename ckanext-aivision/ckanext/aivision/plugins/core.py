"""`aivision_core`: evaluations of datasets as they are saved, the comparison, facets, the API and the commands."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import ckan.plugins as plugins
import click
import yaml
from ckan.plugins import toolkit
from flask import Blueprint

from ckanext.aivision import helpers
from ckanext.aivision.catalogue.comparison import renewal_queue
from ckanext.aivision.catalogue.evaluations import evaluation_store as evaluations
from ckanext.aivision.catalogue.index.term_length import shortened
from ckanext.aivision.logic.action import evaluate, files, history, links
from ckanext.aivision.plugins.feature import FeaturePlugin
from ckanext.aivision.views.best_practice import best_practice
from ckanext.aivision.views.files import files as files_page

_SETTINGS = Path(__file__).resolve().parents[1] / "config_declaration.yaml"


@toolkit.blanket.helpers(helpers)
class AivisionCorePlugin(FeaturePlugin):
    """Evaluates datasets as they are saved, indexes their grades, and compares."""

    plugins.implements(plugins.IClick)
    plugins.implements(plugins.IConfigDeclaration)
    plugins.implements(plugins.IDomainObjectModification, inherit=True)
    plugins.implements(plugins.IFacets, inherit=True)
    plugins.implements(plugins.IPackageController, inherit=True)

    ACTIONS: ClassVar[tuple[ModuleType, ...]] = (evaluate, files, history, links)
    BLUEPRINTS: ClassVar[tuple[Blueprint, ...]] = (best_practice, files_page)

    def update_config(self, config: Any) -> None:
        super().update_config(config)
        toolkit.add_template_directory(config, "../templates")
        toolkit.add_resource("../assets", "aivision")

    def declare_config_options(self, declaration: Any, key: Any) -> None:
        # Before CKAN finds the settings declared twice.
        self.check_list()
        # CKAN's blanket looks beside the module of the plugin's class, which is another for `aivision`.
        declaration.load_dict(yaml.safe_load(_SETTINGS.read_text(encoding="utf-8")))

    def get_commands(self) -> list[click.Command]:
        # Only `ckan` itself asks for commands; a web process does without their imports.
        from ckanext.aivision.cli.ckan.group import aivision

        return [aivision]

    def after_dataset_create(self, context: Any, pkg_dict: dict[str, Any]) -> None:
        self._evaluate(context, pkg_dict)

    def after_dataset_update(self, context: Any, pkg_dict: dict[str, Any]) -> None:
        self._evaluate(context, pkg_dict)

    def after_dataset_delete(self, context: Any, pkg_dict: dict[str, Any]) -> None:
        evaluations.package_deleted(pkg_dict["id"])

    def notify(self, entity: Any, operation: str) -> None:
        """Of every change of a dataset through CKAN's session, a purge too."""
        renewal_queue.note_change()

    def before_dataset_index(self, pkg_dict: dict[str, Any]) -> dict[str, Any]:
        evaluation = evaluations.find(pkg_dict["id"])
        if evaluation is not None:
            pkg_dict |= evaluations.index_fields(evaluation)
        return shortened(pkg_dict)

    def dataset_facets(self, facets_dict: OrderedDict[str, str], package_type: str) -> OrderedDict[str, str]:
        ours = OrderedDict(aivision_country=toolkit._("Country"), aivision_grade=toolkit._("Grade"))
        return OrderedDict([*ours.items(), *facets_dict.items()])

    def organization_facets(
        self, facets_dict: OrderedDict[str, str], organization_type: str, package_type: str | None
    ) -> OrderedDict[str, str]:
        return OrderedDict([("aivision_grade", toolkit._("Grade")), *facets_dict.items()])

    def _evaluate(self, context: Any, pkg_dict: dict[str, Any]) -> None:
        """Harvests bring their evaluation along; what is saved in the form or through the API is evaluated here."""
        evaluation, dataset = context.get("aivision_evaluation"), context.get("aivision_record")
        if evaluation is None or dataset is None:
            evaluations.package_saved(pkg_dict)
        else:
            evaluations.save(pkg_dict["id"], evaluation, dataset)
