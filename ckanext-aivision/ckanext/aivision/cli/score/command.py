"""`aivision score`: evaluate metadata, without any server."""

from __future__ import annotations

import contextlib
import datetime
import functools
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence
from pathlib import Path

import click

from ckanext.aivision.cli.input import standard_input
from ckanext.aivision.cli.input.records import Judged, Rows, Scored
from ckanext.aivision.cli.options.source import source_options
from ckanext.aivision.cli.output import destination as outputs
from ckanext.aivision.cli.output.format_registry import write_report
from ckanext.aivision.cli.output.lens_table import lens_option
from ckanext.aivision.cli.output.source_remarks import tell_remarks
from ckanext.aivision.cli.output.terminal import printable
from ckanext.aivision.cli.score import baseline as baselines
from ckanext.aivision.cli.score.content import FilesAsked, Seen, content_options, looking_into
from ckanext.aivision.cli.score.evaluated_records import evaluated
from ckanext.aivision.cli.score.exit_status import Gates, Verdict
from ckanext.aivision.cli.score.links import LinkChecks, Links, link_options
from ckanext.aivision.cli.score.options import score_options
from ckanext.aivision.cli.score.report import ScoreReport
from ckanext.aivision.cli.score.selection import narrowed
from ckanext.aivision.errors import UsageError
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.open_source import Harvest, open_source
from ckanext.aivision.harvesters.sources.source import Source
from ckanext.aivision.links.robots import Robots
from ckanext.aivision.process_pool import usable_processors
from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.lenses.schema import Lens
from ckanext.aivision.scoring.observations.observations import DEPTHS, Depth
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.serialise.form_packages import as_in_catalogue

Look = Callable[[Iterable[Seen]], Iterator[Seen]]


@click.command()
@click.argument("targets", metavar="FILE|DIR|URL|-...", nargs=-1, required=True)
@source_options
@link_options
@content_options
@lens_option
@score_options
def score(
    targets: tuple[str, ...],
    kind: str | None,
    profile: str | None,
    country: str | None,
    limit: int | None,
    allow_host: tuple[str, ...],
    form: str,
    output: Path | None,
    explain: bool,
    on: datetime.datetime | None,
    jobs: int | None,
    links: Links | None,
    files: FilesAsked | None,
    lens: Lens | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_under: float | None,
    fail_under_mean: float | None,
    baseline: Path | None,
    write_baseline: Path | None,
    fix: bool,
    diff: bool,
) -> int:
    """Evaluate metadata: a data.json, a CKAN portal or a saved response of one, RDF, or a directory of such files. `-`
    is standard input.

    Exit status: 0 if nothing was found, 1 if something was (a refused record, a score below the limit, a problem that
    is not in the baseline; with --fix --diff: a value to fix), 2 if the command could not run.
    """
    _refuse_contradictions(diff and not fix, lens is not None and bool(select or ignore))
    date = on.date() if on is not None else datetime.datetime.now(datetime.timezone.utc).date()
    judged = Judged(narrowed(load(), select, ignore, _depths(links, files)), date, explain, lens)
    verdict = Verdict(Gates(fail_under, fail_under_mean, baseline is not None))
    known = baselines.read(baseline) if baseline is not None else None
    made = baselines.empty(judged.rubric) if write_baseline is not None else None
    with contextlib.ExitStack() as stack:
        session = stack.enter_context(Session(allow_hosts=allow_host))
        sources = [standard_input.source(stack, target, kind, profile, country) for target in targets]
        if fix:
            from ckanext.aivision.cli.score.fix.fix_files import fix as mend

            return mend(sources, session, output, diff)
        read = [Path(source.url) for source in sources if not source.is_remote]
        outputs.refuse_overwriting(output, *read, *([baseline] if baseline is not None else []))
        outputs.refuse_overwriting(write_baseline, *read)
        checks, look = _depth_of(stack, links, files, allow_host)
        read_at = functools.partial(_evaluated, judged=judged, jobs=jobs, checks=checks, look=look)
        scored = stack.enter_context(contextlib.closing(_scored(sources, session, limit, read_at)))
        rows = Rows(_note_known_problems(scored, known, made, verdict))
        with outputs.opened(output) as stream:
            write_report(ScoreReport(rows, judged), form, stream)
            if rows.fault is not None:
                raise rows.fault
    if made is not None:
        with outputs.opened(write_baseline) as stream:
            made.write(stream)
    return _report(list(verdict.reasons()))


def _refuse_contradictions(only_diff: bool, part_of_lens: bool) -> None:
    if only_diff:
        raise UsageError("--diff shows what --fix would do: use both together")
    if part_of_lens:
        raise UsageError("--lens shows everything its framework asks for: omit --select and --ignore")


def _depths(links: Links | None, files: FilesAsked | None) -> tuple[Depth, ...]:
    return tuple(depth for depth, asked in zip(DEPTHS, (links, files), strict=True) if asked is not None)


def _depth_of(
    stack: contextlib.ExitStack, links: Links | None, files: FilesAsked | None, allow_host: Collection[str]
) -> tuple[LinkChecks | None, Look | None]:
    """What is looked at beside the metadata; nothing if neither is asked for. No robots.txt is asked for twice."""
    if links is None and files is None:
        return None, None
    robots = Robots()
    checks = stack.enter_context(LinkChecks(links, allow_host, robots))
    look = functools.partial(looking_into, asked=files, allow_hosts=allow_host, robots=robots) if files else None
    return checks, look


def _scored(
    sources: Sequence[Source],
    session: Session,
    limit: int | None,
    read_at: Callable[[Source, Harvest], Generator[Scored, None, None]],
) -> Generator[Scored, None, None]:
    for source in sources:
        harvest = open_source(source, session, limit)
        with contextlib.closing(read_at(source, harvest)) as records:
            yield from records
        tell_remarks(source.name, harvest.remarks)


def _evaluated(
    source: Source,
    harvest: Harvest,
    judged: Judged,
    jobs: int | None,
    checks: LinkChecks | None,
    look: Look | None,
) -> Generator[Scored, None, None]:
    """The records of a source with their evaluations. checks, look: None where metadata alone are evaluated."""
    records = as_in_catalogue(harvest, source)
    if checks is None:
        with contextlib.closing(evaluated(records, judged.rubric, judged.on, jobs or usable_processors())) as found:
            for harvested, evaluation in found:
                yield Scored(source, harvested, evaluation)
        return
    rows = checks.of(records)
    for harvested, seen in look(rows) if look is not None else rows:
        dataset = harvested.dataset
        evaluation = evaluate(dataset, judged.rubric, judged.on, seen) if dataset is not None else None
        yield Scored(source, harvested, evaluation, seen=seen)


def _note_known_problems(
    rows: Iterator[Scored], known: baselines.Baseline | None, made: baselines.Baseline | None, verdict: Verdict
) -> Iterator[Scored]:
    """The records, marked with their known problems and counted."""
    for row in rows:
        marked = known.marked(row) if known is not None else row
        if made is not None:
            made.add(row)
        verdict.add(marked)
        yield marked


def _report(found: Sequence[str]) -> int:
    """Prints the reasons to fail to standard error and returns the exit status."""
    if found:
        click.echo(f"Found: {printable('; '.join(found))}", err=True)
    return 1 if found else 0
