"""Timely, as US and UK records tell it: outcome, and two fragments that deserve it."""

from __future__ import annotations

from tests.scoring.pairs.sides import Pairs, extras, own, uk, us, us3

EU = "http://publications.europa.eu/resource/authority/frequency/"
EVERY_MONTH = "The levels are updated every month."
AFTER_FLOODS = "The levels are updated when a flood is over."
UPKEEP = "The register is maintained by the river team."

PAIRS: Pairs = {
    "issued-stated": [
        ("pass", us(issued="2011-10-27"), uk(date_released="2011-10-27")),
        ("pass", us(issued="2017-01-17"), extras(data_issued="2017-01-17T11:22:20.000Z")),
        (
            "pass",
            us(issued="2004"),
            extras({"dataset-reference-date": '[{"type": "publication", "value": "2004-01-01"}]'}),
        ),
        ("fail", us(issued="2031-01-01"), own(issued="2031-01-01")),
        ("fail", us(issued="1970-01-01"), uk(date_released="1970-01-01")),
    ],
    "modified-stated": [
        ("pass", us(modified="2016-03-24"), uk(date_updated="2016-03-24")),
        ("pass", us(modified="2017-02-23T10:11:38Z"), extras(data_modified="2017-02-23T10:11:38.000Z")),
        (
            "pass",
            us(modified="2018-04-30"),
            extras({"dataset-reference-date": '[{"type": "revision", "value": "2018-04-30"}]'}),
        ),
        ("pass", us3(modified="2016-03-24"), own(modified="2016-03-24")),
        ("fail", us(modified="R/P1D"), uk(date_updated="daily")),
        ("fail", us(modified="1900-01-01"), extras(data_modified="1900-01-01T00:00:00.000Z")),
    ],
    "update-frequency-stated": [
        ("pass", us(accrualPeriodicity="R/P1Y"), uk(update_frequency="annually")),
        ("pass", us(accrualPeriodicity="R/P1Y"), extras({"frequency-of-update": "annual"})),
        ("pass", us(accrualPeriodicity="R/P1M"), extras(UpdateFrequency="Monthly")),
        ("pass", us(accrualPeriodicity="R/P1Y"), own(frequency=f"{EU}ANNUAL")),
        ("pass", us(accrualPeriodicity="R/PT1S"), extras({"frequency-of-update": "continual"})),
        (
            "partial",
            us(accrualPeriodicity="No longer updated (dataset archived)"),
            extras({"frequency-of-update": "notPlanned"}),
        ),
        ("pass", us3(accrualPeriodicity=f"{EU}QUARTERLY"), uk(update_frequency="quarterly")),
        (
            "pass",
            us(accrualPeriodicity="irregular", description=AFTER_FLOODS),
            uk(update_frequency="irregular", notes=AFTER_FLOODS),
        ),
        ("partial", us(accrualPeriodicity="irregular"), extras({"frequency-of-update": "asNeeded"})),
        ("partial", us(description=EVERY_MONTH), uk(notes=EVERY_MONTH)),
        ("fail", us(accrualPeriodicity="unknown"), extras({"frequency-of-update": "unknown"})),
    ],
    "updated-on-rhythm": [
        (
            "pass",
            us(accrualPeriodicity="R/P1Y", modified="2026-01-15"),
            uk(update_frequency="annual", date_updated="2026-01-15"),
        ),
        (
            "partial",
            us(accrualPeriodicity="R/P1Y", modified="2024-09-01"),
            extras({"frequency-of-update": "annually", "data_modified": "2024-09-01"}),
        ),
        (
            "fail",
            us(accrualPeriodicity="R/P1M", modified="2019-01-15"),
            own(frequency=f"{EU}MONTHLY", modified="2019-01-15"),
        ),
        ("fail", us(accrualPeriodicity="R/P1M"), uk(update_frequency="monthly")),
        ("unknown", us(accrualPeriodicity="irregular"), extras({"frequency-of-update": "irregular"})),
    ],
    "maintenance-stated": [
        ("pass", us(description=UPKEEP), uk(notes=UPKEEP)),
        ("pass", us(description=UPKEEP), own(maintenance_plan=UPKEEP)),
        (
            "pass",
            us(systemOfRecords="https://rivers.example.gov/notices/7"),
            own(system_of_records="https://rivers.example.gov/notices/7"),
        ),
    ],
}
