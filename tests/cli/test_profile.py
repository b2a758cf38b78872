"""`aivision profile` and `aivision score --depth content`: what files hold, without any server of ours."""

from __future__ import annotations

import csv
import http.server
import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from tests.cli.conftest import aivision, call, refusal

pytestmark = pytest.mark.long
LEVELS = "station;day;level (m)\nA1;31/01/2026;1,5\nA2;30/01/2026;N/A\n"
TABLE = "station,day,level (m)\nA1,2026-01-31,1.5\nA2,2026-01-30,N/A\n"
PEOPLE = "row,contact,=cmd()\n1,zebedee@rivers.example.gov,-5\n2,dougal@rivers.example.gov,7\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "levels.csv"
    path.write_text(TABLE)
    return path


def test_the_table_tells_a_person_what_the_file_holds(table: Path) -> None:
    done = aivision("profile", table)
    assert (done.status, done.err) == (0, "")
    told = " ".join(done.out.split())
    assert "CSV, 2 rows, 3 columns; utf-8 (from its bytes)" in told
    assert "level (m) number 50.0% 1 1.5 to 1.5 unit m; missing values: N/A" in told


def test_json_is_the_whole_profile_and_csv_its_columns(table: Path) -> None:
    found = json.loads(call("profile", table, "--format", "json").out)
    assert (found["format"], found["rows"], found["keys"]) == ("CSV", 2, [["station"], ["day"]])
    rows = list(csv.DictReader(call("profile", table, "--format", "csv").out.splitlines()))
    assert [(row["name"], row["type"], row["missing"]) for row in rows][2] == ("level (m)", "number", "0.5")


def test_a_data_dictionary_for_programs_is_a_table_schema_or_csv_on_the_web(table: Path) -> None:
    schema = json.loads(call("profile", table, "--format", "table-schema").out)
    assert [field["type"] for field in schema["fields"]] == ["string", "date", "number"]
    assert (schema["missingValues"], schema["primaryKey"]) == (["N/A"], ["station"])
    described = json.loads(call("profile", table, "--format", "csvw").out)
    assert [column["datatype"] for column in described["tableSchema"]["columns"]] == ["string", "date", "number"]
    assert described["dialect"] == {"header": True, "encoding": "utf-8", "delimiter": ","}


def test_dates_of_another_form_are_not_called_dates_of_a_standard(tmp_path: Path) -> None:
    path = tmp_path / "levels.csv"
    path.write_text(LEVELS)
    told = "DD/MM/YYYY; 2026-01-30 to 2026-01-31"
    schema = json.loads(call("profile", path, "--format", "table-schema").out)
    assert schema["fields"][1] == {"name": "day", "type": "date", "description": told, "format": "any"}
    described = json.loads(call("profile", path, "--format", "csvw").out)
    assert described["tableSchema"]["columns"][1]["datatype"] == "string"


@pytest.mark.parametrize("form", ["table", "json", "csv", "table-schema", "csvw"])
def test_personal_data_are_flagged_and_never_printed(form: str, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE)
    done = aivision("profile", path, "--format", form)
    assert done.status == 0
    assert "zebedee" not in done.out + done.err
    # The path of the file can have any number.
    assert "-5" not in done.out.replace(str(path), "")
    if form in ("table", "json", "csv"):
        assert "e-mail address" in done.out


def test_a_name_that_begins_like_a_formula_is_harmless_in_csv(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE)
    rows = list(csv.DictReader(call("profile", path, "--format", "csv").out.splitlines()))
    assert rows[2]["name"] == "'=cmd()"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"%PDF-1.7", "it is a PDF"),
        (b"", "it is empty"),
        (b"\0" * 99, "it contains zero bytes"),
        (None, "cannot be read"),
    ],
)
def test_what_cannot_be_profiled_is_refused_in_one_line(content: bytes | None, told: str, tmp_path: Path) -> None:
    path = tmp_path / "levels.csv"
    if content is not None:
        path.write_bytes(content)
    done = aivision("profile", path)
    assert done.status == 2
    assert told in refusal(done)


@pytest.fixture
def site(serve: Callable[..., str]) -> str:
    """The address of a portal with files and a data.json that names them; its robots.txt shuts one folder."""
    held = {"/robots.txt": "User-agent: *\nDisallow: /shut/\n", "/levels.csv": TABLE, "/shut/levels.csv": TABLE}

    def answer(request: http.server.BaseHTTPRequestHandler) -> None:
        body = held.get(request.path, "").encode()
        request.send_response(200 if body else 404)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    return serve(answer)


def catalogue(folder: Path, *urls: str) -> Path:
    files = [{"@type": "dcat:Distribution", "downloadURL": url, "mediaType": "text/csv"} for url in urls]
    row = {"title": "River levels by station", "identifier": "levels", "distribution": files}
    path = folder / "data.json"
    path.write_text(json.dumps({"conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "dataset": [row]}))
    return path


def test_a_url_is_profiled_through_the_guard(site: str) -> None:
    assert "not on the public Internet" in refusal(aivision("profile", f"{site}/levels.csv"))
    done = aivision("profile", f"{site}/levels.csv", "--allow-host", urlsplit(site).netloc, "--format", "json")
    assert json.loads(done.out)["rows"] == 2


def scored(path: Path, site: str, *words: object) -> dict[str, dict[str, object]]:
    options = ("--format", "ndjson", "--allow-host", urlsplit(site).netloc)
    results = json.loads(call("score", path, *options, *words).out.splitlines()[0])["results"]
    return {result["criterion"]: result for result in results}


def test_score_looks_into_the_files_where_it_is_asked_to(site: str, tmp_path: Path) -> None:
    path = catalogue(tmp_path, f"{site}/levels.csv")
    assert "header-usable" not in scored(path, site)
    deep = scored(path, site, "--depth", "content")
    assert deep["header-usable"]["result"] == "pass"
    assert deep["file-as-declared"]["result"] == "pass"
    assert {name: deep[name] for name in scored(path, site)} == scored(path, site)


def test_what_robots_are_kept_from_and_what_is_over_the_number_is_unknown(site: str, tmp_path: Path) -> None:
    shut = scored(catalogue(tmp_path, f"{site}/shut/levels.csv"), site, "--depth", "content")
    assert shut["header-usable"]["result"] == "unknown"
    path = catalogue(tmp_path, *(f"{site}/levels.csv?{number}" for number in range(3)))
    words = ("--depth", "content", "--max-files", "1", "--allow-host", urlsplit(site).netloc)
    assert "2 files were not profiled" in call("score", path, *words).err
