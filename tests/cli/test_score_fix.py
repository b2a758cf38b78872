"""`aivision score --fix`: safe mends, shown as a difference, in a file that is otherwise the same."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.cli.conftest import aivision, call, lines, refusal
from tests.corpora import files_of_corpora, records_of
from tests.examples import share_of
from tests.records import record

from ckanext.aivision.validation import corrections as mends
from ckanext.aivision.validation.json_schema import schemas

SPELLED: dict[str, Any] = {
    "license": "Creative Commons Attribution 4.0 International (CC BY 4.0)",
    "accrualPeriodicity": "Weekly",
    "modified": "January 5, 2026",
    "issued": "2020/1/5",
    "distribution": [
        {
            "downloadURL": "https://rivers.example.gov/1.csv",
            "mediaType": "application/csv",
            "format": "CSV",
            "x": "Weekly",
        }
    ],
}
MENDED = {
    "license": "https://creativecommons.org/licenses/by/4.0/",
    "accrualPeriodicity": "R/P1W",
    "modified": "2026-01-05",
    "issued": "2020-01-05",
    "distribution": [{**SPELLED["distribution"][0], "mediaType": "text/csv"}],
}


CATALOGUES = ("harbors", "lakes", "gsa", "cms", "cdc", "ed", "va", "transportation", "epa")


def catalogue(*records: Any, indent: int | None = 2) -> str:
    return json.dumps(
        {"conformsTo": "https://project-open-data.cio.gov/v1.1/schema", "dataset": records}, indent=indent
    )


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "data.json"
    path.write_text(catalogue(record(1), record(2, **SPELLED)))
    return path


def test_values_are_mended_in_a_new_file_and_the_old_one_stays(source: Path, tmp_path: Path) -> None:
    before = source.read_bytes()
    done = call("score", "--fix", source)
    assert (done.status, source.read_bytes()) == (0, before)
    assert json.loads((tmp_path / "data.fixed.json").read_text())["dataset"] == [record(1), record(2, **MENDED)]
    assert "5 values in 1 records fixed in " in done.err


def test_everything_else_of_the_file_stays_as_it_is(tmp_path: Path) -> None:
    text = catalogue(record(1, title="Übersicht ☃", **SPELLED), {"title": "refused", "license": "CC0 1.0"}, indent=3)
    text = text.replace('"keyword": [', '"keyword" :\t[ ').replace("\n", "\r\n").replace("\\u00dc", "Ü")
    (tmp_path / "data.json").write_bytes(b"\xef\xbb\xbf" + text.encode() + b"\r\n\r\n")
    done = call("score", "--fix", tmp_path / "data.json")
    expected = text.replace('"accrualPeriodicity": "Weekly"', '"accrualPeriodicity": "R/P1W"')
    for name in ("license", "modified", "issued"):
        expected = expected.replace(json.dumps(SPELLED[name]), json.dumps(MENDED[name]))
    expected = expected.replace('"application/csv"', '"text/csv"')
    assert (tmp_path / "data.fixed.json").read_bytes() == b"\xef\xbb\xbf" + expected.encode() + b"\r\n\r\n"
    assert "it begins with a byte order mark" in done.err


@pytest.mark.long
def test_the_difference_is_one_that_patch_can_use(source: Path, tmp_path: Path) -> None:
    shutil.copy(source, tmp_path / "patched.json")
    difference = aivision("score", "--fix", source).out
    subprocess.run(["patch", "-s", tmp_path / "patched.json"], input=difference, text=True, check=True, timeout=60)
    assert (tmp_path / "patched.json").read_bytes() == (tmp_path / "data.fixed.json").read_bytes()


def test_of_a_file_on_one_line_the_values_are_shown(tmp_path: Path) -> None:
    (tmp_path / "data.json").write_text(
        catalogue(*(record(number) for number in range(9)), record(9, **SPELLED), indent=None)
    )
    out = call("score", "--fix", tmp_path / "data.json").out
    assert ': $.dataset[9].license @@\n-"Creative Commons' in out
    assert max(map(len, out.splitlines())) < 200


def test_a_dry_look_writes_nothing_and_its_status_says_whether_there_is_something(source: Path, tmp_path: Path) -> None:
    done = call("score", "--fix", "--diff", source)
    assert done.status == 1
    assert done.out.startswith(f"--- {source}\n+++ ")
    assert [path.name for path in tmp_path.iterdir()] == ["data.json"]
    source.write_text(catalogue(record(1)))
    assert call("score", "--fix", "--diff", source) == (0, "", f"{source}: nothing to fix\n")


def test_where_nothing_is_to_be_mended_no_file_is_written(source: Path, tmp_path: Path) -> None:
    source.write_text(catalogue(record(1)))
    assert call("score", "--fix", source).status == 0
    assert [path.name for path in tmp_path.iterdir()] == ["data.json"]


@pytest.mark.long
def test_standard_input_is_mended_into_a_named_file(source: Path, tmp_path: Path) -> None:
    with source.open("rb") as stream:
        done = aivision("score", "-", "--fix", "--output", tmp_path / "out.json", stdin=stream)
    assert done.status == 0
    assert json.loads((tmp_path / "out.json").read_text())["dataset"][1] == record(2, **MENDED)
    with source.open("rb") as stream:
        assert "name the fixed file with --output" in refusal(aivision("score", "-", "--fix", stdin=stream))


def test_what_is_no_data_json_in_a_file_is_refused(source: Path, samples: Path, tmp_path: Path) -> None:
    (tmp_path / "packed").write_bytes(gzip.compress(source.read_bytes()))
    (tmp_path / "latin").write_bytes(
        catalogue(record(1, **SPELLED)).replace("Weekly river", "W\xf6chentliche").encode("latin-1")
    )
    refused = {
        samples / "uk.ckan.ndjson": "--fix works on DCAT-US (a data.json), but this is ckan",
        tmp_path / "packed": "is gzipped; unpack it first",
        tmp_path / "latin": "is not UTF-8 at byte",
        tmp_path: "--fix needs a file",
        Path("sample.invalid"): "not the name of a source",
    }
    for path, says in refused.items():
        assert says in refusal(call("score", "--fix", path)), path
    assert "--fix needs a file" in refusal(call("score", "--fix", "https://agency.example.gov/data.json"))
    assert not list(tmp_path.glob("*fixed*"))


@pytest.mark.parametrize(
    ("mended", "text"),
    [
        *(
            (mends.licence, text)
            for text in ("cc-by", "CC BY 4.0, but for the photos", "CC0 1.0 (not the maps)", "Other")
        ),
        *((mends.licence, text) for text in ("Public domain", "https://creativecommons.org/licenses/by/4.0/", "")),
        *((mends.media_type, text) for text in ("text/csv; charset=cp1252", "KML/KMZ", "shp", "application/x-tar", "")),
        *((mends.rhythm, text) for text in ("Biweekly", "bimonthly", "weekdays", "Approximately monthly", "R/P12M")),
        *((mends.rhythm, text) for text in ("Annual (R/P1M)", "monthly, but for August", "archived", "")),
        *((mends.date, text) for text in ("3/4/2015", "1/15/2015 10:30", "R/P1D", "2015", "spring 2015", "")),
    ],
)
def test_what_a_person_has_to_decide_is_left_alone(mended: Any, text: str) -> None:
    assert mended(text) is None


@pytest.mark.long
@settings(max_examples=share_of(300), deadline=None)
@given(text=st.text(max_size=40) | st.sampled_from(["CC BY 4.0", "weekly", "text/csv", "1 May 2020", "2020-1-2"]))
def test_a_mended_text_needs_no_second_mend(text: str) -> None:
    for mend in (mends.licence, mends.media_type, mends.rhythm, mends.date):
        new = mend(text)
        assert new is None or (new != text and mend(new) is None)


words = st.text(max_size=8) | st.sampled_from(["CC BY 4.0", "weekly", "TEXT/CSV", "1 May 2020", '"', "\\", "\u2028"])
members = st.sampled_from(["license", "modified", "issued", "accrualPeriodicity", "mediaType", "keyword", "é"])
fields = st.dictionaries(members, words | st.lists(words, max_size=2) | st.none() | st.integers(), max_size=5)
files = fields.map(lambda found: {"downloadURL": "https://rivers.example.gov/1.csv", **found})


@pytest.mark.long
@settings(max_examples=share_of(60), deadline=None)
@given(
    rows=st.lists(
        st.builds(lambda found, parts: {**found, "distribution": parts}, fields, st.lists(files)), max_size=4
    ),
    indent=st.sampled_from([None, 0, 1, 4]),
    ascii_only=st.booleans(),
)
def test_of_any_catalogue_nothing_but_texts_that_can_be_mended_changes(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, Any]], indent: int | None, ascii_only: bool
) -> None:
    path = tmp_path_factory.mktemp("fix") / "data.json"
    records = [{**row, "identifier": f"r{number}", "title": "x"} for number, row in enumerate(rows)]
    text = json.dumps({"dataset": records}, indent=indent, ensure_ascii=ascii_only)
    path.write_text(text, encoding="utf-8")
    assert call("score", "--fix", path, "--profile", "dcat-us-1.1").status == 0
    mended = path.with_name("data.fixed.json")
    after = mended.read_text(encoding="utf-8") if mended.exists() else text
    expected = {"dataset": [by_hand(row) for row in records]}
    assert after == json.dumps(expected, indent=indent, ensure_ascii=ascii_only)


def by_hand(row: dict[str, Any]) -> dict[str, Any]:
    """A record with its texts mended one by one."""

    def mended(key: str, value: Any) -> Any:
        mend = mends.MENDS.get(key)
        return (mend.mended(value) or value) if mend is not None and isinstance(value, str) else value

    parts = [{key: mended(key, value) for key, value in part.items()} for part in row["distribution"]]
    return {**{key: mended(key, value) for key, value in row.items()}, "distribution": parts}


def test_rhythms_of_dcat_us_3_may_be_words(tmp_path: Path) -> None:
    text = json.dumps({"@type": "Catalog", "dataset": [record(1, accrualPeriodicity="weekly", inSeries="x")]})
    (tmp_path / "data.json").write_text(text.replace("conformsTo", "x"))
    assert "nothing to fix" in call("score", "--fix", tmp_path / "data.json", "--profile", "dcat-us-3.0").err


def faults(row: Any) -> set[str]:
    """The fields that are not as DCAT-US 1.1 says, for a dataset of any publisher."""
    return {found.where for found in schemas("dcat-us-1.1-non-federal").errors("dataset", row, "$")}


@pytest.mark.parametrize("path", files_of_corpora(*(f"us/{name}.*" for name in CATALOGUES)))
def test_a_catalogue_is_no_worse_mended_for_any_record(path: Path, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    source, mended = tmp_path / "data.json", tmp_path / "data.fixed.json"
    rows = records_of(path)
    # By day two hundred from all over a real catalogue.
    step = 1 if pytestconfig.getoption("--nightly") else -(-len(rows) // 200)
    source.write_text(json.dumps({"dataset": rows[::step]}))
    assert call("score", "--fix", source).status == 0
    if not mended.exists():
        return
    before, after = (json.loads(path.read_bytes())["dataset"] for path in (source, mended))
    scores = [lines(call("score", path, "--format", "ndjson").out) for path in (source, mended)]
    assert len(before) == len(after) == len(scores[0]) == len(scores[1])
    for old, new in zip(*scores, strict=True):
        assert new["identifier"] == old["identifier"]
        assert new.get("score", 0) >= old.get("score", 0), new["identifier"]
    for old, new in zip(before, after, strict=True):
        assert list(old) == list(new)
        if old != new:
            assert faults(new) <= faults(old)


def test_mends_raise_the_score_and_make_a_record_valid(source: Path, tmp_path: Path) -> None:
    extra = {"bureauCode": ["015:11"], "programCode": ["015:001"]}
    source.write_text(catalogue(record(2, **SPELLED, **extra)))
    call("score", "--fix", source)
    rows = [lines(call("score", path, "--format", "ndjson").out)[0] for path in (source, tmp_path / "data.fixed.json")]
    assert rows[1]["score"] > rows[0]["score"]
    old, new = (json.loads(path.read_text())["dataset"][0] for path in (source, tmp_path / "data.fixed.json"))
    assert {"$.accrualPeriodicity", "$.modified"} <= faults(old)
    assert not {"$.accrualPeriodicity", "$.modified", "$.issued"} & faults(new)
