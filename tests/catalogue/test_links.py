"""Links of a catalogue's datasets: checked once each, kept, shown, counted in evaluations, but not in comparisons."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.links.conftest import CSV, QUICK, Serve, reply, without_robots
from tests.links.conftest import server as server
from tests.records import record

DAY = datetime.timedelta(days=1)


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def host(server: Serve, asked: list[str]) -> str:
    """A host where everything under /gone is not found; what it is asked for is in `asked`."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        if request.command == "HEAD":
            asked.append(request.path)
        reply(request, CSV, 404 if request.path.startswith("/gone") else 200, Content_Type="text/csv")

    return server(without_robots(answer))


@pytest.fixture
def harvested(ckan: Any, into_ckan: Any, source_file: Any, host: str) -> Iterator[Callable[..., str]]:
    """Harvests datasets of which each has some files on the host; gives the name of the source."""
    made: list[str] = []

    def harvest(*files: list[str], description: str = "Levels in metres, measured every week by a sensor.") -> str:
        records = [
            record(
                number,
                identifier=f"{Path(source_file([])).parent.name}-{number}",
                description=description,
                distribution=[{"downloadURL": f"{host}/{name}", "mediaType": "text/csv"} for name in names],
            )
            for number, names in enumerate(files)
        ]
        run = into_ckan(source_file(records))
        assert run.counts.refused == 0
        made.append(run.source)
        return str(run.source)

    yield harvest
    for name in set(made):
        for identifier in _packages(name).values():
            ckan.get_action("package_delete")({"ignore_auth": True, "user": _site_user(ckan)}, {"id": identifier})


def _site_user(ckan: Any) -> str:
    return str(ckan.get_action("get_site_user")({"ignore_auth": True}, {})["name"])


def _packages(source: str) -> dict[str, str]:
    import ckan.model as model
    import sqlalchemy as sa

    from ckanext.aivision.model import record as table

    query = sa.select(table.c.identifier, table.c.package_id).where(table.c.source == source)
    return dict(sorted(model.Session.execute(query).all()))


def check(source: str, **options: Any) -> Any:
    from ckanext.aivision.catalogue.jobs.check_links import check_links

    return check_links(source, manners=QUICK, allow_hosts=["127.0.0.1"], **options)


def age(by: datetime.timedelta) -> None:
    """Makes all results older, as if time had gone by since."""
    import ckan.model as model
    import sqlalchemy as sa

    from ckanext.aivision.catalogue.observations import links
    from ckanext.aivision.model import link as table

    for url in model.Session.execute(sa.select(table.c.url)).scalars().all():
        link = links.find([url])[url]
        moments = {name: getattr(link, name) for name in ("checked_at", "failing_since", "due")}
        older = {name: moment - by for name, moment in moments.items() if moment is not None}
        links.keep([msgspec.structs.replace(link, **older)])
    model.Session.commit()


def evaluation(package_id: str) -> Any:
    from ckanext.aivision.catalogue.evaluations import evaluation_store as evaluations

    return evaluations.find(package_id)


def value(package_id: str, criterion: str) -> float | None:
    return next(row.value for row in evaluation(package_id).results if row.criterion == criterion)


def test_each_address_is_asked_for_once_however_many_data_sets_hold_it(harvested: Any, asked: list[str]) -> None:
    source = harvested(["a.csv", "b.csv"], ["a.csv"])
    assert check(source) == {"reachable": 2, "left": 0}
    assert sorted(asked) == ["/a.csv", "/b.csv"]
    assert check(source) == {"left": 0}
    assert len(asked) == 2


def test_what_links_answer_counts_in_the_stored_evaluation_which_says_so(harvested: Any) -> None:
    source = harvested(["a.csv", "gone.csv"])
    (package_id,) = _packages(source).values()
    assert evaluation(package_id).beyond == ()
    check(source)
    assert evaluation(package_id).beyond == ("links",)
    assert value(package_id, "links-reachable") == 1
    age(DAY)
    assert check(source)["broken"] == 1
    assert value(package_id, "links-reachable") == 0.5


def test_a_harvest_and_a_rescore_keep_what_is_known_of_the_links(harvested: Any) -> None:
    from ckanext.aivision.catalogue.rescore.run_rescore import evaluate_again

    source = harvested(["a.csv"])
    check(source)
    harvested(["a.csv"], description="Levels in metres above the zero of the gauge, measured weekly, now with gaps.")
    (package_id,) = _packages(source).values()
    assert evaluation(package_id).beyond == ("links",)
    evaluate_again([package_id])
    assert value(package_id, "links-reachable") == 1


def test_the_comparison_is_of_the_metadata_only(harvested: Any) -> None:
    from ckanext.aivision.catalogue.evaluations.tallies import tallies

    source = harvested(["a.csv"])
    before = {(row.country, row.publisher): row for row in tallies()}
    check(source)
    assert {(row.country, row.publisher): row for row in tallies()} == before


def test_a_check_that_is_cut_off_goes_on_where_it_was(
    harvested: Any, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from ckanext.aivision.catalogue.jobs import check_links as link_checks

    source = harvested([f"{number}.csv" for number in range(6)])
    monkeypatch.setattr(link_checks, "BATCH", 2)

    def cut_off(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check(source, tick=cut_off)
    done = set(asked)
    assert check(source)["reachable"] == 4
    assert len(done) < 6
    assert set(asked) == {f"/{number}.csv" for number in range(6)}


def test_the_limit_and_the_age_are_kept(harvested: Any, asked: list[str]) -> None:
    source = harvested(["a.csv", "b.csv", "c.csv"])
    assert check(source, limit=2)["reachable"] == 2
    assert check(source)["reachable"] == 1
    age(10 * DAY)
    assert check(source) == {"left": 0}
    assert check(source, max_age=9 * DAY)["reachable"] == 3


def test_links_of_private_data_sets_are_not_asked_for(harvested: Any, ckan: Any, asked: list[str]) -> None:
    import ckan.model as model

    source = harvested(["a.csv"])
    (package_id,) = _packages(source).values()
    model.Session.get(model.Package, package_id).private = True
    model.Session.commit()
    assert check(source) == {"left": 0}
    assert asked == []


def test_an_address_longer_than_an_index_takes_is_kept(harvested: Any, asked: list[str]) -> None:
    source = harvested([f"{'a' * 5000}.csv"])
    assert check(source)["reachable"] == 1
    assert check(source) == {"left": 0}


def test_the_page_and_the_action_show_what_was_answered(
    harvested: Any, ckan: Any, ckan_application: Any, host: str
) -> None:
    source = harvested(["a.csv", "gone.csv"])
    (package_id,) = _packages(source).values()
    check(source)
    name = ckan.get_action("package_show")({"ignore_auth": True}, {"id": package_id})["name"]
    client = ckan_application.test_client()
    answer = client.get(f"/api/3/action/aivision_link_list?id={package_id}").get_json()["result"]
    assert {row["url"]: row["state"] for row in answer} == {f"{host}/a.csv": "reachable", f"{host}/gone.csv": "unknown"}
    page = client.get(f"/dataset/{name}").get_data(as_text=True)
    assert f"Answered 200, {len(CSV)} bytes. Checked " in page
    assert "Failed once: it is not found there." in page
    age(DAY)
    check(source)
    assert "Broken since " in client.get(f"/dataset/{name}").get_data(as_text=True)


def test_the_links_of_a_private_data_set_are_not_shown_to_others(ckan: Any, harvested: Any) -> None:
    import ckan.model as model

    source = harvested(["a.csv"])
    (package_id,) = _packages(source).values()
    check(source)
    model.Session.get(model.Package, package_id).private = True
    model.Session.commit()
    with pytest.raises(ckan.NotAuthorized):
        ckan.get_action("aivision_link_list")({"user": ""}, {"id": package_id})
    with pytest.raises(ckan.ObjectNotFound):
        ckan.get_action("aivision_link_list")({"user": ""}, {"id": uuid.uuid4().hex})


def test_a_rhythm_that_is_set_queues_a_check_of_what_is_due(harvested: Any, ckan: Any) -> None:
    from ckan.lib.jobs import get_queue

    from ckanext.aivision.catalogue.jobs.schedule import queue_link_checks

    harvested(["a.csv"])
    now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
    assert not queue_link_checks(now)
    ckan.config["ckanext.aivision.check_links_hours"] = 24
    try:
        assert queue_link_checks(now + 60 * DAY)
        assert not queue_link_checks(now + 60 * DAY)
    finally:
        ckan.config["ckanext.aivision.check_links_hours"] = 0
        get_queue().empty()
