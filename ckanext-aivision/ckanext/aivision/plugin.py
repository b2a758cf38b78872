"""The CKAN plugin. It forwards every call to the package that does the work."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import Any

import ckan.plugins as plugins
import click
from ckan.plugins import toolkit

from ckanext.aivision import helpers, views
from ckanext.aivision.catalogue.comparison import renewal_queue
from ckanext.aivision.catalogue.evaluations import evaluation_store as evaluations
from ckanext.aivision.catalogue.index import rdf_profile
from ckanext.aivision.catalogue.index.term_length import shortened
from ckanext.aivision.cli.ckan.group import aivision
from ckanext.aivision.logic import action
from ckanext.aivision.logic.action import rdf


def actions() -> dict[str, Any]:
    """The actions that this plugin registers; ckanext-dcat's only where it is there to follow them."""
    ours = {name: getattr(action, name) for name in action.__all__}
    if not plugins.plugin_loaded("dcat"):
        return ours
    return ours | {
        name: getattr(rdf, name) for name in ("dcat_dataset_show", "dcat_catalog_show", "dcat_catalog_search")
    }


@toolkit.blanket.actions(actions)
@toolkit.blanket.auth_functions
@toolkit.blanket.blueprints(views)
@toolkit.blanket.config_declarations
@toolkit.blanket.helpers(helpers)
@toolkit.blanket.validators
class AivisionPlugin(plugins.SingletonPlugin):
    """Evaluates datasets as they are saved, indexes their grades, and adds pages, actions and commands."""

    plugins.implements(plugins.IConfigurer)
    plugins.implements(plugins.IClick)
    plugins.implements(plugins.IDomainObjectModification, inherit=True)
    plugins.implements(plugins.IFacets, inherit=True)
    plugins.implements(plugins.IPackageController, inherit=True)

    def update_config(self, config: Any) -> None:
        toolkit.add_template_directory(config, "templates")
        toolkit.add_resource("assets", "aivision")
        if not config.get("licenses_group_url"):
            # The register of the form's licences, so that their titles and addresses are shown and given out.
            config["licenses_group_url"] = (Path(__file__).parent / "config" / "licenses.json").resolve().as_uri()
        for name, default in rdf_profile.SETTINGS.items():
            config[name] = rdf_profile.with_correction(config.get(name), default)

    def get_commands(self) -> list[click.Command]:
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
