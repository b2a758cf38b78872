"""What was found as JUnit XML: one test suite a record, one test case a finding, or one that passes."""

from __future__ import annotations

import datetime
from typing import BinaryIO
from xml.etree import ElementTree

from ckanext.aivision.cli.output.junit import BEGIN, END, element, suite, text
from ckanext.aivision.cli.validate.formats import Row, Rows
from ckanext.aivision.validation.findings import Finding

_CLASS = "aivision.validation"


def write(rows: Rows, stream: BinaryIO) -> None:
    """Writes each record as soon as it has been checked. An error is a failure; a warning or a note is skipped."""
    today = datetime.datetime.now(datetime.timezone.utc).date()
    stream.write(BEGIN)
    number = -1
    for number, row in enumerate(rows):
        stream.write(_suite(row, today, number))
    if rows.fault is not None:
        case = element("testcase", name="source-readable", classname=_CLASS, time="0")
        case.append(element("error", type="fault", message=str(rows.fault)))
        stream.write(suite("the source", today, [case], number + 1, {}))
    stream.write(END)


def _suite(row: Row, today: datetime.date, number: int) -> bytes:
    checked = row.checked
    cases = [_case(found) for found in checked.findings] or [
        element("testcase", name="valid", classname=_CLASS, time="0")
    ]
    facts = {"standard": checked.standard, "source": checked.source, "where": checked.where}
    return suite(checked.identifier or checked.where, today, cases, number, facts)


def _case(found: Finding) -> ElementTree.Element:
    case = element("testcase", name=f"{found.field or 'record'} {found.rule}", classname=_CLASS, time="0")
    message = f"{found.where}: {found.message}"
    if found.level != "error":
        case.append(element("skipped", message=f"{found.level}: {message}"))
        return case
    failure = element("failure", type=found.rule, message=message)
    failure.text = text(f"{found.fix}\nseen: {found.seen}")
    case.append(failure)
    return case
