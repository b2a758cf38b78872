"""The pages of harvests: who sees them, what they show, and what their forms do; without scripts."""

from __future__ import annotations

import csv
import html
import io
import re
import uuid
from typing import Any
from urllib.parse import urlencode

import pytest
from tests.plugin.conftest import Reader, execute
from tests.records import record
from tests.waiting import until_cancellation_is_noticed

from ckanext.aivision.catalogue.sources.settings import Setting, all_settings

HOSTILE = "<script>alert(1)</script>"


def test_harvests_are_not_shown_to_who_may_not_see_them(reader: Any, person: Any, source: Any) -> None:
    name = source()
    visitor, user = reader(""), reader(person())
    for path in ("/harvest", f"/harvest/source/{name}", "/harvest/new", "/harvest/run/none"):
        assert "/user/login" in visitor.get(path, 302).headers["Location"]
        user.get(path, 403)
    for path in ("/harvest/start", "/harvest/delete"):
        user.post(path, 403, name=name, source=name)
    assert 'href="/harvest"' not in user.text("/")


def test_an_admin_of_the_owner_sees_the_source_and_cannot_change_it(
    reader: Any, person: Any, source: Any, organization: str
) -> None:
    name = source(owner_org=organization, title="Rivers of the office")
    admin = reader(person("admin", organization))
    assert 'href="/harvest"' in admin.text("/")
    listed = admin.text("/harvest")
    assert "Rivers of the office" in listed
    assert "Add a source" not in listed
    assert "Harvest now" in admin.text(f"/harvest/source/{name}")
    admin.get(f"/harvest/edit?name={name}", 403)


def test_a_source_is_added_with_a_form_that_says_what_is_wrong(sysadmin: Reader) -> None:
    name = f"rivers-{uuid.uuid4().hex[:8]}"
    wrong = {"name": name, "url": "rivers.example.gov", "title": "Rivers", "max_gone_share": "20"}
    refused = html.unescape(sysadmin.post("/harvest/new", 200, **wrong).get_data(as_text=True))
    assert "The form contains invalid entries" in refused
    assert "use one that starts with https:// and has a host" in refused
    assert "Enter a number from 0" in refused
    assert 'value="Rivers"' in refused
    done = sysadmin.post(
        "/harvest/new", **{**wrong, "url": "https://rivers.example.gov/data.json", "max_gone_share": ""}
    )
    assert done.headers["Location"].endswith(f"/harvest/source/{name}")
    assert "asks for confirmation first" in sysadmin.text(f"/harvest/source/{name}")


@pytest.mark.parametrize("setting", all_settings(), ids=lambda setting: setting.name)
def test_each_setting_is_in_the_form_in_the_api_and_in_its_help(
    ckan: Any, site_user: Any, sysadmin: Reader, source: Any, setting: Setting
) -> None:
    form = html.unescape(sysadmin.text("/harvest/new"))
    assert f'name="{setting.name}"' in form
    assert setting.description in form
    assert setting.name in ckan.get_action("aivision_source_show")(dict(site_user), {"name": source()})
    told = ckan.get_action("help_show")(dict(site_user), {"name": "aivision_source_create"})
    assert f":param {setting.name}: {setting.title}. " in told


def test_a_source_is_changed_and_taken_off_the_list(sysadmin: Reader, source: Any) -> None:
    name = source(title="Rivers")
    form = sysadmin.text(f"/harvest/edit?name={name}")
    assert "stay in the catalogue" in form
    sysadmin.post(f"/harvest/edit?name={name}", title="Rivers and lakes", url="https://rivers.example.gov/new.json")
    assert "Rivers and lakes" in sysadmin.text("/harvest?q=LAKES")
    sysadmin.post("/harvest/delete", name=name)
    sysadmin.get(f"/harvest/source/{name}", 404)


def test_a_source_that_is_harvested_by_hand_says_so_and_one_with_a_schedule_when_it_is_due(
    sysadmin: Reader, source: Any
) -> None:
    by_hand, weekly = source(), source(schedule="weekly", kind="ckan", requests_per_hour=600, full_every_days=2)
    assert "Manually" in sysadmin.text(f"/harvest/source/{by_hand}")
    text = sysadmin.text(f"/harvest/source/{weekly}")
    for words in ("Every week, next due", "every 2 days", "at most 600 requests per hour"):
        assert words in text, words
    listed = sysadmin.text(f"/harvest?q={by_hand}")
    assert "Manually" in listed
    assert 'value="2"' in sysadmin.text(f"/harvest/edit?name={weekly}")


def test_the_licence_of_the_metadata_is_told_in_words(sysadmin: Reader) -> None:
    text = sysadmin.text("/harvest/source/aberdeen-spatial")
    assert "Licence of the metadata" in text
    assert "notspecified" not in text


def test_a_harvest_is_started_with_a_button(sysadmin: Reader, source: Any) -> None:
    name = source()
    assert sysadmin.post("/harvest/start", source=name).headers["Location"].endswith(f"{name}?queued=1")
    assert "There are no runs yet" in sysadmin.text(f"/harvest/source/{name}?queued=1")


def test_a_form_of_another_site_does_nothing(ckan: Any, reader: Any, source: Any, site_user: Any) -> None:
    """Not even after somebody who is not logged in has asked for the same page, which makes CKAN itself let it pass."""
    name, user, password = source(), f"person-{uuid.uuid4().hex[:8]}", uuid.uuid4().hex
    account = {"name": user, "email": f"{user}@rivers.example.gov", "password": password, "sysadmin": True}
    ckan.get_action("user_create")(site_user, account)
    reader("").post("/harvest/delete", 403, name=name)
    rider = reader("")
    rider.post("/user/login", login=user, password=password)
    assert "Harvest now" in rider.text(f"/harvest/source/{name}")
    rider.post("/harvest/delete", 400, name=name)
    token = re.search(r'name="_csrf_token"[^>]* value="([^"]+)"', rider.text(f"/harvest/edit?name={name}"))
    assert token is not None
    rider.post("/harvest/delete", name=name, _csrf_token=token[1])
    rider.get(f"/harvest/source/{name}", 404)


@pytest.mark.parametrize("address", ["https://rivers.example.gov/{}/data.json?a=1&b=2", "/srv/{}/data.json"])
def test_a_source_that_nobody_named_has_a_page_too(sysadmin: Reader, harvested: Any, address: str) -> None:
    name = address.format(uuid.uuid4().hex)
    harvested(name, [record(1)])
    listed = sysadmin.text("/harvest?" + urlencode({"q": name}))
    href = re.search(rf'href="(/harvest/source\?[^"]+)">{re.escape(name)}', listed)
    assert href is not None
    assert "Weekly river levels at station 1" in sysadmin.text(href[1])


def test_the_ledger_is_searched_and_paged(sysadmin: Reader, source: Any, harvested: Any) -> None:
    name = source()
    harvested(name, [record(number, identifier=f"r-{number:03}") for number in range(60)])
    text = sysadmin.text(f"/harvest/source/{name}")
    assert "r-049" in text
    assert "r-050" not in text
    href = re.search(r'href="([^"]+)">Next records', text)
    assert href is not None
    assert "r-059" in sysadmin.text(href[1])
    found = sysadmin.text(f"/harvest/source/{name}?beginning=r-01")
    assert "r-019" in found
    assert "r-020" not in found


def test_a_run_shows_its_counts_and_what_it_met(sysadmin: Reader, source: Any, harvested: Any, latest: Any) -> None:
    name = source(title="Rivers")
    harvested(name, [record(1), record(2, title=""), "no record"])
    path = f"/harvest/run/{latest(name)['id']}"
    text = sysadmin.text(path)
    for words in (
        "Harvest of Rivers",
        "Finished",
        "title-missing",
        "record-not-object",
        "river-2",
        "$.dataset[1].title",
    ):
        assert words in text, words
    assert "hx-get" not in text
    only = sysadmin.text(f"{path}?severity=error&code=record-not-object")
    assert "$.dataset[2]" in only
    assert "$.dataset[1].title" not in only
    assert "No problems match" in sysadmin.text(f"{path}?severity=warning")
    sysadmin.get(f"{path}?after=999999999", 400)


def test_a_problem_shows_the_raw_record_and_the_data_set_that_is_there(
    sysadmin: Reader, source: Any, harvested: Any, latest: Any
) -> None:
    name = source()
    harvested(name, [record(1), record(2)])
    long = "river " * 5000
    harvested(name, [record(1, title="", note=HOSTILE), record(2, title="", description=long), record(3, title="")])
    text = sysadmin.get(f"/harvest/run/{latest(name)['id']}").get_data(as_text=True)
    raw = [html.unescape(found) for found in re.findall(r'<pre class="aivision-raw"[^>]*>([^<]*)</pre>', text)]
    assert len(raw) == 3
    assert f'"note": "{HOSTILE}"' in raw[0]
    assert len(raw[1]) == 3001
    assert text.count(">Dataset</a>") == 2


def test_a_cancelled_run_says_what_of_it_is_stored(
    ckan: Any, sysadmin: Reader, source: Any, harvested: Any, latest: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ckanext.aivision.catalogue import lease

    class Canceller:
        """Asks the run to stop after its first batch, and waits until it has heard of it."""

        def progress(self, counts: Any, expected: int | None) -> None:
            ckan.get_action("aivision_run_cancel")({"ignore_auth": True}, {"id": latest(name)["id"]})
            until_cancellation_is_noticed()

    name = source()
    monkeypatch.setattr(lease, "HEARTBEAT_SECONDS", 0.05)
    mixed = [record(number, **({} if number % 2 else {"license": "", "keyword": ["river"]})) for number in range(100)]
    run = harvested(name, mixed, listener=Canceller())
    stored = ckan.get_action("aivision_record_list")({"ignore_auth": True}, {"source": name, "limit": 1000})
    scores = [
        ckan.get_action("aivision_score_show")({"ignore_auth": True}, {"id": row["package_id"]}) for row in stored
    ]
    assert (run.state, run.counts.fetched, run.counts.new, run.scored, len(stored)) == ("cancelled", 60, 60, 60, 60)
    assert run.mean_score == pytest.approx(sum(score["score"] for score in scores) / 60)
    text = sysadmin.text(f"/harvest/run/{latest(name)['id']}")
    assert "60 new and 0 changed datasets were stored" in text
    assert "mean score of the 60 datasets" in text


def test_a_failed_run_keeps_the_counts_of_what_it_had_stored(
    sysadmin: Reader, source: Any, harvested: Any, latest: Any
) -> None:
    class Breaking:
        def progress(self, counts: Any, expected: int | None) -> None:
            if counts.fetched > 60:
                raise OSError("the disk is full")

    name = source()
    with pytest.raises(OSError, match="disk is full"):
        harvested(name, [record(number) for number in range(100)], listener=Breaking())
    run = latest(name)
    assert (run["state"], run["account"]["counts"]["new"]) == ("failed", 60)
    text = sysadmin.text(f"/harvest/run/{run['id']}")
    assert "the disk is full" in text
    assert "<dt>New</dt><dd>60</dd>" in text


@pytest.mark.parametrize("expected", [2000, None])
def test_a_run_at_work_shows_how_far_it_is_and_can_be_cancelled(
    sysadmin: Reader, source: Any, harvested: Any, latest: Any, expected: int | None
) -> None:
    name = source()
    harvested(name, [record(1)])
    run = latest(name)["id"]
    update = "UPDATE aivision_run SET state = 'running', finished = NULL, heartbeat = timezone('utc', now()),"
    known = "null" if expected is None else str(expected)
    account = f'{{"counts": {{"fetched": 500, "new": 500}}, "expected": {known}}}'
    execute(f"{update} account = CAST(:account AS jsonb) WHERE id = :id", id=run, account=account)
    text = sysadmin.text(f"/harvest/run/{run}")
    assert ("500 of 2,000 records" if expected else "the source does not say how many it has") in text
    assert ('aria-valuenow="25"' in text) == bool(expected)
    assert f'hx-get="/harvest/run/{run}"' in text
    sysadmin.post(f"/harvest/run/{run}/cancel")
    assert "It has been asked to stop" in sysadmin.text(f"/harvest/run/{run}")
    execute("UPDATE aivision_run SET state = 'cancelled' WHERE id = :id", id=run)
    headers = sysadmin.get(f"/harvest/run/{run}", **{"HX-Request": "true"}).headers
    assert headers["HX-Refresh"] == "true"


def test_a_run_that_asks_says_what_would_go_and_takes_a_yes(
    sysadmin: Reader, source: Any, harvested: Any, latest: Any
) -> None:
    name = source()
    harvested(name, [record(number) for number in range(80)])
    harvested(name, [record(number) for number in range(10)])
    path = f"/harvest/run/{latest(name)['id']}"
    text = sysadmin.text(path)
    assert "70 datasets are no longer in the source" in text
    assert text.count("Weekly river levels at station") == 50
    assert "20 more would be removed" in text
    sysadmin.post(f"{path}/confirm")
    assert "This was confirmed" in sysadmin.text(path)


def test_problems_are_had_as_csv_that_no_spreadsheet_computes(
    sysadmin: Reader, source: Any, harvested: Any, latest: Any
) -> None:
    name = source()
    evil = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"]
    harvested(name, [record(number, identifier=text, title="") for number, text in enumerate(evil)])
    answer = sysadmin.get(f"/harvest/run/{latest(name)['id']}/problems.csv")
    assert answer.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True), newline="")))
    assert len(rows) == len(evil)
    assert all(row["raw"].startswith("{") for row in rows)
    cells = [cell for row in rows for cell in row.values()]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    assert "'=1+1" in cells


def test_a_data_set_says_where_it_came_from(
    ckan: Any, reader: Any, source: Any, harvested: Any, site_user: Any
) -> None:
    name = source(title="Rivers of the office")
    number = uuid.uuid4().hex
    given = record(1, identifier=number, landingPage="https://rivers.example.gov/page")
    harvested(name, [given])
    (row,) = ckan.get_action("aivision_record_list")({"ignore_auth": True}, {"source": name})
    visitor = reader("")
    text = visitor.text(f"/dataset/{row['name']}")
    for words in ("Rivers of the office", number, 'href="https://rivers.example.gov/page"'):
        assert words in text, words
    answer = visitor.get(f"/dataset/{row['name']}/source-record")
    assert answer.mimetype == "application/json"
    assert answer.get_json() == given
    ckan.get_action("package_patch")(site_user, {"id": row["package_id"], "private": True})
    assert visitor.get(f"/dataset/{row['name']}/source-record", 404)


def test_a_data_set_that_is_gone_or_stands_in_two_sources_says_so(
    ckan: Any, reader: Any, source: Any, harvested: Any
) -> None:
    first, second, same = source(), source(), uuid.uuid4().hex
    others = [record(number) for number in range(6)]
    harvested(first, [*others, record(7, identifier=same, title="Levels of one river")])
    harvested(second, [record(7, identifier=same, title="Levels of a river")])
    harvested(first, others)
    rows = ckan.get_action("aivision_record_list")({"ignore_auth": True}, {"source": first, "state": "gone"})
    text = reader("").text(f"/dataset/{rows[0]['name']}")
    assert "The source of this dataset no longer lists it" in text
    assert "Levels of a river" in text
    assert f"from {second}: the same identifier" in text


def test_what_sources_and_records_bring_is_escaped(sysadmin: Reader, source: Any, harvested: Any, latest: Any) -> None:
    name = source(title=HOSTILE, publisher=HOSTILE)
    records = [
        record(1, identifier=HOSTILE, title=f"Rivers {HOSTILE}", landingPage="javascript:alert(1)"),
        record(2, identifier=f"2{HOSTILE}", title="", modified=HOSTILE),
    ]
    harvested(name, records)
    listed = sysadmin.get(f"/harvest/source/{name}").get_data(as_text=True)
    dataset = re.search(r'href="(/dataset/[^"/?]+)"', listed)
    assert dataset is not None
    for path in ("/harvest?q=script", f"/harvest/source/{name}", f"/harvest/run/{latest(name)['id']}", dataset[1]):
        text = sysadmin.get(path).get_data(as_text=True)
        assert "alert(1)" in text, path
        assert HOSTILE not in text, path
        assert 'href="javascript:' not in text, path
