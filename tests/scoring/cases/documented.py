"""Documented: what documentation, method, limits, quality, names and plain words are worth."""

from __future__ import annotations

from tests.scoring.conftest import N_A, Cases

CSV = {"download_url": "https://rivers.example/levels.csv", "format": "CSV"}
XLS = {"download_url": "https://rivers.example/levels.xls", "format": "XLS"}
GUIDE = {"download_url": "https://rivers.example/guide.pdf", "title": "User guide"}
WITHHELD = {"access_rights": "non-public", "rights": ["The records name patients; apply to the data desk."]}
# Profiles that have a place for neither method nor limits nor quality.
US = {"profile": "dcat-us-1.1"}
UK = {"profile": "data-gov-uk"}

PLAIN = "Water levels of rivers, in metres above datum. They are read every week at 120 gauging stations."
JARGON = "Levels for the RBD of the EA, by WISKI code, with the HYD and QNT flags of the NRW feed for each gauge."
ENDLESS = (
    "This file holds the levels of all the rivers that were read by the wardens at each of the gauging stations of the "
    "north and of the south in every week of the year in which there was neither ice nor a flood at the bridge"
)

CASES: Cases = {
    "documentation-linked": [
        (1, {"page": ["https://rivers.example/method.html"]}),
        (1, {"distribution": [CSV, GUIDE]}),
        (1, {**UK, "page": ["https://rivers.example/", "https://rivers.example/method.pdf"]}),
        (0.5, {"description": "For the codes of the gauges see the data dictionary on our web site."}),
        (0.5, {"landing_page": "https://rivers.example/levels"}),
        (0, {"page": ["https://rivers.example/"], "landing_page": "https://rivers.example"}),
        (0, {"page": ["N/A"], "landing_page": "N/A"}),
        (0, {"distribution": [{**CSV, "title": "Guide prices of houses"}]}),
        (0, {}),
        (None, {"profile": "ckan", "landing_page": "https://rivers.example/levels"}),
    ],
    "collection-described": [
        (1, {"collection": "A sensor reads the level every fifteen minutes."}),
        (1, {"provenance": "Gauge readings of the wardens, checked every night."}),
        (1, {**US, "description": "Data were collected by interview in 36 hospitals."}),
        (1, {**UK, "description": "Boundaries digitised from the definitive map at 1:10 000."}),
        (0.5, {"description": "The levels are measured by sensors at 120 stations."}),
        (0, {"collection": "N/A"}),
        (0, {"description": "Taxes and fees collected by each county."}),
        (0, {}),
        (None, US),
        (None, UK),
    ],
    "limitations-described": [
        (1, {"limitations": "Floods between two readings do not show."}),
        (1, {**US, "description": "The data are provisional and subject to revision."}),
        (1, {**UK, "description": "Figures should be interpreted with caution: the survey does not cover Orkney."}),
        (0.5, {"description": "Known limitations of the data: gauges freeze in winter."}),
        (0, {"limitations": "Some gaps."}),
        (0, {"description": "The act has no limitations on speed, and its limitations are those of liability."}),
        (0, {}),
        (None, US),
    ],
    "quality-measured": [
        (1, {"quality": "97 % of the planned readings were taken."}),
        (1, {**US, "description": "The response rate was 87 percent."}),
        (1, {**UK, "description": "Positional accuracy is better than 0.4 m."}),
        (0.75, {"quality": "Checked by two wardens before release."}),
        (0.5, {"description": "The levels were validated against hand readings."}),
        (0.25, {**US, "quality": "true"}),
        (0.25, {"quality": "false"}),
        (0, {"description": "Air quality at 40 sites."}),
        (0, US),
        (None, UK),
        (None, {**UK, "quality": "true"}),
    ],
    "distributions-described": [
        (1, {"distribution": [{**CSV, "title": "Levels 2019, by gauge"}]}),
        (1, {"distribution": [{**CSV, "title": "Weekly river levels"}, {**XLS, "title": "Weekly river levels"}]}),
        (1, {"distribution": [{**CSV, "title": "Download", "description": "One row a gauge and week"}]}),
        (0.5, {"distribution": [{**CSV, "title": "Levels 2019, by gauge"}, XLS]}),
        (0, {"distribution": [{**CSV, "title": "Download data (CSV)"}]}),
        (
            0,
            {
                "distribution": [
                    {"access_url": f"https://rivers.example/{year}", "title": "Weekly river levels"}
                    for year in (2018, 2019)
                ]
            },
        ),
        (0, {}),
        (N_A, WITHHELD),
        (None, {"profile": "of another catalogue"}),
    ],
    "plain-language": [
        (1, {"description": PLAIN}),
        (1, {"description": f"{PLAIN} " * 7 + JARGON}),
        (1, {"description": "Levels by river basin district (RBD), read by the Environment Agency (EA) each week."}),
        (0.5, {"description": PLAIN.upper()}),
        (0.5, {"description": JARGON}),
        (0.5, {"description": ENDLESS}),
        (0, {"description": f"{ENDLESS} of the RBD and the WISKI and the HYD and the QNT"}),
        (0, {"description": "River levels"}),
        (0, {"description": "TBD"}),
        (0, {}),
        (None, {"profile": "of another catalogue"}),
    ],
}
