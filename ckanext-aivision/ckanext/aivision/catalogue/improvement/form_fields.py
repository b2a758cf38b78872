"""The fields of the dataset form as one value fills them: what kind each is, and what of a given value it takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from ckan.plugins import toolkit

from ckanext.aivision.catalogue.field_labels import field_choices
from ckanext.aivision.catalogue.improvement.fixes import load_fixes
from ckanext.aivision.catalogue.tables.dataset_types import DEFAULT
from ckanext.aivision.catalogue.tables.type_schema import dataset_fields

FieldKind = Literal["text", "long", "choice", "list", "group", "keywords"]
_LONGEST, _MOST_ITEMS = 20_000, 100


class FormField(NamedTuple):
    """A field of the form. subfields: names and labels of a group. choices: values and labels."""

    name: str
    label: str
    kind: FieldKind
    help: str = ""
    placeholder: str = ""
    subfields: tuple[tuple[str, str], ...] = ()
    choices: tuple[tuple[str, str], ...] = ()


def form_fields() -> dict[str, FormField]:
    """The fields of datasets by name, as this site has them, without those that say where a dataset belongs."""
    fields = (_field(field) for field in dataset_fields(DEFAULT) if field["field_name"] not in ("name", "owner_org"))
    return {field.name: field for field in fields}


def fields_of_fix(id: str) -> list[FormField]:
    """The fields that a fix fills in, none where it is made dataset by dataset, or where there is no such fix."""
    fix = load_fixes().get(id)
    names = fix.fields if fix is not None else ()
    fields = form_fields() if names else {}
    return [fields[name] for name in names if name in fields]


def read_value(field: FormField, value: Any) -> Any:
    """A given value as the field takes it; None for an empty one. Raises toolkit.Invalid for what it cannot take."""
    if field.kind == "group":
        return _read_groups(field, value)
    if field.kind == "list":
        items = value if isinstance(value, list) else [value]
        if len(items) > _MOST_ITEMS:
            raise toolkit.Invalid(toolkit._("Use at most {most} values").format(most=_MOST_ITEMS))
        return [text for item in items if (text := _read_text(item))] or None
    text = _read_text(value)
    if text and field.kind == "choice" and text not in (known := [choice for choice, _ in field.choices]):
        labels = {label.lower(): choice for choice, label in field.choices}
        if text.lower() not in labels:
            message = toolkit._("{value} is not on the list; use one of: {known}")
            raise toolkit.Invalid(message.format(value=text[:100], known=", ".join(known)[:500]))
        return labels[text.lower()]
    return text or None


def _read_groups(field: FormField, value: Any) -> list[dict[str, str]] | None:
    known = {name for name, _ in field.subfields}
    groups = value if isinstance(value, list) else [value]
    if len(groups) > _MOST_ITEMS:
        raise toolkit.Invalid(toolkit._("Use at most {most} values").format(most=_MOST_ITEMS))
    found = []
    for group in groups:
        if not isinstance(group, Mapping) or not group.keys() <= known:
            message = toolkit._("Give a list of objects with some of: {known}")
            raise toolkit.Invalid(message.format(known=", ".join(sorted(known))))
        if read := {name: text for name, item in group.items() if (text := _read_text(item))}:
            found.append(read)
    return found or None


def _read_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise toolkit.Invalid(toolkit._("This must be text"))
    if len(value) > _LONGEST:
        message = toolkit._("Use at most {most} characters; these are {number}")
        raise toolkit.Invalid(message.format(most=_LONGEST, number=len(value)))
    return value.strip()


def _field(field: Mapping[str, Any]) -> FormField:
    words = toolkit.h.scheming_language_text
    name, label = field["field_name"], words(field.get("label") or field["field_name"])
    told = (words(field.get("help_text") or ""), field.get("form_placeholder") or "")
    if "repeating_subfields" in field:
        subfields = tuple((item["field_name"], words(item["label"])) for item in field["repeating_subfields"])
        return FormField(name, label, "group", *told, subfields=subfields)
    if name == "tag_string":
        return FormField(name, label, "keywords", *told)
    # Some of these propose choices, and take other words too.
    if "scheming_multiple_text" in (field.get("validators") or ""):
        return FormField(name, label, "list", *told)
    if "choices" in field or "choices_helper" in field:
        return FormField(name, label, "choice", *told, choices=field_choices(field))
    is_long = field.get("form_snippet") in ("textarea.html", "markdown.html")
    return FormField(name, label, "long" if is_long else "text", *told)
