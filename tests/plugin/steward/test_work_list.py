"""The work list of an organization: what its datasets need, by what it gains, for its editors alone."""

from __future__ import annotations

import csv
import io
import uuid
from typing import Any

import pytest
import sqlalchemy as sa

LICENCE = "licence"


def fix_of(found: dict[str, Any], id: str) -> dict[str, Any]:
    row: dict[str, Any] = next(fix for fix in found["fixes"] if fix["id"] == id)
    return row


def test_fixes_come_by_their_points_with_drafts_and_private_datasets(
    act: Any, levels: Any, organization: str, editor: str
) -> None:
    levels()
    levels(private=True)
    levels(state="draft")
    levels(license_id="OGL-UK-3.0")
    found = act(editor, "fix_list", organization=organization)
    assert (found["datasets"], found["evaluated"]) == (4, 4)
    points = [fix["points"] for fix in found["fixes"]]
    assert points == sorted(points, reverse=True)
    licence = fix_of(found, LICENCE)
    assert (licence["datasets"], licence["limited"]) == (3, 3)
    assert licence["fields"] == ["license_id"]
    assert licence["points"] == pytest.approx(3 * licence["mean"], abs=0.2)


def test_the_points_of_a_dataset_are_those_of_its_score_card(
    act: Any, levels: Any, organization: str, editor: str
) -> None:
    package = levels()
    criteria = {"licence-open", "licence-machine-readable"}
    draft = act(editor, "score_draft", package={}, id=package["id"])
    (row,) = act(editor, "fix_show", organization=organization, fix=LICENCE)["datasets"]
    expected = sum(fix["points"] for fix in draft["fixes"] if fix["criterion"] in criteria)
    assert row["points"] == pytest.approx(expected, abs=0.02)
    assert (row["score"], row["grade"]) == (draft["score"], draft["grade"])


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, {"weekly", "daily", "hourly"}),
        ({"state": "public"}, {"weekly"}),
        ({"state": "private"}, {"daily"}),
        ({"state": "draft"}, {"hourly"}),
        ({"origin": "harvested"}, set()),
        ({"title": "HOUR"}, {"hourly"}),
        ({"grade": "A"}, set()),
        ({"limit": 1, "page": 2, "sort": "title"}, {"hourly"}),
        ({"page": 99}, set()),
    ],
)
def test_datasets_are_filtered_sorted_and_paged(
    act: Any, office: Any, filters: dict[str, Any], expected: set[str]
) -> None:
    found = act(office.editor, "fix_show", organization=office.name, fix=LICENCE, **filters)
    assert {row["title"] for row in found["datasets"]} == expected
    if "page" in filters:
        assert found["count"] == 3


def test_a_saved_fix_leaves_the_list_at_once(ckan: Any, act: Any, levels: Any, organization: str, editor: str) -> None:
    package = levels()
    ckan.get_action("package_patch")({"user": editor}, {"id": package["id"], "license_id": "OGL-UK-3.0"})
    assert act(editor, "fix_show", organization=organization, fix=LICENCE)["count"] == 0


def test_what_was_not_evaluated_is_told_and_evaluated_by_a_job(
    act: Any, levels: Any, organization: str, editor: str
) -> None:
    import ckan.model as model

    from ckanext.aivision.catalogue.improvement.work_list import evaluate_waiting_job

    for fields in ({}, {"state": "draft"}, {"private": True}):
        levels(**fields)
    of_these = "package_id IN (SELECT id FROM package WHERE owner_org = :organization)"
    values = {"organization": organization}
    model.Session.execute(sa.text(f"UPDATE aivision_evaluation SET gains = NULL WHERE {of_these}"), values)
    model.Session.commit()
    found = act(editor, "fix_list", organization=organization)
    assert (found["datasets"], found["evaluated"], found["fixes"]) == (3, 0, [])
    evaluate_waiting_job(organization)
    assert fix_of(act(editor, "fix_list", organization=organization), LICENCE)["datasets"] == 3


def test_the_page_leads_from_the_organization_to_the_datasets_of_a_fix(
    levels: Any, organization: str, editor: str, reader: Any
) -> None:
    package = levels(title="Levels of <b>rivers</b>", private=True)
    own = reader(editor)
    name = package["organization"]["name"]
    assert f"/organization/{name}/improve" in own.text(f"/organization/{name}")
    text = own.text(f"/organization/{name}/improve?sort=datasets&state=private")
    assert "Give an open licence" in text
    assert f"/organization/{name}/improve/fix/licence?state=private" in text
    raw = own.get(f"/organization/{name}/improve/fix/licence").get_data(as_text=True)
    assert "Levels of &lt;b&gt;rivers&lt;/b&gt;" in raw
    assert f'value="{package["id"]}"' in raw
    assert "Fix it" in own.text(f"/organization/{name}/improve/fix/size-given")


def test_the_list_is_had_as_csv(levels: Any, organization: str, editor: str, reader: Any, act: Any) -> None:
    package = levels()
    answer = reader(editor).get(f"/organization/{package['organization']['name']}/improve.csv")
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))
    found = act(editor, "fix_list", organization=organization)
    assert [row["fix"] for row in rows] == [fix["id"] for fix in found["fixes"]]
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("path", ["", ".csv", "/fix/licence"])
def test_nobody_else_sees_an_organizations_list(
    levels: Any, organization: str, person: Any, reader: Any, path: str
) -> None:
    package = levels(state="draft", title="Secret levels")
    name = package["organization"]["name"]
    address = f"/organization/{name}/improve{path}"
    for user in (person(), person("member", organization)):
        assert "Secret levels" not in reader(user).get(address, status=403).get_data(as_text=True)
        assert f"/organization/{name}/improve" not in reader(user).text(f"/organization/{name}")
    reader("").get(address, status=302)
    reader(person("admin", organization)).get(address)
    reader(person("sysadmin")).get(address)


@pytest.mark.parametrize(
    "query", ["sort=nothing", "state=deleted", "grade=Z", "origin=x", "title=%00", "state=public&state=%27"]
)
def test_an_address_that_means_nothing_is_refused(office: Any, reader: Any, query: str) -> None:
    status = 200 if query.startswith("state=public&") else 400
    for path in ("", ".csv", "/fix/licence"):
        reader(office.editor).get(f"/organization/{office.name}/improve{path}?{query}", status=status)


def test_what_is_not_there_is_not_found(office: Any, sysadmin: Any, reader: Any) -> None:
    sysadmin.get(f"/organization/no-such-{uuid.uuid4()}/improve", status=404)
    sysadmin.get(f"/organization/{office.name}/improve/edit/{uuid.uuid4()}", status=404)
    reader(office.editor).get(f"/organization/{office.name}/improve/fix/no-such-fix", status=400)
    reader(office.editor).get(f"/organization/{office.name}/improve/edit/{uuid.uuid4()}", status=403)
