"""Accessible, as US and UK records tell it: outcome, and two fragments that deserve it."""

from __future__ import annotations

from tests.scoring.pairs.sides import CSV, PDF, Pairs, extras, file, own, resource, uk, us

PAIRS: Pairs = {
    "distribution-present": [
        (
            "pass",
            us(**file(accessURL="https://rivers.example.gov/levels")),
            uk(**resource(url="https://rivers.example.gov/levels")),
        ),
        (
            "not-applicable",
            us(accessLevel="restricted public", rights="Names patients; apply to the data desk."),
            extras(access_rights="restricted", rights="Names patients; apply to the data desk."),
        ),
        ("fail", us(), uk()),
    ],
    "download-direct": [
        ("pass", us(**file(downloadURL=CSV, mediaType="text/csv")), uk(**resource(url=CSV, format="CSV"))),
        (
            "pass",
            us(**file(downloadURL="https://rivers.example.gov/files/7", mediaType="text/csv")),
            own(**resource(url="https://rivers.example.gov/files/7", format="CSV")),
        ),
        ("fail", us(**file(downloadURL=PDF, mediaType="application/pdf")), uk(**resource(url=PDF, format="PDF"))),
        (
            "fail",
            us(**file(downloadURL="https://rivers.example.gov/", mediaType="text/csv")),
            uk(**resource(url="https://rivers.example.gov/", format="CSV")),
        ),
    ],
    "api-documented": [
        (
            "pass",
            us(**file(accessURL="https://rivers.example.gov/wfs?service=WFS", format="WFS")),
            uk(**resource(url="https://rivers.example.gov/geoserver", format="WFS")),
        ),
        (
            "partial",
            us(**file(accessURL="https://rivers.example.gov/wms?service=WMS", format="WMS")),
            uk(**resource(url="https://rivers.example.gov/geoserver", format="WMS")),
        ),
        (
            "partial",
            us(**file(accessURL="https://rivers.example.gov/v1", format="API")),
            uk(**resource(url="https://rivers.example.gov/v1", format="API")),
        ),
        (
            "pass",
            us(
                **file(
                    accessURL="https://rivers.example.gov/v1",
                    format="API",
                    describedBy="https://rivers.example.gov/openapi",
                )
            ),
            own(
                **resource(
                    url="https://rivers.example.gov/v1", format="API", described_by="https://rivers.example.gov/openapi"
                )
            ),
        ),
    ],
    "access-conditions-stated": [
        (
            "pass",
            us(accessLevel="public"),
            extras(access_constraints='["There are no public access constraints to this data."]'),
        ),
        (
            "pass",
            us(accessLevel="public"),
            own(access_rights="http://publications.europa.eu/resource/authority/access-right/PUBLIC"),
        ),
        ("partial", us(accessLevel="non-public"), uk(unpublished=True)),
        ("fail", us(accessLevel="N/A"), own(access_rights_text="N/A")),
    ],
}
