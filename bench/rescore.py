"""Rescoring stored evaluations: the run of `ckan aivision rescore`, and where its time goes.

The stored ones are those of a harvest of real records. A changed rubric is one whose version alone is another: every
dataset is evaluated and its row rewritten, as the texts stay the same. A later day changes the texts that tell an age.
As a child process, `python -m bench.rescore INI ON`, it rescores in one process with a clock at each stage.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import sys
from pathlib import Path
from typing import Any

import psycopg2
from bench import catalogues
from bench.commands import run
from bench.ours import Ours, ours
from bench.results import FOLDER, Row
from bench.stages import Spent

from ckanext.aivision.services.stack import ckan_command

GOAL = 5000
_LIMIT = 3600
STAGES = {
    "rescore.batch": {"read": "read", "decoded": "decode", "evaluated": "evaluate and encode", "write": "write"},
    "rescore.run_rescore": {"find_ids": "find what is to do", "keep_todays": "tallies and trends"},
    "rescore.past_points": {
        "outstanding": "find points of the past",
        "points": "points of the past",
        "fold": "past tallies",
    },
}
_RUN = """
    SELECT extract(epoch FROM finished - started), CAST(account ->> 'evaluated' AS integer),
        CAST(account ->> 'rewritten' AS integer), CAST(account ->> 'with_text' AS integer)
    FROM aivision_rescore ORDER BY started DESC LIMIT 1
"""


def write_records(path: Path, corpus: Path, number: int) -> None:
    """US records up to a number, repeated with identifiers of their own where that is more than there are."""
    written, copy = 0, 0
    with open(path, "w", encoding="utf-8") as file:
        file.write('{"dataset": [')
        while written < number:
            for row in catalogues.records(corpus, catalogues.agencies(corpus)):
                row["identifier"] = f"{row.get('identifier')}#{copy}"
                file.write((",\n" if written else "\n") + json.dumps(row, ensure_ascii=False))
                written += 1
                if written == number:
                    break
            copy += 1
        file.write("\n]}\n")


def rows(folder: Path, corpus: Path, number: int) -> list[Row]:
    """Rescores so many stored evaluations: under a changed rubric, and on a later day."""
    path = folder / "stored.json"
    write_records(path, corpus, number)
    with ours(folder) as side:
        with catalogues.served(folder) as address:
            side.harvest(f"{address}/stored.json", "dcat-us")
        path.unlink()
        today = datetime.datetime.now(datetime.timezone.utc).date()
        found = []
        _rescore(side, today)
        _as_of_another_rubric(side)
        found.append(_row(side, "rescore stored evaluations: another rubric", today, GOAL))
        found.append(_row(side, "rescore stored evaluations: a day later", today + datetime.timedelta(1), None))
        _as_of_another_rubric(side)
        _profile(side, today + datetime.timedelta(1))
    return found


def _row(side: Ours, name: str, on: datetime.date, goal: float | None) -> Row:
    seconds, evaluated, rewritten, with_text = _rescore(side, on)
    note = (
        f"{evaluated:,} datasets in {seconds:.0f} s from the run's start to its end; {rewritten:,} rows rewritten,"
        f" {with_text:,} with their texts; load average {os.getloadavg()[0]:.1f} after"
    )
    rate = round(evaluated / seconds)
    return Row(name=name, ours=rate, peer=None, ratio=None, goal=goal, unit="datasets/s", note=note)


def _rescore(side: Ours, on: datetime.date) -> tuple[float, int, int, int]:
    run([*ckan_command(side.stack.ini), "aivision", "rescore", "--on", on.isoformat()], _LIMIT)
    seconds, evaluated, rewritten, with_text = _query(side, _RUN)
    return float(seconds), evaluated, rewritten, with_text


def _as_of_another_rubric(side: Ours) -> None:
    for table in ("evaluation", "history", "trend"):
        if table != "evaluation":
            _query(side, f"DELETE FROM aivision_{table} WHERE rubric_version = '0' OR recomputed", fetch=False)
        _query(side, f"UPDATE aivision_{table} SET rubric_version = '0'", fetch=False)
        _query(side, f"VACUUM ANALYZE aivision_{table}", fetch=False)


def _query(side: Ours, statement: str, fetch: bool = True) -> tuple[Any, ...]:
    connection = psycopg2.connect(side.stack.database_url)
    connection.autocommit = True
    with contextlib.closing(connection), connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone() if fetch else ()


def _profile(side: Ours, on: datetime.date) -> None:
    out = FOLDER / "rescore-profile.txt"
    run([sys.executable, "-m", "bench.rescore", side.stack.ini, on.isoformat(), out], _LIMIT)


def main() -> None:
    import importlib

    from ckan.cli import load_config
    from ckan.config.middleware import make_app

    ini, on, out = sys.argv[1:]
    with make_app(load_config(ini))._wsgi_app.test_request_context():
        from ckanext.aivision.catalogue.rescore import run_rescore

        spent = [Spent("run", "main")]
        for module, functions in STAGES.items():
            owner = importlib.import_module(f"ckanext.aivision.catalogue.{module}")
            for name, label in functions.items():
                clock = Spent(label, "main")
                function = getattr(owner, name)
                timed = function if name != "evaluated" else lambda *args, _of=function: list(_of(*args))
                setattr(owner, name, clock.timed(timed))
                spent.append(clock)
        _, account = spent[0].timed(run_rescore.rescore)(datetime.date.fromisoformat(on))
    lines = [
        f"{account.evaluated:,} datasets and {account.points:,} points of their past; load average "
        f"{os.getloadavg()[0]:.1f} after. The processor's seconds are those of this process, without the database's.",
        "",
        f"{'stage':30} {'wall s':>8} {'cpu s':>8}",
        *(f"{clock.label:30} {clock.wall:8.2f} {clock.cpu:8.2f}" for clock in spent),
    ]
    Path(out).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
