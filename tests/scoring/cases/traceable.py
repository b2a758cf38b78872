"""Traceable: what publishers, contacts, sources, versions, checksums, sizes and code are worth."""

from __future__ import annotations

from tests.scoring.conftest import N_A, Cases

CSV = {"download_url": "https://rivers.example/levels.csv"}
XLS = {"download_url": "https://rivers.example/levels.xls"}
SHA_256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
WITHHELD = {"access_rights": "non-public", "rights": ["The records name patients; apply to the data desk."]}
US = {"profile": "dcat-us-1.1"}
UK = {"profile": "data-gov-uk"}
SERVED = {CSV["download_url"]: {"state": "reachable", "byte_size": 190492}}
SERVED_WHOLE = {CSV["download_url"]: {"state": "reachable", "byte_size": 190492, "checksum": SHA_256}}

CASES: Cases = {
    "publisher-identified": [
        (1, {"publisher": {"name": "Water Office", "identifier": "010:12"}}),
        (1, {"publisher": {"name": "Water Office", "sub_organization_of": ["Department of the Interior"]}}),
        (0.75, {"publisher": "River Trust"}),
        (0, {"publisher": "unknown"}),
        (0, {"publisher": {"identifier": "010:12"}}),
        (0, {}),
        (None, {"profile": "of another catalogue"}),
    ],
    "contact-reachable": [
        (1, {"contact_point": [{"name": "River desk", "email": "rivers@agency.gov.uk"}]}),
        (1, {"contact_point": [{"name": "River desk", "url": "https://rivers.example/ask"}]}),
        (1, {"contact_point": ["River desk", {"email": "rivers@agency.gov.uk"}]}),
        (0.5, {"contact_point": ["River desk"]}),
        (0, {"contact_point": [{"email": "no-reply@agency.gov"}]}),
        (0, {"contact_point": ["N/A"]}),
        (0, {"contact_point": [{"url": "see the web site"}]}),
        (0, {}),
        (None, {"profile": "ckan-flat"}),
        (None, {"profile": "ckan-flat", "contact_point": ["River desk"]}),
    ],
    "source-described": [
        (1, {"provenance": "Gauge readings of the wardens, checked every night."}),
        (1, {"derived_from": ["https://rivers.example/raw"]}),
        (1, {**US, "description": "Compiled from claims that hospitals sent to the office."}),
        (0.5, {**UK, "description": "Derived from Ordnance Survey mapping at 1:10 000."}),
        (0, {"derived_from": ["N/A"], "provenance": "unknown"}),
        (0, {"description": "Energy sources by county, and the funding they are derived under."}),
        (0, {}),
        (None, US),
    ],
    "version-stated": [
        (1, {"version": "2.1", "version_notes": "Two gauges were added."}),
        (1, {**UK, "version": "2.1"}),
        (1, {**US, "title": "Snow cover of the northern hemisphere, Version 4"}),
        (0.75, {"version": "2.1"}),
        (0.5, {"title": "Snow cover of the northern hemisphere, V4.1"}),
        (0.5, {"description": "This version supersedes the release of 2019."}),
        (0.5, {"version_notes": "Two gauges were added."}),
        (0, {"version": "N/A"}),
        (0, {"title": "Causes of death by ICD version 10"}),
        (0, {"description": "Made with ArcGIS version 10.2 of the software."}),
        (0, {}),
        (None, US),
    ],
    "checksum-given": [
        (1, {"distribution": [{**CSV, "checksum": SHA_256}]}),
        (1, {**UK, "distribution": [{**CSV, "checksum": SHA_256}, {**XLS, "checksum": "ab" * 16}]}),
        (0.5, {"distribution": [{**CSV, "checksum": SHA_256}, XLS]}),
        (0, {"distribution": [{**CSV, "checksum": "N/A"}]}),
        (0, {"distribution": [CSV]}),
        (0, {}),
        (N_A, WITHHELD),
        (None, {**US, "distribution": [CSV]}),
        (1, {**US, "distribution": [{**CSV, "checksum": SHA_256}, XLS]}),
    ],
    "size-given": [
        (1, {"distribution": [{**CSV, "byte_size": 190492}]}),
        (1, {**UK, "distribution": [{**CSV, "byte_size": 0}]}),
        (0.5, {"distribution": [{**CSV, "byte_size": 190492}, XLS]}),
        (0, {"distribution": [CSV]}),
        (0, {}),
        (N_A, WITHHELD),
        (None, {**US, "distribution": [CSV]}),
        (1, {**US, "distribution": [{**CSV, "byte_size": 190492}, XLS]}),
    ],
    "processing-code-linked": [
        (1, {"code_repository": "https://git.rivers.example/levels"}),
        (1, {**US, "page": ["https://github.com/rivers/levels"]}),
        (1, {**UK, "description": "Made with https://gitlab.com/rivers/levels."}),
        (
            0.5,
            {
                "description": "See https://github.com/rivers/levels/blob/main/guide.pdf, and the code at https://github.com/rivers/levels."
            },
        ),
        (0, {"page": ["https://github.com/rivers/levels/raw/main/levels.csv"]}),
        (0, {"code_repository": "https://github.com/"}),
        (0, {"code_repository": "to follow"}),
        (0, {}),
        (None, US),
    ],
    "served-as-stated": [
        (1, {"distribution": [{**CSV, "byte_size": 190492}], "links": SERVED}),
        (1, {"distribution": [{**CSV, "byte_size": 190000}], "links": SERVED}),
        (1, {"distribution": [{**CSV, "byte_size": 190492, "checksum": SHA_256.upper()}], "links": SERVED_WHOLE}),
        (1, {"distribution": [{**CSV, "byte_size": 190492, "checksum": "ab" * 16}], "links": SERVED_WHOLE}),
        (0.5, {"distribution": [{**CSV, "byte_size": 190492, "checksum": "ab" * 32}], "links": SERVED_WHOLE}),
        (0.5, {"distribution": [{**CSV, "byte_size": 190492}], "links": SERVED_WHOLE}),
        (0, {"distribution": [{**CSV, "byte_size": 95246}], "links": SERVED}),
        (0, {"distribution": [CSV], "links": SERVED}),
        (0, {}),
        (None, {"distribution": [{**CSV, "byte_size": 190492}]}),
        (None, {**US, "distribution": [CSV], "links": SERVED}),
        (1, {**US, "distribution": [{**CSV, "byte_size": 190492}], "links": SERVED}),
        (N_A, WITHHELD),
    ],
}
