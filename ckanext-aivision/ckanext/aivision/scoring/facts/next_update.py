"""The date of the next update, as a field or a sentence tells it: `Next release: 12 May 2026`."""

from __future__ import annotations

import datetime
import re
from typing import NamedTuple

from ckanext.aivision.normalise import dates
from ckanext.aivision.record import Dataset, Moment
from ckanext.aivision.scoring.facts.evidence import prose_by_field
from ckanext.aivision.scoring.facts.text.keyword_regex import Near

_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}\.?"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE = rf"(?:\d{{4}}-\d\d(?:-\d\d)?|(?:{_DAY} )?{_MONTH} (?:{_DAY},? )?\d{{4}})\b"
_DONE = r"(?:updated?|releases?d?|published|publication|edition|issued?|refresh(?:ed)?|revision|revised)"
_NEXT = Near(
    rf"\bnext (?:\w{{4,12}} )?{_DONE}(?: date)?:?(?: (?:is|will be|are|due|planned|expected|scheduled|for|on|in|by|"
    rf"date|published|released))* (?P<date>{_DATE})"
    rf"|\b(?:will|to) (?:next )?be (?:next )?{_DONE}(?: again)? (?:on|in|by) (?P<day>{_DATE})",
    "next ",
    "be update",
    "be release",
    "be publi",
    "be edition",
    "be issue",
    "be refresh",
    "be revis",
)
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b")


class NextUpdate(NamedTuple):
    """field: where it is told. words: the sentence's part. last: the last day that the words can mean."""

    field: str
    words: str
    last: datetime.date


def find_next_update(dataset: Dataset) -> NextUpdate | None:
    """The latest date of a next update that the field or the prose tells; None if there is none that can be read."""
    given = dataset.next_update
    found = []
    if given is not None and (last := _last_of(given)) is not None:
        found.append(NextUpdate("next_update", given.original, last))
    for field, part in prose_by_field(dataset).items():
        for match in _NEXT.finditer(part.text):
            if (last := _last_day(match["date"] or match["day"])) is not None:
                found.append(NextUpdate(field, match[0], last))
    return max(found, key=lambda each: each.last, default=None)


def _last_day(written: str) -> datetime.date | None:
    moment = dates.moment(_ORDINAL.sub("", written))
    return _last_of(moment) if moment is not None else None


def _last_of(moment: Moment) -> datetime.date | None:
    if moment is None or moment.value is None or moment.precision != "month":
        return moment.value if moment is not None else None
    # 28 days and four more are in the next month, whatever the month.
    following = moment.value.replace(day=28) + datetime.timedelta(4)
    return following.replace(day=1) - datetime.timedelta(1)
