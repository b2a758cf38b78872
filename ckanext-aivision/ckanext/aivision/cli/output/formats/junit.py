"""JUnit XML: one test suite for each record.

It is valid by the schemas of Apache Ant's JUnit task and of Jenkins' xUnit plug-in (junit-10.xsd). The totals of all
suites are left out, which both allow, so that each record is written as soon as it has been read.
"""

from __future__ import annotations

from typing import BinaryIO
from xml.etree import ElementTree

from ckanext.aivision.cli.output.format_registry import output_format
from ckanext.aivision.cli.output.report import Case, Suite, Suites

_BEGIN = b'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n'
_END = b"</testsuites>\n"
_NO_XML = {code: " " for code in range(32) if chr(code) not in "\t\n\r"} | {0xFFFE: " ", 0xFFFF: " "}
_NO_XML |= dict.fromkeys(range(0xD800, 0xE000), "\ufffd")


@output_format("junit", Suites, description="JUnit XML, a test suite for each record, for a build server")
def write(report: Suites, stream: BinaryIO) -> None:
    """Writes each suite as soon as it comes."""
    stream.write(_BEGIN)
    for number, suite in enumerate(report.suites()):
        stream.write(_suite(suite, number))
    stream.write(_END)


def _suite(suite: Suite, number: int) -> bytes:
    outcomes = [case.outcome for case in suite.cases]
    made = _element(
        "testsuite",
        name=" ".join(_text(suite.name).split()) or "-",
        package="aivision",
        id=str(number),
        timestamp=f"{suite.on}T00:00:00",
        hostname="localhost",
        tests=str(len(suite.cases)),
        failures=str(outcomes.count("failure")),
        errors=str(outcomes.count("error")),
        skipped=str(outcomes.count("skipped")),
        time="0",
    )
    properties = ElementTree.SubElement(made, "properties")
    properties.extend(_element("property", name=key, value=value) for key, value in suite.properties.items())
    made.extend(map(_case, suite.cases))
    made.extend([_element("system-out"), _element("system-err")])
    return ElementTree.tostring(made, encoding="unicode").encode() + b"\n"


def _case(case: Case) -> ElementTree.Element:
    made = _element("testcase", name=case.name, classname=case.group, time="0")
    if case.outcome != "passed":
        kind = {"type": case.kind} if case.kind else {}
        outcome = _element(case.outcome, **kind, message=case.message)
        outcome.text = _text(case.details) or None
        made.append(outcome)
    return made


def _element(tag: str, **attributes: str) -> ElementTree.Element:
    return ElementTree.Element(tag, {key: _text(value) for key, value in attributes.items()})


def _text(value: str) -> str:
    """Text with a space for what no XML document may hold (XML 1.0, 2.2)."""
    return value.translate(_NO_XML)
