"""The sources of this catalogue: what is harvested, from where, how often, and in whose name."""

from __future__ import annotations

from typing import Any

import msgspec
from ckan import authz
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.ckan import previews
from ckanext.aivision.catalogue.sources import listing as source_list
from ckanext.aivision.catalogue.sources import runs
from ckanext.aivision.catalogue.sources import source_store as sources
from ckanext.aivision.harvesters.sources.source import Source
from ckanext.aivision.logic.paging import page_size, words
from ckanext.aivision.logic.schema import source_schema

_USUAL_ROWS = 100
# Of a source's row, not of what is harvested.
_DEFAULTS: dict[str, Any] = {"schedule": "manual", "priority": 0, "owner_org": None}


@toolkit.side_effect_free
def aivision_source_list(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """The sources, by name. Sysadmins see all of them; others those of the organisations whose admins they are.

    :param country: only of this country, ISO 3166-1 alpha-2 (optional)
    :param kind: only of this kind, such as `dcat-us` (optional)
    :param q: only with this in the name or the title (optional)
    :param after: the name of the last source that you have, for the ones after it (optional)
    :param limit: how many at the most, 1 to 1000, 100 unless told (optional)
    :returns: as aivision_source_show of each. `stored` is false for what stands in `config/sources.yaml` alone,
        because nobody has harvested it yet
    """
    toolkit.check_access("aivision_source_list", context, data_dict)
    after = words(data_dict, "after").get("after", "")
    filters = words(data_dict, "country", "kind", "q")
    return source_list.listed(page_size(data_dict, _USUAL_ROWS), filters, after, visible_sources(context))


@toolkit.side_effect_free
def aivision_source_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """One source, its address without credentials.

    :param name: the name of the source
    :returns: name, title, url, kind, profile, country, publisher, license, organization, min_records, max_gone_share,
        full_every_days, requests_per_hour, schedule, priority, owner_org, active and gone (how many datasets),
        created, last_run (as aivision_run_show, without problems), next_due, stored, harvested, and harvestable (false
        for a file on the server, which only its command line reads)
    :raises NotFound: where there is no such source
    """
    toolkit.get_or_bust(data_dict, "name")
    toolkit.check_access("aivision_source_show", context, data_dict)
    found = source_list.find(words(data_dict, "name").get("name", ""))
    if found is None:
        raise toolkit.ObjectNotFound(toolkit._("There is no such source"))
    return found


def aivision_source_create(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Adds a source. It is not harvested yet: `aivision_harvest` does that, or its schedule.

    :param name: 2 to 100 small letters, digits, points, hyphens and underscores; none that there is already
    :param url: its http(s) address
    :param title: for people (optional)
    :param kind: what it speaks, such as `dcat-us` or `ckan`; found out from its content where not given (optional)
    :param profile: what its records can carry, a key of `config/profiles.yaml` (optional)
    :param country: of its publishers, ISO 3166-1 alpha-2 (optional)
    :param publisher: who publishes it (optional)
    :param license: of the metadata itself (optional)
    :param organization: for catalog.data.gov, the slug of one organisation (optional)
    :param min_records: a source that gives fewer is taken for broken (optional)
    :param max_gone_share: the largest share (0 to 1) of its datasets that a run may remove unasked (optional)
    :param full_every_days: how often a source that can be asked for its changes is read in full, which alone shows what
        is gone; 7 unless told (optional)
    :param requests_per_hour: asked of it at the most, over all runs and previews; 0 for what its kind allows (optional)
    :param schedule: `manual`, `daily`, `weekly` or `monthly` (optional)
    :param priority: the higher, the earlier among what is due (optional)
    :param owner_org: id or name of the organisation whose admins may see and harvest it (optional)
    :returns: as aivision_source_show
    :raises ValidationError: with what is wrong, by field
    """
    toolkit.check_access("aivision_source_create", context, data_dict)
    given = _validated(context, data_dict, new=True)
    more = {field: given.pop(field, default) for field, default in _DEFAULTS.items()}
    sources.save(msgspec.convert(given, type=Source), {**more, "schedule": more["schedule"] or "manual"}, runs.now())
    return _shown(context, given["name"])


def aivision_source_update(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Changes a source; what is not given stays as it is. The next run goes by it.

    :param name: the name of the source, which stays
    :returns: as aivision_source_show; the other parameters are those of aivision_source_create
    :raises NotFound: where there is no such source, or nobody has harvested it yet
    :raises ValidationError: with what is wrong, by field
    """
    toolkit.check_access("aivision_source_update", context, data_dict)
    given = _validated(context, data_dict, new=False)
    source = sources.known(given["name"])
    if source is None:
        raise toolkit.ObjectNotFound(toolkit._("There is no such source, or it has not been harvested yet"))
    if given.get("url") == runs.without_secrets(source.url):
        # It was read from here, where its credentials were left out.
        del given["url"]
    more = {field: given.pop(field) for field in _DEFAULTS if field in given}
    if more.get("schedule") == "":
        more["schedule"] = "manual"
    stored = source_list.find(source.name) or {}
    kept = {field: stored[field] for field in _DEFAULTS}
    sources.save(msgspec.structs.replace(source, **given), {**kept, **more}, runs.now())
    return _shown(context, source.name)


def aivision_source_delete(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Deletes a source from the list. Its datasets stay, and so do its runs: who adds it again under the same name
    takes up where it was. What stands in `config/sources.yaml` is in the list again, as not harvested yet.

    :param name: the name of the source
    :returns: the name, and the number of datasets that stay
    :raises NotFound: where there is no such source
    :raises ValidationError: while a run of it is at work
    """
    toolkit.get_or_bust(data_dict, "name")
    toolkit.check_access("aivision_source_delete", context, data_dict)
    name = words(data_dict, "name").get("name", "")
    found = source_list.find(name)
    if found is None or not found["stored"]:
        raise toolkit.ObjectNotFound(toolkit._("There is no such source, or it has not been harvested yet"))
    if runs.at_work(name) is not None:
        message = toolkit._("It is being harvested: cancel that run, or wait for its end")
        raise toolkit.ValidationError({"name": [message]})
    sources.forget(name)
    previews.forget(name)
    return {"name": name, "data_sets": found["active"] + found["gone"]}


def visible_sources(context: Any) -> set[str] | None:
    """The names of the sources that somebody may see; None for all."""
    if context.get("ignore_auth") or authz.is_sysadmin(context.get("user")):
        return None
    return source_list.administered_by(context["user"])


def _validated(context: Any, data_dict: dict[str, Any], new: bool) -> dict[str, Any]:
    given, errors = toolkit.navl_validate(dict(data_dict), source_schema(new), context)
    if errors:
        unknown = errors.pop("__extras", None)
        if unknown:
            known = ", ".join(sorted(set(source_schema(new)) - {"__extras"}))
            errors["__extras"] = [toolkit._("There are these fields only: {known}").format(known=known)]
        raise toolkit.ValidationError(errors)
    return given


def _shown(context: Any, name: str) -> dict[str, Any]:
    return toolkit.get_action("aivision_source_show")(dict(context), {"name": name})
