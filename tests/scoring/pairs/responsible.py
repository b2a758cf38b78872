"""Responsible, as US and UK records tell it: outcome, and two fragments that deserve it."""

from __future__ import annotations

from tests.scoring.pairs.sides import Pairs, own, uk, us, us3

ANONYMOUS = "Direct identifiers have been removed from the file."
SUPPRESSED = "Small numbers are suppressed to protect the confidentiality of patients."
BIASED = "The survey is subject to selection bias."
INTENDED = "These data are intended for flood studies."
UNSUITABLE = "The map should not be used for navigation."
ERRORS = "Margins of error are given for each county."

PAIRS: Pairs = {
    "personal-data-addressed": [
        ("pass", us(description=ANONYMOUS), uk(notes=ANONYMOUS)),
        ("pass", us(rights=SUPPRESSED), uk(rights=SUPPRESSED)),
        ("pass", us(systemOfRecords="https://rivers.example.gov/notices/7"), own(personal_data="none")),
        ("unknown", us(), uk()),
    ],
    "representativeness-described": [
        ("pass", us(description=BIASED), uk(notes=BIASED)),
        ("pass", us3(description=BIASED), own(biases=BIASED)),
        ("unknown", us(), uk()),
    ],
    "uses-described": [
        ("pass", us(description=INTENDED), uk(notes=INTENDED)),
        ("pass", us(description=UNSUITABLE), uk(notes=UNSUITABLE)),
        ("pass", us(description=f"{INTENDED} {UNSUITABLE}"), own(intended_uses=INTENDED, unsuitable_uses=UNSUITABLE)),
    ],
    "uncertainty-described": [
        ("pass", us(description=ERRORS), uk(notes=ERRORS)),
        ("pass", us(description=ERRORS), own(uncertainty=ERRORS)),
        ("unknown", us(), uk()),
    ],
}
