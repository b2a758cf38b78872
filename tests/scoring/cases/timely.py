"""Timely: what dates, rhythms, punctuality and promises of upkeep are worth on 24 November 2026."""

from __future__ import annotations

from tests.scoring.conftest import N_A, Cases

CASES: Cases = {
    "issued-stated": [
        (1, {"issued": "2019-04-01"}),
        (1, {"issued": "2004"}),
        (0.5, {"metadata_issued": "2019-05-01T10:00:00.123456"}),
        (0.5, {"profile": "ckan", "issued": "n/a", "metadata_issued": "2019-05-01"}),
        (0, {"issued": "2027-01-01"}),
        (0, {"issued": "last spring"}),
        (0, {}),
        (None, {"profile": "of another catalogue"}),
        (None, {"profile": "of another catalogue", "issued": "last spring"}),
    ],
    "modified-stated": [
        (1, {"modified": "2025-01-15T09:30:00-05:00"}),
        (1, {"modified": "2026-11-24"}),
        (0.5, {"metadata_modified": "2024-03-02T11:00:00.654321"}),
        (0, {"modified": "2026-11-25"}),
        (0, {"modified": "R/P1D"}),
        (0, {}),
        (None, {"profile": "of another catalogue"}),
    ],
    "update-frequency-stated": [
        (1, {"accrual_periodicity": "R/P1Y"}),
        (1, {"accrual_periodicity": "quarterly"}),
        (1, {"accrual_periodicity": "No longer updated (dataset archived)"}),
        (1, {"accrual_periodicity": "irregular", "description": "Levels are updated when a flood is over."}),
        (0.5, {"accrual_periodicity": "irregular"}),
        (0.5, {"accrual_periodicity": "two weeks after each election"}),
        (0.5, {"description": "The levels are updated every month."}),
        (0, {"accrual_periodicity": "unknown"}),
        (0, {}),
        (None, {"profile": "ckan"}),
        (1, {"profile": "ckan", "accrual_periodicity": "irregular"}),
    ],
    "updated-on-rhythm": [
        (1, {"accrual_periodicity": "R/P1Y", "modified": "2025-12-01"}),
        (1, {"accrual_periodicity": "R/P1Y", "modified": "2025-06-01"}),
        (
            1,
            {
                "accrual_periodicity": "daily",
                "modified": "2020-01-01",
                "distribution": [{"download_url": "https://rivers.example/levels.csv", "modified": "2026-11-23"}],
            },
        ),
        # Two periods and a quarter: half way from one and a half to three.
        (0.5, {"accrual_periodicity": "R/P100D", "modified": "2026-04-13"}),
        (0, {"accrual_periodicity": "R/P1M", "modified": "2019-04-01"}),
        (0, {"accrual_periodicity": "R/P1M", "modified": "2027-01-01"}),
        (0, {"accrual_periodicity": "R/P1M"}),
        (0, {"modified": "2026-11-01"}),
        (N_A, {"accrual_periodicity": "irregular", "modified": "2019-04-01"}),
        (N_A, {"accrual_periodicity": "notPlanned"}),
        (None, {"profile": "ckan"}),
        (None, {"profile": "ckan", "accrual_periodicity": "R/P1M"}),
        (None, {"profile": "ckan", "accrual_periodicity": "R/P1M", "modified": "2019-04-01"}),
    ],
    "maintenance-stated": [
        (1, {"maintenance_plan": "The river team keeps the levels up until 2035."}),
        (1, {"system_of_records": "https://rivers.example/notices/7"}),
        (1, {"profile": "data-gov-uk", "description": "The register is maintained by the council's river team."}),
        (0.5, {"description": "The data set will continue to be updated after 2030."}),
        (0, {"maintenance_plan": "TBC"}),
        (0, {"system_of_records": "https://rivers.example/"}),
        (0, {"description": "Paths and bridges maintained by the council."}),
        (0, {}),
        (None, {"profile": "dcat-us-1.1"}),
    ],
}
