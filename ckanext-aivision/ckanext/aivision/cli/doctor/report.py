"""The report of `aivision doctor` and `ckan aivision doctor`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.console import Console
from rich.text import Text

from ckanext.aivision.cli.output.destination import opened
from ckanext.aivision.cli.output.format_registry import write_report
from ckanext.aivision.cli.output.terminal import printable
from ckanext.aivision.services.doctor.finding import Finding

_STYLES = {"ok": "green", "warning": "yellow", "error": "bold red"}


class DoctorReport:
    """What the checks found."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self._findings = findings

    @property
    def status(self) -> int:
        """The exit status: 1 if there is an error, 0 otherwise."""
        return int(any(finding.level == "error" for finding in self._findings))

    def print_table(self, console: Console) -> None:
        """Prints a line for each finding, what to do below it, and how many there are."""
        for finding in self._findings:
            line = Text(f"{finding.level:8}", style=_STYLES[finding.level])
            line.append(f"{finding.check}: {printable(finding.message)}", style="default")
            console.print(line, soft_wrap=True)
            if finding.advice:
                console.print(Text(f"        {printable(finding.advice)}"), soft_wrap=True)
        counts = {level: sum(finding.level == level for finding in self._findings) for level in _STYLES}
        console.print(f"{counts['error']} errors, {counts['warning']} warnings, {counts['ok']} ok")

    def document(self) -> Sequence[Finding]:
        """The findings."""
        return self._findings

    def columns(self) -> Sequence[str]:
        return Finding.__struct_fields__

    def rows(self) -> Iterator[Mapping[str, object]]:
        for finding in self._findings:
            yield {name: getattr(finding, name) for name in self.columns()}

    def line_end(self) -> str:
        return "\r\n"


def show_findings(findings: Sequence[Finding], form: str) -> int:
    """Prints a report and returns the exit status. form: one of a DoctorReport."""
    report = DoctorReport(findings)
    with opened(None) as stream:
        write_report(report, form, stream)
    return report.status
