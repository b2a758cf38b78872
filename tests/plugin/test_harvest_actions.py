"""The actions of sources, runs, problems and records: who may call them, and what they give."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from tests.plugin.conftest import execute
from tests.records import record

Call = Callable[..., Any]
REFUSED = {"title": ""}  # A record without a title.
OF_SYSADMINS = ("aivision_source_create", "aivision_source_update", "aivision_source_delete", "aivision_run_confirm")
OF_OWNERS = (
    "aivision_source_list",
    "aivision_source_show",
    "aivision_run_list",
    "aivision_run_show",
    "aivision_run_cancel",
    "aivision_preview_show",
    "aivision_preview_cancel",
    "aivision_problem_list",
    "aivision_record_list",
)


STARTING = ("aivision_harvest", "aivision_source_preview")


@pytest.fixture
def call(ckan: Any) -> Call:
    """Calls an action: as a user, or where none is named with everything allowed.

    It gets what it takes of the data, as those of `data_of` are for all actions, and each refuses other parameters.
    """
    from ckanext.aivision.logic.accept import parameters_of

    def run(action: str, data: dict[str, Any] | None = None, user: str | None = None) -> Any:
        context = {"ignore_auth": True} if user is None else {"user": user}
        function, given = ckan.get_action(action), data or {}
        if action.startswith("aivision_"):
            given = {name: given[name] for name in parameters_of(function) if name in given}
        return function(context, given)

    return run


@pytest.fixture
def data_of(source: Any, harvested: Any, latest: Any, organization: str) -> dict[str, str]:
    """What every action wants to know of a source that an organisation owns, and that was harvested and previewed."""
    from ckanext.aivision.catalogue.ckan import stored_previews as previews

    name = source(owner_org=organization)
    harvested(name, [record(1), record(2, **REFUSED)])
    previews.ask(name)
    run = latest(name)["id"]
    return {"name": name, "source": name, "id": run, "run": run}


@pytest.mark.parametrize("action", [*OF_SYSADMINS, *OF_OWNERS, *STARTING])
@pytest.mark.parametrize("capacity", ["", "editor", "admin of another"])
def test_who_does_not_own_a_source_is_refused(
    ckan: Any, call: Call, data_of: Any, person: Any, organization: str, site_user: Any, action: str, capacity: str
) -> None:
    other = ckan.get_action("organization_create")(site_user, {"name": f"other-{uuid.uuid4().hex[:8]}"})
    users = {
        "": lambda: "",
        "editor": lambda: person("editor", organization),
        "admin of another": lambda: person("admin", other["id"]),
    }
    with pytest.raises(ckan.NotAuthorized):
        call(action, data_of, users[capacity]())


@pytest.mark.parametrize("action", OF_OWNERS)
def test_an_admin_of_the_owner_sees_the_source_and_stops_its_runs(
    call: Call, data_of: Any, person: Any, organization: str, action: str
) -> None:
    assert call(action, data_of, person("admin", organization))


@pytest.mark.parametrize("action", OF_SYSADMINS)
def test_an_admin_of_the_owner_neither_makes_nor_moves_a_source(
    ckan: Any, call: Call, data_of: Any, person: Any, organization: str, action: str
) -> None:
    with pytest.raises(ckan.NotAuthorized):
        call(action, {**data_of, "url": "https://elsewhere.example.gov/"}, person("admin", organization))


def test_an_admin_of_the_owner_starts_a_harvest_but_does_not_say_what_it_speaks(
    ckan: Any, call: Call, source: Any, person: Any, organization: str
) -> None:
    name, user = source(owner_org=organization), person("admin", organization)
    assert call("aivision_harvest", {"source": name}, user)["source"] == name
    with pytest.raises(ckan.ValidationError, match="sysadmin"):
        call("aivision_harvest", {"source": name, "kind": "ckan"}, user)


def test_an_admin_of_the_owner_sees_no_other_sources_and_runs(
    call: Call, data_of: Any, person: Any, organization: str, source: Any
) -> None:
    source()
    user = person("admin", organization)
    assert [found["name"] for found in call("aivision_source_list", {}, user)] == [data_of["name"]]
    assert {run["source"] for run in call("aivision_run_list", {}, user)} == {data_of["name"]}


@pytest.mark.parametrize("cascading", [["admin"], []])
def test_an_admin_of_the_organisation_above_the_owner_counts_as_its_admin_where_ckan_says_so(
    ckan: Any, call: Call, person: Any, source: Any, organization: str, site_user: Any, cascading: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setitem(ckan.config, "ckan.auth.roles_that_cascade_to_sub_groups", cascading)
    child = {
        "name": f"brook-{uuid.uuid4().hex[:8]}",
        "groups": [{"name": ckan.h.get_organization(organization)["name"]}],
    }
    name = source(owner_org=ckan.get_action("organization_create")(site_user, child)["id"])
    user = person("admin", organization)
    if cascading:
        assert [found["name"] for found in call("aivision_source_list", {}, user)] == [name]
        assert call("aivision_source_show", {"name": name}, user)["name"] == name
        return
    for action in ("aivision_source_list", "aivision_source_show"):
        with pytest.raises(ckan.NotAuthorized):
            call(action, {"name": name}, user)


def test_a_source_is_kept_as_it_is_given(call: Call, source: Any) -> None:
    given = {"title": "Rivers", "kind": "dcat-us", "country": "us", "schedule": "weekly"}
    numbers = {"max_gone_share": "0.5", "priority": "3", "full_every_days": "1.5", "requests_per_hour": "600"}
    found = call("aivision_source_show", {"name": source(**given, **numbers)})
    kept = {"max_gone_share": 0.5, "priority": 3, "full_every_days": 1.5, "requests_per_hour": 600, "min_records": 0}
    expected = {**given, **kept, "country": "US", "stored": True}
    assert {field: found[field] for field in expected} == expected
    assert (found["harvested"], found["last_run"], found["active"]) == (False, None, 0)
    assert found["next_due"] == found["created"]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "Rivers and lakes", "Use 2 to 100 lower-case letters"),
        ("name", "gsa", "A source with this name already exists"),
        ("url", "/etc/passwd", "this address cannot be read"),
        ("url", "file:///etc/passwd", "this address cannot be read"),
        ("url", "https://", "this address cannot be read"),
        ("kind", "oai-pmh", "Use one of: dcat-us"),
        ("profile", "none", "Use one of: "),
        ("country", "England", "ISO 3166-1"),
        ("schedule", "hourly", "Use one of: manual, daily"),
        ("priority", "high", "Enter a whole number from -1000"),
        ("min_records", -1, "Enter a whole number from 0"),
        ("max_gone_share", 20, "Enter a number from 0"),
        ("max_gone_share", "nan", "Enter a number from 0"),
        ("full_every_days", "-1", "Enter a number from 0 to 3650"),
        ("full_every_days", "inf", "Enter a number from 0 to 3650"),
        ("full_every_days", "weekly", "Enter a number from 0 to 3650"),
        ("requests_per_hour", "-5", "Enter a whole number from 0"),
        ("requests_per_hour", "1.5", "Enter a whole number from 0"),
        ("owner_org", "no-such-office", "There is no such organization"),
        ("url", 5, "This must be text"),
        ("owner_org", ["office"], "This must be text"),
        ("title", "Rivers\0", "control characters"),
        ("title", "x" * 1001, "at most 1000 characters"),
        ("max_gone", 1, "Unknown field; the fields are"),
    ],
)
def test_what_is_wrong_with_a_source_is_told_by_field(
    ckan: Any, source: Any, field: str, value: Any, message: str
) -> None:
    with pytest.raises(ckan.ValidationError) as refused:
        source(**{field: value})
    assert list(refused.value.error_dict) == [field if field != "max_gone" else "__extras"]
    assert message in str(refused.value)


def test_an_address_is_shown_without_credentials_and_keeps_them(call: Call, source: Any) -> None:
    from ckanext.aivision.catalogue.sources import source_store as sources

    secret = "https://user:SECRET@rivers.example.gov/data.json?api_key=SECRET"
    name = source(url=secret)
    shown = call("aivision_source_show", {"name": name})
    assert "SECRET" not in str(shown)
    call("aivision_source_update", {"name": name, "url": shown["url"], "title": "Rivers"})
    stored = sources.find_source(name)
    assert stored is not None
    assert (stored.url, stored.title) == (secret, "Rivers")


def test_a_change_of_a_source_leaves_the_rest_as_it_is(ckan: Any, call: Call, source: Any) -> None:
    name = source(title="Rivers", schedule="daily", min_records=5)
    changed = call("aivision_source_update", {"name": name, "title": "", "schedule": "monthly"})
    assert (changed["title"], changed["schedule"], changed["min_records"]) == ("", "monthly", 5)
    for wrong in ({"name": name, "url": ""}, {"name": name, "url": "ftp://rivers.example.gov"}):
        with pytest.raises(ckan.ValidationError):
            call("aivision_source_update", wrong)
    with pytest.raises(ckan.ObjectNotFound):
        call("aivision_source_update", {"name": "gsa-of-nobody", "title": "x"})


def test_a_number_that_is_emptied_is_the_usual_one_again(call: Call, source: Any) -> None:
    numbers = {"min_records": 5, "max_gone_share": 0.5, "full_every_days": 1, "requests_per_hour": 9, "priority": 3}
    changed = call("aivision_source_update", {"name": source(**numbers), **dict.fromkeys(numbers, "")})
    usual = {"min_records": 0, "max_gone_share": 0.2, "full_every_days": 7, "requests_per_hour": 0, "priority": 0}
    assert {field: changed[field] for field in usual} == usual


def test_a_source_notes_when_it_was_last_tried_and_keeps_its_settings(call: Call, source: Any, harvested: Any) -> None:
    """Also one that was not in the table before."""
    for name in (source(schedule="daily"), f"new-{uuid.uuid4().hex[:8]}"):
        harvested(name, [record(1)])
        found = call("aivision_source_show", {"name": name})
        assert found["created"] <= found["last_run"]["started"]
        next_due = datetime.datetime.fromisoformat(found["last_run"]["started"][:-1]) + datetime.timedelta(days=1)
        assert found["next_due"] == (next_due.isoformat() + "Z" if found["schedule"] == "daily" else None)


def test_a_deleted_source_leaves_its_data_sets(ckan: Any, call: Call, data_of: Any) -> None:
    (listed,) = call("aivision_record_list", {"source": data_of["name"]})
    assert call("aivision_source_delete", data_of) == {"name": data_of["name"], "data_sets": 1}
    with pytest.raises(ckan.ObjectNotFound):
        call("aivision_source_show", data_of)
    assert call("package_show", {"id": listed["package_id"]})["state"] == "active"


def test_a_source_is_neither_deleted_nor_started_while_a_run_of_it_is_at_work(
    ckan: Any, call: Call, source: Any
) -> None:
    from ckanext.aivision.catalogue.ckan.harvest_lease import HarvestLease

    name = source()
    with HarvestLease(name, datetime.datetime.now(datetime.timezone.utc)):
        for action in ("aivision_source_delete", "aivision_harvest"):
            with pytest.raises(ckan.ValidationError, match="being harvested"):
                call(action, {"name": name, "source": name})


def test_sources_are_listed_by_name_page_by_page(call: Call, source: Any) -> None:
    mine = sorted(source(name=f"pages-{number}-{uuid.uuid4().hex[:6]}", country="GB") for number in range(3))
    listed = call("aivision_source_list", {"limit": 1000})
    names = [found["name"] for found in listed]
    assert names == sorted(names)
    assert {*mine, "gsa", "data.gov.uk"} <= set(names)
    paged, after = [], ""
    while page := call("aivision_source_list", {"limit": 7, "after": after}):
        paged += [found["name"] for found in page]
        after = paged[-1]
    assert paged == names
    assert [found["name"] for found in call("aivision_source_list", {"q": "PAGES-", "country": "GB"})] == mine


def test_the_last_run_of_a_source_is_listed_however_long_its_name(call: Call, source: Any, harvested: Any) -> None:
    names = [source(name=f"{'long' * 23}-{uuid.uuid4().hex[:7]}"[:100]) for _ in range(2)]
    for name, count in zip(names, (1, 2), strict=True):
        for start in range(count):
            harvested(name, [record(number) for number in range(start + 1)])
    listed = {found["name"]: found["last_run"] for found in call("aivision_source_list", {"q": "longlonglong"})}
    assert [listed[name]["account"]["counts"]["fetched"] for name in names] == [1, 2]


def test_a_source_of_the_list_that_nobody_harvested_is_marked_as_such(call: Call) -> None:
    found = call("aivision_source_show", {"name": "nasa"})
    assert (found["stored"], found["harvested"], found["schedule"]) == (False, False, "manual")


def test_a_run_is_stalled_when_its_heart_no_longer_beats(call: Call, data_of: Any) -> None:
    def state() -> str:
        found: str = call("aivision_run_show", data_of)["state"]
        return found

    update = "UPDATE aivision_run SET state = 'running', heartbeat = timezone('utc', now()) - :age WHERE id = :id"
    execute(update, id=data_of["id"], age=datetime.timedelta(seconds=30))
    assert state() == "running"
    execute(update, id=data_of["id"], age=datetime.timedelta(seconds=60))
    assert state() == "stalled"


def test_problems_are_filtered_and_paged(ckan: Any, call: Call, source: Any, harvested: Any, latest: Any) -> None:
    name = source()
    harvested(name, [record(1), *(record(number, **REFUSED) for number in range(2, 9)), "no record"])
    run = latest(name)
    kinds = {(kind["code"], kind["count"]) for kind in call("aivision_run_show", {"id": run["id"]})["kinds"]}
    assert kinds == {("title-missing", 7), ("record-not-object", 1)}
    every = call("aivision_problem_list", {"run": run["id"]})
    paged: list[Any] = []
    while page := call(
        "aivision_problem_list", {"run": run["id"], "limit": 3, "after": paged[-1]["id"] if paged else ""}
    ):
        paged += page
    assert paged == every
    missing = call("aivision_problem_list", {"run": run["id"], "code": "title-missing", "severity": "error"})
    assert len(missing) == 7
    (one,) = call("aivision_problem_list", {"run": run["id"], "identifier": "river-5"})
    assert one["where"] == "$.dataset[4].title"
    assert '"identifier":"river-5"' in one["raw"]
    (cut,) = call("aivision_problem_list", {"run": run["id"], "identifier": "river-5", "raw_length": 20})
    assert cut["raw"] == one["raw"][:20]
    assert call("aivision_problem_list", {"run": run["id"], "severity": "warning"}) == []
    with pytest.raises(ckan.ValidationError):
        call("aivision_problem_list", {"run": run["id"], "after": 10**9})


def test_a_run_is_shown_with_a_page_of_its_problems(call: Call, data_of: Any) -> None:
    shown = call("aivision_run_show", {**data_of, "limit": 1})
    assert (shown["account"]["counts"]["new"], shown["account"]["counts"]["refused"]) == (1, 1)
    assert [problem["code"] for problem in shown["problems"]] == ["title-missing"]
    assert call("aivision_run_show", {**data_of, "after": shown["problems"][0]["id"]})["problems"] == []


def test_records_are_paged_and_found_by_state_and_beginning(ckan: Any, call: Call, source: Any, harvested: Any) -> None:
    name = source()
    identifiers = ["a%b", "a_b", "azb", "B-1", "b-2", "ß"]
    records = [record(number, identifier=text, title=f"River {text}") for number, text in enumerate(identifiers)]
    harvested(name, records)
    harvested(name, records[:-1])

    def found(**filters: Any) -> list[str]:
        return [row["identifier"] for row in call("aivision_record_list", {"source": name, **filters})]

    assert found() == sorted(identifiers)
    assert found(limit=2, after="a%b") == ["a_b", "azb"]
    assert found(beginning="a_") == ["a_b"]
    assert found(beginning="a%") == ["a%b"]
    assert found(state="gone") == ["ß"]
    with pytest.raises(ckan.ValidationError):
        found(state="lost")


def test_a_yes_that_comes_too_late_is_refused(ckan: Any, call: Call, source: Any, harvested: Any, latest: Any) -> None:
    name = source()
    every = [record(number) for number in range(6)]
    for records in (every, every[:3]):
        harvested(name, records)
    asked = latest(name)
    assert (asked["state"], asked["account"]["missing"]) == ("needs-confirmation", 3)
    assert len(call("aivision_run_show", {"id": asked["id"]})["missing"]) == 3
    harvested(name, every)
    with pytest.raises(ckan.ValidationError, match="later run"):
        call("aivision_run_confirm", {"id": asked["id"]})


def test_only_the_newest_runs_are_kept(
    ckan: Any, call: Call, source: Any, harvested: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ckan.config, "ckanext.aivision.keep_runs", 2)
    name = source()
    for number in range(4):
        harvested(name, [record(number), record(9, **REFUSED)])
    assert len(call("aivision_run_list", {"source": name})) == 2
    monkeypatch.setitem(ckan.config, "ckanext.aivision.keep_runs", 0)
    harvested(name, [record(1)])
    assert len(call("aivision_run_list", {"source": name})) == 1


def test_a_run_at_work_says_how_far_it_is(call: Call, source: Any, harvested: Any, latest: Any) -> None:
    name = source()
    told = []

    class Reader:
        def progress(self, counts: Any, expected: int | None) -> None:
            told.append(latest(name)["account"])

    harvested(name, [record(number) for number in range(100)], listener=Reader(), limit=90)
    assert told[0] == {}
    assert (told[1]["counts"]["fetched"], told[1]["expected"]) == (60, 90)
    assert latest(name)["account"]["counts"]["fetched"] == 90


@pytest.mark.parametrize(("field", "value"), [("limit", 0), ("limit", "many"), ("limit", 1001), ("after", [1])])
def test_a_wrong_page_is_refused(ckan: Any, call: Call, data_of: Any, field: str, value: Any) -> None:
    for action in ("aivision_source_list", "aivision_run_list", "aivision_problem_list", "aivision_record_list"):
        with pytest.raises(ckan.ValidationError):
            call(action, {**data_of, field: value})
