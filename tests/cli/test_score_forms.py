"""`aivision score --format`: what each form holds, and where it is written."""

from __future__ import annotations

import collections
import csv
import gzip
import io
import json
import os
import resource
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.cli.conftest import Write, aivision, call, lines, refusal
from tests.corpora import OWN
from tests.examples import share_of
from tests.records import record

from ckanext.aivision.cli.output.format_registry import names_of
from ckanext.aivision.cli.score.report import ScoreReport
from ckanext.aivision.scoring.guidance import cite
from ckanext.aivision.scoring.rubric import load

FORMS = names_of(ScoreReport)
DATA = Path(__file__).parents[1] / "data"
EVIL = "=cmd|' /C calc'!A0 <script>alert(1)</script> & \x0b\ufffe ]]> \"'"


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def junit(text: str) -> Any:
    """The suites of a JUnit document, valid by Jenkins' schema."""
    found = etree.fromstring(text.encode())
    etree.XMLSchema(etree.parse(str(DATA / "junit-10.xsd"))).assertValid(found)
    return found


@pytest.mark.long
def test_a_json_document_holds_the_same_records_as_the_lines(samples: Path) -> None:
    document = json.loads(call("score", samples / "us.data.json", "--format", "json").out)
    assert document["results"] == lines(call("score", samples / "us.data.json", "--format", "ndjson").out)
    assert document["rubric_version"] == load().version
    assert document["summary"]["records"] == document["summary"]["evaluated"] == 35
    assert document["fault"] is None


@pytest.mark.long
def test_the_summary_of_a_json_document_is_that_of_its_results(samples: Path) -> None:
    document = json.loads(call("score", samples / "us.data.json", "--format", "json").out)
    scores = [row["score"] for row in document["results"]]
    found = [result["result"] for row in document["results"] for result in row["results"]]
    gates = [hit["gate"] for row in document["results"] for hit in row.get("gates", ())]
    assert document["summary"]["mean_score"] == round(sum(scores) / len(scores), 1)
    assert document["summary"]["problems"] == found.count("fail") + found.count("partial") + len(gates)
    assert document["summary"]["gates"] == collections.Counter(gates)
    assert sum(document["summary"]["grades"].values()) == len(scores)


def test_a_refused_record_is_in_every_form(write: Write) -> None:
    source = write([record(1), None, record(2)])
    for form in FORMS:
        done = call("score", source, "--format", form)
        assert (done.status, done.err) == (1, "Found: 1 record refused\n"), form
        assert "a dataset must be an object, but this is null" in done.out, form


def test_a_document_that_breaks_off_is_whole_in_every_form_and_says_so(write: Write, tmp_path: Path) -> None:
    path = tmp_path / "cut.json"
    path.write_bytes(write([record(1), record(2)]).read_bytes()[:-30])
    for form in FORMS:
        done = call("score", path, "--format", form)
        assert "the text ends in the middle of a value" in refusal(done)
        assert "river levels" in done.out, form
    document = json.loads(call("score", path, "--format", "json").out)
    assert "the text ends in the middle" in document["fault"]
    assert junit(call("score", path, "--format", "junit").out).xpath("//error/@type") == ["fault"]


def test_csv_has_a_row_for_each_gate_and_each_result_of_each_record(samples: Path) -> None:
    rows = rows_of(call("score", samples / "us.data.json", "--format", "csv").out)
    results = [row for row in rows if row["result"] != "gate"]
    assert len(results) == 35 * len(load().criteria)
    assert {row["criterion"] for row in rows if row["result"] == "gate"} <= {row.id for row in load().gates}
    assert {row["where"] for row in rows} == {f"$.dataset[{number}]" for number in range(35)}


def test_no_cell_of_csv_is_a_formula(write: Write) -> None:
    rows = rows_of(call("score", write([record(1, title="=1+1", identifier="@x")]), "--format", "csv").out)
    assert {(row["identifier"], row["title"]) for row in rows} == {("'@x", "'=1+1")}
    assert float(rows[0]["score"]) > 0


def test_csv_tells_why_where_it_is_asked_to_explain(samples: Path) -> None:
    rows = rows_of(call("score", samples / "us.data.json", "--limit", 1, "--format", "csv", "--explain").out)
    assert all(row["question"] and row["reason"] for row in rows)
    sources = {row.id: "; ".join(str(cite(source)) for source in row.sources) for row in load().criteria}
    assert {row["criterion"]: row["sources"] for row in rows} == sources


@pytest.mark.long
@pytest.mark.parametrize("name", ["us.data.json", "uk.ckan.ndjson"])
def test_junit_is_valid_and_has_a_suite_for_each_record(samples: Path, name: str) -> None:
    suites = junit(call("score", samples / name, "--format", "junit").out)
    rows = lines(call("score", samples / name, "--format", "ndjson").out)
    gates = len(load().gates_at(()))
    for suite, row in zip(suites, rows, strict=True):
        found = [result["result"] for result in row["results"]]
        assert suite.get("name") == row["identifier"]
        assert int(suite.get("tests")) == len(suite.findall("testcase")) == len(found) + gates
        assert (
            int(suite.get("failures"))
            == len(suite.findall("*/failure"))
            == found.count("fail") + found.count("partial") + len(row.get("gates", ()))
        )
        assert int(suite.get("skipped")) == found.count("unknown") + found.count("not-applicable")


@pytest.mark.long
@settings(max_examples=share_of(30), deadline=None)
@given(text=st.text(st.characters(codec=None), min_size=1, max_size=60))
def test_any_text_of_a_record_is_valid_junit(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("junit") / "data.json"
    path.write_text(json.dumps({"dataset": [record(1, identifier=text, title=text, license=text), {"title": text}]}))
    junit(call("score", path, "--format", "junit").out)


def test_the_page_is_self_contained_and_escapes_what_records_say(write: Write) -> None:
    page = call("score", write([record(1, title=EVIL, license=EVIL), {"title": EVIL}]), "--format", "html").out
    assert "&lt;script&gt;" in page
    tree = etree.fromstring(page, etree.HTMLParser(recover=False))
    assert tree.xpath("//script | //link | //img | //iframe | //@src | //@onload") == []
    # Its only links are those of the clauses that the criteria cite.
    cited = {cite(source).url for row in load().criteria for source in row.sources}
    assert set(tree.xpath("//@href")) == set(tree.xpath("//dl//a/@href")) <= cited
    assert "DOC 1.1.1 Characteristics of the data in the documentation" in tree.xpath("//dl//a/text()")
    assert "default-src 'none'" in tree.xpath("string(//meta[@http-equiv]/@content)")


@pytest.mark.long
def test_the_page_shows_the_lowest_of_many_and_says_so(write: Write) -> None:
    source = write([*(record(number) for number in range(1005)), {"identifier": "bare", "title": "Only a title"}])
    page = call("score", source, "--format", "html").out
    assert "The 1,000 lowest of 1,006" in page
    first = page[page.index('id="datasets"') :]
    assert first.index("Only a title") < first.index("Weekly river levels")


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_can_be_read_at_any_width_and_by_anyone(
    browser: Any, samples: Path, tmp_path: Path, width: int
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    assert call("score", samples / "us.data.json", "--format", "html", "--output", tmp_path / "page.html").status == 0
    page = browser.new_page(viewport={"width": width, "height": 800})
    try:
        page.goto((tmp_path / "page.html").as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
    finally:
        page.close()


@pytest.mark.long
@pytest.mark.parametrize("form", FORMS)
def test_a_file_holds_what_standard_output_would(samples: Path, tmp_path: Path, form: str) -> None:
    words = ("score", samples / "us.data.json", "--format", form)
    assert call(*words, "--output", tmp_path / "out") == (0, "", "")
    written = (tmp_path / "out").read_bytes().decode()
    assert written == call(*words).out or form == "table"
    assert "35 records" in written or form != "table"


def test_a_file_is_left_as_it_was_where_the_source_breaks_off(write: Write, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("before")
    (tmp_path / "cut.json").write_bytes(write([record(1)]).read_bytes()[:-9])
    refusal(call("score", tmp_path / "cut.json", "--format", "ndjson", "--output", tmp_path / "out"))
    assert (tmp_path / "out").read_text() == "before"
    assert not list(tmp_path.glob(".*"))


@pytest.mark.long
def test_a_file_is_left_as_it_was_where_the_disk_is_full(samples: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("before")
    words = ("score", samples / "us.data.json", "--format", "csv", "--output", tmp_path / "out")
    done = aivision(*words, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)))
    assert "cannot be written: File too large; choose another file" in refusal(done)
    assert (tmp_path / "out").read_text() == "before"
    assert not list(tmp_path.glob(".*"))


def test_a_file_keeps_its_permissions(samples: Path, tmp_path: Path) -> None:
    (tmp_path / "out").touch(0o640)
    call("score", samples / "us.data.json", "--limit", 1, "--output", tmp_path / "out")
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o640


@pytest.mark.long
def test_a_device_is_written_to_as_it_is(samples: Path) -> None:
    done = aivision("score", samples / "us.data.json", "--limit", 1, "--format", "ndjson", "--output", "/dev/stdout")
    assert (done.status, len(lines(done.out))) == (0, 1)


def test_what_is_read_is_not_written_over(write: Write, tmp_path: Path) -> None:
    source = write([record(1)])
    before = source.read_bytes()
    (tmp_path / "other-name").symlink_to(source)
    for option in ("--output", "--write-baseline"):
        said = refusal(call("score", source, option, tmp_path / "other-name"))
        assert "this is an input file and would be overwritten; choose another file" in said
    assert source.read_bytes() == before


@pytest.fixture
def piped(samples: Path) -> list[tuple[str, bytes]]:
    """Documents of several kinds, each with the kind it is."""
    return [
        ("dcat-us", (samples / "us.data.json").read_bytes()),
        ("ckan", (samples / "uk.ckan.ndjson").read_bytes()),
        ("ckan", gzip.compress((samples / "uk.ckan.ndjson").read_bytes())),
        ("dcat-rdf", (OWN / "dcat" / "fenwick.jsonld").read_bytes()),
    ]


def score_of_standard_input(tmp_path: Path, content: bytes, *words: object) -> Any:
    (tmp_path / "in").write_bytes(content)
    with (tmp_path / "in").open("rb") as stream:
        return aivision("score", "-", *words, stdin=stream)


@pytest.mark.long
def test_standard_input_may_be_of_any_kind(tmp_path: Path, piped: list[tuple[str, bytes]]) -> None:
    for kind, content in piped:
        done = score_of_standard_input(tmp_path, content, "--format", "ndjson")
        assert (done.status, done.err) == (0, "")
        path = tmp_path / "saved"
        path.write_bytes(content)
        assert done.out == call("score", path, "--kind", kind, "--format", "ndjson").out


@pytest.mark.long
@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n", b"<!doctype html>", b"{"])
def test_standard_input_that_is_no_metadata_is_one_line(tmp_path: Path, content: bytes) -> None:
    assert refusal(score_of_standard_input(tmp_path, content)).startswith("Error: standard input")


@pytest.mark.long
def test_closed_standard_input_is_one_line() -> None:
    done = aivision("score", "-", preexec_fn=lambda: os.close(0))
    assert "standard input: is closed" in refusal(done)


def test_several_sources_are_one_run(samples: Path) -> None:
    done = call("score", samples / "us.data.json", samples / "uk.ckan.ndjson", "--format", "ndjson")
    assert [row["country"] for row in lines(done.out)] == ["US"] * 35 + ["GB"] * 35


def test_of_several_sources_each_refusal_is_told_with_its_own(write: Write) -> None:
    out = call("score", write([record(1)], "first.json"), write([None], "second.json")).out
    assert "second.json: $.dataset[0]: a dataset must be an object" in out.replace("\n", "")
