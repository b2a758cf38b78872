"""The demonstration: a US and a UK source, 200 datasets each, or the repository's samples without a network."""

from __future__ import annotations

import subprocess

import msgspec
from rich import box
from rich.console import Console
from rich.table import Table

from ckanext.aivision.catalogue.harvest.run_account import Run
from ckanext.aivision.errors import ServiceError, SourceError
from ckanext.aivision.harvesters.http.limits import Limits
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.sources.source import resolve
from ckanext.aivision.record import COUNTRIES
from ckanext.aivision.services.process import with_us
from ckanext.aivision.services.stack import Stack, ckan_command

LIVE = ("gsa", "data.gov.uk")
SAMPLES = ("sample-us", "sample-uk")
LIMIT = 200
# If the network does not answer within this time, use the samples.
_PROBE = Limits(connect=4, read=8, total=10, retries=0)
_LONGEST_HARVEST = 1800.0


def harvest_demo(stack: Stack, console: Console) -> None:
    """Harvests both sources with a progress bar and prints the results.

    Raises ServiceError if a harvest of the samples fails; a live harvest that fails is replaced by its sample.
    """
    runs = []
    for name, sample in zip(LIVE, SAMPLES, strict=True):
        run = None
        if _answers(name):
            run = _harvest(stack, console, [name, "--limit", str(LIMIT)])
        if run is None or not run.counts.fetched:
            console.print(f"{name} cannot be reached: harvesting a hand-written sample instead")
            run = _harvest(stack, console, [sample])
        if run is not None:
            runs.append(run)
    _show(runs, console)
    console.print("Loading the registers of guidance, cooperation and training ...")
    stack.load_registers()
    console.print("Computing the comparison ...")
    stack.ckan("aivision", "snapshot")


def _answers(name: str) -> bool:
    """Whether a source can be reached."""
    source = resolve(name)
    try:
        with Session(limits=_PROBE) as session, session.stream(source.url) as body:
            return bool(body.read(1))
    except SourceError:
        return False


def _harvest(stack: Stack, console: Console, words: list[str]) -> Run | None:
    """Runs `ckan aivision harvest` in a separate process, which shows its own progress bar."""
    account = stack.run_dir / "demo-run.json"
    account.unlink(missing_ok=True)
    command = [*ckan_command(stack.ini), "aivision", "harvest", *words, "--account", str(account)]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, timeout=_LONGEST_HARVEST, check=False, preexec_fn=with_us()
        )
    except subprocess.TimeoutExpired as error:
        raise ServiceError(f"the harvest of {words[0]} took more than {_LONGEST_HARVEST:.0f} s") from error
    if not account.exists():
        if done.returncode:
            console.print(f"The harvest of {words[0]} failed", soft_wrap=True)
        return None
    return msgspec.json.decode(account.read_bytes(), type=Run)


def _show(runs: list[Run], console: Console) -> None:
    columns = ("source", "country", "fetched", "new", "changed", "unchanged", "refused", "mean of 100")
    # Without a frame it fits into 80 columns.
    table = Table(*columns, title="Harvested and evaluated", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for run in runs:
        counts = msgspec.structs.asdict(run.counts)
        numbers = [f"{counts[key]:,}" for key in ("fetched", "new", "changed", "unchanged", "refused")]
        mean = "unknown" if run.mean_score is None else f"{run.mean_score:.1f}"
        table.add_row(run.source, COUNTRIES.get(run.country, run.country), *numbers, mean)
    console.print(table)
