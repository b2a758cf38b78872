"""The JSON-LD contexts: terms without a prefix are schema.org's or Croissant's."""

from __future__ import annotations

from typing import Any

_SCHEMA_ORG = "https://schema.org/"
_PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "dqv": "http://www.w3.org/ns/dqv#",
    "ldqd": "http://www.w3.org/2016/05/ldqd#",
    "locn": "http://www.w3.org/ns/locn#",
    "oa": "http://www.w3.org/ns/oa#",
    "odrl": "http://www.w3.org/ns/odrl/2/",
    "pod": "https://project-open-data.cio.gov/v1.1/schema#",
    "prov": "http://www.w3.org/ns/prov#",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "spdx": "http://spdx.org/rdf/terms#",
    "tdm": "http://www.w3.org/ns/tdmrep#",
    "wdrs": "http://www.w3.org/2007/05/powder-s#",
}
_CROISSANT_TERMS = (
    *("annotation", "arrayShape", "citeAs", "column", "containedIn", "equivalentProperty", "excludes", "extract"),
    *("field", "fileObject", "fileProperty", "fileSet", "format", "includes", "isArray", "isLiveDataset", "jsonPath"),
    *("key", "md5", "parentField", "path", "readLines", "recordSet", "references", "regex", "repeated", "replace"),
    *("samplingRate", "sdVersion", "separator", "source", "subField", "transform", "unArchive"),
)

SCHEMA_ORG: dict[str, Any] = {"@vocab": _SCHEMA_ORG, **_PREFIXES}
# Croissant 1.1, Appendix 1. With https, as mlcroissant and Hugging Face have it. No language: the texts are strangers'.
# Without cr:value, which we have no use for: PropertyValue has schema.org's.
CROISSANT: dict[str, Any] = {
    "@language": None,
    "@vocab": _SCHEMA_ORG,
    "sc": _SCHEMA_ORG,
    "cr": "http://mlcommons.org/croissant/",
    **_PREFIXES,
    **{term: f"cr:{term}" for term in _CROISSANT_TERMS},
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
}
