"""What a date and a period are read as, row by row. A day that was not written is not made up."""

from __future__ import annotations

import datetime

import pytest

from ckanext.aivision.normalise import dates
from ckanext.aivision.record import Moment, PeriodOfTime

MOMENTS = [
    ("2015-03-31", "2015-03-31", "day"),
    ("20150331", "2015-03-31", "day"),
    ("2015-3-1", "2015-03-01", "day"),
    ("2015/03/31", "2015-03-31", "day"),
    ("2015-03", "2015-03-01", "month"),
    ("2015", "2015-01-01", "year"),
    (2015, "2015-01-01", "year"),
    ("2018-05-29T13:41:38.123456", "2018-05-29", "time"),
    ("2018-05-29T13:41:38.000Z", "2018-05-29", "time"),
    ("2018-05-29 13:41", "2018-05-29", "time"),
    ("2018-05-29T23:30:00-04:00", "2018-05-30", "time"),
    ("2018-05-29T00:30:00+0100", "2018-05-28", "time"),
    ("2018-05-29 00:30:00 UTC", "2018-05-29", "time"),
    ("31/03/2015", "2015-03-31", "day"),
    ("3/31/2015", "2015-03-31", "day"),
    ("5/5/2015", "2015-05-05", "day"),
    ("Jan 1, 2010", "2010-01-01", "day"),
    ("1st January 2010", "2010-01-01", "day"),
    ("01-Sep-2010", "2010-09-01", "day"),
    ("Wed, 29 May 2019 10:00:00 GMT", "2019-05-29", "day"),
    ("March 2015", "2015-03-01", "month"),
    ("Sept. 2015", "2015-09-01", "month"),
    ("2015-03-31Z", "2015-03-31", "day"),
    ("2015-03-31+01:00", "2015-03-31", "day"),
    ("2015-W14-2", "2015-03-31", "day"),
]

UNREAD_MOMENTS = [
    "R/P1D",
    "NULL",
    "3/4/2015",
    "2015-02-30",
    "2015-13",
    "0000",
    "Marching 2015",
    "Version 2010",
    "2010 and 2012",
    "2018-05-29T13:41:38 by the editor, who also wrote more than a date here",
    "2018-05-29T99:99:99",
    "2018-05-29T10:00:00+99:00",
    "2018-05-29+99:00",
    "2015-W54-1",
    "1454803200000",
    "9999-12-31T23:59:59-12:00",
]

PERIODS = [
    # as written, start, end, open end
    ("2010-01-01/2012-06-30", "2010-01-01", "2012-06-30", False),
    ("2010/2012", "2010-01-01", "2012-12-31", False),
    ("\n 2010-01-01T00:00:00Z \n/\n 2012-12-31T00:00:00Z \n", "2010-01-01", "2012-12-31", False),
    ("2010-02/2012-02", "2010-02-01", "2012-02-29", False),
    ("2010-01-01/..", "2010-01-01", None, True),
    ("2010-01-01/", "2010-01-01", None, True),
    ("2010-01-01/present", "2010-01-01", None, True),
    ("2010-01-01/9999-12-31", "2010-01-01", None, True),
    ("2010-01-01/P1Y", "2010-01-01", "2011-01-01", False),
    ("2010-01-31/P1M", "2010-01-31", "2010-03-03", False),
    ("R/1981-11-01/P1Y", "1981-11-01", None, True),
    ("R/2014/PT1S", "2014-01-01", None, True),
    ("2010-2015", "2010-01-01", "2015-12-31", False),
    ("1965—2010", "1965-01-01", "2010-12-31", False),
    ("2010 to 2015", "2010-01-01", "2015-12-31", False),
    ("2017-Present", "2017-01-01", None, True),
    ("Jan 1, 2010 - Dec 31, 2012", "2010-01-01", "2012-12-31", False),
    ("April 4, 2021-September 24, 2022", "2021-04-04", "2022-09-24", False),
    ("July 2022-June 2023", "2022-07-01", "2023-06-30", False),
    ("Data from 2020-04-11 to present", "2020-04-11", None, True),
    ("since 2010", "2010-01-01", None, True),
    ("2022-23", "2022-01-01", "2023-12-31", False),
    ("2010/11", "2010-01-01", "2011-12-31", False),
    ("2010-11", "2010-11-01", "2010-11-30", False),
    ("2023-2024 & 2024-25", "2023-01-01", "2025-12-31", False),
    ("1973-1981, 1985, 1989-2019", "1973-01-01", "2019-12-31", False),
    ("2015", "2015-01-01", "2015-12-31", False),
    ("March 2015", "2015-03-01", "2015-03-31", False),
]

UNREAD_PERIODS = ["Monthly", "N/A", "12 month rolling period", "None/None", "2010-01-01/2012/2014", "118th Congress"]


def day(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


@pytest.mark.parametrize(("written", "value", "precision"), MOMENTS)
def test_a_date_is_read_as(written: object, value: str, precision: str) -> None:
    assert dates.moment(written) == Moment(str(written), day(value), precision)


@pytest.mark.parametrize("written", UNREAD_MOMENTS)
def test_what_is_no_date_keeps_its_words(written: str) -> None:
    assert dates.moment(written) == Moment(written)


@pytest.mark.parametrize("nothing", [None, "", "  ", [], {}, float("nan")])
def test_nothing_is_no_date(nothing: object) -> None:
    assert dates.moment(nothing) is None


@pytest.mark.parametrize(("written", "start", "end", "open_end"), PERIODS)
def test_a_period_is_read_as(written: str, start: str, end: str | None, open_end: bool) -> None:
    found = dates.period(written)
    assert found == PeriodOfTime(written.strip(), day(start), day(end), open_end)


@pytest.mark.parametrize("written", UNREAD_PERIODS)
def test_what_is_no_period_keeps_its_words(written: str) -> None:
    assert dates.period(written) == PeriodOfTime(written)


@pytest.mark.parametrize("nothing", [None, "", "\n       /\n     ", "--", [], {}])
def test_nothing_is_no_period(nothing: object) -> None:
    assert dates.period(nothing) is None


def test_a_period_of_dcat_us_3_is_an_object() -> None:
    found = dates.period({"@type": "PeriodOfTime", "startDate": "2010-01-01", "endDate": "2012"})
    assert found == PeriodOfTime("2010-01-01/2012", day("2010-01-01"), day("2012-12-31"))


BETWEEN = [
    ("2010", "2012", "2010/2012", "2010-01-01", "2012-12-31", False),
    ("2010-01-01", None, "2010-01-01/..", "2010-01-01", None, True),
    (None, "2012-06", "../2012-06", None, "2012-06-30", False),
    ("2010", "ongoing", "2010/ongoing", "2010-01-01", None, True),
    ("some day", None, "some day/..", None, None, False),
]


@pytest.mark.parametrize(("start", "end", "original", "first", "last", "open_end"), BETWEEN)
def test_a_period_of_two_dates(
    start: str | None, end: str | None, original: str, first: str | None, last: str | None, open_end: bool
) -> None:
    assert dates.between(start, end) == PeriodOfTime(original, day(first), day(last), open_end)


def test_a_period_of_no_dates_is_none() -> None:
    assert dates.between(None, "") is None
