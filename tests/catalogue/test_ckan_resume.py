"""A harvest of a CKAN portal that is killed in the middle: the next one goes on from its page, and nothing is gone."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from typing import Any

import pytest

from ckanext.aivision.harvesters.sources.source import Source

NAME = "a portal that is killed"
# In pages of fifty, and with what it has read kept after each batch: the size of a test. The country keeps its
# publishers apart from those that other tests count.
HARVEST = """
import sys
from ckan.cli import load_config
from ckan.config.middleware import make_app
app = make_app(load_config(sys.argv[1]))._wsgi_app
with app.test_request_context():
    from ckanext.aivision.catalogue.ckan import ckan_store
    from ckanext.aivision.catalogue.ckan.harvest_job import harvest_into_ckan
    from ckanext.aivision.harvesters import open_source as reading
    from ckanext.aivision.harvesters.sources.source import Source
    ckan_store.KEEP_EVERY, reading.ROWS = 0.0, 50
    source = Source(name=sys.argv[2], url=sys.argv[3], kind="ckan", profile="ckan-flat", country="US")
    harvest_into_ckan(source, allow_hosts=[sys.argv[4]])
"""


def rows(statement: str) -> list[tuple[Any, ...]]:
    import ckan.model as model
    import sqlalchemy as sa

    model.Session.rollback()
    return [tuple(row) for row in model.Session.execute(sa.text(statement), {"name": NAME})]


def cursor() -> str:
    found = rows("SELECT state->>'cursor' FROM aivision_source WHERE name = :name")
    return (found[0][0] or "") if found else ""


@pytest.mark.timeout(600)
def test_a_killed_harvest_is_ended_by_the_next_and_nothing_it_had_read_is_gone(
    ckan: Any, stack: Any, portal: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ckanext.aivision.catalogue.ckan.harvest_job import harvest_into_ckan
    from ckanext.aivision.harvesters import open_source as reading

    monkeypatch.setattr(reading, "ROWS", 50)
    with portal(copies=40, latency=0.5) as address:
        host, url = address.removeprefix("http://"), f"{address}/uk/fenwick"
        command = [sys.executable, "-c", HARVEST, str(stack.ini), NAME, url, host]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as killed:
            end = time.monotonic() + 240
            while not cursor():
                assert killed.poll() is None, killed.communicate()[1]
                assert time.monotonic() < end, "the harvest kept no place within 240 s"
                time.sleep(0.05)
            killed.send_signal(signal.SIGKILL)
        listing, start, step, _ = cursor().split(" ", 3)
        assert (listing, int(step)) == ("all", 50)
        source = Source(name=NAME, url=url, kind="ckan", profile="ckan-flat", country="US")
        second = harvest_into_ckan(source, allow_hosts=[host])
        assert (second.state, second.counts.gone) == ("finished", 0)
        assert second.counts.fetched == second.expected - int(start)
        third = harvest_into_ckan(source, allow_hosts=[host])
    assert (third.state, third.counts.gone, third.counts.new) == ("finished", 0, 0)
    assert third.counts.unchanged + third.counts.refused == third.counts.fetched == second.expected
    states = rows("SELECT state, indexed, count(*) FROM aivision_record WHERE source = :name GROUP BY 1, 2")
    assert states == [("active", True, third.counts.unchanged)]
