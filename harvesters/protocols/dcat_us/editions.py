"""Which DCAT-US it is: 1.1 or 3.0, a dataset, a service or a series. The catalogue says so, or the record shows it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ckanext.aivision.harvesters.mapping.mapper import Mapper
from ckanext.aivision.harvesters.protocols.dcat_us.v1_1 import DCAT_US
from ckanext.aivision.harvesters.protocols.dcat_us.v3 import DATA_SERVICE, DATASET_SERIES, DCAT_US_3
from ckanext.aivision.harvesters.sources.source import Source

# Members of a catalogue that may name the standard, and how each edition is named there.
_NAMING = ("conformsTo", "@context", "describedBy")
_NAMED = (
    (re.compile(r"dcat[-_ ]?us(?:[-_ /]|%20)*v?3", re.IGNORECASE), "3.0"),
    (re.compile(r"project-open-data|dcat[-_ ]?us(?:[-_ /]|%20)*v?1", re.IGNORECASE), "1.1"),
)
# Members that only one edition has.
_ONLY_3_CATALOGUE = frozenset(("service", "record", "datasetSeries", "catalog", "themeTaxonomy"))
_ONLY_3 = frozenset(
    (
        *("otherIdentifier", "accessRights", "inSeries", "version", "versionNotes", "provenance", "liabilityStatement"),
        *("hasQualityMeasurement", "wasGeneratedBy", "qualifiedRelation", "qualifiedAttribution", "temporalResolution"),
        *("spatialResolutionInMeters", "rightsHolder", "previousVersion", "seriesMember", "endpointURL", "page"),
    )
)
_ONLY_1 = frozenset(
    (
        *("accessLevel", "bureauCode", "programCode", "isPartOf", "dataQuality", "systemOfRecords", "references"),
        *("primaryITInvestmentUID", "describedByType"),
    )
)
# 1.1 writes JSON-LD types with their prefix, 3.0 without.
_TYPES = {"Dataset": "3.0", "Catalog": "3.0", "dcat:Dataset": "1.1", "dcat:Catalog": "1.1"}
_MAPPERS = {
    "service": DATA_SERVICE,
    "DataService": DATA_SERVICE,
    "dcat:DataService": DATA_SERVICE,
    "datasetSeries": DATASET_SERIES,
    "DatasetSeries": DATASET_SERIES,
    "dcat:DatasetSeries": DATASET_SERIES,
}
_LONGEST_NAME = 2000


class Edition:
    """What the members of a catalogue say of its edition, as they come by: a name of the standard counts most."""

    def __init__(self, outer: Edition | None = None) -> None:
        """outer: that of the catalogue around this one."""
        self._stated = outer.name if outer is not None else ""
        self._shown = ""

    @property
    def name(self) -> str:
        """`1.1`, `3.0`, or empty if nothing has told."""
        return self._stated or self._shown

    def note(self, member: str, value: Any) -> None:
        """Takes a member of the catalogue into account. value: empty if the member is a list that is read apart."""
        if member in _NAMING:
            self._stated = edition_by_name(value) or self._stated
        elif member == "@type" and isinstance(value, str):
            self._shown = self._shown or _TYPES.get(value, "")
        elif member in _ONLY_3_CATALOGUE:
            self._shown = "3.0"


def edition_by_name(value: Any) -> str:
    """The edition that a standard's name or address tells: a text, an object (Standard) or several; or empty."""
    parts = value if isinstance(value, list) else [value]
    texts = [text for part in parts for text in (part.values() if isinstance(part, dict) else [part])]
    words = " ".join(text[:_LONGEST_NAME] for text in texts if isinstance(text, str))
    return next((edition for pattern, edition in _NAMED if pattern.search(words)), "")


def mapper_of(raw: Any, source: Source, member: str = "dataset", edition: str = "") -> Mapper:
    """How a record of a DCAT-US catalogue is to be read.

    member: the list of the catalogue that holds it. edition: what the catalogue has told of itself.
    Where neither the catalogue nor the record tells, the source's profile does.
    """
    kind = raw.get("@type") if isinstance(raw, dict) else None
    found = _MAPPERS.get(member) or (_MAPPERS.get(kind) if isinstance(kind, str) else None)
    if found is not None:
        return found
    told = edition or (edition_of(raw) if isinstance(raw, dict) else "") or source.profile.rpartition("-")[2]
    return DCAT_US_3 if told == "3.0" else DCAT_US


def edition_of(raw: Mapping[str, Any]) -> str:
    """The edition that a record shows by its members; empty if none of them is of one edition only."""
    if edition := edition_by_name(raw.get("conformsTo")):
        return edition
    if _ONLY_1 & raw.keys():
        return "1.1"
    if _ONLY_3 & raw.keys():
        return "3.0"
    kind = raw.get("@type")
    return _TYPES.get(kind, "") if isinstance(kind, str) else ""
