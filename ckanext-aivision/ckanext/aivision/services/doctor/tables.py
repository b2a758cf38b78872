"""Whether the database is up to date, and has the time that we have."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import ckan
import ckan.model as model
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from ckan.lib.redis import connect_to_redis
from ckan.plugins import plugin_loaded

from ckanext.aivision.catalogue.tables.moments import naive
from ckanext.aivision.harvesters.http.clock import Clock
from ckanext.aivision.plugin_names import CORE, WHOLE
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.services.doctor.finding import Finding, error, ok, warning

_MIGRATIONS, _CLOCK, _EVALUATIONS = "migrations", "clock", "evaluations"
_OURS = Path(__file__).parents[2] / "migration" / "aivision"
# A difference that no slow answer explains (seconds).
_MOST_APART = 5.0
_UNEVALUATED = sa.text("""
    SELECT count(*) FROM aivision_evaluation e JOIN package p ON p.id = e.package_id
    WHERE p.state = 'active' AND e.rubric_version <> :version
""")


def check_migrations() -> Iterator[Finding]:
    """Compares the tables with the newest migrations of CKAN and of this extension."""
    plugin = WHOLE if plugin_loaded(WHOLE) else CORE
    command = f"ckan db upgrade -p {plugin}"
    wanted = (
        ("alembic_version", Path(ckan.__file__).parent / "migration", "CKAN's", "ckan db upgrade"),
        ("aivision_alembic_version", _OURS, "this extension's", command),
    )
    behind = [row for row in wanted if _version(row[0]) != ScriptDirectory(str(row[1])).get_current_head()]
    for _, _, whose, advice in behind:
        yield error(_MIGRATIONS, f"{whose} tables are not those of this version", f"back up, then run `{advice}`")
    if not behind:
        yield ok(_MIGRATIONS, "the tables are those of this version")


def _version(table: str) -> str | None:
    found: str | None = None
    if model.Session.execute(sa.text("SELECT to_regclass(:name)"), {"name": table}).scalar() is not None:
        found = model.Session.execute(sa.select(sa.column("version_num")).select_from(sa.table(table))).scalar()
    model.Session.rollback()
    return found


def check_clock(clock: Clock) -> Iterator[Finding]:
    """Compares the time of this machine with that of the database and of the queue."""
    database = model.Session.execute(sa.text("SELECT extract(epoch FROM clock_timestamp())")).scalar()
    apart = {"the database": float(database) - clock.now().timestamp()}
    seconds, microseconds = connect_to_redis().time()
    apart["Redis"] = seconds + microseconds / 1e6 - clock.now().timestamp()
    wrong = {name: by for name, by in apart.items() if abs(by) > _MOST_APART}
    for name, by in wrong.items():
        ahead = "ahead of" if by > 0 else "behind"
        advice = "set the clocks of both machines by NTP (`timedatectl set-ntp true`)"
        yield error(_CLOCK, f"the clock of {name} is {abs(by):,.0f} s {ahead} that of this machine", advice)
    newest = model.Session.execute(sa.text("SELECT max(started) FROM aivision_run")).scalar()
    if newest is not None and newest > naive(clock.now()) + datetime.timedelta(minutes=1):
        advice = "if the clock was set back, harvests on a schedule begin again after that time; set it by NTP"
        yield warning(_CLOCK, f"a harvest began at {newest:%Y-%m-%d %H:%M} UTC, which is still to come", advice)
    if not wrong:
        yield ok(_CLOCK, f"the servers have the time of this machine, {clock.now():%Y-%m-%d %H:%M} UTC")


def check_evaluations() -> Iterator[Finding]:
    """Whether all datasets are evaluated under the current rubric."""
    version = load().version
    number = model.Session.execute(_UNEVALUATED, {"version": version}).scalar()
    if number:
        message = f"{number:,} datasets are evaluated under another rubric than {version}"
        yield warning(_EVALUATIONS, message, "run `ckan aivision rescore`")
    else:
        yield ok(_EVALUATIONS, f"all datasets are evaluated under rubric {version}")
