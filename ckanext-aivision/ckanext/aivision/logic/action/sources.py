"""The harvest sources of this catalogue: list, show, create, update and delete."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from ckan import authz
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.ckan import stored_previews as previews
from ckanext.aivision.catalogue.sources import listing as source_list
from ckanext.aivision.catalogue.sources import runs
from ckanext.aivision.catalogue.sources import source_store as sources
from ckanext.aivision.catalogue.sources.settings import Listing, Setting, all_settings
from ckanext.aivision.catalogue.tables import moments
from ckanext.aivision.harvesters.sources.source import Source
from ckanext.aivision.logic.accept import accepts, declares
from ckanext.aivision.logic.parameter_types import Parameter, SettingOf
from ckanext.aivision.logic.shared_parameters import NAME, REQUIRED_NAME, limit
from ckanext.aivision.logic.source_schema import source_schema

__all__ = [
    "aivision_source_create",
    "aivision_source_delete",
    "aivision_source_list",
    "aivision_source_show",
    "aivision_source_update",
]
Action = Callable[[Any, dict[str, Any]], dict[str, Any]]

_USUAL_ROWS = 100
_SETTINGS: dict[str, Parameter] = {
    setting.name: SettingOf(setting=setting, required=setting.is_required) for setting in all_settings()
}
# Fields of a source that only the catalogue needs, not the harvester.
_DEFAULTS: dict[str, Any] = {**msgspec.structs.asdict(Listing()), "owner_org": None}


@toolkit.side_effect_free
@accepts(country=NAME, kind=NAME, q=NAME, after=NAME, limit=limit(_USUAL_ROWS))
def aivision_source_list(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """The sources, by name. Sysadmins see all; admins of an organization see its sources.

    :param country: only sources of this country, ISO 3166-1 alpha-2 (optional)
    :param kind: only sources of this kind, such as `dcat-us` (optional)
    :param q: only sources with this in the name or title (optional)
    :param after: the name of the last source you have, to get the sources after it (optional)
    :param limit: the maximum number of sources, 1 to 1000; default 100 (optional)
    :returns: as aivision_source_show of each. `stored` is false for a source that is listed in
        `config/sources.yaml` but has not been harvested yet
    """
    toolkit.check_access("aivision_source_list", context, data_dict)
    filters: dict[str, str] = {name: data_dict[name] for name in ("country", "kind", "q") if name in data_dict}
    size, after = data_dict.get("limit", _USUAL_ROWS), data_dict.get("after", "")
    return source_list.list_sources(size, filters, after, visible_sources(context))


@toolkit.side_effect_free
@accepts(name=REQUIRED_NAME)
def aivision_source_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """One source, its address without credentials.

    :param name: the name of the source
    :returns: the parameters of aivision_source_create, and active and gone (how many datasets), created, last_run (as
        aivision_run_show, without problems), next_due, stored, harvested, is_api (whether it is asked page by page and
        for its changes), and harvestable (false for a file on the server, which only its command line reads)
    :raises NotFound: if there is no such source
    """
    toolkit.check_access("aivision_source_show", context, data_dict)
    found = source_list.find(data_dict["name"])
    if found is None:
        raise toolkit.ObjectNotFound(toolkit._("There is no such source"))
    return found


def _with_settings(action: Action) -> Action:
    """Puts the settings of a source into the docstring of an action, which CKAN gives out as its help."""
    lines = [
        f":param {setting.name}: {setting.title}. {setting.description}{_optional(setting)}"
        for setting in all_settings()
    ]
    action.__doc__ = (action.__doc__ or "").replace("{settings}", "\n    ".join(lines))
    return action


def _optional(setting: Setting) -> str:
    if setting.is_required:
        return ""
    return f" (optional, {setting.default} if not given)" if setting.is_number else " (optional)"


@_with_settings
@declares(_SETTINGS)
def aivision_source_create(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Adds a source. It is harvested by `aivision_harvest` or on its schedule.

    {settings}
    :returns: as aivision_source_show
    :raises ValidationError: with the errors by field
    """
    toolkit.check_access("aivision_source_create", context, data_dict)
    given = _validated(context, data_dict, new=True)
    more = {field: given.pop(field, default) for field, default in _DEFAULTS.items()}
    sources.save(msgspec.convert(given, type=Source), {**more, "schedule": more["schedule"] or "manual"}, moments.now())
    return _show_source(context, given["name"])


@declares(_SETTINGS | {"name": REQUIRED_NAME})
def aivision_source_update(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Changes a source; fields that are not given stay unchanged. The changes apply from the next run on.

    :param name: the name of the source, which cannot be changed
    :returns: as aivision_source_show; the other parameters are those of aivision_source_create
    :raises NotFound: if there is no such source, or it has not been harvested yet
    :raises ValidationError: with the errors by field
    """
    toolkit.check_access("aivision_source_update", context, data_dict)
    given = _validated(context, data_dict, new=False)
    source = sources.find_source(given["name"])
    if source is None:
        raise toolkit.ObjectNotFound(toolkit._("There is no such source, or it has not been harvested yet"))
    if given.get("url") == runs.without_secrets(source.url):
        # The form shows the address without its credentials: keep the stored one.
        del given["url"]
    more = {field: given.pop(field) for field in _DEFAULTS if field in given}
    if more.get("schedule") == "":
        more["schedule"] = "manual"
    stored = source_list.find(source.name) or {}
    kept = {field: stored[field] for field in _DEFAULTS}
    sources.save(msgspec.structs.replace(source, **given), {**kept, **more}, moments.now())
    return _show_source(context, source.name)


@accepts(name=REQUIRED_NAME)
def aivision_source_delete(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Deletes a source from the list. Its datasets and runs are kept: if the source is added again under the same name,
    it resumes where it left off. A source of `config/sources.yaml` stays in the list, as not harvested yet.

    :param name: the name of the source
    :returns: the name, and the number of datasets that are kept
    :raises NotFound: if there is no such source
    :raises ValidationError: while it is being harvested
    """
    toolkit.check_access("aivision_source_delete", context, data_dict)
    name = data_dict["name"]
    found = source_list.find(name)
    if found is None or not found["stored"]:
        raise toolkit.ObjectNotFound(toolkit._("There is no such source, or it has not been harvested yet"))
    if runs.at_work(name) is not None:
        message = toolkit._("This source is being harvested: cancel the run, or wait until it ends")
        raise toolkit.ValidationError({"name": [message]})
    sources.forget(name)
    previews.forget(name)
    return {"name": name, "data_sets": found["active"] + found["gone"]}


def visible_sources(context: Any) -> set[str] | None:
    """The names of the sources that the user can see; None means all."""
    if context.get("ignore_auth") or authz.is_sysadmin(context.get("user")):
        return None
    return source_list.administered_by(context["user"])


def _validated(context: Any, data_dict: dict[str, Any], new: bool) -> dict[str, Any]:
    given, errors = toolkit.navl_validate(dict(data_dict), source_schema(new), context)
    if errors:
        unknown = errors.pop("__extras", None)
        if unknown:
            known = ", ".join(sorted(set(source_schema(new)) - {"__extras"}))
            errors["__extras"] = [toolkit._("Unknown field; the fields are: {known}").format(known=known)]
        raise toolkit.ValidationError(errors)
    return given


def _show_source(context: Any, name: str) -> dict[str, Any]:
    return toolkit.get_action("aivision_source_show")(dict(context), {"name": name})
