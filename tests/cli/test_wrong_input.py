"""What a person gets wrong is one line on standard error that says what to do, and exit status 2."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from tests.cli.conftest import Write, call, refusal
from tests.records import record

from ckanext.aivision.cli.output.format_registry import names_of
from ckanext.aivision.cli.score.report import ScoreReport
from ckanext.aivision.harvesters.sources.kind_registry import KINDS

Words = list[str]

NO_SOURCE = "not the name of a source in config/sources.yaml, an http(s) address, a file or a directory"
TARGETS = {
    "nowhere.json": f"{NO_SOURCE}; check the spelling",
    "gas": "did you mean gsa?",
    "sample-su": "did you mean sample-us or sample-uk?",
    "/dev": "no saved metadata in this directory",
    "/dev/null": "it is a device or a pipe: save its output to a file and use that",
    "": f"nothing: {NO_SOURCE}",
    "two\nlines": "two lines: not the name of a source",
    "x" * 5000: "a file or a directory; check the spelling",
    "ftp://data.gov/data.json": "use one that starts with https://",
    "file:///etc/passwd": "use one that starts with https://",
    "http://[::1": "this address cannot be read",
    "http://127.0.0.1:99999/": "only http and https addresses with a host are fetched",
    "http://127.0.0.1/": "use --allow-host 127.0.0.1:80",
    "http://169.254.169.254/latest/meta-data/": "is at the private address 169.254.169.254",
}
CONTENTS = {
    b"": "the document is empty; check the file or the address",
    b"  \n ": "the document is empty",
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR": "it is not text; check the file",
    b"\0\0\0\0": "it is not text",
    b"PK\x03\x04": "this is a ZIP archive",
    b"\x1f\x8b\x08\x00": "the file is truncated or damaged",
    b"<!doctype html><title>Data</title>": "this is a web page or XML instead of JSON; check the file",
    b"identifier,title\n1,Rivers\n": "this is a table: `aivision profile ",
    b"null": "this JSON is a single value: give the catalogue, which is an object or a list",
    b"{}": "no `dataset` in the document (it is an empty object)",
    b"[]": "an object whose member `dataset` lists the datasets",
    b'{"datasets": []}': "no `dataset` in the document (it has: datasets)",
    b'{"dataset": {}}': "`dataset` is an object, not a list",
    b'{"dataset": [{"identifier": ': "the text ends in the middle of a value",
    b'{"dataset": [' + b"[" * 100_000: "brackets are nested too deeply",
    b'{"dataset": []} {}': "use one JSON text only",
}


def quoted(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


OPTIONS = {
    ("score", "--kind", "ckn"): f"'ckn' is not one of {quoted(KINDS)}",
    ("score", "--kind", "ckan"): "this is dcat-us, not ckan; say --kind dcat-us",
    ("harvest", "--kind", "datagov-search", "--into", "DIR"): "say --kind dcat-us",
    ("score", "--format", "xml"): f"'xml' is not one of {quoted(names_of(ScoreReport))}",
    ("score", "--on", "nonsense"): "'nonsense' does not match the format '%Y-%m-%d'",
    ("score", "--on", "2026-02-30"): "does not match the format",
    ("score", "--limit", "0"): "0 is not in the range x>=1",
    ("harvest", "--limit", "0", "--into", "DIR"): "0 is not in the range x>=1",
    ("score", "--limit", "many"): "'many' is not a valid integer",
    ("score", "--country", "Atlantis"): "'Atlantis' is no country that is known here: give its code, such as US",
    ("score", "--profile", "dcat"): "'dcat' is not one of 'dcat-us-1.1'",
    ("harvest", "--profile", "dcat", "--into", "DIR"): "'dcat' is not one of 'dcat-us-1.1'",
    ("score", "--limt", "3"): "Did you mean '--limit'?",
    ("score", "another.json"): "another.json: not the name of a source",
    ("score", "--select", "timly"): "'timly' is not a criterion or dimension; did you mean timely?",
    ("score", "--ignore", "license-open"): "did you mean licence-open",
    ("score", "--select", "timely", "--ignore", "timely"): "--select and --ignore leave no criteria",
    ("score", "--fail-under", "101"): "101.0 is not in the range 0<=x<=100",
    ("score", "--fail-under", "high"): "'high' is not a valid float range",
    ("score", "--fail-under-mean", "-1"): "is not in the range 0<=x<=100",
    ("score", "--baseline", "none.json"): "none.json: the baseline cannot be read: No such file or directory",
    ("score", "--output", "/nowhere/out.json"): "/nowhere/out.json: cannot be written: No such file or directory",
    ("score", "--output", "/"): "File '/' is a directory",
    ("score", "--diff"): "--diff shows what --fix would do: use both together",
    ("score", "--fix", "--output", "/nowhere/out.json"): "/nowhere/out.json: cannot be written",
    ("score", "--write-baseline", "/proc/out.json"): "/proc/out.json: cannot be written",
    ("harvest", "--data", "DIR"): "there is no catalogue; start one with `aivision up --data",
}


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: ascii(target[:30]))
@pytest.mark.parametrize("command", ["score", "harvest"])
def test_a_target_that_is_no_source_is_refused_with_what_to_do(tmp_path: Path, command: str, target: str) -> None:
    into = ["--into", tmp_path / "out"] if command == "harvest" else []
    assert TARGETS[target] in refusal(call(command, target, *into))


@pytest.mark.parametrize("content", CONTENTS, ids=lambda content: ascii(content[:20]))
@pytest.mark.parametrize("command", ["score", "harvest"])
def test_a_file_that_is_no_catalogue_is_refused_by_its_name(tmp_path: Path, command: str, content: bytes) -> None:
    path = tmp_path / "data.json"
    path.write_bytes(content)
    into = ["--into", tmp_path / "out"] if command == "harvest" else []
    said = refusal(call(command, path, *into))
    assert CONTENTS[content] in said
    assert str(path) in said


@pytest.mark.parametrize("words", OPTIONS, ids=" ".join)
def test_a_wrong_option_is_refused_with_what_it_takes(write: Write, tmp_path: Path, words: tuple[str, ...]) -> None:
    command, *options = [str(tmp_path / "out") if word == "DIR" else word for word in words]
    assert OPTIONS[words] in refusal(call(command, write([record(1, license="CC0 1.0")]), *options))
    assert not (tmp_path / "out").is_dir() or not any((tmp_path / "out" / "datasets.ndjson").open())


@pytest.mark.parametrize("command", ["score", "harvest", "compare"])
def test_a_missing_argument_is_one_line_that_points_to_the_help(command: str) -> None:
    said = refusal(call(command))
    assert "Missing argument" in said
    assert f"See `aivision {command} --help`" in said


def test_a_command_that_does_not_exist_is_one_line_that_points_to_the_help() -> None:
    told = "No such command 'scrore'. Did you mean `aivision score`? See `aivision --help`"
    assert told in refusal(call("scrore", "data.json"))


def test_the_members_of_a_wrong_file_cannot_steer_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    path.write_text(json.dumps({"\x1b[2Jdata\nset\x9b": []}))
    said = refusal(call("score", path))
    assert "(it has: [2Jdata set )" in said


@pytest.mark.long
def test_an_address_where_nothing_listens_is_one_line(unused_port: int) -> None:
    done = call("score", f"http://127.0.0.1:{unused_port}/data.json", "--allow-host", "127.0.0.1")
    assert "the connection failed; tried 5 times, try again later" in refusal(done)


def test_credentials_of_an_address_are_not_told(unused_port: int) -> None:
    said = refusal(call("score", f"http://me:SECRET@127.0.0.1:{unused_port}/data.json?api_key=SECRET"))
    assert "SECRET" not in said


@pytest.fixture
def harvested(write: Write, tmp_path: Path) -> Callable[[str], Path]:
    """A directory with the harvest of one record, with one of its files replaced by what is given."""

    def make(name: str, content: bytes | None = None) -> Path:
        folder = tmp_path / "out"
        assert call("harvest", write([record(1)]), "--into", folder).status == 0
        (folder / name).unlink()
        if content is not None:
            (folder / name).write_bytes(content)
        return folder

    return make


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("run.json", b"{", "run.json: not a report of a run"),
        ("run.json", b'{"source": "\xff"}', "run.json: not a report of a run"),
        ("run.json", None, "but not a complete harvest: run.json is missing; choose another directory"),
        ("evaluations.ndjson", None, "but not a complete harvest: evaluations.ndjson is missing"),
        ("evaluations.ndjson", b"", "are not from the same run; delete the directory and harvest again"),
        ("datasets.ndjson", b"x\n", "datasets.ndjson: line 1: JSON is malformed"),
        ("datasets.ndjson", b'{"identifier": "\xff"}\n', "datasets.ndjson: line 1: "),
        ("datasets.ndjson", b'{"identifier": 1}\n', "datasets.ndjson: line 1: "),
    ],
)
def test_a_harvest_that_was_damaged_is_refused_and_left_as_it_is(
    write: Write, harvested: Callable[..., Path], name: str, content: bytes | None, says: str
) -> None:
    folder = harvested(name, content)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert says in refusal(call("harvest", write([record(1), record(2)]), "--into", folder))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize("name", ["datasets.ndjson", "evaluations.ndjson", "problems.ndjson"])
def test_a_file_of_another_program_is_not_written_over(write: Write, tmp_path: Path, name: str) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / name).write_text('{"identifier": "mine"}\n')
    assert f"has {name}, but not a complete harvest" in refusal(
        call("harvest", write([record(1)]), "--into", tmp_path / "out")
    )
    assert (tmp_path / "out" / name).read_text() == '{"identifier": "mine"}\n'


def test_files_of_other_names_are_left_alone(write: Write, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "notes.txt").write_text("mine")
    assert call("harvest", write([record(1)]), "--into", tmp_path / "out").status == 0
    assert (tmp_path / "out" / "notes.txt").read_text() == "mine"


def test_a_second_source_into_one_directory_is_refused_with_both_names(write: Write, tmp_path: Path) -> None:
    first, second = write([record(1)], "first.json"), write([record(1)], "second.json")
    assert call("harvest", first, "--into", tmp_path / "out").status == 0
    said = refusal(call("harvest", second, "--into", tmp_path / "out"))
    assert f"holds a harvest of {first}, not of {second}; choose another directory" in said


def test_a_file_in_place_of_a_directory_is_refused(write: Write) -> None:
    source = write([record(1)])
    assert f"Directory '{source}' is a file" in refusal(call("harvest", source, "--into", source))
