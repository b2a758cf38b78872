"""Accessible: what addresses, downloads, APIs and terms of access are worth."""

from __future__ import annotations

import datetime

from tests.scoring.conftest import N_A, Cases

CSV = {"download_url": "https://rivers.example/levels.csv", "media_type": "text/csv"}
PDF = {"download_url": "https://rivers.example/levels.pdf", "media_type": "application/pdf"}
PAGE = {"access_url": "https://rivers.example/levels", "format": "HTML"}
WITHHELD = {"access_rights": "restricted public", "rights": ["The records name patients; apply to the data desk."]}
ZIP = {"download_url": "https://rivers.example/levels.zip"}
OLD = {"download_url": "http://rivers.example/old.csv"}
_NOW = datetime.datetime(2026, 11, 24, tzinfo=datetime.timezone.utc)
ANSWERS = {"state": "reachable", "form": "other"}
DEAD = {"state": "broken", "fault": "not-found", "detail": "the server answered 404", "failing_since": _NOW}
FAILED_ONCE = {**DEAD, "state": "unknown"}
_LASTING = {"checked_at": _NOW, "failing_since": _NOW - datetime.timedelta(days=1), "failures": 2}
A_PAGE = {"state": "reachable", "form": "html", "fault": "page-instead-of-data", **_LASTING}
A_PAGE_ONCE = {**A_PAGE, "failing_since": _NOW, "failures": 1}
LOG_IN = {**A_PAGE, "fault": "login-page"}
KEPT_OUT = {"state": "unknown", "fault": "forbidden", **_LASTING}

CASES: Cases = {
    "distribution-present": [
        (1, {"distribution": [CSV]}),
        (1, {"distribution": [PAGE]}),
        (1, {"distribution": [PAGE], **WITHHELD}),
        (0, {}),
        (0, {"distribution": [{"title": "Order the data set by post"}]}),
        (0, {"distribution": [{"access_url": "N/A"}]}),
        (0, {"access_rights": "restricted public"}),
        (0, {"access_rights": "restricted public", "rights": ["TBD"]}),
        (N_A, WITHHELD),
        (N_A, {"access_rights": "non-public", "access_procedure": "Apply to the data desk."}),
        (None, {"profile": "of another catalogue"}),
    ],
    "download-direct": [
        (1, {"distribution": [CSV]}),
        (1, {"distribution": [PDF, PAGE, {"access_url": "https://rivers.example/x", "format": "ZIP"}]}),
        (1, {"distribution": [{"access_url": "https://rivers.example/dataset/7", "datastore_active": True}]}),
        (0, {"distribution": [PAGE]}),
        (0, {"distribution": [PDF]}),
        (0, {"distribution": [{"access_url": "https://rivers.example/wfs?service=WFS", "format": "WFS"}]}),
        (0, {}),
        (N_A, {"distribution": [PAGE], **WITHHELD}),
        (None, {"profile": "of another catalogue"}),
    ],
    "api-documented": [
        (1, {"distribution": [{"access_url": "https://rivers.example/geoserver/wfs", "format": "WFS"}]}),
        (1, {"distribution": [{"access_url": "https://rivers.example/dataset/7", "datastore_active": True}]}),
        (
            1,
            {
                "distribution": [{"access_url": "https://rivers.example/api/levels", "format": "API"}],
                "conforms_to": ["https://spec.openapis.org/oas/v3.1.0"],
            },
        ),
        (0.5, {"distribution": [{"access_url": "https://rivers.example/api/levels", "format": "API"}]}),
        (0.5, {"distribution": [{"download_url": "https://data.gov.example/api/views/4pu-ymx/rows.csv"}]}),
        (0, {"distribution": [CSV]}),
        (0, {}),
        (N_A, {"distribution": [PAGE], **WITHHELD}),
        (None, {"profile": "of another catalogue"}),
    ],
    "access-conditions-stated": [
        (1, {"access_rights": "public"}),
        (1, WITHHELD),
        (1, {"access_rights": "non-public", "access_procedure": "Apply to the data desk."}),
        (0.5, {"access_rights": "non-public"}),
        (0.5, {"access_rights": "restricted public", "rights": ["TBD"]}),
        (0.5, {"access_rights": "members of the mapping agreement"}),
        (0, {"access_rights": "N/A"}),
        (0, {}),
        (None, {"profile": "ckan"}),
        (1, {"profile": "ckan", "access_rights": "non-public"}),
    ],
    "links-reachable": [
        (1, {"distribution": [CSV], "links": {CSV["download_url"]: ANSWERS}}),
        (1, {"distribution": [CSV, ZIP], "links": {CSV["download_url"]: ANSWERS, ZIP["download_url"]: FAILED_ONCE}}),
        (1, {"distribution": [CSV], "links": {CSV["download_url"]: A_PAGE}}),
        (0.5, {"distribution": [CSV, ZIP], "links": {CSV["download_url"]: ANSWERS, ZIP["download_url"]: DEAD}}),
        (0, {"distribution": [CSV], "links": {CSV["download_url"]: DEAD}}),
        (0, {}),
        (None, {"distribution": [CSV]}),
        (None, {"distribution": [CSV], "links": {CSV["download_url"]: FAILED_ONCE}}),
        (None, {"distribution": [CSV], "links": {CSV["download_url"]: KEPT_OUT}}),
        (None, {"distribution": [CSV], "links": {CSV["download_url"]: DEAD}, "profile": "of another catalogue"}),
        (N_A, WITHHELD),
        (N_A, {**WITHHELD, "distribution": [CSV], "links": {CSV["download_url"]: DEAD}}),
    ],
    "links-give-data": [
        (1, {"distribution": [CSV], "links": {CSV["download_url"]: ANSWERS}}),
        (1, {"distribution": [CSV, PAGE], "links": {CSV["download_url"]: ANSWERS, PAGE["access_url"]: A_PAGE}}),
        (0.5, {"distribution": [CSV, ZIP], "links": {CSV["download_url"]: ANSWERS, ZIP["download_url"]: LOG_IN}}),
        (0, {"distribution": [CSV], "links": {CSV["download_url"]: A_PAGE}}),
        (0, {"distribution": [CSV], "links": {CSV["download_url"]: KEPT_OUT}}),
        (0, {"distribution": [CSV], "links": {CSV["download_url"]: {**A_PAGE, "form": "", "fault": "empty"}}}),
        (0, {}),
        (None, {"distribution": [CSV], "links": {CSV["download_url"]: A_PAGE_ONCE}}),
        (None, {"distribution": [CSV], "links": {CSV["download_url"]: DEAD}}),
        (None, {"distribution": [CSV]}),
        (N_A, WITHHELD),
    ],
    "links-encrypted": [
        (1, {"distribution": [CSV], "links": {CSV["download_url"]: ANSWERS}}),
        (1, {"distribution": [OLD], "links": {OLD["download_url"]: {**ANSWERS, "location": CSV["download_url"]}}}),
        (0.5, {"distribution": [CSV, OLD], "links": {CSV["download_url"]: ANSWERS, OLD["download_url"]: ANSWERS}}),
        (0, {"distribution": [OLD], "links": {OLD["download_url"]: ANSWERS}}),
        (0, {}),
        (None, {"distribution": [OLD], "links": {OLD["download_url"]: DEAD}}),
        (None, {"distribution": [OLD]}),
        (N_A, WITHHELD),
    ],
}
