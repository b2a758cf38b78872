"""The problems of evaluated records as findings with a rule and a place. What is unknown is no finding."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator

from ckanext.aivision.cli.criteria.explanation import sources
from ckanext.aivision.cli.input.records import Judged, Rows, Scored
from ckanext.aivision.cli.output.locations import Locations, Place
from ckanext.aivision.cli.output.report import Finding, Level, Ranked, Rule, Run
from ckanext.aivision.errors import Problem
from ckanext.aivision.scoring.gate_rows import Gate
from ckanext.aivision.scoring.guidance import cite
from ckanext.aivision.scoring.results import GateHit, Result
from ckanext.aivision.scoring.rubric import Criterion

_MOST_SOURCES = 8
_REFUSED = "record-refused"
# A criterion of this weight or more is an error where it fails.
_GRAVE = 4
_RANK_OF_GATE = 4000
_RANK: dict[Level, int] = {"error": 3000, "warning": 2000, "note": 1000}


def score_findings(rows: Rows, judged: Judged) -> Iterator[Ranked]:
    """What is wrong with each record, gates first. On the same level, the more a criterion weighs the graver it is."""
    criteria = {row.id: (index, row) for index, row in enumerate(judged.rubric.criteria)}
    gates = {row.id: (len(criteria) + index, row) for index, row in enumerate(judged.rubric.gates)}
    with Locations() as locations:
        for row in rows:
            # A record is located in its file only if one of its findings is reported.
            place = functools.cache(functools.partial(locations.of, row.source, row.harvested.where))
            for problem in row.harvested.problems if row.refused else ():
                yield Ranked(
                    _RANK["error"], functools.partial(_refusal, row, problem, len(criteria) + len(gates), place)
                )
            for hit in row.gates():
                yield Ranked(_RANK_OF_GATE, functools.partial(_limit, row, hit, *gates[hit.gate], place))
            for found in row.problems():
                index, rule = criteria[found.criterion]
                rank = _RANK[_level(found, rule)] + round(10 * rule.weight)
                yield Ranked(rank, functools.partial(_problem, row, found, index, rule, place))


def _refusal(row: Scored, problem: Problem, index: int, place: Callable[[], Place]) -> Finding:
    name = row.harvested.identifier or row.harvested.where
    message = f"{problem.where}: {problem.message}"
    return Finding(_REFUSED, index, "error", message, place().whole, (name, problem.code))


def _limit(row: Scored, hit: GateHit, index: int, gate: Gate, place: Callable[[], Place]) -> Finding:
    name = row.harvested.identifier or row.harvested.where
    title = row.evaluation.title if row.evaluation is not None else ""
    message = f"Grade {hit.limit} at best: {gate.label}. {hit.evidence} ({title})"
    return Finding(gate.id, index, "error", message, place().of(gate.field, hit.evidence), (name, gate.id))


def _problem(row: Scored, found: Result, index: int, rule: Criterion, place: Callable[[], Place]) -> Finding:
    name = row.harvested.identifier or row.harvested.where
    title = row.evaluation.title if row.evaluation is not None else ""
    message = f"{rule.question} {found.result.capitalize()}: {found.evidence} ({title})"
    location = place().of(found.field, found.evidence)
    return Finding(rule.id, index, _level(found, rule), message, location, (name, rule.id))


def _level(found: Result, rule: Criterion) -> Level:
    return "note" if found.result == "partial" else _gravest_level(rule)


def _gravest_level(rule: Criterion) -> Level:
    return "error" if rule.weight >= _GRAVE else "warning"


def rules_of(judged: Judged) -> list[Rule]:
    """A rule for each criterion and each gate, and that a record can be read."""
    refused = Rule(
        id=_REFUSED,
        name="RecordRefused",
        level="error",
        question="Can the record be read as a dataset?",
        reason="A record that cannot be read cannot be harvested or found.",
        help="Fix the record as the message says.",
        tags=["reading"],
    )
    return [*map(_rule, judged.rubric.criteria), *map(_rule_of_gate, judged.rubric.gates), refused]


def _rule_of_gate(row: Gate) -> Rule:
    return Rule(
        id=row.id,
        name=_name(row.id),
        level="error",
        question=f"Gate: {row.label}",
        reason=row.reason,
        help=f"{row.fix} From: {'; '.join(sources(row)[:_MOST_SOURCES])}",
        help_uri=_address(row),
        help_markdown=_help(row),
        tags=["gate"],
        properties={"limit": row.limit},
    )


def _rule(row: Criterion) -> Rule:
    return Rule(
        id=row.id,
        name=_name(row.id),
        level=_gravest_level(row),
        question=row.question,
        reason=row.reason,
        help=f"{row.fix} From: {'; '.join(sources(row)[:_MOST_SOURCES])}",
        help_uri=_address(row),
        help_markdown=_help(row),
        tags=[row.dimension],
        properties={"weight": row.weight},
    )


def _name(id: str) -> str:
    return "".join(word.capitalize() for word in id.split("-"))


def _address(row: Criterion | Gate) -> str:
    return next((url for source in row.sources if (url := cite(source).url)), "")


def _help(row: Criterion | Gate) -> str:
    listed = "\n".join(f"- {cite(source).markdown()}" for source in row.sources[:_MOST_SOURCES])
    return f"**Why.** {row.reason}\n\n**Fix.** {row.fix}\n\n**From**\n\n{listed}\n"


def run_of(rows: Rows, judged: Judged) -> Run:
    """By what the records are evaluated, and why reading broke off, if it did."""
    return Run(
        id=f"aivision-score/{judged.on}",
        advice="choose criteria with --select",
        fault=str(rows.fault) if rows.fault is not None else "",
        properties={"rubric_version": judged.rubric.version, "reference_date": judged.on},
    )
