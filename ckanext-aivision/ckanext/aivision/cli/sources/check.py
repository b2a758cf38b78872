"""Check a source: what a harvest would accept, refuse and repair. Nothing is stored."""

from __future__ import annotations

import datetime

import msgspec

from ckanext.aivision.cli.sources.portal import Offer
from ckanext.aivision.errors import Problem
from ckanext.aivision.harvesters.http.courtesy import Conditional, Robots, conditional_of, robots_of
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.open_source import Harvest, open_source
from ckanext.aivision.harvesters.sources.kind_registry import KINDS
from ckanext.aivision.harvesters.sources.source import Source
from ckanext.aivision.record import Harvested
from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.rubric import load

SAMPLE = 200
_TITLES = 5


class Reason(msgspec.Struct):
    """Why records would be refused or repaired: how many, and the first example."""

    code: str
    records: int
    example: Problem


class SourceCheck(msgspec.Struct, kw_only=True):
    """The result of checking a source.

    datasets: the number that the source states, or has if all were read; None if unknown. read: in this check.
    license: of the metadata, if config/sources.yaml has it. mean_score: 0 to 100, over the `scored` datasets.
    conditional: only if the source is a single document. requests: needed for the whole source.
    problems: what would go wrong, in sentences; notes: what is worth knowing.
    offers: the catalogues of a site, if its address was given: the first one is this source. command: that harvests it.
    """

    source: str
    kind: str
    profile: str
    country: str
    license: str
    datasets: int | None
    read: int
    whole: bool
    titles: list[str]
    refused: int
    warned: int
    refusals: list[Reason]
    warnings: list[Reason]
    scored: int
    mean_score: float | None
    requests: int | None
    conditional: Conditional | None
    robots: Robots | None
    remarks: list[Problem]
    problems: list[str]
    notes: list[str]
    offers: list[Offer] = []
    command: str = ""


class _Sample:
    """Counts what the records of a sample would become."""

    def __init__(self, on: datetime.date) -> None:
        self._on, self._rubric = on, load()
        self.titles: list[str] = []
        self.read = self.refused = self.warned = 0
        self._reasons: dict[str, dict[str, Reason]] = {"error": {}, "warning": {}}
        self.scores: list[float] = []

    def add(self, harvested: Harvested) -> None:
        self.read += 1
        self.refused += harvested.dataset is None
        self.warned += harvested.dataset is not None and bool(harvested.problems)
        # Count each record once per code, however often it has the problem.
        for problem in {problem.code: problem for problem in reversed(harvested.problems)}.values():
            reasons = self._reasons[problem.severity]
            reasons.setdefault(problem.code, Reason(problem.code, 0, problem)).records += 1
        if harvested.dataset is None:
            return
        if len(self.titles) < _TITLES:
            self.titles.append(harvested.dataset.title)
        score = evaluate(harvested.dataset, self._rubric, self._on).score
        if score is not None:
            self.scores.append(score)

    def reasons(self, severity: str) -> list[Reason]:
        return sorted(self._reasons[severity].values(), key=lambda reason: -reason.records)


def check(source: Source, session: Session, on: datetime.date, most: int | None = SAMPLE) -> SourceCheck:
    """Reads a source, up to `most` records or all, and stores nothing.

    on: the date of the evaluation. Raises SourceError if the source cannot be read to the end.
    """
    reading = open_source(source, session, most)
    sample = _Sample(on)
    for harvested in reading:
        sample.add(harvested)
    whole = most is None or sample.read < most
    found = reading.source
    is_api = KINDS[found.kind].is_api if found.kind else False
    alone = found.is_remote and not is_api and not reading.several
    report = SourceCheck(
        source=found.name,
        kind=found.kind,
        profile=found.profile,
        country=found.country,
        license=found.license,
        datasets=reading.expected if reading.expected is not None else (sample.read if whole else None),
        read=sample.read,
        whole=whole,
        titles=sample.titles,
        refused=sample.refused,
        warned=sample.warned,
        refusals=sample.reasons("error"),
        warnings=sample.reasons("warning"),
        scored=len(sample.scores),
        mean_score=sum(sample.scores) / len(sample.scores) if sample.scores else None,
        requests=_requests(reading),
        conditional=conditional_of(session, found.url, source.accept) if alone else None,
        robots=robots_of(session, found.url) if found.is_remote else None,
        remarks=reading.remarks,
        problems=[],
        notes=[],
    )
    report.problems, report.notes = _problems(report, found), _notes(report, found)
    return report


def _requests(reading: Harvest) -> int | None:
    """The number of requests for the whole source at the largest page size; None if unknown."""
    if reading.several:
        return None
    if not reading.source.kind or not KINDS[reading.source.kind].is_api:
        return 1
    rows = KINDS[reading.source.kind].rows
    return None if reading.expected is None else max(1, -(-reading.expected // rows))


def _problems(report: SourceCheck, source: Source) -> list[str]:
    found = []
    if report.read == 0:
        found.append("it has no datasets; a harvest would find nothing")
    if report.refused:
        found.append(f"{report.refused:,} of {report.read:,} records would be refused")
    if report.whole and report.read < source.min_records:
        found.append(f"it has {report.read:,} records, fewer than the minimum of {source.min_records:,} (min_records)")
    if report.robots is not None and report.robots.rule == "disallowed":
        found.append(
            "its robots.txt does not allow programs to read this address; ask the publisher before you harvest it"
        )
    found += [remark.message for remark in report.remarks if remark.severity == "error"]
    return found


def _notes(report: SourceCheck, source: Source) -> list[str]:
    found = []
    if report.warned:
        found.append(f"{report.warned:,} of {report.read:,} records would be repaired, with a warning for each")
    if source.url.startswith("http://"):
        found.append("the address is not https, so others on the network could change what is read")
    if report.robots is not None and report.robots.delay:
        found.append(f"its robots.txt asks for {report.robots.delay:g} s between requests")
    if report.conditional is not None and not report.conditional.honoured:
        found.append("it does not say whether it has changed, so every harvest reads all of it")
    found += [remark.message for remark in report.remarks if remark.severity == "warning"]
    if not report.license:
        found.append("the licence of the metadata is not stated; ask the publisher")
    if not report.whole:
        found.append(f"only the first {report.read:,} records were checked; use --all to check every record")
    return found
