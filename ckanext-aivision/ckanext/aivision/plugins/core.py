"""`aivision_core`: evaluations of datasets as they are saved, the comparison, facets, the API and the commands."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import ckan.plugins as plugins
import click
import yaml
from ckan.exceptions import CkanConfigurationException
from ckan.lib.plugins import DefaultTranslation
from ckan.plugins import toolkit
from flask import Blueprint, has_request_context

from ckanext.aivision.catalogue import audit_log, snapshot_queue
from ckanext.aivision.catalogue.corrections.save import note_save
from ckanext.aivision.catalogue.evaluations import evaluation_store as evaluations
from ckanext.aivision.catalogue.improvement.dataset_writer import EVALUATION_FOLLOWS
from ckanext.aivision.catalogue.index import search_query
from ckanext.aivision.catalogue.index.stored_fields import stored_fields
from ckanext.aivision.catalogue.index.term_length import shortened
from ckanext.aivision.catalogue.jobs import evaluate_changes
from ckanext.aivision.catalogue.jobs.type_changes import apply_types
from ckanext.aivision.catalogue.registers import types as register_types
from ckanext.aivision.catalogue.registers.index_fields import DAY, entry_fields
from ckanext.aivision.catalogue.rescore import batch as rescore_batch
from ckanext.aivision.catalogue.stored_values import with_entries_in_index
from ckanext.aivision.catalogue.tables.dataset_types import check_types, is_dataset
from ckanext.aivision.catalogue.tables.field_map import find_field_map
from ckanext.aivision.catalogue.tables.public_contacts import searchable, shown_package, shown_packages
from ckanext.aivision.errors import UsageError
from ckanext.aivision.helpers import evaluation as evaluation_helpers
from ckanext.aivision.helpers import search_facets
from ckanext.aivision.helpers.home_and_about import aivision_has_site_pages
from ckanext.aivision.logic import dataset_names
from ckanext.aivision.logic.action import (
    announcement,
    api,
    evaluate,
    figures,
    history,
    objections,
    observations,
)
from ckanext.aivision.logic.action import (
    downloads as figure_files,
)
from ckanext.aivision.logic.action.admin import audit
from ckanext.aivision.logic.action.exports import changes, dumps, losses
from ckanext.aivision.logic.action.steward import corrections, deleted, notices
from ckanext.aivision.plugins.page_parts import PagePartsFeature
from ckanext.aivision.views import blueprints
from ckanext.aivision.views.json_standards import data_json
from ckanext.aivision.views.site.statements import statements
from ckanext.aivision.views.web.metrics import metrics
from ckanext.aivision.views.web.sitemap import sitemap

_SETTINGS = Path(__file__).resolve().parents[1] / "config_declaration.yaml"


class AivisionCorePlugin(PagePartsFeature, DefaultTranslation):
    """Evaluates datasets as they are saved, indexes their grades, and compares."""

    plugins.implements(plugins.IClick)
    plugins.implements(plugins.IConfigDeclaration)
    plugins.implements(plugins.IDomainObjectModification, inherit=True)
    plugins.implements(plugins.IFacets, inherit=True)
    plugins.implements(plugins.IPackageController, inherit=True)
    plugins.implements(plugins.ISignal)
    plugins.implements(plugins.ITranslation)

    ACTIONS: ClassVar[tuple[ModuleType, ...]] = (
        announcement,
        api,
        audit,
        changes,
        corrections,
        deleted,
        losses,
        dataset_names,
        dumps,
        evaluate,
        figure_files,
        figures,
        history,
        notices,
        objections,
        observations,
    )
    BLUEPRINTS: ClassVar[tuple[Blueprint, ...]] = blueprints.CORE

    # ckanext-datajson, and several of the name ckanext-sitemap.
    GIVES_WAY: ClassVar[tuple[tuple[str, Blueprint], ...]] = (("datajson", data_json), ("sitemap", sitemap))

    def update_config(self, config: Any) -> None:
        super().update_config(config)
        try:
            find_field_map()
        except UsageError as error:
            raise CkanConfigurationException(str(error)) from error
        toolkit.add_template_directory(config, "../templates")
        toolkit.add_public_directory(config, "../public")
        toolkit.add_resource("../assets", "aivision")
        if aivision_has_site_pages():
            # After ours, so that they take precedence.
            toolkit.add_template_directory(config, "../site_templates")

    def configure(self, config: Any) -> None:
        super().configure(config)
        try:
            check_types(not_allowed=register_types.registers())
        except UsageError as error:
            raise CkanConfigurationException(str(error)) from error
        apply_types()

    def get_blueprint(self) -> list[Blueprint]:
        # A catalogue with a look of its own may have statements at these addresses already.
        counting = [metrics] if toolkit.config.get("ckanext.aivision.metrics") else []
        return [*super().get_blueprint(), *([statements, sitemap] if aivision_has_site_pages() else []), *counting]

    def declare_config_options(self, declaration: Any, key: Any) -> None:
        # Before CKAN finds the settings declared twice.
        self.check_list()
        # CKAN's blanket looks beside the module of the plugin's class, which is another for `aivision`.
        declaration.load_dict(yaml.safe_load(_SETTINGS.read_text(encoding="utf-8")))

    def i18n_directory(self) -> str:
        # CKAN looks beside the module of the plugin's class, and names the catalogue after the plugin.
        return str(Path(__file__).resolve().parents[1] / "i18n")

    def i18n_domain(self) -> str:
        return "ckanext-aivision"

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

    def get_signal_subscriptions(self) -> dict[Any, list[Any]]:
        """Actions that change a dataset's publisher and call no hook of a dataset, and those of the audit log."""
        receivers = [*evaluate_changes.RECEIVERS.items()]
        receivers += [(action, audit_log.action_succeeded) for action in audit_log.noted().actions]
        subscribed = [{"receiver": receiver, "sender": action} for action, receiver in receivers]
        return {toolkit.signals.action_succeeded: subscribed}

    def notify(self, entity: Any, operation: str) -> None:
        """Of every change of a dataset through CKAN's session, a purge too."""
        snapshot_queue.note_change()

    def before_dataset_index(self, pkg_dict: dict[str, Any]) -> dict[str, Any]:
        if register_types.is_register(pkg_dict["type"]):
            return shortened(pkg_dict | entry_fields(pkg_dict))
        return shortened(searchable(with_entries_in_index(pkg_dict)) | stored_fields(pkg_dict["id"]))

    def before_dataset_search(self, search_params: dict[str, Any]) -> dict[str, Any]:
        search = search_query.to_solr(register_types.without_entries(search_params))
        if register_types.is_for_entries(search) and not search.get("q") and not search.get("sort"):
            search["sort"] = f"{DAY} desc, title_string asc"
        return search

    def after_dataset_show(self, context: Any, pkg_dict: dict[str, Any]) -> None:
        shown = shown_package(context, pkg_dict)
        if shown is not pkg_dict:
            pkg_dict.clear()
            pkg_dict.update(shown)

    def after_dataset_search(self, search_results: dict[str, Any], search_params: dict[str, Any]) -> dict[str, Any]:
        if has_request_context():
            search_results["results"] = shown_packages(toolkit.current_user.name, search_results["results"])
        evaluation_helpers.note_listed(search_results["results"])
        return search_facets.labelled(search_query.from_solr(search_results))

    def dataset_facets(self, facets_dict: OrderedDict[str, str], package_type: str) -> OrderedDict[str, str]:
        if register_types.is_register(package_type):
            return search_facets.titles_in_register(package_type)
        if not is_dataset(package_type):
            return facets_dict
        return OrderedDict([*search_facets.titles().items(), *facets_dict.items()])

    def organization_facets(
        self, facets_dict: OrderedDict[str, str], organization_type: str, package_type: str | None
    ) -> OrderedDict[str, str]:
        return OrderedDict([*search_facets.titles_in_organization().items(), *facets_dict.items()])

    def _evaluate(self, context: Any, pkg_dict: dict[str, Any]) -> None:
        """Harvests bring their evaluation along, and changes to many datasets at once make it themselves; what is saved
        in the form or through the API is evaluated here.

        Packages of types that are no datasets are not evaluated.
        """
        if not is_dataset(evaluations.package_type(pkg_dict["id"])):
            return
        evaluation, dataset = context.get("aivision_evaluation"), context.get("aivision_record")
        if evaluation is None or dataset is None:
            who = context.get("user") or ""
            corrected = note_save(pkg_dict["id"], who, context.get("aivision_reason") or "")
            if corrected:
                audit_log.add_correction(who, pkg_dict["id"], {key.field or "file" for key in corrected})
            if context.get(EVALUATION_FOLLOWS):
                return
            if others := evaluations.package_saved(pkg_dict):
                rescore_batch.evaluate_within(others)
        else:
            evaluations.save(pkg_dict["id"], evaluation, dataset)
