"""Documented, as US and UK records tell it: outcome, and two fragments that deserve it."""

from __future__ import annotations

from tests.scoring.pairs.sides import CSV, LEVELS, PDF, XLS, Pairs, extras, file, own, resource, uk, us, us3

GUIDE = f"{LEVELS}/method.html"
DICTIONARY = "For the codes of the gauges and sluices see the data dictionary on our web site."
COLLECTED = "Data were collected by interview in 36 hospitals."
LIMITS = "The levels of the last 90 days are provisional and subject to revision."
RATE = "The response rate was 87 per cent."
JARGON = "Levels for the RBD of the EA, by WISKI code, with the HYD and QNT flags of the NRW feed for each gauge."

PAIRS: Pairs = {
    "documentation-linked": [
        ("pass", us(references=[GUIDE]), uk(additional_resources=[{"url": GUIDE}])),
        ("pass", us(**file(downloadURL=PDF, title="User guide")), uk(**resource(url=PDF, name="User guide"))),
        ("partial", us(landingPage=LEVELS), uk(url=LEVELS)),
        ("partial", us(description=DICTIONARY), uk(notes=DICTIONARY)),
        ("fail", us(references=["https://rivers.example.gov/"]), own(documentation=["https://rivers.example.gov/"])),
    ],
    "collection-described": [
        ("pass", us(description=COLLECTED), uk(notes=COLLECTED)),
        ("pass", us(collectionInstrument="Pressure sensors"), own(collection_method="Pressure sensors")),
        ("pass", us(description=COLLECTED), extras(lineage="Gauge readings, checked every night.")),
        ("unknown", us(), uk()),
    ],
    "limitations-described": [
        ("pass", us(description=LIMITS), uk(notes=LIMITS)),
        ("pass", us(description=LIMITS), own(limitations=LIMITS)),
        ("pass", us3(description=LIMITS), own(notes=LIMITS)),
        ("unknown", us(), uk()),
    ],
    "quality-measured": [
        ("pass", us(description=RATE), uk(notes=RATE)),
        ("pass", us(dataQuality=RATE), own(quality_statement=RATE)),
        ("pass", us(dataQuality=RATE), extras(data_quality=RATE)),
    ],
    "distributions-described": [
        ("pass", us(**file(downloadURL=CSV, title="Levels by gauge")), uk(**resource(url=CSV, name="Levels by gauge"))),
        ("fail", us(**file(downloadURL=CSV, title="Download")), own(**resource(url=CSV, name="Download"))),
        (
            "partial",
            us(distribution=[{"downloadURL": CSV, "title": "Levels by gauge"}, {"downloadURL": XLS}]),
            uk(resources=[{"url": CSV, "description": "One row a gauge"}, {"url": XLS}]),
        ),
    ],
    "plain-language": [
        ("pass", us(description=DICTIONARY), uk(notes=DICTIONARY)),
        ("partial", us(description=JARGON), uk(notes=JARGON)),
        ("fail", us(description="River levels"), own(notes="River levels")),
    ],
}
