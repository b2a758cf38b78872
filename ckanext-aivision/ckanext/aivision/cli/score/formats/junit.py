"""Results as JUnit XML: one test suite a record, one test case a criterion.

It is valid by the schemas of Apache Ant's JUnit task and of Jenkins' xUnit plug-in (junit-10.xsd). The totals of all
suites are left out, which both allow, so that each record is written as soon as it has been read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO
from xml.etree import ElementTree

from ckanext.aivision.cli.criteria.explanation import described
from ckanext.aivision.cli.input.records import Judged, Rows, Scored, is_problem
from ckanext.aivision.cli.output.junit import BEGIN, END, element, suite, text
from ckanext.aivision.scoring.results import Result


def write(rows: Rows, judged: Judged, stream: BinaryIO) -> None:
    """Writes each record as soon as it has been read. A fail or partial result is a failure; what is unknown, or was
    there before, is skipped; a refused record is an error."""
    told = {row.id: described(row) for row in judged.rubric.criteria}
    stream.write(BEGIN)
    number = -1
    for number, row in enumerate(rows):
        cases = [_case(row, found, told[found.criterion]) for found in row.evaluation.results] if row.evaluation else []
        stream.write(_suite(row, judged, cases or list(_refusals(row)), number))
    if rows.fault is not None:
        stream.write(_broken(str(rows.fault), judged, number + 1))
    stream.write(END)


def _case(row: Scored, found: Result, told: dict[str, object]) -> ElementTree.Element:
    case = element("testcase", name=found.criterion, classname=f"aivision.{told['dimension']}", time="0")
    message = f"{told['question']} {found.result}: {found.evidence}"
    if is_problem(found) and found.criterion in row.known:
        case.append(element("skipped", message=f"in the baseline: {message}"))
    elif is_problem(found):
        failure = element("failure", type=found.result, message=message)
        failure.text = text(f"{told['reason']}\n{found.fix}\nfield: {found.field}")
        case.append(failure)
    elif found.value is None:
        case.append(element("skipped", message=message))
    return case


def _refusals(row: Scored) -> Iterator[ElementTree.Element]:
    for problem in row.harvested.problems:
        case = element("testcase", name=problem.code, classname="aivision.reading", time="0")
        form = {"message": f"{problem.where}: {problem.message}"}
        case.append(element("skipped", **form) if row.known_refusal else element("error", type="refused", **form))
        yield case


def _broken(fault: str, judged: Judged, number: int) -> bytes:
    case = element("testcase", name="source-readable", classname="aivision.reading", time="0")
    case.append(element("error", type="fault", message=fault))
    return suite("the source", judged.on, [case], number, {"rubric_version": judged.rubric.version})


def _suite(row: Scored, judged: Judged, cases: list[ElementTree.Element], number: int) -> bytes:
    harvested = row.harvested
    title = row.evaluation.title if row.evaluation is not None else ""
    facts = {
        "rubric_version": judged.rubric.version,
        "title": title,
        "source": row.source.name,
        "where": harvested.where,
    }
    if row.evaluation is not None:
        facts |= {"score": str(row.evaluation.score), "grade": row.evaluation.grade}
    return suite(harvested.identifier or harvested.where, judged.on, cases, number, facts)
