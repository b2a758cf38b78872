"""Files of every kind, as portals publish them, and what they hold."""

from __future__ import annotations

import datetime
import gzip
import json
from collections.abc import Callable

import pytest
from tests.content.conftest import NOW, URL, Sheet, profiled, workbook, zipped

pytestmark = pytest.mark.long
LEVELS = "station,day,level (m)\nA1,2026-01-01,1.5\nA2,2026-01-01,\nA3,2026-01-02,0.25\n"
RECORDS = [
    {"station": "A1", "day": "2026-01-01", "level (m)": 1.5},
    {"station": "A2", "day": "2026-01-01", "level (m)": None},
    {"station": "A3", "day": "2026-01-02", "level (m)": 0.25},
]
SHEET: Sheet = [
    ["station", "day", "level (m)"],
    ["A1", datetime.date(2026, 1, 1), 1.5],
    ["A2", datetime.date(2026, 1, 1), None],
    ["A3", datetime.date(2026, 1, 2), 0.25],
]
LINES = "".join(json.dumps(record) + "\n" for record in RECORDS)
POINT = {"type": "Point", "coordinates": [0, 51]}
FEATURES = [{"type": "Feature", "properties": record, "geometry": POINT} for record in RECORDS]

FORMS: dict[str, tuple[bytes | str, dict[str, str]]] = {
    "CSV": (LEVELS, {"format": "CSV", "delimiter": ","}),
    "TSV": (LEVELS.replace(",", "\t"), {"format": "TSV", "delimiter": "\t"}),
    "JSON": (json.dumps(RECORDS), {"format": "JSON"}),
    "JSON in an object": (json.dumps({"meta": {"pages": [1]}, "results": RECORDS}), {"part": "results"}),
    "NDJSON": (LINES, {"format": "NDJSON"}),
    "GeoJSON": (json.dumps({"type": "FeatureCollection", "features": FEATURES}), {"format": "GeoJSON"}),
    "XLSX": (workbook(Cover=[["Levels of rivers"]], Levels=SHEET), {"format": "XLSX", "part": "Levels"}),
    "zipped CSV": (
        zipped(readme_txt="Levels", levels_csv=LEVELS),
        {"format": "CSV", "packed": "ZIP", "part": "levels.csv"},
    ),
    "zipped XLSX": (zipped(levels_xlsx=workbook(Levels=SHEET)), {"format": "XLSX", "packed": "ZIP"}),
    "gzipped CSV": (gzip.compress(LEVELS.encode()), {"format": "CSV", "packed": "GZIP"}),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_same_table_has_the_same_columns_in_every_format(form: str) -> None:
    content, told = FORMS[form]
    found = profiled(content)
    assert not found.refusal, found.reason
    assert {field: getattr(found, field) for field in told} == told
    assert (found.rows, found.whole, found.url, found.profiled_at) == (3, True, URL, NOW)
    station, day, level = found.columns[:3]
    assert (station.name, station.type, station.distinct) == ("station", "text", 3)
    assert (day.type, day.least, day.greatest) == ("date", "2026-01-01", "2026-01-02")
    assert (level.type, level.least, level.greatest) == ("number", "0.25", "1.5")
    assert level.unit == "m"
    assert level.missing == pytest.approx(0.3333)
    assert found.keys == [["station"]]


def test_parquet_is_read_with_its_own_types(parquet: Callable[[str], bytes]) -> None:
    plain = "range AS id, DATE '2026-01-01' + range::INTEGER AS day"
    nested = "[range] AS tags, {'a': range} AS more, 'x'::BLOB AS raw"
    found = profiled(parquet(f"SELECT {plain}, {nested} FROM range(10)"))
    assert (found.format, found.rows, found.encoding) == ("PARQUET", 10, "")
    assert [column.type for column in found.columns] == ["integer", "date", "list", "object", "binary"]
    assert found.columns[1].greatest == "2026-01-10"


def test_lists_and_objects_within_records_are_counted_and_not_opened() -> None:
    found = profiled('{"id": 1, "tags": [1, 2], "at": {"x": {"y": 1}}}\n{"id": 2, "tags": [], "at": {"x": null}}\n')
    assert [(column.name, column.type) for column in found.columns] == [
        ("id", "integer"),
        ("tags", "list"),
        ("at.x", "object"),
    ]


def test_of_a_file_larger_than_the_limit_the_beginning_is_read_and_that_is_said() -> None:
    lines = "".join(f"{number},{number * 2}\n" for number in range(100_000))
    found = profiled("id,value\n" + lines, fetched=100_000)
    assert (found.whole, found.bytes_read) == (False, 100_000)
    assert 5_000 < found.rows < 20_000
    assert found.uneven == 0
    records = json.dumps([{"id": number} for number in range(100_000)])
    assert not profiled(records, fetched=100_000).whole
    assert profiled(records, fetched=100_000).rows > 5_000


def test_of_a_table_with_more_rows_than_the_limit_the_first_are_read_and_that_is_said(
    parquet: Callable[[str], bytes],
) -> None:
    found = profiled(parquet("SELECT range AS id FROM range(5000)"), rows=1000)
    assert (found.rows, found.whole) == (1000, False)
    assert not profiled("id,x\n" + "1,2\n" * 5000, rows=1000).whole
