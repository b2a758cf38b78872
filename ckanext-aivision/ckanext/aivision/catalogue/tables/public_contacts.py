"""What the public is given in the place of a person's e-mail address: a form, by `ckanext.aivision.hide_contacts`.

Stewards, and programs with their rights, see the addresses in `package_show` and `package_search`. Documents, dumps and
feeds are the same for everybody, and have none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import ckan.authz as authz
import msgspec
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.tables.package_record import stated_country
from ckanext.aivision.catalogue.tables.records import find_package
from ckanext.aivision.normalise.personal_contacts import hidden_addresses, hide_record, hide_values
from ckanext.aivision.record import Dataset

SETTING = "ckanext.aivision.hide_contacts"
# The setting's values: of UK datasets; of all; of none.
UK, ALL, OFF = "uk", "all", "off"
# Fields of CKAN's own, and of the entries of our form.
_PAIRS = (("maintainer", "maintainer_email"), ("author", "author_email"))
_ENTRIES = ("contact", "creator", "publisher")
# What CKAN keeps in its index of a whole package, as text.
_WHOLE = ("data_dict", "validated_data_dict")


def are_hidden(country: str | None) -> bool:
    """Whether persons' addresses are hidden in datasets of a country (ISO 3166-1 alpha-2)."""
    wanted = str(toolkit.config.get(SETTING) or UK)
    return wanted == ALL or (wanted == UK and country == "GB")


def edition() -> str:
    """What a document depends on beside the dataset: it changes with the setting."""
    return str(toolkit.config.get(SETTING) or UK)


def public_record(dataset: Dataset, package_id: str) -> Dataset:
    """A record as anybody may have it."""
    return hide_record(dataset, form_address(package_id)) if are_hidden(dataset.country) else dataset


def public_source_record(raw: bytes, country: str, package_id: str) -> bytes:
    """The source's own record (JSON) as anybody may have it."""
    if not are_hidden(country):
        return raw
    return msgspec.json.encode(hide_values(msgspec.json.decode(raw), form_address(package_id)))


def public_package(package: Mapping[str, Any]) -> dict[str, Any]:
    """A package, as `package_show` or a search gives it, as anybody may have it."""
    found = dict(package)
    # A row of a search with chosen fields (`fl`) may not say of which country it is.
    is_whole = "country" in found or "owner_org" in found
    if not (are_hidden(_country(found)) if is_whole else edition() != OFF):
        return found
    form, addresses = form_address(str(found.get("id") or found.get("name") or "")), _addresses(found)
    for field in _WHOLE:
        if isinstance(text := found.get(field), str):
            found[field] = msgspec.json.encode(public_package(msgspec.json.decode(text))).decode()
    for field in _ENTRIES:
        if isinstance(entries := found.get(field), list):
            found[field] = [_without(entry, addresses, form) for entry in entries]
    for _, field in _PAIRS:
        if str(found.get(field) or "").lower() in addresses:
            found[field] = ""
    hidden: dict[str, Any] = hide_values(found, form, addresses)
    return hidden


def public_values(value: Any, package: Mapping[str, Any]) -> Any:
    """Values of a dataset (JSON types), such as those of corrections, as anybody may have them.

    package: with its id, country and owner_org. Contacts of the stored dataset, and those in the values, say which
    addresses are a person's.
    """
    if not are_hidden(_country(package)):
        return value
    id = str(package.get("id") or "")
    pairs = [(_text(entry.get("name")), _text(entry.get("email"))) for entry in _objects(value)]
    return hide_values(value, form_address(id), [*_addresses(find_package(id) or {}), *hidden_addresses(pairs)])


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _objects(item)


def shown_package(context: Mapping[str, Any], package: dict[str, Any]) -> dict[str, Any]:
    """A package as whoever asks may have it: whole for whoever may edit it, as it may be saved again as it is shown."""
    user = str(context.get("user") or "")
    if (
        context.get("for_update")
        or _sees_all(context, user)
        or (user and _may_edit(user, str(package.get("id") or "")))
    ):
        return package
    return public_package(package)


def shown_packages(user: str, packages: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Packages that a search finds as a user (empty: anybody) may have them: whole in organizations that they edit."""
    if _sees_all({}, user):
        return list(packages)
    edited: dict[str, bool] = {}

    def can_edit(package: Mapping[str, Any]) -> bool:
        owner = str(package.get("owner_org") or "")
        if user and owner not in edited:
            edited[owner] = bool(owner) and authz.has_user_permission_for_group_or_org(owner, user, "update_dataset")
        return edited.get(owner, False)

    return [package if can_edit(package) else public_package(package) for package in packages]


def _sees_all(context: Mapping[str, Any], user: str) -> bool:
    """Whether this software itself asks, or a sysadmin, or nothing is hidden."""
    return bool(context.get("ignore_auth")) or edition() == OFF or (bool(user) and authz.is_sysadmin(user))


def _may_edit(user: str, package_id: str) -> bool:
    try:
        toolkit.check_access("package_update", {"user": user}, {"id": package_id})
    except (toolkit.NotAuthorized, toolkit.ObjectNotFound):
        return False
    return True


def searchable(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document of the search index in which nobody can search for a hidden address; the package in it stays whole."""
    found = dict(document)
    if not are_hidden(_country(found)):
        return found
    addresses = _addresses(found)
    hidden = {key: hide_values(value, "", addresses) for key, value in found.items() if key not in _WHOLE}
    return found | hidden


def form_address(package_id: str) -> str:
    """The address of the form for the contact of a dataset; empty if it is not known which."""
    if not package_id:
        return ""
    address: str = toolkit.url_for("aivision_contact_form.show", name=package_id, qualified=True, locale="default")
    return address


def contact_addresses(package: Mapping[str, Any]) -> list[str]:
    """The addresses that the form of a dataset writes to: those that the public does not see. package: whole."""
    if not are_hidden(_country(package)):
        return []
    return _addresses(package)


def _country(package: Mapping[str, Any]) -> str:
    """Of a package in any of CKAN's forms, or of its document in the index."""
    given = package.get("extras")
    extras = {one.get("key"): one.get("value") for one in given if isinstance(one, dict)} if given else {}
    stated = package.get("country") or package.get("extras_country") or extras.get("country")
    return str(stated or stated_country(package))


def _addresses(package: Mapping[str, Any]) -> list[str]:
    pairs = [(package.get(name), package.get(address)) for name, address in _PAIRS]
    pairs += [(entry.get("name"), entry.get("email")) for entry in _entries(package)]
    return list(dict.fromkeys(hidden_addresses([(_text(name), _text(address)) for name, address in pairs])))


def _entries(package: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The entries of the form's fields, which CKAN's own schema and its index have as JSON."""
    extras = package.get("extras")
    given = [one for one in extras if isinstance(one, dict)] if isinstance(extras, list) else []
    pairs = [(one.get("key"), one.get("value")) for one in given]
    for key, value in (*package.items(), *pairs):
        if str(key).removeprefix("extras_") not in _ENTRIES:
            continue
        if isinstance(value, str):
            try:
                value = msgspec.json.decode(value)
            except msgspec.DecodeError:
                continue
        if isinstance(value, list):
            yield from (entry for entry in value if isinstance(entry, dict))


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _without(entry: Any, addresses: Sequence[str], form: str) -> Any:
    if not isinstance(entry, dict) or str(entry.get("email") or "").lower() not in addresses:
        return entry
    return {key: value for key, value in entry.items() if key != "email"} | {"url": entry.get("url") or form}
