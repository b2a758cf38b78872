"""The fields of a package that a correction can be of: compared with the source's, and put in their place. Pure.

A correction is of a field of the dataset, of a field of one of its files, or of a whole file that was added or removed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple

Package = dict[str, Any]
Outcome = Literal["agreed", "changed"]
TAGS = "tags"


class Key(NamedTuple):
    """What is corrected. resource: the id of a file; empty for the dataset. field: empty for the file as a whole."""

    resource: str
    field: str


class Pair(NamedTuple):
    """A value as the source gives it and as it was corrected; None where a field is empty or a file is not there."""

    source: Any
    value: Any


class Fields(NamedTuple):
    """The names of the fields of datasets and of files that are compared."""

    dataset: frozenset[str]
    resource: frozenset[str]


class Values(NamedTuple):
    """What a package says, in a form that can be compared. resources: by id."""

    dataset: dict[str, Any]
    resources: dict[str, dict[str, Any]]

    def get(self, key: Key) -> Any:
        """The value of a field, or the fields of a file; None if there is none."""
        if not key.resource:
            return self.dataset.get(key.field)
        resource = self.resources.get(key.resource)
        return resource.get(key.field) if resource is not None and key.field else resource


def read_values(package: Mapping[str, Any], fields: Fields) -> Values:
    """The values of a package of `package_show` or of `source_package`; what is empty is left out."""
    dataset = {name: plain for name in fields.dataset if (plain := plain_value(package.get(name))) is not None}
    tags = (tag["name"] if isinstance(tag, Mapping) else tag for tag in package.get(TAGS) or ())
    if names := sorted(set(tags)):
        dataset[TAGS] = names
    resources = {}
    for resource in package.get("resources") or ():
        found = {name: plain for name in fields.resource if (plain := plain_value(resource.get(name))) is not None}
        if found.get("url_type") == "upload" and "url" in found:
            # CKAN stores the name of the file, and shows its address.
            found["url"] = str(found["url"]).rsplit("/", 1)[-1]
        resources[str(resource["id"])] = found
    return Values(dataset, resources)


def plain_value(value: Any) -> Any:
    """A value as the comparison sees it: without white space around it, empty parts and a browser's line ends."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n").strip() or None
    if isinstance(value, Mapping):
        return {key: plain for key, item in value.items() if (plain := plain_value(item)) is not None} or None
    if isinstance(value, (list, tuple)):
        return [plain for item in value if (plain := plain_value(item)) is not None] or None
    return value


def find_differences(source: Values, current: Values) -> dict[Key, Pair]:
    """Where a package says something else than its source."""
    found = {}
    for name in {*source.dataset, *current.dataset}:
        found[Key("", name)] = Pair(source.dataset.get(name), current.dataset.get(name))
    for id in {*source.resources, *current.resources}:
        one, other = source.resources.get(id), current.resources.get(id)
        if one is None or other is None:
            found[Key(id, "")] = Pair(one, other)
            continue
        for name in {*one, *other}:
            found[Key(id, name)] = Pair(one.get(name), other.get(name))
    return {key: found[key] for key in sorted(found) if found[key].source != found[key].value}


def find_outcome(source: Values, key: Key, corrected: Pair) -> Outcome | None:
    """What became of a correction now that the source says `source`; None if it still stands."""
    now = source.get(key)
    if not key.field and corrected.source is None:
        # A file of our own: the source agrees once it lists the same address.
        address = (corrected.value or {}).get("url")
        return "agreed" if any(item.get("url") == address for item in source.resources.values()) else None
    if key.field and key.resource and key.resource not in source.resources:
        return "changed"
    if now == corrected.value:
        return "agreed"
    return None if now == corrected.source else "changed"


def apply_values(package: Mapping[str, Any], corrected: Mapping[Key, Any]) -> Package:
    """A copy of a source's package, with the corrected values in it. Files have their ids."""
    of_dataset = {key.field: value for key, value in corrected.items() if not key.resource}
    result = _with_values(package, of_dataset)
    if TAGS in of_dataset:
        result[TAGS] = [{"name": name} for name in of_dataset[TAGS] or ()]
    resources = []
    for resource in package.get("resources") or ():
        if corrected.get(Key(resource["id"], ""), resource) is None:
            continue
        own = {key.field: value for key, value in corrected.items() if key.resource == resource["id"] and key.field}
        resources.append(_with_values(resource, own))
    result["resources"] = resources + _added(corrected, {resource["id"] for resource in resources})
    return result


def _added(corrected: Mapping[Key, Any], there: set[str]) -> list[Package]:
    return [
        {**value, "id": key.resource}
        for key, value in corrected.items()
        if key.resource and not key.field and value is not None and key.resource not in there
    ]


def _with_values(fields: Mapping[str, Any], values: Mapping[str, Any]) -> Package:
    kept = {**fields, **values}
    return {name: value for name, value in kept.items() if value is not None or name not in values}


def correctable_fields(
    dataset_fields: Iterable[Mapping[str, Any]], resource_fields: Iterable[Mapping[str, Any]]
) -> Fields:
    """The fields that a correction can be of. The arguments are those of an expanded schema of ckanext-scheming.

    A dataset's name and organization are the catalogue's own affair, which no source states.
    """
    own = {"name", "owner_org", "tag_string", "private"}
    return Fields(
        frozenset(field["field_name"] for field in dataset_fields) - own,
        frozenset((*(field["field_name"] for field in resource_fields), "url_type")),
    )
