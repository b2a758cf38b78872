"""Licensed, as US and UK records tell it: outcome, and two fragments that deserve it."""

from __future__ import annotations

from typing import Any

from tests.scoring.pairs import sides
from tests.scoring.pairs.sides import CSV, Pairs, Side, file, resource, us3

CITATION = "River Agency (2026): Weekly river levels."
CREDIT = "You must acknowledge the River Agency as the source."


def us(**members: Any) -> Side:
    """With a file, as a licence for nothing counts for nothing."""
    return sides.us(**file(downloadURL=CSV), **members)


def uk(members: dict[str, Any] | None = None, **more: Any) -> Side:
    return sides.uk({**resource(url=CSV), **(members or {}), **more})


def extras(**members: Any) -> Side:
    return uk(sides.extras(**members).members)


def own(**members: Any) -> Side:
    return sides.own(**{**resource(url=CSV), **members})


MINING = "Text and data mining is permitted for research."

PAIRS: Pairs = {
    "licence-open": [
        ("pass", us(license="https://www.usa.gov/government-works"), uk(license_id="uk-ogl")),
        ("pass", us(license="https://www.usa.gov/publicdomain/label/1.0/"), uk(license_id="OGL-UK-3.0")),
        (
            "pass",
            us(license="This is a work of the US government under 17 U.S.C. 105"),
            uk(license_title="Open Government Licence v3.0"),
        ),
        (
            "pass",
            us(license="http://www.usa.gov/publicdomain/label/1.0/"),
            extras(licence='["Open Government Licence v3.0", "Contains river data"]'),
        ),
        ("pass", us(license="https://creativecommons.org/publicdomain/zero/1.0/"), uk(license_id="cc-zero")),
        (
            "pass",
            us3(**file(downloadURL=CSV, license="https://creativecommons.org/licenses/by/4.0/")),
            own(**resource(url=CSV, license="CC-BY-4.0")),
        ),
        ("partial", us(license="https://creativecommons.org/licenses/by-nc/4.0/"), uk(license_id="cc-nc")),
        ("partial", us(license="Ask the river team"), uk(license_title="Ask the river team")),
        ("partial", us(license="Open"), own(license_id="other-open")),
        ("fail", us(license="https://rivers.example.gov/terms"), extras(licence="https://rivers.example.gov/terms")),
        ("fail", us(license="none"), uk(license_id="notspecified")),
        ("fail", us(license="TBD"), uk(license_title="TBD")),
    ],
    "licence-machine-readable": [
        ("pass", us(license="https://www.usa.gov/government-works"), uk(license_id="uk-ogl")),
        ("partial", us(license="Creative Commons Attribution 4.0"), uk(license_title="Open Government Licence v3.0")),
        ("partial", us(license="U.S. Government Work"), extras(licence='["Open Government Licence v3.0"]')),
        ("fail", us(license="TBD"), own(license_text="TBD")),
    ],
    "attribution-stated": [
        ("pass", us(citation=CITATION), extras(citation=CITATION)),
        ("pass", us(rights=CREDIT), uk(rights=CREDIT)),
        ("pass", us3(citation=CITATION), own(citation=CITATION)),
    ],
    "ai-use-terms-stated": [
        ("not-applicable", us(license="https://www.usa.gov/government-works"), uk(license_id="uk-ogl")),
        ("partial", us(rights=MINING), uk(rights=MINING)),
        ("fail", us(), uk()),
    ],
}
