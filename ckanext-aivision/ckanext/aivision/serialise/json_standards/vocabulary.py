"""The prefixes of members that our DCAT-US documents have beyond the standard, and the terms of our own among them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from ckanext.aivision.normalise.vocabulary import rows
from ckanext.aivision.serialise.rdf.graph import PREFIXES

PREFIX = "aivision"
PATH = "/aivision/vocabulary"
# Those of config/serialise/dcat-us-1.1.yaml and dcat-us-3.yaml.
_USED = ("adms", "csvw", "dcat", "dct", "dqv", "foaf", "odrl", "org", "prov", "rai", "schema", "spdx", "vcard")


def namespace(address: str) -> str:
    """The namespace of our terms in the catalogue that has this address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}{PATH}#" if parts.netloc else f"{PATH}#"


def context(own: str) -> dict[str, str]:
    """A JSON-LD context with the prefixes. own: the namespace of our terms."""
    return {PREFIX: own, **{prefix: PREFIXES[prefix] for prefix in _USED}}


def vocabulary(own: str) -> dict[str, Any]:
    """Our terms as JSON-LD: each with its name and what it means."""
    terms = [
        {
            "@id": f"{PREFIX}:{row['term']}",
            "@type": "rdf:Property",
            "rdfs:label": {"@value": row["label"], "@language": "en"},
            "rdfs:comment": {"@value": row["comment"], "@language": "en"},
            "rdfs:isDefinedBy": {"@id": own.rstrip("#")},
        }
        for row in rows("vocabulary", "serialise")
    ]
    prefixes = {prefix: PREFIXES[prefix] for prefix in ("rdf", "rdfs")}
    return {"@context": {**prefixes, **context(own)}, "@graph": terms}
