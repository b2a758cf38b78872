"""What a whole catalogue repeats: words of a template, and dates that an export stamped. No score changes by it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.cli.conftest import Write, call

TEMPLATE = "Tables of the department, published as a part of its programme of open data; see its pages for details."


def _catalogue(write: Write, records: list[dict[str, Any]]) -> Any:
    return write([{"identifier": f"r{place}", "title": f"River {place}", **row} for place, row in enumerate(records)])


def _summary(path: Any) -> dict[str, Any]:
    summary: dict[str, Any] = json.loads(call("score", path, "--format", "json", "--on", "2026-11-24").out)["summary"]
    return summary


def test_one_description_of_five_data_sets_is_told_with_the_first_of_them(write: Write) -> None:
    own = [
        {"description": f"Water levels of gauge {number}, read by its keeper at noon each day."} for number in (1, 2)
    ]
    path = _catalogue(write, [*own, *[{"description": f" {TEMPLATE}\n"}] * 2, *[{"description": TEMPLATE}] * 3])
    assert _summary(path)["shared_descriptions"] == {"data_sets": 5, "most": 5, "first": 3}
    assert "5 datasets share their description" in " ".join(call("score", path).out.split())
    assert "5 have that of record 3" in call("score", path, "--format", "html").out


@pytest.mark.parametrize("records", [[{"description": TEMPLATE}] * 4, [{"description": "Tables."}] * 9, [{}] * 9])
def test_a_slip_and_the_lack_of_descriptions_are_no_template(write: Write, records: list[dict[str, Any]]) -> None:
    assert _summary(_catalogue(write, records))["shared_descriptions"] is None


def test_a_date_that_nearly_all_data_sets_have_is_told_to_be_that_of_an_export(write: Write) -> None:
    stamped = [{"modified": f"2026-11-20T06:00:{second:02}Z"} for second in range(18)]
    path = _catalogue(write, [*stamped, {"modified": "2019-03-01"}, {"modified": "2026-11-20"}, {}])
    assert _summary(path)["one_day_of_change"] is None
    path = _catalogue(write, [*stamped, *[{"modified": "2026-11-20"}] * 2, {"modified": "2019-03-01"}, {}])
    assert _summary(path)["one_day_of_change"] == {"day": "2026-11-20", "data_sets": 20, "of": 21}
    assert "give 2026-11-20, which is rather that of an export" in " ".join(call("score", path).out.split())


def test_words_that_are_shared_leave_the_scores_as_they_are(write: Write) -> None:
    one = [{"description": TEMPLATE, "modified": "2026-11-20"}]
    assert _summary(_catalogue(write, one))["mean_score"] == _summary(_catalogue(write, one * 40))["mean_score"]
