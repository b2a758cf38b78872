"""Who may see what was, what wrong questions are told, and how it is shown."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from tests.catalogue.history import OLD, as_of, rows
from tests.records import record

from ckanext.aivision.scoring.rubric import load

PAST = datetime.date(2026, 1, 5)
TODAY = str(datetime.datetime.now(datetime.timezone.utc).date())


@pytest.fixture
def dataset(ckan: Any, site_user: dict[str, Any], organization: str) -> Any:
    """Makes a dataset of an organisation; gives its id."""

    def make(**fields: Any) -> str:
        package = {
            "name": f"levels-{organization[:8]}",
            "title": "River levels",
            "notes": "Levels.",
            "license_id": "OGL-UK-3.0",
        }
        made: str = ckan.get_action("package_create")(
            dict(site_user), {**package, "country": "GB", "owner_org": organization, **fields}
        )["id"]
        return made

    return make


def score_history(ckan: Any, user: str, id: str) -> list[dict[str, Any]]:
    points: list[dict[str, Any]] = ckan.get_action("aivision_score_history")({"user": user}, {"id": id})["points"]
    return points


def test_the_past_of_a_private_data_set_is_shown_to_nobody_else(
    ckan: Any, dataset: Any, person: Any, organization: str
) -> None:
    id = dataset(private=True)
    editor = person("editor", organization)
    for other in ("", person()):
        with pytest.raises(ckan.NotAuthorized):
            score_history(ckan, other, id)
    assert [point["public"] for point in score_history(ckan, editor, id)] == [False]


def test_what_it_was_while_it_was_private_stays_with_those_who_may_edit_it(
    ckan: Any, dataset: Any, person: Any, organization: str
) -> None:
    id = dataset(private=True)
    as_of(PAST, [id])
    editor = person("editor", organization)
    ckan.get_action("package_patch")({"user": editor}, {"id": id, "private": False})
    assert [point["public"] for point in score_history(ckan, editor, id)] == [False, True]
    assert [point["public"] for point in score_history(ckan, "", id)] == [True]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"criterion": "no-such"}, "Use one of: "),
        ({"rubric_version": "no-such"}, "There are no trends under this version"),
        ({"first": "yesterday"}, "Enter a day"),
        ({"country": ["GB"]}, "This must be text"),
    ],
)
def test_a_wrong_question_is_refused_with_what_to_do(ckan: Any, asked: Any, told: str) -> None:
    with pytest.raises(ckan.ValidationError) as refused:
        ckan.get_action("aivision_trend_list")({"user": ""}, asked)
    assert told in str(refused.value.error_dict)


def test_trends_can_be_read_by_get_without_a_log_in(
    ckan_application: Any, ckan: Any, dataset: Any, snapshot: Any
) -> None:
    id = dataset()
    snapshot()
    client = ckan_application.test_client()
    for path, member in (
        (f"aivision_score_history?id={id}", "points"),
        (f"aivision_score_show?id={id}&history=true", "history"),
        ("aivision_trend_list?country=GB&first=2026-01-01", "points"),
    ):
        answer = client.get(f"/api/3/action/{path}")
        assert answer.status_code == 200, path
        assert answer.get_json()["result"][member], path


def test_pages_show_what_was_and_under_which_rubric(
    harvested: Any, source: Any, sysadmin: Any, organization: str
) -> None:
    name, office = source(), {"publisher": {"name": f"Office {organization[:8]}"}}
    harvested(name, [record(1, **office)])
    ((id,),) = rows("SELECT package_id FROM aivision_record WHERE source = :name", name=name)
    as_of(PAST, [id], version=OLD)
    harvested(name, [record(1, **office, keyword=[])])
    ((title,),) = rows("SELECT name FROM package WHERE id = :id", id=id)
    text = sysadmin.text(f"/dataset/{title}")
    assert "Over time" in text
    table = text[text.index("Metadata score, 0 to 100") :]
    assert table.index(f"Under rubric {OLD}") < table.index(str(PAST))


def test_pages_say_where_the_version_of_the_rubric_changed_and_keep_the_former_series(
    harvested: Any, source: Any, sysadmin: Any, organization: str, snapshot: Any
) -> None:
    from ckanext.aivision.catalogue.rescore.run_rescore import rescore

    name, office = source(), {"publisher": {"name": f"Office {organization[:8]}"}}
    harvested(name, [record(1, **office)])
    ((id, dataset),) = rows(
        "SELECT p.id, p.name FROM aivision_record r JOIN package p ON p.id = r.package_id WHERE source = :name",
        name=name,
    )
    snapshot()
    as_of(PAST, [id], office["publisher"]["name"], OLD)
    rescore()
    version = load().version
    text = " ".join(sysadmin.text(f"/dataset/{dataset}").split())
    changed = (
        f"The rubric changed from version {OLD} to {version}. The first evaluation under {version} is as of {TODAY}."
    )
    assert changed in text
    table = text[text.index("Metadata score, 0 to 100") :]
    newer, older = table[: (before := table.index(f"Under rubric {OLD}"))], table[before:]
    assert newer.index(f"Under rubric {version}") < newer.index(TODAY) < newer.index(str(PAST))
    assert "recalculated later" in newer
    assert str(PAST) in older
    assert "recalculated later" not in older.split("</table>")[0]


def test_the_command_tells_a_trend_with_its_sample(
    ckan: Any, dataset: Any, snapshot: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    from ckanext.aivision.cli.ckan.trends import show_trends
    from ckanext.aivision.errors import UsageError

    dataset()
    snapshot()
    show_trends({"country": "GB", "publisher": "River office", "criterion": "licence-open"}, "table")
    head, columns, *lines = capsys.readouterr().out.splitlines()
    assert head.startswith("rubric ")
    assert columns.split()[:2] == ["day", "score"]
    assert lines[-1].startswith(str(datetime.datetime.now(datetime.timezone.utc).date()))
    with pytest.raises(UsageError, match="Use one of"):
        show_trends({"criterion": "no-such"}, "table")
