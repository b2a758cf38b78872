"""Findable, as US and UK records tell it: outcome, and two fragments that deserve it."""

from __future__ import annotations

from tests.scoring.pairs.sides import Pairs, extras, own, uk, us, us3

LONG = (
    "One row for each of 120 gauging stations and day, with the mean water level in metres above datum. The levels are "
    "read by pressure sensors every fifteen minutes, and they are used to warn of floods."
)
SHORT = "Levels of rivers in England and Wales, which were read each week by 9 wardens."
BOX = '{"type":"Polygon","coordinates":[[[2,49],[2,55],[-6,55],[-6,49],[2,49]]]}'
PAIRS: Pairs = {
    "title-descriptive": [
        ("pass", us(title="Weekly river levels"), uk(title="Weekly river levels")),
        ("partial", us(title="river_levels_2019.csv"), uk(title="river_levels_2019.csv")),
        ("partial", us(title="Expenditure"), own(title="Expenditure")),
    ],
    "description-substantive": [
        ("pass", us(description=LONG), uk(notes=LONG)),
        ("pass", us(description=f"<p>{LONG}</p>"), own(notes=LONG)),
        ("partial", us(description=SHORT), uk(notes=SHORT)),
        ("fail", us(description="{{description}}"), uk(notes="No description provided")),
        ("fail", us(), uk()),
    ],
    "keywords-specific": [
        (
            "pass",
            us(keyword=["rivers", "floods", "gauges"]),
            uk(tags=[{"name": n} for n in ("rivers", "floods", "gauges")]),
        ),
        ("pass", us(keyword="rivers, floods, gauges"), own(tag_string="rivers,floods,gauges")),
        ("partial", us(keyword=["rivers", "GIS"]), uk(tags=[{"name": "rivers"}, {"name": "data"}])),
        ("fail", us(keyword=["N/A"]), uk(tags=[])),
    ],
    "theme-controlled": [
        ("pass", us(theme=["Climate"]), uk({"theme-primary": "Environment"})),
        ("pass", us(theme=["environment"]), extras({"topic-category": "inlandWaters"})),
        ("pass", us3(theme=["http://publications.europa.eu/resource/authority/data-theme/ENVI"]), own(theme=["ENVI"])),
        ("partial", us(theme=["geospatial"]), uk(groups=[{"name": "geospatial"}])),
    ],
    "identifier-persistent": [
        ("pass", us(identifier="https://doi.org/10.5066/F7P55KJN"), extras(doi="10.5285/1a2b3c")),
        ("partial", us(identifier="https://data.example.gov/7"), extras(guid="http://rivers.example.gov/id/7")),
        ("partial", us(), uk()),
    ],
    "spatial-coverage-stated": [
        (
            "pass",
            us(spatial="-6.236,49.943,2.072,55.816"),
            extras(
                {
                    "bbox-west-long": "-6.236",
                    "bbox-south-lat": "49.943",
                    "bbox-east-long": "2.072",
                    "bbox-north-lat": "55.816",
                }
            ),
        ),
        ("pass", us(spatial=BOX), extras(spatial=BOX)),
        ("pass", us3(spatial="-6,49,2,55"), own(spatial_coverage=[{"bbox": BOX}])),
        ("partial", us(spatial="United States"), uk(geographic_coverage="100000: England")),
        ("fail", us(spatial="N/A"), uk(geographic_coverage="")),
        ("fail", us(spatial="National, State"), uk(geographic_coverage="Local authority")),
    ],
    "temporal-coverage-stated": [
        (
            "pass",
            us(temporal="2010-04-01/2015-03-31"),
            uk({"temporal_coverage-from": "2010-04-01", "temporal_coverage-to": "2015-03-31"}),
        ),
        (
            "pass",
            us(temporal="2002-01-14/2020-03-31"),
            extras({"temporal-extent-begin": "2002-01-14", "temporal-extent-end": "2020-03-31"}),
        ),
        ("pass", us(temporal="2010-04-01/.."), uk({"temporal_coverage-from": "2010-04-01"})),
        (
            "pass",
            us3(temporal=[{"startDate": "2010-04-01", "endDate": "2015-03-31"}]),
            own(temporal_coverage=[{"start": "2010-04-01", "end": "2015-03-31"}]),
        ),
        (
            "partial",
            us(temporal="2015-03-31/2010-04-01"),
            uk({"temporal_coverage-from": "2015-03-31", "temporal_coverage-to": "2010-04-01"}),
        ),
        ("fail", us(), uk()),
    ],
}
