"""What a record says of the source that a catalogue of this software has it from, and of that source's own words.

`serialise/rdf` writes it: the catalogue record names the standard of the source's record by its key, and a
`schema:PropertyValue` has the words of a field that its property does not give again. One without a value says that the
source has no such statement.
"""

from __future__ import annotations

import functools
from typing import Any, NamedTuple

from ckanext.aivision.harvesters.protocols.dcat_rdf.rdf_values import Values, address, text
from ckanext.aivision.harvesters.protocols.dcat_rdf.record_tree import Tree
from ckanext.aivision.normalise.geography.countries import code_of
from ckanext.aivision.normalise.vocabulary import rows

# Field -> what the source wrote in it; nothing where it has no such statement.
Words = dict[str, Values]
NO_WORDS: Words = {}
# Before the name of a field in which the source has something that cannot be read.
UNREAD = "unread."
_BESIDE = "schema:additionalProperty"
_TYPES = {"dcat:DataService": "service", "dcat:DatasetSeries": "series"}


class Origin(NamedTuple):
    """profile: of the source's record, a key of config/profiles.yaml. country: of its publisher. type: of the record.
    words: of its fields."""

    profile: str
    country: str
    type: str
    words: Words


@functools.cache
def _profiles() -> frozenset[str]:
    return frozenset(row["profile"] for row in rows("profile_addresses"))


def origin_of(tree: Tree) -> Origin | None:
    """Where a record comes from; None if the catalogue does not say so in this form."""
    profile = next((name for name in _standards(tree) if name in _profiles()), None)
    if profile is None:
        return None
    words = words_of(tree)
    stated = text(words["country"]) if words.get("country") else ""
    named = tree.get("schema:countryOfOrigin", [])
    country = (code_of(address(named)) if named else None) or stated
    types = (_TYPES[name] for name in tree.get("@type", ()) if type(name) is str and name in _TYPES)
    return Origin(profile, country, next(types, ""), words)


def words_of(tree: Tree) -> Words:
    """The source's own words for the fields of a dataset, a distribution or a catalogue record."""
    found: Words = {}
    for item in tree.get(_BESIDE, ()):
        if type(item) is dict and "schema:propertyID" in item:
            found[text(item["schema:propertyID"])] = item.get("schema:value", [])
    return found


def _standards(tree: Tree) -> list[str]:
    """The identifiers of the standards that the catalogue record conforms to."""
    return [
        text(item["dct:identifier"])
        for item in _inner(tree, "foaf:isPrimaryTopicOf", "dct:conformsTo")
        if "dct:identifier" in item
    ]


def _inner(tree: Tree, *names: str) -> list[dict[str, Any]]:
    level: list[dict[str, Any]] = [tree]
    for name in names:
        level = [item for node in level for item in node.get(name, ()) if type(item) is dict]
    return level
