"""`aivision score --format sarif`: valid SARIF 2.1.0 within GitHub's limits, with places in the source file."""

from __future__ import annotations

import gzip
import json
import shutil
import tracemalloc
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.cli.conftest import Write, call, refusal
from tests.conftest import PortalOf
from tests.corpora import files_of_corpora
from tests.examples import share_of
from tests.records import record

from ckanext.aivision.cli.output.formats import sarif as sarif_run
from ckanext.aivision.harvesters.positions.json_positions import Records
from ckanext.aivision.scoring.guidance import cite
from ckanext.aivision.scoring.rubric import load

DATA = Path(__file__).parents[1] / "data"
VALIDATOR = jsonschema.Draft202012Validator(json.loads((DATA / "sarif-2.1.0.json").read_text(encoding="utf-8")))


def run_of(*words: object) -> dict[str, Any]:
    """The one run of a SARIF document, valid by the official schema."""
    done = call("score", *words, "--format", "sarif")
    assert done.status in (0, 1), done
    document = json.loads(done.out)
    VALIDATOR.validate(document)
    found: dict[str, Any] = document["runs"][0]
    return found


def place(result: dict[str, Any]) -> tuple[str, dict[str, int]]:
    physical = result["locations"][0]["physicalLocation"]
    return physical["artifactLocation"]["uri"], physical.get("region", {})


def marked_text(result: dict[str, Any], text: str) -> str:
    """What stands at the place of a result."""
    _, region = place(result)
    assert region["startLine"] == region["endLine"]
    return text.split("\n")[region["startLine"] - 1][region["startColumn"] - 1 : region["endColumn"] - 1]


def of_rule(run: dict[str, Any], id: str) -> list[dict[str, Any]]:
    return [result for result in run["results"] if result["ruleId"] == id]


@pytest.mark.long
@pytest.mark.parametrize(
    "path",
    files_of_corpora("us/harbors*", "uk/fenwick*", "dcat/fenwick*", "us/gsa*", "uk/glasgow*", "dcat/glasgow*"),
)
def test_catalogues_make_valid_sarif(path: Path) -> None:
    run = run_of(path)
    assert run["results"]
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])


@pytest.mark.long
def test_each_rule_says_what_github_asks_of_one(samples: Path) -> None:
    driver = run_of(samples / "us.data.json")["tool"]["driver"]
    criteria = {row.id: row for row in load().everything}
    for rule in driver["rules"]:
        assert 0 < len(rule["name"]) <= 255
        assert 0 < len(rule["shortDescription"]["text"]) <= 1024
        assert 0 < len(rule["fullDescription"]["text"]) <= 1024
        assert rule["help"]["text"]
        if rule["id"] in criteria:
            first = cite(criteria[rule["id"]].sources[0])
            assert rule["helpUri"] == first.url
            assert str(first) in rule["help"]["text"]
            assert f"- {first.markdown()}\n" in rule["help"]["markdown"]
        assert rule["defaultConfiguration"]["level"] in ("note", "warning", "error")
        assert len(rule["properties"]["tags"]) <= 10
    assert sum("markdown" in rule["help"] for rule in driver["rules"]) == len(driver["rules"]) - 1


def test_a_field_is_found_at_its_line_and_column(tmp_path: Path) -> None:
    records = [record(1), record(2, license="Ask us", title="Ébauche")]
    text = json.dumps({"conformsTo": "x", "dataset": records}, indent=2, ensure_ascii=False)
    (tmp_path / "data.json").write_text(text, encoding="utf-8")
    (result,) = of_rule(run_of(tmp_path / "data.json", "--select", "licence-open"), "licence-open")
    assert marked_text(result, text) == '"Ask us"'


def test_a_distribution_is_found_by_what_was_seen_in_it(tmp_path: Path) -> None:
    files = [
        {"downloadURL": f"https://rivers.example.gov/levels-{number}.csv", "mediaType": name}
        for number, name in enumerate(("text/csv", "text/nonsense"))
    ]
    text = json.dumps({"dataset": [record(1, distribution=files)]}, indent=1)
    (tmp_path / "data.json").write_text(text)
    (result,) = of_rule(run_of(tmp_path / "data.json", "--select", "media-type-registered"), "media-type-registered")
    assert "nonsense" in marked_text(result, text)


def test_what_is_missing_is_told_at_the_beginning_of_its_record(tmp_path: Path) -> None:
    bare = record(2)
    del bare["license"]
    text = json.dumps({"dataset": [record(1), bare]}, indent=4)
    (tmp_path / "data.json").write_text(text)
    (result,) = of_rule(run_of(tmp_path / "data.json", "--select", "licence-open"), "licence-open")
    _, region = place(result)
    assert text.split("\n")[region["startLine"] :][1].strip().startswith('"identifier": "river-2"')
    assert marked_text(result, text) == "{"


@pytest.mark.long
@pytest.mark.parametrize("packed", [False, True])
def test_each_record_of_a_dump_is_found_at_its_line(samples: Path, tmp_path: Path, packed: bool) -> None:
    content = (samples / "uk.ckan.ndjson").read_bytes()
    path = tmp_path / ("uk.ndjson.gz" if packed else "uk.ndjson")
    path.write_bytes(gzip.compress(content) if packed else content)
    lines = content.decode().split("\n")
    for result in run_of(path)["results"]:
        title = result["message"]["text"].rpartition(" (")[2][:-1]
        assert json.dumps(title, ensure_ascii=False)[1:-1] in lines[place(result)[1]["startLine"] - 1]


def test_a_file_in_the_working_directory_is_named_as_in_a_repository(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write([record(1, license="Ask us")], "a name.json")
    monkeypatch.chdir(tmp_path)
    assert {place(result)[0] for result in run_of("a name.json")["results"]} == {"a%20name.json"}
    monkeypatch.chdir("/")
    inside = (tmp_path / "a name.json").relative_to("/").as_posix().replace(" ", "%20")
    assert {place(result)[0] for result in run_of(tmp_path / "a name.json")["results"]} == {inside}


@pytest.mark.long
def test_in_a_directory_each_file_is_named_with_the_line(samples: Path, tmp_path: Path) -> None:
    for name in ("us.data.json", "uk.ckan.ndjson"):
        shutil.copy(samples / name, tmp_path / name)
    places = [place(result) for result in run_of(tmp_path)["results"]]
    assert {uri.rpartition("/")[2] for uri, _ in places} == {"us.data.json", "uk.ckan.ndjson"}
    assert all(region for _, region in places)


def test_an_address_has_no_line(portal: PortalOf) -> None:
    with portal() as address:
        url = f"{address}/us/harbors/data.json"
        run = run_of(url, "--allow-host", "127.0.0.1", "--limit", 5)
    # Code scanning refuses a URI of http.
    assert {unquote(place(result)[0]) for result in run["results"]} == {url.removeprefix("http://")}
    assert all(place(result)[1] == {} for result in run["results"])


def test_a_refused_record_is_an_error_at_its_place(tmp_path: Path) -> None:
    text = json.dumps({"dataset": [record(1), {"identifier": "x"}, 7]}, indent=1)
    (tmp_path / "data.json").write_text(text)
    refused = of_rule(run_of(tmp_path / "data.json"), "record-refused")
    assert [result["level"] for result in refused] == ["error", "error"]
    assert [marked_text(result, text) for result in refused] == ["{", "7"]


def test_a_fingerprint_stays_where_records_change_places(write: Write) -> None:
    records = [record(number, license="Ask us") for number in range(4)]
    first = {str(result["partialFingerprints"]) for result in run_of(write(records))["results"]}
    again = {str(result["partialFingerprints"]) for result in run_of(write([record(9), *reversed(records)]))["results"]}
    assert first < again
    assert len(first) == len(run_of(write(records))["results"])


@pytest.mark.long
def test_the_gravest_of_too_many_are_kept_and_the_rest_is_told(samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    every = run_of(samples / "us.data.json")["results"]
    monkeypatch.setattr(sarif_run, "MOST_RESULTS", 20)
    run = run_of(samples / "us.data.json")
    assert run["results"] == every[:20]
    assert {result["level"] for result in run["results"]} == {"error"}
    said = run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
    assert said.startswith(f"{len(every) - 20} of {len(every)} results were left out")


@pytest.mark.long
def test_a_file_stays_below_the_size_that_an_upload_may_have(samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    every = run_of(samples / "us.data.json")["results"]
    monkeypatch.setattr(sarif_run, "MOST_BYTES", 4_000)
    done = call("score", samples / "us.data.json", "--format", "sarif")
    run = json.loads(done.out)["runs"][0]
    assert 0 < len(run["results"]) < len(every)
    assert "results were left out" in run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]


def test_a_source_that_breaks_off_is_no_successful_run(write: Write, tmp_path: Path) -> None:
    (tmp_path / "cut.json").write_bytes(write([record(1), record(2)]).read_bytes()[:-9])
    done = call("score", tmp_path / "cut.json", "--format", "sarif")
    refusal(done)
    assert json.loads(done.out)["runs"][0]["invocations"][0]["executionSuccessful"] is False


@pytest.mark.long
def test_places_are_found_in_constant_memory(tmp_path: Path) -> None:
    path, count = tmp_path / "data.json", 20_000
    path.write_text(json.dumps({"dataset": [record(number) for number in range(count)]}, indent=1))
    tracemalloc.start()
    records = Records(str(path))
    found = [records.find(f"$.dataset[{number}]") for number in range(0, count, 100)]
    records.close()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [json.loads(item.text)["identifier"] for item in found if item] == [
        f"river-{n}" for n in range(0, count, 100)
    ]
    assert most < path.stat().st_size / 3


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=10,
)


@pytest.mark.long
@settings(max_examples=share_of(100), deadline=None)
@given(found=st.lists(values, min_size=1, max_size=5), indent=st.sampled_from([None, 0, 2]))
def test_each_value_of_any_document_is_found_where_it_stands(
    tmp_path_factory: pytest.TempPathFactory, found: list[Any], indent: int | None
) -> None:
    path = tmp_path_factory.mktemp("places") / "data.json"
    text = json.dumps({"b": 1, "dataset": found}, indent=indent)
    path.write_text(text)
    records = Records(str(path))
    for number, value in enumerate(found):
        place = records.find(f"$.dataset[{number}]")
        assert place is not None
        assert json.loads(place.text) == value
        for inner in place.values().values():
            span = place.span(inner)
            line = text.split("\n")[span.line - 1]
            first = place.text[inner.start : inner.end].split("\n")[0]
            assert line[span.column - 1 : span.end_column - 1] == first
    records.close()
