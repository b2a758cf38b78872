"""Results as JUnit XML: one test suite a record, one test case a criterion.

It is valid by the schemas of Apache Ant's JUnit task and of Jenkins' xUnit plug-in (junit-10.xsd). The totals of all
suites are left out, which both allow, so that each record is written as soon as it has been read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO
from xml.etree import ElementTree

from ckanext.aivision.cli.explanation import described
from ckanext.aivision.cli.linting import Judged, Rows, Scored, is_problem
from ckanext.aivision.scoring.results import Result

_DIALECT = b'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n'
_NO_XML = {code: " " for code in range(32) if chr(code) not in "\t\n\r"} | {0xFFFE: " ", 0xFFFF: " "}
_NO_XML |= dict.fromkeys(range(0xD800, 0xE000), "\ufffd")


def write(rows: Rows, judged: Judged, stream: BinaryIO) -> None:
    """Writes each record as soon as it has been read. A fail or partial result is a failure; what is unknown, or was
    there before, is skipped; a refused record is an error."""
    told = {row.id: described(row) for row in judged.rubric.criteria}
    stream.write(_DIALECT)
    number = -1
    for number, row in enumerate(rows):
        cases = [_case(row, found, told[found.criterion]) for found in row.evaluation.results] if row.evaluation else []
        stream.write(_suite(row, judged, cases or list(_refusals(row)), number))
    if rows.fault is not None:
        stream.write(_broken(str(rows.fault), judged, number + 1))
    stream.write(b"</testsuites>\n")


def _case(row: Scored, found: Result, told: dict[str, object]) -> ElementTree.Element:
    case = _element("testcase", name=found.criterion, classname=f"aivision.{told['dimension']}", time="0")
    message = f"{told['question']} {found.result}: {found.evidence}"
    if is_problem(found) and found.criterion in row.known:
        case.append(_element("skipped", message=f"in the baseline: {message}"))
    elif is_problem(found):
        failure = _element("failure", type=found.result, message=message)
        failure.text = _text(f"{told['reason']}\n{found.fix}\nfield: {found.field}")
        case.append(failure)
    elif found.value is None:
        case.append(_element("skipped", message=message))
    return case


def _refusals(row: Scored) -> Iterator[ElementTree.Element]:
    for problem in row.harvested.problems:
        case = _element("testcase", name=problem.code, classname="aivision.reading", time="0")
        form = {"message": f"{problem.where}: {problem.message}"}
        case.append(_element("skipped", **form) if row.known_refusal else _element("error", type="refused", **form))
        yield case


def _broken(fault: str, judged: Judged, number: int) -> bytes:
    case = _element("testcase", name="source-readable", classname="aivision.reading", time="0")
    case.append(_element("error", type="fault", message=fault))
    return _of_cases("the source", judged, [case], number, {})


def _suite(row: Scored, judged: Judged, cases: list[ElementTree.Element], number: int) -> bytes:
    harvested = row.harvested
    title = row.evaluation.title if row.evaluation is not None else ""
    facts = {"title": title, "source": row.source.name, "where": harvested.where}
    if row.evaluation is not None:
        facts |= {"score": str(row.evaluation.score), "grade": row.evaluation.grade}
    return _of_cases(harvested.identifier or harvested.where, judged, cases, number, facts)


def _of_cases(name: str, judged: Judged, cases: list[ElementTree.Element], number: int, facts: dict[str, str]) -> bytes:
    count = {kind: sum(case.find(kind) is not None for case in cases) for kind in ("failure", "error", "skipped")}
    suite = _element(
        "testsuite",
        name=" ".join(_text(name).split()) or "-",
        package="aivision",
        id=str(number),
        timestamp=f"{judged.on}T00:00:00",
        hostname="localhost",
        tests=str(len(cases)),
        failures=str(count["failure"]),
        errors=str(count["error"]),
        skipped=str(count["skipped"]),
        time="0",
    )
    properties = ElementTree.SubElement(suite, "properties")
    facts = {"rubric_version": judged.rubric.version, **facts}
    properties.extend(_element("property", name=key, value=value) for key, value in facts.items())
    suite.extend(cases)
    suite.extend([_element("system-out"), _element("system-err")])
    return ElementTree.tostring(suite, encoding="unicode").encode() + b"\n"


def _element(tag: str, **attributes: str) -> ElementTree.Element:
    return ElementTree.Element(tag, {key: _text(value) for key, value in attributes.items()})


def _text(value: str) -> str:
    """Text with a space for what no XML document may hold (XML 1.0, 2.2)."""
    return value.translate(_NO_XML)
