"""Dates, rhythms, keywords, themes and descriptions that cannot be what they stand for earn what silence earns."""

from __future__ import annotations

from typing import Any

import pytest
from tests.scoring.conftest import result_of

from ckanext.aivision.scoring.examples import record

# Criterion, what is said, what of it the evidence quotes.
FALSE: list[tuple[str, dict[str, Any], str]] = [
    ("modified-stated", {"modified": "0201-12-01"}, "0201-12-01: before 1600"),
    ("modified-stated", {"modified": "2099-01-01"}, "2099-01-01: in the future"),
    ("issued-stated", {"issued": "1066"}, "1066: before 1600"),
    ("modified-stated", {"modified": "2 days ago"}, "2 days ago: not a date"),
    ("temporal-coverage-stated", {"temporal": ["0001-01-01/9999-12-31"]}, "0001-01-01/9999-12-31: no period"),
    ("temporal-coverage-stated", {"temporal": ["0001/9999"]}, "0001/9999: no period"),
    ("temporal-coverage-stated", {"temporal": ["1000-01-01/2999-12-31"]}, "no period"),
    ("temporal-coverage-stated", {"temporal": ["2990-01-01/2999-12-31"]}, "no period"),
    ("temporal-coverage-stated", {"temporal": ["the usual"]}, "the usual: not a period"),
    ("update-frequency-stated", {"accrual_periodicity": "R/P10Y", "modified": "2019-03-02"}, "R/P10Y: so long"),
    ("updated-on-rhythm", {"accrual_periodicity": "R/P10Y", "modified": "2019-03-02"}, "R/P10Y: so long"),
    ("updated-on-rhythm", {"accrual_periodicity": "every ten years", "modified": "2019-03-02"}, "every ten years"),
    ("updated-on-rhythm", {"accrual_periodicity": "now and then", "modified": "2019-03-02"}, "now and then"),
    ("keywords-specific", {"keyword": ["2020", "1.5", "true", "-7"]}, "2020, 1.5"),
    ("theme-controlled", {"theme": ["Uncategorized"]}, "Uncategorized: names no theme"),
    ("theme-controlled", {"theme": ["Other", "Misc"]}, "Other, Misc: names no theme"),
    (
        "description-substantive",
        {"description": "https://data.gov/" + "levels/" * 30},
        "an address, and no description",
    ),
]
TRUE: list[tuple[str, dict[str, Any]]] = [
    ("modified-stated", {"modified": "20240501T100000Z"}),
    ("modified-stated", {"modified": "20240501"}),
    ("issued-stated", {"issued": "1801-05-01"}),
    ("temporal-coverage-stated", {"temporal": ["2020-01-01/9999-12-31"]}),
    ("temporal-coverage-stated", {"temporal": ["2015-01-01/2100-12-31"]}),
    ("temporal-coverage-stated", {"temporal": ["0850-01-01/1849-12-31"]}),
    ("update-frequency-stated", {"accrual_periodicity": "R/P10Y", "issued": "2011-06-01", "modified": "2021-06-01"}),
    ("updated-on-rhythm", {"accrual_periodicity": "R/P10Y", "issued": "2011-06-01", "modified": "2021-06-01"}),
    ("update-frequency-stated", {"accrual_periodicity": "R/P2Y", "modified": "2025-06-01"}),
    ("update-frequency-stated", {"accrual_periodicity": "R/P1M"}),
    ("update-frequency-stated", {"accrual_periodicity": "notPlanned", "temporal": ["1990/2000"]}),
    ("keywords-specific", {"keyword": ["census 2020", "covid-19", "1,2-dichloroethane"]}),
    ("theme-controlled", {"theme": ["Uncategorized", "environment"]}),
]


@pytest.mark.parametrize(("criterion", "said", "told"), FALSE)
def test_what_cannot_be_is_worth_what_silence_is(criterion: str, said: dict[str, Any], told: str) -> None:
    silent, found = result_of(criterion, record()), result_of(criterion, record(**said))
    assert (found.result, found.value) == (silent.result, silent.value)
    assert told in found.evidence
    assert "not given" not in found.evidence


@pytest.mark.parametrize(("criterion", "said"), TRUE)
def test_what_can_be_counts(criterion: str, said: dict[str, Any]) -> None:
    assert result_of(criterion, record(**said)).value == 1


def test_a_broken_rhythm_is_worth_as_much_as_none() -> None:
    dates = {"modified": "2019-03-02"}
    broken = result_of("updated-on-rhythm", record(accrual_periodicity="R/P1M", **dates))
    none = result_of("updated-on-rhythm", record(**dates))
    # No promise is none that was broken; neither earns anything.
    assert (broken.result, broken.value, none.result) == ("fail", 0, "unknown")
    assert result_of("update-frequency-stated", record(accrual_periodicity="R/P1M", **dates)).value == 0
