"""Tables as public portals really publish them."""

from __future__ import annotations

import pytest
from tests.content.conftest import column, profiled, values, workbook

pytestmark = pytest.mark.long
TABLE = "name;café;count\nUllswater;São;1\nThirlmere;Zoë;2\nWastwater;£5;3\n"


@pytest.mark.parametrize(
    ("body", "encoding", "told_by"),
    [
        (TABLE.encode(), "utf-8", "its bytes"),
        (b"\xef\xbb\xbf" + TABLE.encode(), "utf-8", "byte order mark"),
        (TABLE.encode("utf-16"), "utf-16-le", "byte order mark"),
        (TABLE.encode("utf-16-be"), "utf-16-be", "its bytes"),
        (TABLE.encode("cp1252"), "cp1252", "guess"),
    ],
)
def test_the_encoding_is_told_with_what_tells_it(body: bytes, encoding: str, told_by: str) -> None:
    found = profiled(body)
    assert (found.encoding, found.encoding_from) == (encoding, told_by)
    assert [column.name for column in found.columns] == ["name", "café", "count"]
    assert (found.delimiter, found.rows) == (";", 3)


def test_a_sign_of_another_encoding_far_down_is_seen() -> None:
    assert profiled(b"a,b\n" + b"1,2\n" * 100_000 + b"3,\xa35\n").encoding == "cp1252"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_on_any_system(end: str) -> None:
    found = profiled(TABLE.replace("\n", end))
    assert (found.rows, len(found.columns)) == (3, 3)


def test_titles_above_the_header_and_notes_below_are_no_rows() -> None:
    text = "Table 3: Rainfall, by month\nSource: gauges\n\nstation,month,mm\n" + "A,1,20\nB,2,30\n" * 30 + "\nNotes\n"
    found = profiled(text)
    assert (found.header.found, found.header.rows_above) == (True, 2)
    assert [column.name for column in found.columns] == ["station", "month", "mm"]
    assert (found.rows, found.uneven, found.header.rows_below) == (60, 0, 1)


def test_titles_above_the_header_of_a_sheet_are_no_rows() -> None:
    found = profiled(
        workbook(Data=[["Table 3: Rainfall"], [None], ["station", "mm", "year"], ["A", 2.5, 2020], ["B", 3, 2021]])
    )
    assert [column.name for column in found.columns] == ["station", "mm", "year"]
    assert (found.header.rows_above, found.rows) == (1, 2)
    assert found.columns[2].type == "year"


def test_a_number_in_brackets_is_no_unit() -> None:
    """It tells one of several columns from the others, as we do where a name appears twice."""
    told = {"level_m": "m", "level 2": "", "share (%)": "%", "population (2021)": "", "depth_cm (2)": "cm", "id": ""}
    found = profiled(",".join([*told, "id"]) + "\n" + "1,2,3,4,5,6,7\n" * 3)
    assert {column.name: column.unit for column in found.columns} == {**told, "id (2)": ""}


def test_a_table_without_a_header_has_numbered_columns_and_its_first_row_counts() -> None:
    found = profiled("A,1,2020-01-01\nB,2,2020-01-02\nC,3,2020-01-03\n")
    assert not found.header.found
    assert [column.name for column in found.columns] == ["column 1", "column 2", "column 3"]
    assert found.rows == 3


def test_years_may_be_names_of_columns() -> None:
    found = profiled("area,2019,2020,2021\nLeeds,1,2,3\nYork,4,5,6\n")
    assert [column.name for column in found.columns] == ["area", "2019", "2020", "2021"]


def test_faults_of_a_header_are_counted() -> None:
    found = profiled('id,,name,name," depth (m)",x,,\n1,2,a,b,3,4,,\n2,3,b,c,4,5,,\n')
    assert (found.header.blank, found.header.duplicate, found.header.spaced) == (3, 1, 1)
    assert [column.name for column in found.columns] == ["id", "column 2", "name", "name (2)", "depth (m)", "x"]


@pytest.mark.parametrize(
    ("cells", "kind", "form"),
    [
        (("1", "-2", "+3"), "integer", ""),
        (("1", "2.5", "1e3"), "number", ""),
        (("1,234", "12", "1,234,567.5"), "number", "thousands separators"),
        (("10,5", "1 200,25", "1.200,5", "7"), "number", "decimal commas"),
        (("£1,200.50", "£3", "-£4"), "number", "signs of currency or per cent"),
        (("5%", "12.5 %"), "number", "signs of currency or per cent"),
        (("true", "false", "true"), "boolean", ""),
        (("Y", "N", "Y"), "boolean", ""),
        (("2026-01-31", "2026-02-01"), "date", ""),
        (("31/01/2026", "01/02/2026"), "date", "DD/MM/YYYY"),
        (("1/31/2026", "2/1/2026"), "date", "MM/DD/YYYY"),
        (("04/05/2026", "01/02/2026"), "date", "DD/MM/YYYY or MM/DD/YYYY"),
        (("31-Jan-26", "01-Feb-26"), "date", "DD-Mon-YY"),
        (("2026-01-31T10:00:00Z", "2026-01-31 11:00"), "datetime", ""),
        (("10:30", "23:59:59"), "time", ""),
        (("00712", "00713", "01000"), "text", ""),
        (("2026-02-31", "2026-02-30"), "text", ""),
    ],
)
def test_a_type_is_told_with_the_way_it_is_written(cells: tuple[str, ...], kind: str, form: str) -> None:
    found = column(values(*cells))
    assert (found.type, found.form) == (kind, form)


def test_what_stands_for_no_value_is_missing_and_each_sign_is_told() -> None:
    found = column(values("1", "N/A", "", "-", "-999", "4", "[x]", "n/a"))
    assert (found.type, found.least, found.greatest) == ("integer", "1", "4")
    assert found.missing == 0.75
    assert found.markers == ["", "-", "-999", "N/A", "[x]", "n/a"]


def test_a_few_words_among_numbers_are_exceptions_and_many_make_it_text() -> None:
    few = column(values(*map(str, range(99)), "see note"))
    assert (few.type, few.exceptions) == ("integer", 0.01)
    assert column(values(*map(str, range(9)), "see note")).type == "text"


def test_ranges_are_of_numbers_not_of_their_signs() -> None:
    found = column(values("1,234", "£1,000,000", "12"))
    assert (found.least, found.greatest) == ("12", "1000000")


def test_no_range_is_told_of_figures_with_decimal_commas() -> None:
    found = column(values("10,5", "12,25", "3"))
    assert found.plain == pytest.approx(1 / 3, abs=0.001)
    assert (found.least, found.greatest) == ("3", "3")


def test_rows_of_another_length_are_counted() -> None:
    found = profiled("a,b,c\n" + "1,2,3\n" * 50 + "1,2\n" + "1,2,3,4\n")
    assert (found.rows, found.uneven) == (50, 2)
    short = profiled("a,b,c\n" + "1,2,3\n1,2\n" * 50)
    assert (short.rows, short.uneven) == (100, 50)


def test_a_pair_of_columns_is_a_key_where_none_is_alone() -> None:
    rows = "".join(f"{area},{year},5\n" for area in ("Leeds", "York", "Hull") for year in (2019, 2020))
    assert profiled("area,year,count\n" + rows).keys == [["area", "year"]]
    assert profiled("area,year\nLeeds,2019\nLeeds,2019\n").keys == []


def test_decimal_commas_do_not_make_columns() -> None:
    found = profiled("a;b\n1,5;2,5\n3,5;4,5\n")
    assert (found.delimiter, len(found.columns)) == (";", 2)
