"""What `aivision validate` gives to the output formats."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import msgspec
from rich.console import Console

from ckanext.aivision.cli.output.report import Case, Ranked, Rule, Run, Suite
from ckanext.aivision.cli.validate.checked_records import Row, Rows
from ckanext.aivision.cli.validate.counts import Counts
from ckanext.aivision.cli.validate.findings import Rules, validation_findings
from ckanext.aivision.cli.validate.summary import Summary
from ckanext.aivision.validation.findings import Finding

_RECORD = ("source", "standard", "identifier")
_FINDING = ("level", "field", "message", "fix", "seen", "where", "rule")
_GROUP = "aivision.validation"


class ValidationReport:
    """Records as they are checked, as they stream by."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._counts, self._rules = Counts(), Rules()
        self._encode = msgspec.json.Encoder().encode

    def print_table(self, console: Console) -> None:
        """Prints the summary."""
        summary = Summary()
        for row in self._rows:
            summary.add(row)
        summary.show(console, self._rows.remarks)

    def columns(self) -> tuple[str, ...]:
        """Of a finding, and of the record that it is in."""
        return (*_RECORD, *_FINDING)

    def line_end(self) -> str:
        """As RFC 4180 has it."""
        return "\r\n"

    def rows(self) -> Iterator[dict[str, object]]:
        """One for each finding."""
        for row in self._rows:
            record = {key: getattr(row.checked, key) for key in _RECORD}
            for found in row.checked.findings:
                yield {**record, **msgspec.structs.asdict(found)}

    def objects(self) -> Iterator[bytes]:
        """One for each record; of a valid one with no findings."""
        return map(self._object, self._rows)

    def counted_objects(self) -> Iterator[bytes]:
        """The same, counted for the summary."""
        for row in self._rows:
            yield self._object(row)
            self._counts.add(row)

    def head(self) -> dict[str, Any]:
        """Nothing: each record says by what it was checked."""
        return {}

    def summary(self) -> dict[str, Any]:
        """The figures of all records."""
        fault = str(self._rows.fault) if self._rows.fault is not None else None
        return {"summary": self._counts.summary(), "remarks": self._rows.remarks, "fault": fault}

    def suites(self) -> Iterator[Suite]:
        """A suite for each record, with a case for each finding, or one that passes.

        An error is a failure; a warning or a note is skipped.
        """
        today = datetime.datetime.now(datetime.timezone.utc).date()
        for row in self._rows:
            checked = row.checked
            cases = [_case(found) for found in checked.findings] or [Case("valid", _GROUP)]
            properties = {"standard": checked.standard, "source": checked.source, "where": checked.where}
            yield Suite(checked.identifier or checked.where, today, cases, properties)
        if self._rows.fault is not None:
            case = Case("source-readable", _GROUP, "error", "fault", str(self._rows.fault))
            yield Suite("the source", today, [case], {})

    def findings(self) -> Iterator[Ranked]:
        """What was found, with its place where the file is JSON, YAML or RDF."""
        return validation_findings(self._rows, self._rules)

    def rules(self) -> list[Rule]:
        """The rules of the findings, in the order in which they came."""
        return self._rules.rows

    def run(self) -> Run:
        """Why reading broke off, if it did."""
        fault = str(self._rows.fault) if self._rows.fault is not None else ""
        return Run("aivision-validate/", "mend these first", fault)

    def _object(self, row: Row) -> bytes:
        return self._encode({**msgspec.to_builtins(row.checked), "valid": row.checked.valid})


def _case(found: Finding) -> Case:
    name = f"{found.field or 'record'} {found.rule}"
    message = f"{found.where}: {found.message}"
    if found.level != "error":
        return Case(name, _GROUP, "skipped", message=f"{found.level}: {message}")
    return Case(name, _GROUP, "failure", found.rule, message, f"{found.fix}\nseen: {found.seen}")
