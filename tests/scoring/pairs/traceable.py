"""Traceable, as US and UK records tell it: outcome, and two fragments that deserve it."""

from __future__ import annotations

from tests.scoring.pairs.sides import CSV, Pairs, extras, own, resource, uk, us, us3

BODY = {"title": "River Agency", "name": "river-agency", "id": "8f0c"}
CODE = "https://github.com/rivers/levels"
DERIVED = "Derived from readings of the wardens at 120 stations."
SHA_256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

PAIRS: Pairs = {
    "publisher-identified": [
        ("pass", us(publisher={"name": "Water Office"}, bureauCode=["010:12"]), uk(organization=BODY)),
        (
            "pass",
            us(publisher={"name": "Water Office", "subOrganizationOf": {"name": "Interior"}}),
            own(publisher=[{"name": "Water Office", "part_of": "Interior"}]),
        ),
        ("partial", us(publisher={"name": "River Trust"}), extras(dcat_publisher_name="River Trust")),
        (
            "partial",
            us(publisher={"name": "data.water.gov"}, bureauCode=["010:12"]),
            uk(organization={**BODY, "title": "data.water.gov.uk"}),
        ),
        ("partial", us(publisher={"name": "River Trust"}), extras({"responsible-party": "River Trust (owner)"})),
        ("fail", us(), uk()),
    ],
    "contact-reachable": [
        (
            "pass",
            us(contactPoint={"fn": "Desk", "hasEmail": "mailto:desk@water.gov"}),
            uk({"contact-name": "Desk", "contact-email": "desk@water.gov.uk"}),
        ),
        ("pass", us(contactPoint={"hasEmail": "mailto:desk@water.gov"}), uk(author_email="desk@water.gov.uk")),
        (
            "pass",
            us(contactPoint={"fn": "Form", "hasEmail": "mailto:https://water.gov/ask"}),
            own(contact=[{"url": "https://water.gov/ask"}]),
        ),
        ("fail", us(contactPoint={"fn": "Desk"}), uk({"contact-name": "Desk"})),
        ("partial", us(contactPoint={"fn": "River levels team"}), uk({"contact-name": "River levels team"})),
        ("fail", us(contactPoint={"hasEmail": "mailto:noreply@water.gov"}), uk({"foi-email": "no-reply@water.gov.uk"})),
        ("fail", us(contactPoint={"fn": "N/A"}), own(contact=[{"name": "N/A"}])),
        ("fail", us(), uk()),
    ],
    "source-described": [
        ("pass", us(description=DERIVED), extras(lineage=DERIVED)),
        ("pass", us(description=DERIVED), own(provenance=DERIVED)),
        ("pass", us3(description=DERIVED), uk(notes=DERIVED)),
    ],
    "version-stated": [
        ("pass", us(title="Weekly river levels, version 2.1"), uk(version="2.1")),
        ("pass", us3(title="Weekly river levels, version 2.1"), uk(title="Weekly river levels, version 2.1")),
        (
            "pass",
            us(description="This version supersedes the release of 2019."),
            uk(notes="This version supersedes the release of 2019."),
        ),
    ],
    "checksum-given": [
        ("pass", own(**resource(url=CSV, hash=SHA_256)), uk(**resource(url=CSV, hash=SHA_256))),
        ("fail", own(**resource(url=CSV)), uk(**resource(url=CSV))),
    ],
    "size-given": [
        ("pass", own(**resource(url=CSV, size=190492)), uk(**resource(url=CSV, size="190492"))),
        ("fail", own(**resource(url=CSV)), uk(**resource(url=CSV))),
    ],
    "processing-code-linked": [
        ("pass", us(references=[CODE]), uk(additional_resources=[{"url": CODE}])),
        ("pass", us(description=f"Made with {CODE}."), uk(notes=f"Made with {CODE}.")),
        ("pass", us3(references=[CODE]), own(code_repository=CODE)),
    ],
}
