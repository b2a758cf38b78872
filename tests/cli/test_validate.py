"""`aivision validate`: metadata by the official standards, as they were published and as it was published."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.cli.conftest import aivision, call, lines, refusal
from tests.examples import share_of

SCHEMA_1 = "https://project-open-data.cio.gov/v1.1/schema"
FEDERAL: dict[str, Any] = {
    "@type": "dcat:Dataset",
    "identifier": "https://rivers.example.gov/1",
    "title": "River levels",
    "description": "Levels of rivers, hour by hour.",
    "keyword": ["rivers"],
    "modified": "2026-01-05",
    "publisher": {"@type": "org:Organization", "name": "Rivers Agency"},
    "contactPoint": {"@type": "vcard:Contact", "fn": "Data", "hasEmail": "mailto:data@rivers.example.gov"},
    "accessLevel": "public",
    "bureauCode": ["015:11"],
    "programCode": ["015:001"],
}
UK: dict[str, Any] = {
    "identifier": "rivers-1",
    "type": "dcat:Dataset",
    "title": "River levels",
    "description": "Levels of rivers, hour by hour.",
    "licence": "http://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    "version": "1",
    "accessRights": "OPEN",
    "securityClassification": "OFFICIAL",
    "modified": "2026-01-05",
    "creator": ["environment-agency"],
    "publisher": "environment-agency",
    "updateFrequency": "freq:quarterly",
    "contactPoint": {"contactName": "Data", "email": "data@rivers.example.gov"},
}

Put = Callable[..., Path]


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Writes a text, or the JSON of anything else, into a file."""

    def written(content: Any, name: str = "data.json") -> Path:
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return path

    return written


def catalogue(*records: Any, **others: Any) -> dict[str, Any]:
    return {"conformsTo": SCHEMA_1, **others, "dataset": list(records)}


def findings(path: Path, *words: str) -> list[dict[str, Any]]:
    """All findings, as NDJSON has them."""
    done = call("validate", path, "--format", "ndjson", *words)
    assert done.status in (0, 1), done.err
    return [finding for record in lines(done.out) for finding in record["findings"]]


def one(path: Path, *words: str) -> dict[str, Any]:
    """The only finding."""
    (finding,) = findings(path, *words)
    return finding


def test_a_valid_catalogue_is_told_with_status_0(put: Put) -> None:
    done = call("validate", put(catalogue(FEDERAL)))
    assert (done.status, done.err) == (0, "")
    assert done.out == "1 of 1 records are valid by DCAT-US Schema 1.1, federal agencies (dcat-us-1.1)\n"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"contactPoint": {"fn": "Data"}}, ("contactPoint.hasEmail", "is missing", "add `hasEmail`")),
        (
            {"accrualPeriodicity": "Weekly"},
            (
                "accrualPeriodicity",
                'must be "irregular" or a repeating interval of ISO 8601, such as R/P1Y',
                'write "R/P1W"',
            ),
        ),
        ({"theme": "water"}, ("theme", "must be a list", 'write ["water"]')),
        ({"theme": [""]}, ("theme[]", "must be text that is not empty", "")),
        (
            {"accessLevel": "Public"},
            ("accessLevel", 'must be "public", "restricted public" or "non-public"', "did you mean `public`?"),
        ),
        (
            {"distribution": [{"downloadURL": "rivers.csv", "mediaType": "text/csv"}]},
            (
                "distribution[].downloadURL",
                "must be a whole address without spaces, such as https://example.gov/data",
                "",
            ),
        ),
        (
            {
                "distribution": [
                    {"downloadUrl": "https://rivers.example.gov/1.csv"},
                    {"downloadURL": "https://rivers.gov/1.csv"},
                ]
            },
            ("distribution[].mediaType", "is missing", "add `mediaType`"),
        ),
    ],
)
def test_of_alternatives_the_closest_is_told_with_what_to_do(
    put: Put, change: dict[str, Any], told: tuple[str, str, str]
) -> None:
    finding = one(put(catalogue({**FEDERAL, **change})))
    assert (finding["field"], finding["message"], finding["fix"]) == told


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("javascript:void(0)", "javascript:"),
        ("file:///C:/data/lamps.csv", "file:"),
        ("http://localhost:8080/lamps.csv", "localhost is a reserved name"),
        ("https://lamps.example/lamps.csv", "lamps.example is a reserved name"),
        ("http://192.168.1.5/lamps.csv", "192.168.1.5"),
        ("https://lamps.gov/lamps.csv", ""),
    ],
)
def test_an_address_that_nobody_can_fetch_is_a_warning_and_no_error(put: Put, address: str, why: str) -> None:
    path = put(catalogue({**FEDERAL, "distribution": [{"downloadURL": address, "mediaType": "text/csv"}]}))
    done = call("validate", path, "--format", "json")
    assert done.status == 0
    assert ("public-address" in done.out) == bool(why)
    assert why in done.out


def test_a_misspelt_member_is_named_beside_the_missing_one(put: Put) -> None:
    record = {"Keyword" if key == "keyword" else key: value for key, value in FEDERAL.items()}
    finding = one(put(catalogue(record)))
    assert (finding["field"], finding["fix"]) == ("keyword", "there is `Keyword`: write `keyword`")


def test_a_value_of_the_wrong_type_is_told_once(put: Put) -> None:
    finding = one(put({**UK, "updateFrequency": ["freq:annual", "freq:daily"]}))
    assert (finding["message"], finding["seen"]) == ("must be text", "a list of 2")


def test_of_a_long_list_of_values_one_is_told(put: Put) -> None:
    finding = one(put({**UK, "publisher": "environment-agencie"}))
    assert finding["message"].startswith("must be one of the standard's 1,176 values, such as ")
    assert finding["fix"] == "did you mean `environment-agency`?"


def test_no_one_is_told_to_write_a_redaction(put: Put) -> None:
    record = {**FEDERAL, "license": "public domain", "issued": "last year", "modified": 5, "theme": 7}
    assert "REDACTED" not in call("validate", put(catalogue(record))).out


def test_a_member_that_the_model_lacks_is_told_with_the_nearest_that_it_has(put: Put) -> None:
    record = {"license" if key == "licence" else key: value for key, value in UK.items()}
    told = {finding["field"]: finding["fix"] for finding in findings(put(record))}
    assert told == {"licence": "there is `license`: write `licence`", "license": "did you mean `licence`?"}


def test_the_record_is_checked_as_published_and_not_as_we_read_it(put: Put) -> None:
    """`score` takes a number for a title and one text for a list of keywords."""
    told = {
        finding["field"]: finding["seen"]
        for finding in findings(put(catalogue({**FEDERAL, "title": 5, "keyword": "x"})))
    }
    assert told == {"title": "5", "keyword": "x"}


def test_what_the_reader_must_mend_is_not_valid(put: Put) -> None:
    text = json.dumps(catalogue({**FEDERAL, "x": "Y"})).replace('"Y"', "NaN")
    finding = one(put(text))
    assert (finding["rule"], finding["where"]) == ("number-not-json", "$.dataset[0]")


def test_what_stands_around_the_records_is_checked_too(put: Put) -> None:
    done = call("validate", put({"dataset": [FEDERAL]}))
    assert done.status == 1
    assert "conformsTo is missing (the catalogue itself)" in done.out
    assert done.err == "Found: 1 of 1 catalogues around them not valid\n"


class TestStandard:
    def test_who_is_no_federal_agency_needs_no_codes_of_federal_ones(self, put: Put) -> None:
        record = {key: value for key, value in FEDERAL.items() if not key.endswith("Code")}
        path = put(catalogue(record))
        told = findings(path)
        assert {finding["field"] for finding in told} == {"bureauCode", "programCode"}
        assert all("--standard dcat-us-1.1-non-federal" in finding["fix"] for finding in told)
        assert findings(path, "--standard", "dcat-us-1.1-non-federal") == []

    @pytest.mark.parametrize(
        ("document", "standard"),
        [
            (catalogue(FEDERAL), "dcat-us-1.1"),
            ({"dataset": [FEDERAL]}, "dcat-us-1.1"),
            (FEDERAL, "dcat-us-1.1"),
            ([FEDERAL], "dcat-us-1.1"),
            ({"@type": "Catalog", "dataset": [{"title": "x"}]}, "dcat-us-3"),
            ({"dataset": [{"title": "x", "inSeries": "y"}]}, "dcat-us-3"),
            (UK, "uk-metadata-exchange"),
            ([UK], "uk-metadata-exchange"),
            ("identifier: x\ntitle: Rivers\nupdateFrequency: hourly\n", "uk-metadata-exchange"),
            ("@prefix dcat: <http://www.w3.org/ns/dcat#> .\n<https://a.example.gov> a dcat:Dataset .", "dcat-ap-3"),
        ],
    )
    def test_it_is_told_by_the_document(self, put: Put, document: Any, standard: str) -> None:
        done = call("validate", put(document), "--format", "ndjson")
        assert {record["standard"] for record in lines(done.out)} == {standard}

    def test_an_edition_that_is_stated_too_late_is_told(self, put: Put) -> None:
        done = call("validate", put({"dataset": [FEDERAL], "conformsTo": "DCAT-US 3.0"}))
        assert "put `conformsTo` before them, or say --standard" in " ".join(done.out.split())

    def test_one_for_other_documents_is_refused(self, put: Put) -> None:
        told = refusal(call("validate", "--standard", "dcat-us-3", put(UK)))
        assert "this is uk-metadata-exchange, and dcat-us-3 is for dcat-us" in told


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "the document is empty"),
        ("<html><body>Not found</body></html>", "this is a web page or XML instead of JSON"),
        ("<https://a.example.gov> a ", "is not readable as Turtle at line 1"),
        ("@prefix x: <http://x.example.gov/> . x:a x:b x:c .", "describes no dataset, service or catalogue in DCAT"),
        ('{"dataset": [{"title": "x"', "ends in the middle of a value"),
        ('{"a": 1}', "shows no standard (it has: a)"),
        ("[1, 2]", "shows no standard (it begins with '[1, 2]')"),
        ("hello", "shows no standard"),
        ('{"result": {"id": "x", "resources": []}}', "CKAN's own form, for which there is no official schema"),
    ],
)
def test_what_cannot_be_checked_is_refused_in_one_line(put: Put, content: str, told: str) -> None:
    assert told in refusal(call("validate", put(content)))


def test_a_missing_file_and_an_unknown_standard_are_refused(put: Put, tmp_path: Path) -> None:
    assert "not the name of a source" in refusal(call("validate", tmp_path / "none.json"))
    assert "'dcat-us-4' is not one of" in refusal(call("validate", put(UK), "--standard", "dcat-us-4"))


def test_of_a_directory_each_file_is_checked_and_those_that_cannot_be_are_told(put: Put, tmp_path: Path) -> None:
    put(catalogue(FEDERAL), "a.json")
    put("{", "b.json")
    put(UK, "c.json")
    done = call("validate", tmp_path, "--format", "ndjson")
    assert [record["where"] for record in lines(done.out)] == ["a.json: $.dataset[0]", "a.json: $", "c.json: line 1"]
    assert done.status == 2
    assert "1 of its files could not be checked to the end" in done.err


@pytest.mark.long
def test_standard_input_and_gzip_are_read(put: Put, tmp_path: Path) -> None:
    packed = tmp_path / "data.json.gz"
    packed.write_bytes(gzip.compress(put(catalogue(FEDERAL)).read_bytes()))
    with packed.open("rb") as stream:
        done = aivision("validate", "-", stdin=stream)
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith("1 of 1 records are valid")


def test_an_address_is_read_through_the_guard(serve: Callable[..., str]) -> None:
    body = json.dumps(catalogue(FEDERAL)).encode()

    def answer(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    address = serve(answer)
    assert "private address" in refusal(call("validate", address))
    host = address.removeprefix("http://").strip("/")
    assert call("validate", address, "--allow-host", host).status == 0


def test_a_harvest_is_checked_by_what_its_source_gave(put: Put, tmp_path: Path) -> None:
    assert call("harvest", put(catalogue({**FEDERAL, "theme": "water"})), "--into", tmp_path / "us").status == 0
    assert one(tmp_path / "us")["field"] == "theme"


def test_the_same_in_many_records_is_told_once_with_the_first(put: Put) -> None:
    records = [{**FEDERAL, "identifier": f"r{number}", "theme": f"t{number}"} for number in range(30)]
    done = call("validate", put(catalogue(*records)))
    assert done.out.count("theme must be a list") == 1
    assert "theme must be a list (30 records)" in done.out
    assert 'first at $.dataset[0].theme of r0: "t0"' in done.out
    assert done.err == "Found: 30 of 30 records not valid\n"


@pytest.mark.long
def test_a_record_with_endless_errors_is_told_by_its_first_ones(put: Put) -> None:
    told = findings(put(catalogue({**FEDERAL, "keyword": [5] * 150})))
    assert len(told) <= 101
    assert told[-1]["rule"] == "too-many-errors"


@pytest.mark.long
def test_the_first_errors_of_endless_ones_are_told_in_a_few_seconds(put: Put) -> None:
    files = [{"downloadURL": "www.example.org", "mediaType": f"csv{number}", "format": {}} for number in range(6000)]
    path, begin = put(catalogue({**FEDERAL, "distribution": files})), time.process_time()
    told = findings(path)
    assert time.process_time() - begin < 6  # 24 when each of them was tried
    assert len(told) <= 201  # with what is odd in addresses
    assert told[100]["message"].startswith("has more errors than are shown")


@pytest.mark.long
def test_a_record_of_too_many_values_is_not_checked_and_says_so(put: Put) -> None:
    finding = one(put(catalogue({**FEDERAL, "keyword": [5] * 2_000_002})))
    assert finding["rule"] == "record-too-large"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*FEDERAL, *UK]) | st.text(), inner),
    max_leaves=20,
)


@pytest.mark.long
@settings(max_examples=share_of(150), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(JSON, st.sampled_from(["dcat-us-1.1", "dcat-us-1.1-non-federal", "dcat-us-3", "uk-metadata-exchange", ""]))
def test_any_json_gives_findings_or_a_refusal(tmp_path: Path, value: Any, standard: str) -> None:
    path = tmp_path / "any.json"
    path.write_text(json.dumps(value if isinstance(value, list) else {"dataset": [value]}))
    words = ["--standard", standard] if standard else []
    done = call("validate", path, "--format", "json", *words)
    assert done.status in (0, 1) or refusal(done)


@pytest.mark.long
@settings(max_examples=share_of(100), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(max_size=200), st.sampled_from(["xsd:date", "xsd:integer", "rdf:HTML", "rdf:XMLLiteral", "xsd:duration"])
)
def test_any_literal_of_rdf_gives_findings(tmp_path: Path, text: str, datatype: str) -> None:
    path = tmp_path / "any.ttl"
    literal = json.dumps(text.encode("utf-8", "replace").decode(), ensure_ascii=False)
    path.write_text(
        "@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
        "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix dct: <http://purl.org/dc/terms/> .\n"
        f"<https://a.example.gov> a dcat:Dataset ; dct:issued {literal}^^{datatype} ; dct:title {literal} ."
    )
    done = call("validate", path, "--format", "json")
    assert done.status == 1 or refusal(done)


def test_of_shapes_that_are_alternatives_each_is_told(put: Put) -> None:
    text = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
<https://a.example.gov> a dcat:Dataset ; dct:publisher "Rivers Agency" ."""
    told = {
        finding["field"]: finding["message"] for finding in findings(put(text, "a.ttl"), "--standard", "dcat-us-3-rdf")
    }
    assert told["dct:publisher"] == "must be an IRI or a org:Organization"


def test_what_a_document_does_not_tell_is_a_note_and_no_error(put: Put) -> None:
    text = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
<https://a.example.gov> a dcat:Dataset ; dct:title "Rivers" ; dct:description "Levels" ;
    dct:publisher <https://agency.example.gov> ."""
    finding = one(put(text, "a.ttl"))
    assert (finding["level"], finding["seen"]) == ("note", "https://agency.example.gov")
    assert call("validate", put(text, "a.ttl")).status == 0


@pytest.mark.long
def test_a_literal_that_is_not_of_its_type_leaves_no_trace(put: Put) -> None:
    text = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
<https://a.example.gov/x y> a dcat:Dataset ; dct:issued "soon"^^<http://www.w3.org/2001/XMLSchema#date> ;
    dct:title "<a"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#XMLLiteral> ."""
    done = aivision("validate", put(text, "a.ttl"))
    assert (done.status, done.err) == (1, "Found: 1 of 1 records not valid\n")


def test_an_address_with_spaces_in_rdf_is_read(put: Put) -> None:
    text = """@prefix x: <http://x.example.gov/> .
<https://a.example.gov/x y> a <http://www.w3.org/ns/dcat#Dataset> .
<https://a.example.gov/x y> <http://www.w3.org/ns/dcat#contactPoint> [ <http://x.example.gov/y> <https://b c> ] ."""
    assert {finding["rule"] for finding in findings(put(text, "a.ttl"))} >= {"sh:minCount", "sh:class"}
