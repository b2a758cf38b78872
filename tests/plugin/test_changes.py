"""`/changes`: what programs that keep a copy of the catalogue are told, and what nobody is."""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from tests import waiting
from tests.plugin.conftest import Reader, execute

Entry = dict[str, Any]
LINES = "application/x-ndjson"
STREAM = "application/ld+json"


class Follower:
    """A program that follows the changes from where it began. answers: its requests, oldest first."""

    def __init__(self, reader: Reader) -> None:
        self._reader, self.next = reader, ""
        self.read_on()

    def read_on(self, others_may_be_open: bool = False, **options: Any) -> list[Entry]:
        """All changes since the last time.

        Changes wait for transactions that began before them, such as those of a job.
        others_may_be_open: do not wait for these to end.
        """
        if not others_may_be_open:
            until_earlier_transactions_ended()
        found: list[Entry] = []
        while True:
            given = {**options, **({"since": self.next} if self.next else {})}
            lines = lines_of(self._reader.get(address(**given)))
            found += lines[:-1]
            self.next = lines[-1]["next"]
            if lines[-1]["complete"]:
                return found

    def kinds(self, others_may_be_open: bool = False) -> dict[str, str]:
        """What happened to each dataset since the last time."""
        return {entry["id"]: entry["change"] for entry in self.read_on(others_may_be_open)}


def until_earlier_transactions_ended() -> None:
    """Waits for those that were open at the call."""
    import ckan.model as model

    def number(end: str) -> int:
        with model.meta.engine.connect() as connection:
            statement = sa.text(f"SELECT pg_snapshot_{end}(pg_current_snapshot())::text::bigint")
            return int(connection.execute(statement).scalar_one())

    newest = number("xmax")
    waiting.until(lambda: number("xmin") >= newest)


def address(**parameters: Any) -> str:
    return "/changes?" + "&".join(f"{name}={value}" for name, value in parameters.items())


def lines_of(answer: Any) -> list[Entry]:
    assert answer.mimetype == LINES
    return [json.loads(line) for line in answer.get_data(as_text=True).splitlines()]


@pytest.fixture
def act(ckan: Any, site_user: dict[str, Any]) -> Callable[..., Any]:
    return lambda action, **data: ckan.get_action(action)(dict(site_user), data)


@pytest.fixture
def follower(reader: Any) -> Follower:
    return Follower(reader(""))


def test_a_dataset_is_created_updated_and_deleted(published: Any, act: Any, follower: Follower) -> None:
    id = published()["id"]
    assert follower.kinds() == {id: "created"}
    act("package_patch", id=id, notes="Levels in metres.")
    assert follower.kinds() == {id: "updated"}
    act("package_delete", id=id)
    assert follower.kinds() == {id: "deleted"}
    assert follower.kinds() == {}


WITHDRAWALS = {
    "deleted": lambda act, package: act("package_delete", id=package["id"]),
    "made private": lambda act, package: act("package_patch", id=package["id"], private=True),
    "made private in bulk": lambda act, package: act(
        "bulk_update_private", datasets=[package["id"]], org_id=package["owner_org"]
    ),
    "purged": lambda act, package: act("dataset_purge", id=package["id"]),
    "deleted by SQL": lambda act, package: execute(
        "UPDATE package SET state = 'deleted' WHERE id = :id", id=package["id"]
    ),
    "made private by SQL": lambda act, package: execute(
        "UPDATE package SET private = TRUE WHERE id = :id", id=package["id"]
    ),
}


@pytest.mark.parametrize("withdraw", WITHDRAWALS.values(), ids=WITHDRAWALS)
def test_a_dataset_that_is_not_public_any_more_is_a_tombstone_with_nothing_but_its_id(
    withdraw: Any, published: Any, act: Any, follower: Follower
) -> None:
    package = published()
    follower.read_on()
    withdraw(act, package)
    (entry,) = follower.read_on(include="package")
    assert (entry["change"], entry["id"]) == ("deleted", package["id"])
    assert entry.keys() == {"change", "id", "changed", "position"}


def test_a_dataset_that_becomes_public_again_is_created(published: Any, act: Any, follower: Follower) -> None:
    id = published()["id"]
    act("package_patch", id=id, private=True)
    follower.read_on()
    act("package_patch", id=id, private=False)
    assert follower.kinds() == {id: "created"}


def test_nothing_is_said_of_datasets_that_were_never_public(
    published: Any, act: Any, follower: Follower, organization: str
) -> None:
    private, draft = published(private=True), published(state="draft")
    for package in (private, draft):
        act("package_patch", id=package["id"], notes="Not for everybody.")
        act("resource_create", package_id=package["id"], url="https://rivers.example.gov/secret.csv")
    act("package_delete", id=private["id"])
    act("dataset_purge", id=draft["id"])
    assert follower.kinds() == {}


def test_nothing_is_said_of_a_dataset_that_was_public_only_within_a_transaction(
    published: Any, ckan: Any, follower: Follower
) -> None:
    import ckan.model as model

    id = published(private=True)["id"]
    with model.meta.engine.begin() as connection:
        for statement in ("private = FALSE", "title = 'For a moment'", "private = TRUE"):
            connection.execute(sa.text(f"UPDATE package SET {statement} WHERE id = :id"), {"id": id})
    assert follower.kinds() == {}


def test_a_draft_is_created_when_it_is_published(published: Any, act: Any, follower: Follower) -> None:
    id = published(state="draft")["id"]
    act("package_patch", id=id, state="active")
    assert follower.kinds() == {id: "created"}


def test_only_evaluated_types_are_in_it(act: Any, follower: Follower, organization: str) -> None:
    execute(
        "INSERT INTO package (id, name, title, type, state, private, owner_org)"
        "VALUES (:id, :id, 'A course', 'training', 'active', FALSE, :owner)",
        id=str(uuid.uuid4()),
        owner=organization,
    )
    assert follower.kinds() == {}


TOUCHES = {
    "a file": lambda act, package: act("resource_create", package_id=package["id"], url="https://rivers.example.gov/a"),
    "a file's data, by SQL": lambda act, package: execute(
        "UPDATE resource SET description = 'By hand' WHERE package_id = :id", id=package["id"]
    ),
    "a tag": lambda act, package: act("package_patch", id=package["id"], tags=[{"name": "rivers"}]),
    "its organization's title": lambda act, package: act(
        "organization_patch", id=package["owner_org"], title=f"River office {uuid.uuid4().hex[:4]}"
    ),
    "a group": lambda act, package: act(
        "member_create",
        id=act("group_create", name=f"group-{uuid.uuid4().hex[:8]}")["id"],
        object=package["id"],
        object_type="package",
        capacity="public",
    ),
}


@pytest.mark.parametrize("touch", TOUCHES.values(), ids=TOUCHES)
def test_whatever_a_package_shows_counts_as_an_update(
    touch: Any, act: Any, organization: str, follower: Follower, published: Any
) -> None:
    package = published(owner_org=organization)
    follower.read_on()
    touch(act, package)
    assert follower.kinds() == {package["id"]: "updated"}


def test_harvested_datasets_are_in_it(harvested: Any, source: Any, follower: Follower, ckan: Any) -> None:
    from tests.records import record

    name = source()
    harvested(name, [record(1), record(2)])
    entries = follower.read_on(include="package")
    assert [entry["change"] for entry in entries] == ["created", "created"]
    for entry in entries:
        shown = ckan.get_action("package_show")({"user": "", "use_cache": False}, {"id": entry["id"]})
        assert entry["package"] == json.loads(json.dumps(shown))
    harvested(name, [record(1, title="Another title"), record(2)])
    assert list(follower.kinds().values()) == ["updated"]


def test_nothing_is_skipped_while_an_earlier_transaction_is_open(published: Any, act: Any, follower: Follower) -> None:
    import ckan.model as model

    early, late = published()["id"], published()["id"]
    follower.read_on()
    change = sa.text("UPDATE package SET notes = 'Levels in metres' WHERE id = :id")
    with model.meta.engine.connect() as slow:
        slow.execute(change, {"id": early})
        act("package_patch", id=late, notes="Levels in metres.")
        assert follower.kinds(others_may_be_open=True) == {}
        slow.commit()
    assert follower.kinds() == {early: "updated", late: "updated"}


def test_a_new_follower_gets_every_public_dataset_in_pages(published: Any, act: Any, reader: Any) -> None:
    kept, gone = [published()["id"] for _ in range(7)], published()["id"]
    act("package_delete", id=gone)
    act("package_patch", id=kept[0], notes="Levels in metres.")
    follower = Follower(reader(""))
    follower.next = ""
    found = {entry["id"]: entry["change"] for entry in follower.read_on(limit=3)}
    assert {found[id] for id in kept} == {"created"}
    assert gone not in found


def test_an_empty_page_has_a_next_one_too(reader: Any, follower: Follower) -> None:
    answer = reader("").get(address(since=follower.next))
    (last,) = lines_of(answer)
    assert last["next"] == follower.next
    assert answer.headers["Link"] == f'<{last["url"]}>; rel="next"'
    assert last["url"].endswith(f"since={follower.next}")


def test_as_a_linked_data_event_stream(published: Any, act: Any, reader: Any, follower: Follower) -> None:
    from rdflib import RDF, Dataset, Namespace, URIRef

    created, deleted = published()["id"], published()["id"]
    act("package_delete", id=deleted)
    answer = reader("").get(address(since=follower.next), Accept=STREAM)
    assert answer.mimetype == STREAM
    assert "Accept" in answer.headers["Vary"]
    graph = Dataset()
    graph.parse(data=answer.get_data(as_text=True), format="json-ld")
    ldes, tree = Namespace("https://w3id.org/ldes#"), Namespace("https://w3id.org/tree#")
    stream_ns = Namespace("https://www.w3.org/ns/activitystreams#")
    (stream,) = graph.subjects(RDF.type, ldes.EventStream)
    members = {
        str(graph.value(member, stream_ns.object)).rsplit("/", 1)[1]: graph.value(member, RDF.type)
        for member in graph.objects(stream, tree.member)
    }
    assert members == {created: stream_ns.Create, deleted: stream_ns.Delete}
    assert (None, tree.node, None) in graph
    assert isinstance(next(graph.objects(None, tree.node)), URIRef)


REFUSED = {
    "since=x": "not a cursor",
    "since=00000000-99999999999999999999-1": "not a cursor",
    "since=%00": "text",
    "limit=0": "from 1 to 500",
    "limit=501": "from 1 to 500",
    "limit=1&limit=2": "from 1 to 500",
    "include=everything": "package",
    "sinse=1": "no such parameter",
}


@pytest.mark.parametrize("query", REFUSED)
def test_what_means_nothing_is_refused(query: str, reader: Any) -> None:
    answer = reader("").get(f"/changes?{query}", 400)
    assert answer.mimetype == "application/problem+json"
    problem = answer.get_json()
    assert problem["status"] == 400
    assert REFUSED[query] in problem["detail"]


def test_other_formats_are_refused(reader: Any) -> None:
    answer = reader("").get("/changes", 406, Accept="text/turtle")
    assert LINES in answer.get_json()["detail"]
    assert STREAM in answer.get_json()["detail"]


def test_pages_with_packages_are_limited(
    ckan_application: Any, follower: Follower, ckan: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ckan.config, "ckan.site_id", f"test-{uuid.uuid4().hex}")
    monkeypatch.setitem(ckan.config, "ckanext.aivision.limit_files", 1)
    client, page = ckan_application.test_client(), address(since=follower.next, include="package")
    # A new minute may begin meanwhile, once.
    refused = [answer for answer in (client.get(page) for _ in range(3)) if answer.status_code == 429]
    assert refused
    assert refused[0].mimetype == "application/problem+json"
    assert int(refused[0].headers["Retry-After"]) > 0


@pytest.fixture
def later(ckan: Any) -> Iterator[Callable[[int], int]]:
    """Prunes as the schedule would after so many days."""
    from ckanext.aivision.catalogue.jobs.schedule import prune_changes
    from ckanext.aivision.catalogue.tables.moments import now

    yield lambda days: prune_changes(now() + datetime.timedelta(days=days))
    execute("UPDATE aivision_feed SET pruned_at = NULL")


def test_a_cursor_from_before_what_was_pruned_is_gone(
    published: Any, act: Any, follower: Follower, reader: Any, later: Any, monkeypatch: pytest.MonkeyPatch, ckan: Any
) -> None:
    monkeypatch.setitem(ckan.config, "ckanext.aivision.keep_changes_days", 10)
    kept, gone = published()["id"], published()["id"]
    follower.read_on()
    old = follower.next
    act("package_delete", id=gone)
    follower.read_on()
    assert later(9) == 0
    execute("UPDATE aivision_feed SET pruned_at = NULL")
    assert later(11) > 0
    answer = reader("").get(address(since=old), 410)
    assert answer.mimetype == "application/problem+json"
    # Who has seen the tombstone goes on, and who begins again gets what is left.
    assert follower.kinds() == {}
    assert kept in Follower(reader("")).kinds() or follower.kinds() == {}
    follower.next = ""
    found = follower.kinds()
    assert found[kept] == "created"
    assert gone not in found


def test_a_cursor_of_another_catalogue_is_gone(reader: Any, follower: Follower) -> None:
    reader("").get(address(since="00000000" + follower.next[8:]), 410)


def test_after_a_restore_into_another_server_followers_begin_again(
    published: Any, reader: Any, follower: Follower
) -> None:
    id = published()["id"]
    execute("UPDATE aivision_change SET xid = xid + 1000000000000 WHERE package_id = :id", id=id)
    old = follower.next
    reader("").get(address(since=old), 410)
    follower.next = ""
    assert follower.kinds()[id] == "created"


def test_who_may_not_search_for_datasets_may_not_follow_them(ckan: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from ckan.authz import _AuthFunctions

    def refuse(context: Any, data_dict: Any = None) -> dict[str, Any]:
        return {"success": False, "msg": "Log in first"}

    _AuthFunctions.get("package_search")
    monkeypatch.setitem(_AuthFunctions._functions, "package_search", ckan.auth_allow_anonymous_access(refuse))
    with pytest.raises(ckan.NotAuthorized, match="Log in first"):
        ckan.get_action("aivision_change_list")({"user": ""}, {})
