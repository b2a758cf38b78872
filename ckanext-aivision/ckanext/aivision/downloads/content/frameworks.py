"""The countries under every framework, and the guidance of both side by side."""

from __future__ import annotations

import msgspec

from ckanext.aivision.compare.charts.marks import Row, measure_rows
from ckanext.aivision.compare.estimates.figures import Measure, Overview
from ckanext.aivision.compare.estimates.measures import in_words
from ckanext.aivision.downloads.content import columns as common
from ckanext.aivision.downloads.content.comparison import measure_table
from ckanext.aivision.downloads.table import Asked, Cell, Column, Content, figures_there
from ckanext.aivision.scoring.crosswalk import ClauseRow, DocumentRows, crosswalk
from ckanext.aivision.scoring.guidance import cite
from ckanext.aivision.scoring.lenses.load import load_lens, names
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.snapshot.answers.comparison import with_frameworks

_ROWS_NOTE = "Compare the countries within a row, not the rows with each other: each framework weighs differently."
_FRAMEWORK = (
    Column("publication", "Publication"),
    Column("publisher", "Publisher"),
    Column("date", "Date"),
    Column("publication_address", "Address of the publication"),
    Column("compared", "Questions compared", "", "Those known for both countries", "integer"),
    Column("questions", "Questions", "", "All that the framework asks and we answer", "integer"),
    Column("lacking", "Lacking", "", "Why nothing could be compared; empty if it could"),
)
_CLAUSE = (
    Column("country", "Country", "", "Of the document"),
    Column("document", "Document", "", "Its short name in citations"),
    Column("document_title", "Title of the document"),
    Column("publisher", "Publisher"),
    Column("date", "Date"),
    Column("clause", "Clause"),
    Column("clause_title", "Title of the clause"),
    Column("clause_address", "Address of the clause"),
    Column("criterion", "Criterion", "", "The id of one that answers it; empty if none does"),
    Column("criterion_title", "Title of the criterion"),
)
_BESIDE = (
    Column("others", "Asked in the other country by", "", "Its clauses that the same criteria answer"),
    Column("reason", "Reason", "", "Why no criterion answers the clause, where we say so"),
)


def overall(asked: Asked) -> Content:
    """The overall result under our view and under each framework. Raises as `Asked.figures`."""
    question = asked.question._replace(lens="")
    answer = with_frameworks(asked.snapshot, question)
    found = figures_there(answer.figures)
    own, *others = names()
    wholes = {own: (found.overall, ""), **{one.lens: (one.overall, one.lacking) for one in answer.frameworks}}
    rows: list[tuple[Measure, str]] = []
    for name in (own, *others):
        if name in wholes:
            title = "Our view" if name == own else load_lens(name).short
            measure, lacking = wholes[name]
            rows.append((msgspec.structs.replace(measure, id=name, title=title), lacking))
    return _with_publications(found, rows)


def clauses(asked: Asked) -> Content:
    """A row for each criterion that answers a clause, and for each clause that none answers.

    Raises as `Asked.figures`.
    """
    found = asked.figures
    by_id = {row.id: row for row in measure_rows(found.criteria, found.countries)}
    head = [
        *_CLAUSE,
        *(
            column
            for country in found.countries
            for column in common.measured(country, "mean", "mean score", common.SCORE, "In the criterion")
        ),
        *_BESIDE,
    ]
    cells: list[list[Cell]] = []
    documents = crosswalk(load())
    for country in found.countries:
        for document in documents.get(country.code, ()):
            for clause in document.clauses:
                for criterion in clause.criteria or [""]:
                    about = _clause(country.label, document, clause)
                    means = _means(by_id.get(criterion), found)
                    title = in_words(criterion) if criterion else ""
                    beside = ["; ".join(clause.others), clause.reason]
                    cells.append([*about, criterion, title, *means, *beside])
    return Content(head, cells, common.describe_sample(found))


def _with_publications(found: Overview, rows: list[tuple[Measure, str]]) -> Content:
    table = measure_table(found, [measure for measure, _ in rows])
    cells: list[list[Cell]] = []
    for (measure, lacking), row in zip(rows, table.rows, strict=True):
        lens, comparison = load_lens(measure.id), measure.comparison
        about: list[Cell] = [lens.title, lens.publisher, lens.date, lens.address]
        numbers: list[Cell] = [comparison.criteria, comparison.of_criteria, lacking]
        cells.append([*row[:2], *about, *numbers, *row[2:]])
    head = [*table.columns[:2], *_FRAMEWORK, *table.columns[2:]]
    if table.marks is None:
        return table._replace(columns=head, rows=cells)
    known = {measure.id for measure, lacking in rows if not lacking}
    groups = [(title, [row for row in drawn if row.id in known]) for title, drawn in table.marks.groups]
    marks = table.marks._replace(groups=groups, note=f"{table.marks.note} {_ROWS_NOTE}")
    return table._replace(columns=head, rows=cells, marks=marks)


def _clause(label: str, rows: DocumentRows, clause: ClauseRow) -> list[Cell]:
    document, cited = rows.document, cite(clause.code)
    about: list[Cell] = [label, rows.id, document.title, document.publisher, document.date]
    return [*about, clause.code, cited.title, cited.url]


def _means(row: Row | None, found: Overview) -> list[Cell]:
    places = range(len(found.countries))
    marks = [common.mark_of(row, place) if row is not None else None for place in places]
    return [cell for mark in marks for cell in common.in_cells(mark)]
