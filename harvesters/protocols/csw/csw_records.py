"""The records that catalogues and folders give: of ISO 19115 or the FGDC, told apart one by one."""

from __future__ import annotations

from typing import Any

from ckanext.aivision.harvesters.mapping.mapper import Known, harvested, refused
from ckanext.aivision.harvesters.parsing.entries import Entry
from ckanext.aivision.harvesters.protocols.fgdc.fgdc_dataset import FGDC
from ckanext.aivision.harvesters.protocols.fgdc.protocol import is_fgdc
from ckanext.aivision.harvesters.protocols.iso.iso_dataset import ISO
from ckanext.aivision.harvesters.protocols.iso.protocol import is_iso
from ckanext.aivision.harvesters.sources.source import Source
from ckanext.aivision.record import Harvested

# The records of CSW itself, in Dublin Core (OGC 07-006r1, 10.2.5), and the beginning of its namespaces.
_DUBLIN_CORE = frozenset(("Record", "SummaryRecord", "BriefRecord"))
_CATALOGUE = "http://www.opengis.net/cat/csw/"


def is_record(namespace: str, name: str) -> bool:
    """Whether an element is a record, of whatever standard."""
    if name in _DUBLIN_CORE and namespace.startswith(_CATALOGUE):
        return True
    return is_iso(namespace, name) or is_fgdc(namespace, name)


def is_dublin_core(raw: Any) -> bool:
    """Whether a record is one of CSW itself, of which no dataset is made."""
    return isinstance(raw, dict) and str(raw.get("@xmlns", "")).startswith(_CATALOGUE)


def is_of_fgdc(raw: Any) -> bool:
    return isinstance(raw, dict) and "idinfo" in raw


def read_record(entry: Entry, source: Source, known: Known) -> Harvested:
    """A record as a dataset, or refused with the reason."""
    if is_dublin_core(entry.raw):
        message = (
            "a record in Dublin Core (csw:Record), which says too little of a dataset; ask the catalogue for "
            "outputSchema=http://www.isotc211.org/2005/gmd"
        )
        return refused(entry.where, entry.raw, "record-in-dublin-core", message)
    return harvested(entry, source, FGDC if is_of_fgdc(entry.raw) else ISO, known)
