"""Machine-readable, as US and UK records tell it: outcome, and two fragments that deserve it."""

from __future__ import annotations

from tests.scoring.pairs.sides import CSV, PDF, ZIP, Pairs, extras, file, own, resource, uk, us

PAIRS: Pairs = {
    "format-structured": [
        ("pass", us(**file(downloadURL=CSV)), uk(**resource(url=CSV))),
        (
            "pass",
            us(**file(accessURL="https://rivers.example.gov/files/7", format="GeoJSON")),
            uk(**resource(url="https://rivers.example.gov/files/7", format="geojson")),
        ),
        ("partial", us(**file(downloadURL=ZIP, mediaType="application/zip")), uk(**resource(url=ZIP, format="ZIP"))),
        (
            "partial",
            us(**file(downloadURL="https://rivers.example.gov/a.xls")),
            own(**resource(url="https://rivers.example.gov/a.xls")),
        ),
        (
            "partial",
            us(**file(downloadURL="https://rivers.example.gov/a.xlsx")),
            uk(**resource(url="https://rivers.example.gov/a.xlsx", format="XLSX")),
        ),
        ("fail", us(**file(downloadURL=PDF)), uk(**resource(url=PDF))),
    ],
    "media-type-registered": [
        ("pass", us(**file(downloadURL=CSV, mediaType="text/csv")), uk(**resource(url=CSV, mimetype="text/csv"))),
        ("fail", us(**file(downloadURL=CSV, mediaType="text/html")), uk(**resource(url=CSV, mimetype="text/html"))),
        ("fail", us(**file(downloadURL=CSV)), own(**resource(url=CSV))),
    ],
    "format-efficient": [
        (
            "pass",
            us(**file(downloadURL="https://rivers.example.gov/a.parquet")),
            uk(**resource(url="https://rivers.example.gov/a.parquet")),
        ),
        ("fail", us(**file(downloadURL=CSV)), uk(**resource(url=CSV))),
    ],
    "data-dictionary-linked": [
        (
            "pass",
            us(describedBy="https://rivers.example.gov/columns.json"),
            uk(**resource(url=CSV, schema={"fields": [{"name": "gauge"}]})),
        ),
        (
            "pass",
            us(**file(downloadURL=CSV, describedBy="https://rivers.example.gov/columns.json")),
            own(**resource(url=CSV, columns="gauge | text")),
        ),
        (
            "partial",
            us(**file(downloadURL=PDF, title="Data dictionary")),
            own(**resource(url=PDF, name="Data dictionary")),
        ),
    ],
    "standard-conformance-stated": [
        (
            "pass",
            us(conformsTo="https://www.ogc.org/standard/waterml/"),
            uk(schema=[{"url": "https://www.ogc.org/standard/waterml/"}]),
        ),
        (
            "partial",
            us(conformsTo="https://project-open-data.cio.gov/v1.1/schema"),
            extras(conforms_to='["UK GEMINI"]'),
        ),
        ("fail", us(conformsTo="N/A"), extras(conforms_to="N/A")),
        (
            "fail",
            us(conformsTo="https://github.com/datagovuk/schemas/tree/master/organogram"),
            uk(schema=[{"url": "https://github.com/datagovuk/schemas/tree/master/organogram"}]),
        ),
    ],
}
