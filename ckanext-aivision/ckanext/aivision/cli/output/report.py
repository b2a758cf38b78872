"""What a command gives to the output formats: its report.

A report is an object of the command's own class, with the methods of one or more of the protocols below. Each format
(`cli/output/formats/`) says which protocols it can write, and a command offers the formats that its report can give.
Records stream through a report, so each of its methods is called once at most, and only one of those that go through
the records. After the last record they say why reading broke off, if it did.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple, Protocol, runtime_checkable

from rich.console import Console

from ckanext.aivision.harvesters.positions.json_positions import Span

Level = Literal["error", "warning", "note"]


@runtime_checkable
class Table(Protocol):
    """Something to read on a terminal."""

    def print_table(self, console: Console) -> None:
        """Prints it. The report chooses its width (`console.set_width`)."""


@runtime_checkable
class Text(Protocol):
    """Something to read on a terminal that is more text than table."""

    def print_text(self, console: Console) -> None:
        """Prints it."""


@runtime_checkable
class Markdown(Protocol):
    """A page of Markdown."""

    def markdown(self) -> str:
        """The page, with the end of its last line."""


@runtime_checkable
class Page(Protocol):
    """A page of HTML."""

    def html(self) -> Iterable[str]:
        """The page in pieces. What comes from records is escaped."""


@runtime_checkable
class Chart(Protocol):
    """An image."""

    def svg(self) -> str:
        """The image as an <svg> element. What comes from records is escaped."""


class Number(NamedTuple):
    """A number or a date that we have written as text: `-5` is no formula."""

    text: str

    def __str__(self) -> str:
        return self.text


@runtime_checkable
class Rows(Protocol):
    """Rows of cells."""

    def columns(self) -> Sequence[str]:
        """The names of the columns."""

    def rows(self) -> Iterable[Mapping[str, object]]:
        """The rows: column -> value. A column that is missing is empty, and so is None.

        `cell_text` makes text of a value and disarms what a spreadsheet would compute; `Number` is for figures that are
        text already.
        """

    def line_end(self) -> str:
        r"""`\r\n` as RFC 4180 has it, or `\n` if the command has always written that."""


@runtime_checkable
class Objects(Protocol):
    """One JSON object for each record."""

    def objects(self) -> Iterable[bytes]:
        """Each object as JSON on one line, without the line's end."""


@runtime_checkable
class Results(Objects, Protocol):
    """One JSON object for each record, and a summary of all."""

    def counted_objects(self) -> Iterable[bytes]:
        """The same as `objects`, counted for the summary."""

    def head(self) -> Mapping[str, Any]:
        """What all results have in common."""

    def summary(self) -> Mapping[str, Any]:
        """The figures, once all objects are read; `fault` is why reading broke off, or None."""


@runtime_checkable
class Document(Protocol):
    """One JSON document."""

    def document(self) -> object:
        """All of it, as msgspec encodes it."""


@runtime_checkable
class TableSchema(Protocol):
    """A data dictionary by Frictionless Table Schema."""

    def table_schema(self) -> object:
        """The dictionary, as msgspec encodes it."""


@runtime_checkable
class Csvw(Protocol):
    """A data dictionary by CSV on the Web (W3C)."""

    def csvw(self) -> object:
        """The dictionary, as msgspec encodes it."""


class Case(NamedTuple):
    """One test. group: the part of the program that it belongs to. kind, message, details: of an outcome other than
    `passed`: its kind in a word, one sentence, and what to do."""

    name: str
    group: str
    outcome: Literal["passed", "skipped", "failure", "error"] = "passed"
    kind: str = ""
    message: str = ""
    details: str = ""


class Suite(NamedTuple):
    """The tests of one record. on: the date they are of. properties: facts about the record."""

    name: str
    on: datetime.date
    cases: Sequence[Case]
    properties: Mapping[str, str]


@runtime_checkable
class Suites(Protocol):
    """Test suites: what passes and what does not, record by record."""

    def suites(self) -> Iterable[Suite]:
        """A suite for each record, and one for the source if reading broke off."""


class Location(NamedTuple):
    """uri: of the file, relative to the working directory if it is inside it, or of the address. span: in the file."""

    uri: str
    span: Span | None


class Rule(NamedTuple):
    """What findings depart from. question: in one sentence. name, reason, help_*: empty if there is none."""

    id: str
    level: Level
    question: str
    help: str
    tags: Sequence[str]
    name: str = ""
    reason: str = ""
    help_markdown: str = ""
    help_uri: str = ""
    properties: Mapping[str, object] = {}


class Finding(NamedTuple):
    """Something wrong at a place. rule, rule_index: the rule's id, and its place among the report's rules.

    marks: what makes it the same finding in the next version of its file: the record's identifier and the rule.
    """

    rule: str
    rule_index: int
    level: Level
    message: str
    location: Location
    marks: tuple[str, ...]


class Ranked(NamedTuple):
    """A finding that is made only if it is wanted, and before the next is asked for: its place is looked up then.

    rank: the greater, the graver.
    """

    rank: int
    make: Callable[[], Finding]


class Run(NamedTuple):
    """What findings are of. id: of the kind of run. properties: of the program. advice: what gives fewer findings.
    fault: why reading broke off; empty if it did not."""

    id: str
    advice: str
    fault: str
    properties: Mapping[str, object] = {}


@runtime_checkable
class Findings(Protocol):
    """What is wrong, each finding with its rule and its place."""

    def findings(self) -> Iterator[Ranked]:
        """The findings in the order of the records."""

    def rules(self) -> Sequence[Rule]:
        """The rules, once all findings are read."""

    def run(self) -> Run:
        """What the findings are of, once all are read."""
