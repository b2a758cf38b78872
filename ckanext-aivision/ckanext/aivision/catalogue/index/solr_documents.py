"""Packages as documents of CKAN's search index, as `ckan.lib.search.index.PackageSearchIndex` makes them one by one."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import ckan.model as model
import msgspec
from ckan.lib.plugins import get_permission_labels
from ckan.lib.search.index import KEY_CHARS, RESERVED_FIELDS, escape_xml_illegal_chars
from ckan.plugins import IPackageController, PluginImplementations, toolkit
from dateutil.parser import ParserError, parse

from ckanext.aivision.catalogue.hook_calls import HookCalls, overriding
from ckanext.aivision.catalogue.index.term_length import shortened
from ckanext.aivision.catalogue.tables.public_contacts import searchable
from ckanext.aivision.plugin_names import EVALUATING

Document = dict[str, Any]

_KEY_CHARACTERS = frozenset(KEY_CHARS)
_OF_RESOURCE = (
    ("name", "res_name"),
    ("description", "res_description"),
    ("format", "res_format"),
    ("url", "res_url"),
    ("resource_type", "res_type"),
)
_TOGETHER = frozenset(("extras", "tags", "groups", "resources", "relationships_as_subject", "relationships_as_object"))
_CLEANED = ("title", "notes", "title_string")


class Documents:
    """Makes documents for one site, with the hooks of every plugin that is loaded, in CKAN's order.

    The hook of our own plugin would ask the database for each document's evaluation, which is at hand here.
    """

    def __init__(self, calls: HookCalls) -> None:
        self._calls = calls
        self._site = toolkit.config.get("ckan.site_id")
        self._labels = get_permission_labels()
        names = [plugin.name for plugin in PluginImplementations(IPackageController)]
        ours = next((place for place, name in enumerate(names) if name in EVALUATING), 0)
        hooks = overriding(IPackageController, "before_dataset_index")
        self._before = [plugin for plugin in hooks if names.index(plugin.name) < ours]
        self._after = [plugin for plugin in hooks if names.index(plugin.name) > ours]
        self._resource_extras = [(key, f"res_extras_{key}") for key in model.Resource.get_extra_columns()]

    def document(
        self, default: Mapping[str, Any], custom: Mapping[str, Any], package: model.Package, ours: Mapping[str, Any]
    ) -> Document:
        """The document of a package.

        default, custom: its two forms of `package_show`. package: not necessarily one of a session. ours: the fields
        that our own plugin adds.
        """
        document: Document = {key: value for key, value in default.items() if key not in _TOGETHER}
        document["data_dict"] = _json(default)
        document["validated_data_dict"] = _json(custom)
        if default["title"]:
            document["title_string"] = default["title"]
        self._add_extras(document, default)
        document["tags"] = [tag["name"] for tag in default["tags"]]
        document["groups"] = []
        document["capacity"] = "private" if default["private"] else "public"
        document["organization"] = default["organization"]["name"] if default["organization"] else None
        for key, name in (*_OF_RESOURCE, *self._resource_extras):
            if default["resources"]:
                document[name] = [resource.get(key, "") for resource in default["resources"]]
        document["entity_type"] = "package"
        document["dataset_type"] = default["type"]
        document = self.apply_hooks(self._finished(_with_dates(document)), ours)
        document["permission_labels"] = self._labels.get_dataset_labels(package)
        return document

    def _add_extras(self, document: Document, default: Mapping[str, Any]) -> None:
        taken = {*RESERVED_FIELDS, *default, "data_dict", "validated_data_dict", "title_string"}
        for extra in default["extras"]:
            key = "".join(character for character in extra["key"] if character in _KEY_CHARACTERS)
            document[f"extras_{key}"] = extra["value"]
            if key not in taken:
                document[key] = extra["value"]

    def apply_hooks(self, document: Document, ours: Mapping[str, Any]) -> Document:
        """The document after every plugin's `before_dataset_index`, with our own fields added at our plugin's turn."""
        for plugin in self._before:
            document = self._calls.result(None, plugin, "before_dataset_index", document) or document
        document = shortened({**searchable(document), **ours})
        for plugin in self._after:
            document = self._calls.result(None, plugin, "before_dataset_index", document) or document
        return document

    def _finished(self, document: Document) -> Document:
        for key in _CLEANED:
            if document.get(key):
                document[key] = escape_xml_illegal_chars(document[key])
        document["metadata_created"] += "Z"
        document["metadata_modified"] += "Z"
        document["site_id"] = self._site
        if document.get("title"):
            document["title"] = document["title"].lstrip()
        known_by = f"{document['id']}{self._site}".encode()
        document["index_id"] = hashlib.md5(known_by, usedforsecurity=False).hexdigest()
        return document


def _with_dates(document: Document) -> Document:
    """Fields that end in `_date` are dates for Solr, or are left out."""
    for key in [key for key in document if key.endswith("_date")]:
        try:
            moment = parse(document[key])
        except (ParserError, TypeError):
            del document[key]
        else:
            document[key] = moment.isoformat() + ("" if moment.tzinfo else "Z")
    return document


def _json(value: Mapping[str, Any]) -> str:
    return msgspec.json.encode(value).decode()
