"""What is repaired of a source's bytes is told: of the source as a whole, or on the record that has it."""

from __future__ import annotations

import codecs
import http.server
import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.harvesters.remarks import remarks_of

from ckanext.aivision.harvesters.open_source import Harvest

Opened = Callable[..., Harvest]
Make = Callable[..., dict[str, Any]]
Serve = Callable[[Callable[[http.server.BaseHTTPRequestHandler], None]], str]

TITLE = "Données d’été"


@pytest.mark.parametrize(
    ("mark", "charset", "codes"),
    [
        (b"", "utf-8", []),
        (codecs.BOM_UTF8, "utf-8", ["byte-order-mark"]),
        (codecs.BOM_UTF16_LE, "utf-16-le", ["byte-order-mark", "charset-not-utf-8"]),
        (b"", "utf-16-be", ["charset-not-utf-8"]),
        (codecs.BOM_UTF32_LE, "utf-32-le", ["byte-order-mark", "charset-not-utf-8"]),
    ],
)
def test_marks_and_charsets_other_than_utf_8_are_told_of_the_source(
    opened: Opened, make: Make, mark: bytes, charset: str, codes: list[str]
) -> None:
    content = json.dumps({"dataset": [make(1, title=TITLE)]}, ensure_ascii=False)
    harvest = opened(mark + content.encode(charset))
    (record,) = harvest
    assert record.dataset is not None
    assert (record.dataset.title, record.problems) == (TITLE, [])
    assert [remark.code for remark in remarks_of(harvest)] == codes


@pytest.mark.parametrize(
    ("charset", "declared", "codes"),
    [
        ("utf-8", "utf-8", []),
        ("utf-8", "iso-8859-1", ["charset-misdeclared"]),
        ("utf-8", "no such charset", []),
        ("utf-8", "hex", []),
        ("cp1252", "iso-8859-1", ["charset-not-utf-8"]),
        ("cp1252", '"Windows-1252"', ["charset-not-utf-8"]),
    ],
)
def test_a_declared_charset_counts_where_the_bytes_are_no_utf_8(
    serve: Serve, harvest: Callable[..., Harvest], make: Make, charset: str, declared: str, codes: list[str]
) -> None:
    body = json.dumps({"dataset": [make(1, title=TITLE)]}, ensure_ascii=False).encode(charset)

    def answer(request: http.server.BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Type", f"application/json; charset={declared}")
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    reading = harvest(f"{serve(answer)}/data.json")
    (record,) = reading
    assert record.dataset is not None
    assert (record.dataset.title, record.problems) == (TITLE, [])
    assert [remark.code for remark in remarks_of(reading)] == codes


def test_what_is_mended_beside_the_records_is_told_of_the_source_and_no_record(opened: Opened, make: Make) -> None:
    content = json.dumps({"description": "A?B", "count": "N", "dataset": [make(1)], "title": "A?B"})
    harvest = opened(content.replace("A?B", "A\\ud800B").replace('"N"', "NaN"))
    (record,) = harvest
    assert record.problems == []
    assert [(remark.code, remark.where) for remark in remarks_of(harvest)] == [
        ("character-repaired", "$.description"),
        ("number-not-json", "$.count"),
        ("character-repaired", "$.title"),
    ]


def test_single_bytes_of_another_charset_are_told_on_the_record_that_has_them(opened: Opened, make: Make) -> None:
    content = json.dumps({"dataset": [make(1), make(2, title="Caf?")]}).encode().replace(b"Caf?", b"Caf\xe9")
    harvest = opened(content)
    assert [[p.code for p in record.problems] for record in harvest] == [[], ["character-repaired"]]
    assert remarks_of(harvest) == []
