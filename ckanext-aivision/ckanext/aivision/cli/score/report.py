"""What `aivision score` gives to the output formats."""

from __future__ import annotations

import collections
import functools
import operator
from collections.abc import Iterator
from typing import Any

import msgspec
from rich.console import Console

from ckanext.aivision.cli.criteria.explanation import described, gate_described, sources
from ckanext.aivision.cli.input.records import Judged, Rows, Scored
from ckanext.aivision.cli.output.lens_table import LensSummary, view_evaluation
from ckanext.aivision.cli.output.report import Ranked, Rule, Run, Suite
from ckanext.aivision.cli.score.findings import rules_of, run_of, score_findings
from ckanext.aivision.cli.score.suites import score_suites
from ckanext.aivision.cli.score.summary.lowest import Lowest
from ckanext.aivision.cli.score.summary.score_table import Summary
from ckanext.aivision.cli.score.summary.totals import Totals
from ckanext.aivision.scoring.gate_rows import Gate
from ckanext.aivision.scoring.scores.next_grade import next_grade

_RECORD = ("identifier", "title", "publisher", "country", "score", "grade")
_RESULT = ("criterion", "result", "value", "field", "evidence", "fix")
_of_result = operator.attrgetter(*_RESULT)
_EXPLAINED = ("question", "reason", "sources")
_PLACE = ("source", "where")
_GATE_EXPLAINED = ("label", "reason", "fix", "sources", "judgement")
# A page with more could hardly be opened.
_MOST_SHOWN = 1_000
_MOST_REFUSALS = 100


class ScoreReport:
    """Records with their evaluations, as they stream by."""

    def __init__(self, rows: Rows, judged: Judged) -> None:
        self._rows, self._judged = rows, judged
        self._totals = Totals(judged.rubric)
        self._encode = msgspec.json.Encoder().encode

    def print_table(self, console: Console) -> None:
        """Prints the summary, and that of the lens."""
        judged, summary = self._judged, Summary(self._judged)
        through = LensSummary(judged.lens, judged.rubric) if judged.lens is not None else None
        for row in self._rows:
            summary.add(row)
            if through is not None and row.evaluation is not None:
                through.add(row.harvested.dataset, row.evaluation, row.seen)
        summary.show(console)
        if through is not None:
            through.show(console)

    def html(self) -> Iterator[str]:
        """The page. Of more than 1,000 records those with the lowest grades and scores are shown."""
        from ckanext.aivision.serialise.pages import environment

        lowest, refusals = Lowest(_MOST_SHOWN), list[Scored]()
        failing: collections.Counter[str] = collections.Counter()
        for row in self._rows:
            self._totals.add(row)
            lowest.add(row)
            failing.update(found.criterion for found in row.problems())
            if row.evaluation is None and len(refusals) < _MOST_REFUSALS:
                refusals.append(row)
        page = environment().get_template("aivision/score_report.html")
        shown = lowest.rows()
        return page.generate(
            totals=self._totals,
            judged=self._judged,
            gates={row.id: row for row in self._judged.rubric.gates},
            criteria={row.id: row for row in self._judged.rubric.criteria},
            failing=failing.most_common(),
            shown=[
                {"of": row.evaluation, "gates": row.gates(), "problems": row.problems(), "source": row.source.name}
                for row in shown
            ],
            refusals=refusals,
            fault=self._rows.fault,
        )

    def columns(self) -> tuple[str, ...]:
        """Of one result of a record, or one problem of a refused one."""
        return (*_RECORD, *_RESULT, *_PLACE, *(_EXPLAINED if self._judged.explain else ()))

    def line_end(self) -> str:
        """As RFC 4180 has it."""
        return "\r\n"

    def rows(self) -> Iterator[dict[str, object]]:
        """One for each gate and each result of each record, and one for each problem of a refused record."""
        for row in self._rows:
            yield from _refusals(row) if row.evaluation is None else self._results(row)

    def _results(self, row: Scored) -> Iterator[dict[str, object]]:
        place = {"source": row.source.name, "where": row.harvested.where}
        record = {key: getattr(row.evaluation, key) for key in _RECORD}
        for hit in row.evaluation.gates if row.evaluation is not None else ():
            gate = self._gates[hit.gate]
            told = {"criterion": hit.gate, "result": "gate", "field": gate.field, "evidence": hit.evidence}
            explained = {"question": gate.label, "reason": gate.reason, "sources": "; ".join(sources(gate))}
            yield {**record, **told, "fix": gate.fix, **place, **(explained if self._judged.explain else {})}
        whole = {**record, **place}
        for result in row.evaluation.results if row.evaluation is not None else ():
            shown = dict(zip(_RESULT, _of_result(result), strict=True))
            if found := self._explanations.get(result.criterion):
                shown |= {**found, "sources": "; ".join(found["sources"])}
            yield whole | shown

    def objects(self) -> Iterator[bytes]:
        """One for each record; of a refused one the reasons."""
        return map(self._object, self._rows)

    def counted_objects(self) -> Iterator[bytes]:
        """The same, counted for the summary."""
        for row in self._rows:
            yield self._object(row)
            self._totals.add(row)

    def head(self) -> dict[str, Any]:
        """By what the records are evaluated."""
        return {"rubric_version": self._judged.rubric.version, "reference_date": self._judged.on}

    def summary(self) -> dict[str, Any]:
        """The figures of all records."""
        fault = self._rows.fault
        return {"summary": self._totals.summary(), "fault": str(fault) if fault is not None else None}

    def suites(self) -> Iterator[Suite]:
        """A suite for each record, with a case for each gate and each criterion."""
        return score_suites(self._rows, self._judged)

    def findings(self) -> Iterator[Ranked]:
        """The gates and problems of records, and the refused records."""
        return score_findings(self._rows, self._judged)

    def rules(self) -> list[Rule]:
        """The criteria and gates, and that a record can be read."""
        return rules_of(self._judged)

    def run(self) -> Run:
        """By what the records are evaluated, and how many findings there may be."""
        return run_of(self._rows, self._judged)

    @functools.cached_property
    def _explanations(self) -> dict[str, dict[str, Any]]:
        """What is said of each criterion; nothing if the command was not asked to explain."""
        return {row.id: described(row) for row in self._judged.rubric.criteria} if self._judged.explain else {}

    @functools.cached_property
    def _gates(self) -> dict[str, Gate]:
        return {row.id: row for row in self._judged.rubric.gates}

    def _object(self, row: Scored) -> bytes:
        if row.evaluation is None:
            harvested = row.harvested
            return self._encode(
                {
                    "identifier": harvested.identifier,
                    "where": harvested.where,
                    "refused": True,
                    "problems": harvested.problems,
                }
            )
        judged = self._judged
        if not judged.explain and judged.lens is None:
            return self._encode(row.evaluation)
        found: dict[str, Any] = msgspec.to_builtins(row.evaluation)
        for hit in found.get("gates", ()) if judged.explain else ():
            gate = gate_described(self._gates[hit["gate"]])
            hit.update({key: gate[key] for key in _GATE_EXPLAINED})
        for result in found["results"] if judged.explain else ():
            explained = self._explanations[result["criterion"]]
            result.update({key: explained[key] for key in _EXPLAINED})
        if judged.explain:
            found["next_grade"] = msgspec.to_builtins(next_grade(row.evaluation, judged.rubric))
        if judged.lens is not None:
            through = view_evaluation(judged.lens, judged.rubric, row.evaluation, row.harvested.dataset, row.seen)
            found["lens"] = msgspec.to_builtins(through)
        return self._encode(found)


def _refusals(row: Scored) -> Iterator[dict[str, object]]:
    for problem in row.harvested.problems:
        yield {
            "identifier": row.harvested.identifier,
            "criterion": problem.code,
            "result": "refused",
            "evidence": problem.message,
            "source": row.source.name,
            "where": problem.where,
        }
