"""What is given to the wrong command is named, with the right command; records without a catalogue are read."""

from __future__ import annotations

import io
import json
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from tests.cli.conftest import COMMAND, ENVIRONMENT, account, call, lines, refusal
from tests.records import record

from ckanext.aivision.cli.output import log_lines

SCHEMA_ORG: dict[str, Any] = {"@type": "GovernmentOrganization", "name": "Town", "description": "A town."}
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dct="http://purl.org/dc/terms/">
<rdf:Description rdf:about="https://a.uk/d"><dct:title>{}</dct:title></rdf:Description></rdf:RDF>"""


def spreadsheet() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr("xl/workbook.xml", "<workbook/>")
    return packed.getvalue()


GUESSES: dict[str, tuple[bytes, str]] = {
    "t.csv": (b"town,trees\nAlton,12\nBarton,13\n", "this is a table: `aivision profile t.csv`"),
    "semicolons.txt": (b"town;trees\nAlton;12\n", "this is a table: `aivision profile semicolons.txt`"),
    "t.tsv": (b"town\ttrees\nAlton\t12\n", "this is a table: `aivision profile t.tsv`"),
    "book.xlsx": (spreadsheet(), "this is a spreadsheet: `aivision profile book.xlsx`"),
    "map.geojson": (b'{"type": "FeatureCollection", "features": []}', "`aivision profile map.geojson`"),
    "rows.json": (b'[{"town": "Alton", "trees": 12}]', "the rows of a table: `aivision profile rows.json`"),
    "csw.xml": (
        b'<csw:Capabilities xmlns:csw="http://www.opengis.net/cat/csw/2.0.2"/>',
        "this is the description of a CSW",
    ),
    "feed.xml": (b'<feed xmlns="http://www.w3.org/2005/Atom"></feed>', "this is a news feed"),
    "paper.pdf": (b"%PDF-1.7\n", "this is a PDF document"),
    "gone.json": (b'{"error": {"code": 400, "message": "Invalid URL"}}', "this is an error message"),
    "comment.json": (b'// catalogue\n{"dataset": []}', "this begins with a comment"),
    "guarded.json": (b')]}\'\n{"dataset": []}', "take the first line out"),
    "call.json": (b'callback({"dataset": []});', "(JSONP): ask for it without a callback"),
    "null.json": (b"null", "this JSON is a single value"),
    "entity.rdf": (
        RDF.format("River &nbsp; levels").encode(),
        "at line 2: unrecognized entity `nbsp`; XML does not have",
    ),
    "and.rdf": (RDF.format("R&D").encode(), "at line 2: Cannot find ';' after '&'; write `&amp;`"),
    "bare.ttl": (b'ex:d a dcat:Dataset ; dct:title "x" .', "The prefix ex: has not been declared"),
    "one.jsonld": (json.dumps({"@context": "https://schema.org/", **SCHEMA_ORG}).encode(), "this is schema.org"),
    "list.json": (json.dumps({"@context": ["http://schema.org"], **SCHEMA_ORG}).encode(), "this is schema.org"),
    "vocab.json": (
        json.dumps({"@context": {"@vocab": "https://schema.org/"}, **SCHEMA_ORG}).encode(),
        "describes no dataset",
    ),
}


@pytest.mark.parametrize("command", ["score", "validate"])
@pytest.mark.parametrize("name", GUESSES)
def test_what_a_document_is_and_what_to_do_is_told(
    name: str, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content, told = GUESSES[name]
    (tmp_path / name).write_bytes(content)
    monkeypatch.chdir(tmp_path)
    assert told in refusal(call(command, name))


def test_text_with_commas_is_no_table(tmp_path: Path) -> None:
    source = tmp_path / "notes.txt"
    source.write_text("Dear all,\nthe data, as promised, are attached, with notes.\n")
    assert "profile" not in refusal(call("score", source))


def test_a_catalogue_that_names_schema_org_among_its_prefixes_is_read(tmp_path: Path) -> None:
    source = tmp_path / "data.json"
    context = {"schema": "https://schema.org/", "dcat": "http://www.w3.org/ns/dcat#"}
    source.write_text(json.dumps({"@context": context, "dataset": [record(1)]}))
    assert call("score", source).status == 0


RECORDS = [record(1), record(2)]
BARE: dict[str, tuple[str, int]] = {
    "one, indented": (json.dumps(RECORDS[0], indent=1), 1),
    "one, in a line": (json.dumps(RECORDS[0]), 1),
    "a list": (json.dumps(RECORDS), 2),
    "a list, indented": (json.dumps(RECORDS, indent=2), 2),
    "one a line": ("".join(json.dumps(item) + "\n" for item in RECORDS), 2),
}


@pytest.mark.parametrize("form", BARE)
def test_records_without_a_catalogue_are_read(form: str, tmp_path: Path) -> None:
    text, count = BARE[form]
    source = tmp_path / "records.json"
    source.write_text(text)
    done = call("score", source, "--format", "ndjson")
    assert (done.status, len(lines(done.out))) == (0, count)
    assert "line" in call("score", source, "--format", "sarif").out
    assert call("harvest", source, "--into", tmp_path / "out").status == 0
    assert account(tmp_path / "out")["counts"]["new"] == count


def test_a_list_of_records_that_was_cut_is_an_error(tmp_path: Path) -> None:
    source = tmp_path / "records.json"
    source.write_text(json.dumps(RECORDS)[:-30])
    assert "ends in the middle" in refusal(call("score", source))


@pytest.mark.long
def test_whoever_reads_the_beginning_only_is_no_error(tmp_path: Path) -> None:
    source = tmp_path / "data.json"
    source.write_text(json.dumps({"dataset": [record(n, identifier=f"r{n}") for n in range(300)]}))
    script = f"set -o pipefail; '{COMMAND}' score '{source}' --format ndjson | head -1 > /dev/null"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, env=ENVIRONMENT, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_interruption_has_the_exit_status_of_shells(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise click.Abort

    monkeypatch.setattr("ckanext.aivision.cli.main.aivision", interrupted)
    done = call("score", "data.json")
    assert (done.status, done.err) == (130, "Error: interrupted; run the command again\n")


def test_a_log_gets_a_line_a_minute(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    now = [100.0]
    monkeypatch.setattr("ckanext.aivision.cli.output.log_lines.time.monotonic", lambda: now[0])
    told = log_lines.LogLines("town", active=True)
    silent = log_lines.LogLines("town", active=False)
    for seconds in (0, 59, 1, 30, 29, 1, 5):
        now[0] += seconds
        for one in (told, silent):
            one.tell(int(now[0]), 5000)
    assert capsys.readouterr().err == "town: 160 of 5,000\ntown: 220 of 5,000\n"


def test_an_address_in_sarif_is_no_uri_of_http(serve: Callable[..., str], tmp_path: Path) -> None:
    content = json.dumps({"dataset": [record(1)]}).encode()

    def answer(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    address = f"{serve(answer)}/a b/data.json".replace(" ", "%20")
    done = call("score", address, "--allow-host", "127.0.0.1", "--format", "sarif")
    results = json.loads(done.out)["runs"][0]["results"]
    files = [result["locations"][0]["physicalLocation"]["artifactLocation"] for result in results]
    assert files
    assert {file["uri"].partition("/")[2] for file in files} == {"a%20b/data.json"}
    assert not any("://" in file["uri"] for file in files)
    assert {file["description"]["text"] for file in files} == {address}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"dataset": [{"title": "a"},]}', "line 1, column 29: a comma before `]`"),
        ('{"dataset": [\n  {"title": "a",}\n]}', "line 2, column 17: a comma before `}`"),
        ('{"dataset": [{"title": "a"}],\n}', "line 2, column 1: a comma before `}`"),
        ('{"dataset": [\n  {title: "a"}]}', "line 2, column 4: here belongs the name of a member, in double quotes"),
        ('{"dataset": [\n\n  {"title": \'a\'}]}', "line 3, column 13: `'` begins no value"),
        ('{"dataset": [{"title": "a" "b": 1}]}', "line 1, column 28: here belongs a comma"),
        ('{"dataset": [{"title": "a\\d"}]}', "a backslash in a text that begins no escape"),
        ('{"dataset": [{"title": }]}', "line 1, column 24: `}` begins no value"),
        ('{"dataset": [{"title": "a"', "ends in the middle of a value"),
        ('{"dataset": [{"title": tru', "ends in the middle of a value"),
        ('{"dataset": [{"size": 12.', "ends in the middle of a value"),
        ('{"dataset": [{"title": "a"}', "ends in the middle of a value"),
    ],
)
def test_what_is_wrong_in_json_is_told_with_its_line_and_column(text: str, told: str, tmp_path: Path) -> None:
    source = tmp_path / "data.json"
    source.write_text(text)
    for command in ("score", "validate"):
        assert told in refusal(call(command, source))
