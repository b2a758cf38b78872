"""Records that the tests of several folders are made of."""

from __future__ import annotations

from typing import Any


def record(number: int, **members: Any) -> dict[str, Any]:
    """A DCAT-US 1.1 record that says what most records say."""
    return {
        "@type": "dcat:Dataset",
        "identifier": f"river-{number}",
        "title": f"Weekly river levels at station {number}",
        "description": "Levels in metres above the gauge's zero, measured every week by an automated sensor.",
        "keyword": ["rivers", "levels", "gauges"],
        "modified": "2026-10-01",
        "publisher": {"@type": "org:Organization", "name": "River Sample Office"},
        "contactPoint": {"@type": "vcard:Contact", "fn": "Data desk", "hasEmail": "mailto:data@rivers.example.gov"},
        "accessLevel": "public",
        "license": "https://creativecommons.org/publicdomain/zero/1.0/",
        "distribution": [{"downloadURL": f"https://rivers.example.gov/{number}.csv", "mediaType": "text/csv"}],
        **members,
    }


def shortest_record(number: int = 1, **members: Any) -> dict[str, Any]:
    """A DCAT-US 1.1 record with no more than a name and an access level."""
    return {
        "@type": "dcat:Dataset",
        "identifier": f"agency-{number}",
        "title": f"Weekly river levels, station {number}",
        "accessLevel": "public",
        **members,
    }
