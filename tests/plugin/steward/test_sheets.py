"""Datasets as a spreadsheet, filled in and sent back; new datasets from a spreadsheet and from a data.json."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import openpyxl
import pytest
from tests.records import record

CSV = {"content_type": "text/csv"}


def rows_of(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))


def as_csv(rows: list[dict[str, str]]) -> bytes:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()


def send(reader: Any, path: str, content: bytes, status: int = 302, name: str = "levels.csv", **fields: str) -> Any:
    return reader.post(path, status, file=(io.BytesIO(content), name), **fields)


@pytest.fixture
def checked(act: Any, worker: Any, editor: str) -> Any:
    """What is found of the change that an upload leads to."""

    def check(answer: Any) -> dict[str, Any]:
        id = answer.headers["Location"].rsplit("/")[-1]
        worker("check", id, editor)
        found: dict[str, Any] = act(editor, "bulk_edit_show", id=id)
        return found

    return check


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_sheet_goes_out_without_formulas_and_comes_back_unchanged(
    levels: Any, editor: str, reader: Any, form: str
) -> None:
    packages = [
        levels(title="=HYPERLINK(1)", notes="-1 degrees", state="draft", theme=["ENVI", "TRAN"]),
        levels(contact=[{"name": "@desk", "email": "desk@rivers.example.gov"}, {"name": "Bob"}], license_text="+44"),
    ]
    name, own = packages[0]["organization"]["name"], reader(editor)
    content = own.get(f"/organization/{name}/improve/sheet/all.{form}").get_data()
    if form == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}
    else:
        cells = [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
        assert "ENVI | TRAN" in cells
    refused = send(own, f"/organization/{name}/improve/sheet", content, 400, name=f"levels.{form}")
    assert "No row changes anything" in refused.get_data(as_text=True)


def test_corrections_are_checked_row_by_row_and_applied(
    act: Any, worker: Any, levels: Any, shown: Any, checked: Any, editor: str, reader: Any
) -> None:
    contact = [{"name": "Desk", "email": "old@rivers.example.gov"}, {"name": "Bob"}]
    good, wrong, same = levels(contact=contact), levels(), levels()
    name, own = good["organization"]["name"], reader(editor)
    rows = {row["id"]: row for row in rows_of(own.get(f"/organization/{name}/improve/sheet/all.csv"))}
    rows[good["id"]] |= {"license_id": "OGL-UK-3.0", "contact.email": "new@rivers.example.gov", "tag_string": "rivers"}
    rows[wrong["id"]] |= {"license_id": "no-such", "next_update": "soon"}
    strange = {**rows[same["id"]], "id": "nobody"}
    found = checked(send(own, f"/organization/{name}/improve/sheet", as_csv([*rows.values(), strange])))
    states = {row["title"] if row["title"] == "nobody" else row["id"]: row for row in found["datasets"]}
    assert found["counts"] == {"ready": 1, "refused": 2}
    assert "no-such is not on the list" in states[wrong["id"]]["message"]
    assert states["nobody"]["place"] == 5
    assert "has no dataset nobody" in states["nobody"]["message"]
    act(editor, "bulk_edit_apply", id=found["id"])
    worker("apply", found["id"], editor)
    changed = shown(good["id"])
    assert changed["license_id"] == "OGL-UK-3.0"
    assert changed["contact"] == [{"name": "Desk", "email": "new@rivers.example.gov"}, {"name": "Bob"}]
    assert [tag["name"] for tag in changed["tags"]] == ["rivers"]


@pytest.mark.nightly
@pytest.mark.timeout(900)
def test_fifty_corrections_of_harvested_datasets_come_in_with_one_file(
    ckan: Any, act: Any, worker: Any, harvested: Any, shown: Any, person: Any, reader: Any
) -> None:
    records = [record(number, publisher={"name": "Office of fifty rivers"}) for number in range(50)]
    harvested("fifty-rivers", records)
    name = "office-of-fifty-rivers-us"
    editor = person("editor", ckan.get_action("organization_show")({"ignore_auth": True}, {"id": name})["id"])
    own, path = reader(editor), f"/organization/{name}/improve/sheet"
    rows = rows_of(own.get(f"{path}/all.csv"))
    typed = [{**row, "limitations": f"Frost stops gauge {number}."} for number, row in enumerate(rows)]
    id = send(own, path, as_csv(typed)).headers["Location"].rsplit("/")[-1]
    worker("check", id, editor)
    found = act(editor, "bulk_edit_show", id=id)
    assert (found["state"], found["counts"]) == ("checked", {"ready": 50})
    assert "limitations" not in shown(rows[7]["id"])
    act(editor, "bulk_edit_apply", id=id)
    worker("apply", id, editor)
    harvested("fifty-rivers", [{**one, "title": f"{one['title']}, again"} for one in records])
    corrections = act(editor, "correction_list", organization=name)
    assert {row["package_id"]: row["value"] for row in corrections} == {row["id"]: row["limitations"] for row in typed}
    assert shown(rows[7]["id"])["limitations"] == "Frost stops gauge 7."
    assert shown(rows[7]["id"])["title"].endswith(", again")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "first row"),
        (b"title\nLevels\n", "column id is missing"),
        (b"id,nothing\nx,y\n", "There is no field nothing"),
        (b"id,id\nx,y\n", "is there twice"),
        (b'id,title\n"x', "cannot be read as CSV"),
        (b"PK\x03\x04 no workbook", "cannot be read as a workbook"),
        (b"id\x00,title\n", "neither CSV nor a workbook"),
        (b"id,title\n" + b"x,y\n" * 5001, "at most 5000 rows"),
        (b"x" * (10 * 2**20 + 1), "larger than 10 MB"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_reason(
    office: Any, reader: Any, content: bytes, words: str
) -> None:
    answer = send(reader(office.editor), f"/organization/{office.name}/improve/sheet", content, 400)
    assert words in answer.get_data(as_text=True)


def test_new_datasets_of_a_spreadsheet_are_mapped_checked_and_published(
    ckan: Any, act: Any, worker: Any, levels: Any, shown: Any, checked: Any, editor: str, reader: Any
) -> None:
    name, own = levels()["organization"]["name"], reader(editor)
    rows = [
        {"Title": "Bathing water", "land": "GB", "Licence": "OGL-UK-3.0", "file.url": "https://a.example.gov/a.csv"},
        {"Title": "Bathing water", "land": "GB", "Licence": "OGL-UK-3.0", "file.url": ""},
        {"Title": "", "land": "GB", "Licence": "none", "file.url": ""},
        {"Title": "Tides", "land": "Atlantis", "Licence": "none", "file.url": ""},
    ]
    path = f"/organization/{name}/improve/new"
    asked = send(own, path, as_csv(rows), 200).get_data(as_text=True)
    assert "What is in the columns?" in asked
    assert '<option value="license_id" selected>' in asked
    columns = {f"column-{place}": field for place, field in enumerate(("title", "country", "license_id", "file.url"))}
    found = checked(send(own, path, as_csv(rows), mapped="1", **columns))
    assert [row["message"] for row in found["datasets"] if row["place"] == 2] == [""]
    assert found["counts"] == {"ready": 2, "refused": 2}
    assert {row["place"] for row in found["datasets"] if row["state"] == "refused"} == {4, 5}
    act(editor, "bulk_edit_apply", id=found["id"])
    worker("apply", found["id"], editor)
    ids = [row["id"] for row in act(editor, "bulk_edit_show", id=found["id"], rows="applied")["datasets"]]
    made = [ckan.get_action("package_show")({"user": ""}, {"id": id}) for id in ids]
    assert {package["name"] for package in made} == {"bathing-water", "bathing-water-2"}
    assert made[0]["resources"][0]["url"] == "https://a.example.gov/a.csv"
    assert act(editor, "score_show", id=ids[0])["score"] > 0
    act(editor, "bulk_edit_undo", id=found["id"])
    worker("undo", found["id"], editor)
    assert (
        ckan.get_action("package_show")({"ignore_auth": True, "use_cache": False}, {"id": ids[0]})["state"] == "deleted"
    )


def test_new_datasets_of_a_data_json(levels: Any, checked: Any, editor: str, reader: Any) -> None:
    name, own = levels()["organization"]["name"], reader(editor)
    path = f"/organization/{name}/improve/new"
    content = json.dumps({"dataset": [record(1), record(2), "no record"]}).encode()
    assert "Choose the country" in send(own, path, content, 400, "data.json").get_data(as_text=True)
    found = checked(send(own, path, content, name="data.json", country="US"))
    assert found["counts"] == {"ready": 2, "refused": 1}
    assert all(row["score_after"] > 0 for row in found["datasets"] if row["state"] == "ready")
    refused = send(own, path, b'{"dataset": [', 400, "data.json", country="US")
    assert "The file was not used" in refused.get_data(as_text=True)


@pytest.mark.parametrize("path", ["sheet", "sheet/all.csv", "sheet/licence.xlsx"])
def test_sheets_are_for_the_organizations_own_people(office: Any, person: Any, reader: Any, path: str) -> None:
    name = office.name
    for user in (person(), person("member", office.id)):
        reader(user).get(f"/organization/{name}/improve/{path}", status=403)
        send(reader(user), f"/organization/{name}/improve/sheet", b"id,title\nx,y\n", 403)
        send(reader(user), f"/organization/{name}/improve/new", b"title\nx\n", 403)
    reader("").get(f"/organization/{name}/improve/{path}", status=302)


@pytest.mark.parametrize("path", ["sheet/no-such.csv", "sheet/licence.exe"])
def test_a_sheet_that_there_is_not(office: Any, reader: Any, path: str) -> None:
    reader(office.editor).get(f"/organization/{office.name}/improve/{path}", status=404)
    reader(office.editor).get(f"/organization/{office.name}/improve/sheet/licence.csv?state=%27", status=400)
