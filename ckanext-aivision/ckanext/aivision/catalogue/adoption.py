"""What a catalogue has: fields, licences, countries, and datasets that our form would refuse."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import ckan.lib.plugins as lib_plugins
import ckan.model as model
import msgspec
import sqlalchemy as sa
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.tables.dataset_types import dataset_types
from ckanext.aivision.catalogue.tables.field_map import find_field_map, form_fields, targets
from ckanext.aivision.catalogue.tables.package_record import COUNTRY_OF_ORGANIZATION, has_our_form, stated_country
from ckanext.aivision.harvesters.protocols.ckan.protocol import PROTOCOL
from ckanext.aivision.model.dataset_types import DATASET_TYPES
from ckanext.aivision.normalise import licences

_FIELDS = sa.text(f"""
    SELECT field.key, count(*), min(field.value) FILTER (WHERE field.value <> '')
    FROM package p, jsonb_each_text(p.extras) AS field
    WHERE p.type = {DATASET_TYPES} AND p.state <> 'deleted' GROUP BY field.key ORDER BY 2 DESC, 1
""")  # noqa: S608
_LICENCES = sa.text(f"""
    SELECT coalesce(license_id, ''), count(*) FROM package
    WHERE type = {DATASET_TYPES} AND state <> 'deleted' GROUP BY 1 ORDER BY 2 DESC, 1
""")  # noqa: S608
_COUNTRIES = sa.text(f"""
    SELECT coalesce(p.owner_org, ''), coalesce(p.extras ->> 'country', ''), count(*) FROM package p
    WHERE p.type = {DATASET_TYPES} AND p.state <> 'deleted' GROUP BY 1, 2
""")  # noqa: S608
_DATASETS = sa.text("""
    SELECT id FROM package WHERE type = ANY(:types) AND state <> 'deleted' AND id > :after ORDER BY id LIMIT 200
""")
_LONGEST_EXAMPLE = 60
_EXAMPLES = 3
_ALIKE = 0.75


class Field(msgspec.Struct, frozen=True):
    """A field of the site's own. read_as: the field of our form, or of a record; empty where it is not read.

    proposed: a field of our form with a like name, for one that is not read.
    """

    name: str
    datasets: int
    example: str
    read_as: str
    proposed: str


class Licence(msgspec.Struct, frozen=True):
    """A licence as datasets have it. meaning: our licence; empty if it is understood as none of ours."""

    id: str
    datasets: int
    meaning: str
    registered: bool


class Refusal(msgspec.Struct, frozen=True):
    """Why datasets could not be saved in our form, and some of them."""

    field: str
    message: str
    datasets: int
    examples: list[str]


class Survey(msgspec.Struct, frozen=True):
    """A catalogue before it is adopted.

    form: whether datasets have our form; those of types with another are evaluated from their own fields. countries:
    datasets by country, `XX` where none is stated. organizations: names of those whose datasets state none. unowned:
    datasets of no organization that state none. refusals: none where datasets have another form.
    """

    datasets: int
    form: bool
    fields: list[Field]
    licences: list[Licence]
    countries: dict[str, int]
    organizations: list[str]
    unowned: int
    refusals: list[Refusal]


def survey() -> Survey:
    """Looks at all datasets of the site, drafts and private ones too. It writes nothing."""
    with_form = [name for name in dataset_types() if has_our_form(name)]
    form = bool(with_form)
    countries, organizations, unowned = _countries()
    return Survey(
        datasets=sum(countries.values()),
        form=form,
        fields=list(_fields(form)),
        licences=list(_licences()),
        countries=dict(countries),
        organizations=organizations,
        unowned=unowned,
        refusals=_refusals(with_form) if form else [],
    )


def _fields(form: bool) -> Iterator[Field]:
    read = {key: field for field, key in reversed(list(PROTOCOL.members()))}
    known = {name: name for name in form_fields()} if form else read | dict(find_field_map())
    for name, datasets, example in model.Session.execute(_FIELDS):
        read_as = known.get(name) or read.get(name, "")
        proposed = "" if read_as else next(iter(difflib.get_close_matches(name, sorted(targets()), 1, _ALIKE)), "")
        yield Field(name, datasets, (example or "")[:_LONGEST_EXAMPLE], read_as, proposed)


def _licences() -> Iterator[Licence]:
    register = model.Package.get_license_register()
    for id, datasets in model.Session.execute(_LICENCES):
        meaning = licences.clean(id).id if id else None
        yield Licence(id, datasets, meaning or "", register.get(id) is not None)


def _countries() -> tuple[Counter[str], list[str], int]:
    """Datasets by country, organizations with some that have none, and the number of those of no organization."""
    found: Counter[str] = Counter()
    without: set[str] = set()
    unowned = 0
    for organization, country, datasets in model.Session.execute(_COUNTRIES):
        stated = stated_country({"owner_org": organization, "country": country})
        found[stated] += datasets
        if stated == "XX" and not country and organization:
            without.add(organization)
        elif stated == "XX" and not country:
            unowned += datasets
    names = sa.select(model.Group.name).where(model.Group.id.in_(without), model.Group.state == "active")
    return found, sorted(model.Session.scalars(names)), unowned


def is_organization(name: str) -> bool:
    """Whether the site has an organization of this name."""
    group = model.Group.get(name)
    return group is not None and group.is_organization and group.state == "active" and group.name == name


def _refusals(types: list[str]) -> list[Refusal]:
    counts: Counter[tuple[str, str]] = Counter()
    examples: dict[tuple[str, str], list[str]] = {}
    for name, errors in _errors(types):
        for field, message in errors.items():
            counts[field, message] += 1
            examples.setdefault((field, message), []).append(name)
    return [Refusal(*key, datasets, examples[key][:_EXAMPLES]) for key, datasets in counts.most_common()]


def _errors(types: list[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """The names of datasets that could not be saved as they are, with their errors by field."""
    after = ""
    while ids := list(model.Session.scalars(_DATASETS, {"types": types, "after": after})):
        for id in ids:
            context: dict[str, Any] = {"ignore_auth": True, "for_update": True, "use_cache": False}
            package = toolkit.get_action("package_show")(dict(context), {"id": id})
            context |= {"model": model, "session": model.Session, "user": "", "package": model.Package.get(id)}
            plugin = lib_plugins.lookup_package_plugin(package["type"])
            schema = plugin.update_package_schema()
            _, errors = lib_plugins.plugin_validate(plugin, context, package, schema, "package_update")
            if errors:
                yield package["name"], dict(_list_errors(errors))
        # What validators read stays in the session, which is not to grow with the catalogue.
        model.Session.expunge_all()
        after = ids[-1]


def _list_errors(errors: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    for field, found in errors.items():
        for item in found if isinstance(found, list) else [found]:
            if isinstance(item, Mapping):
                yield from _list_errors(item, f"{before}{field}.")
            else:
                yield f"{before}{field}", str(item)


def give_country(organizations: list[str], country: str) -> None:
    """States the country of organizations, for their datasets that name none. It changes no dataset."""
    context = {"ignore_auth": True, "user": toolkit.get_action("get_site_user")({"ignore_auth": True}, {})["name"]}
    for name in organizations:
        shown = toolkit.get_action("organization_show")(dict(context), {"id": name})
        extras = [extra for extra in shown["extras"] if extra["key"] != COUNTRY_OF_ORGANIZATION]
        extras.append({"key": COUNTRY_OF_ORGANIZATION, "value": country})
        toolkit.get_action("organization_patch")(dict(context), {"id": name, "extras": extras})
