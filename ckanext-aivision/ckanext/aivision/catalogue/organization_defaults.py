"""What an organization fills in for the new datasets of its form: extras `aivision_default_KEY` of the organization.

`config/organization_defaults.yaml` lists them. They are used by the form for new datasets, and nowhere else: what the
API or a harvest creates has what it says, so that no dataset gets a licence that nobody has stated.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any, NamedTuple

import ckan.model as model
import ckan.plugins as plugins
import yaml
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.tables.dataset_types import DEFAULT
from ckanext.aivision.catalogue.tables.package_record import DEFAULT_OF_ORGANIZATION
from ckanext.aivision.catalogue.tables.type_schema import dataset_fields
from ckanext.aivision.plugin_names import SCHEMA, WHOLE


class Default(NamedTuple):
    """A row of `config/organization_defaults.yaml`.

    subfield: of the first entry of a repeating field; empty for others. check: a validator; empty for a choice.
    """

    key: str
    field: str
    label: str
    subfield: str = ""
    check: str = ""
    help_text: str = ""
    form_placeholder: str = ""

    @property
    def name(self) -> str:
        return f"{DEFAULT_OF_ORGANIZATION}{self.key}"


@functools.cache
def load_defaults() -> tuple[Default, ...]:
    """The rows of `config/organization_defaults.yaml`, in their order."""
    path = resources.files("ckanext.aivision.config") / "organization_defaults.yaml"
    return tuple(Default(**row) for row in yaml.safe_load(path.read_text(encoding="utf-8")))


def offered_defaults() -> list[Default]:
    """Those whose field the form for datasets has: a site may have a schema of its own."""
    fields = _fields()
    return [row for row in load_defaults() if row.field in fields]


def choices_of(row: Default) -> list[dict[str, str]]:
    """What can be chosen for a default: `value` and `label`; empty for what is typed."""
    field = _fields().get(row.field, {})
    if row.check or not ("choices" in field or "choices_helper" in field):
        return []
    found: list[dict[str, str]] = toolkit.h.scheming_field_choices(field) or []
    return found


def read_extras(data: dict[str, Any]) -> None:
    """Makes extras of the inputs `aivision_default_KEY` of an organization, in place, and checks them.

    Raises ValidationError, with the errors under the names of the inputs. Other extras are left alone.
    """
    extras = [extra for extra in data.get("extras") or [] if isinstance(extra, dict)]
    given = {extra.get("key"): extra.get("value") for extra in extras if not extra.get("deleted")}
    errors: dict[str, list[str]] = {}
    changed: dict[str, str] = {}
    for row in offered_defaults():
        value = data.pop(row.name, given.get(row.name))
        if value in (None, ""):
            changed[row.name] = ""
            continue
        try:
            changed[row.name] = _checked(row, str(value))
        except toolkit.Invalid as error:
            changed[row.name] = str(value)
            errors[row.name] = [error.error]
    kept = [extra for extra in extras if extra.get("key") not in changed]
    if changed.keys() & given.keys() or any(changed.values()):
        data["extras"] = [*kept, *({"key": key, "value": value} for key, value in changed.items() if value)]
    if errors:
        raise toolkit.ValidationError(errors)


def find_defaults(organization: str) -> dict[str, str]:
    """The defaults of an organization (an id), by key; empty for one that there is not."""
    group = model.Group.get(organization)
    extras = (group.extras or {}) if group is not None and group.state == "active" else {}
    return {row.key: extras[row.name] for row in offered_defaults() if extras.get(row.name)}


def default_fields(organization: str) -> dict[str, Any]:
    """The fields of a new dataset that an organization's defaults fill: texts, and lists for repeating fields."""
    found, several = find_defaults(organization), set(_lists())
    filled: dict[str, Any] = {}
    for row in offered_defaults():
        if (value := found.get(row.key)) is None:
            continue
        if row.subfield:
            filled.setdefault(row.field, [{}])[0][row.subfield] = value
        else:
            filled[row.field] = [value] if row.field in several else value
    return filled


def _checked(row: Default, value: str) -> str:
    choices = choices_of(row)
    if choices:
        if value not in [choice["value"] for choice in choices]:
            raise toolkit.Invalid(toolkit._("{value} is not on the list").format(value=value[:100]))
        return value
    checked: str = toolkit.get_validator(row.check)(value) if row.check else value.strip()
    return checked


def _fields() -> Mapping[str, Any]:
    """The fields of the form for datasets by name; none where the site has no such form."""
    fields = dataset_fields(DEFAULT) if any(plugins.plugin_loaded(name) for name in (WHOLE, SCHEMA)) else ()
    return {field["field_name"]: field for field in fields}


def _lists() -> Iterator[str]:
    return (name for name, field in _fields().items() if "scheming_multiple_text" in str(field.get("validators", "")))
