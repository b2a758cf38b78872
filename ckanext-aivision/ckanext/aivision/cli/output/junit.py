"""The XML of JUnit's test suites, as Apache Ant's task and Jenkins' xUnit plug-in take it (junit-10.xsd)."""

from __future__ import annotations

import datetime
from xml.etree import ElementTree

BEGIN = b'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n'
END = b"</testsuites>\n"
_NO_XML = {code: " " for code in range(32) if chr(code) not in "\t\n\r"} | {0xFFFE: " ", 0xFFFF: " "}
_NO_XML |= dict.fromkeys(range(0xD800, 0xE000), "\ufffd")


def suite(name: str, on: datetime.date, cases: list[ElementTree.Element], number: int, facts: dict[str, str]) -> bytes:
    """A test suite as XML. on: the date that it is of. number: its place among the others. facts: its properties."""
    count = {kind: sum(case.find(kind) is not None for case in cases) for kind in ("failure", "error", "skipped")}
    made = element(
        "testsuite",
        name=" ".join(text(name).split()) or "-",
        package="aivision",
        id=str(number),
        timestamp=f"{on}T00:00:00",
        hostname="localhost",
        tests=str(len(cases)),
        failures=str(count["failure"]),
        errors=str(count["error"]),
        skipped=str(count["skipped"]),
        time="0",
    )
    properties = ElementTree.SubElement(made, "properties")
    properties.extend(element("property", name=key, value=value) for key, value in facts.items())
    made.extend(cases)
    made.extend([element("system-out"), element("system-err")])
    return ElementTree.tostring(made, encoding="unicode").encode() + b"\n"


def element(tag: str, **attributes: str) -> ElementTree.Element:
    """An element of XML with attributes that any XML may hold."""
    return ElementTree.Element(tag, {key: text(value) for key, value in attributes.items()})


def text(value: str) -> str:
    """Text with a space for what no XML document may hold (XML 1.0, 2.2)."""
    return value.translate(_NO_XML)
