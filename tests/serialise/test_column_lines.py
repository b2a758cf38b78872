"""The form's field `columns`, read and written column by column: nothing that somebody wrote is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ckanext.aivision.serialise.column_lines import Column, clean, read_columns, read_pasted, write_columns
from ckanext.aivision.serialise.resource import from_resource

LEVEL = Column("level", "River level", "number", "metres", "above the gauge's zero", ("-9", "N/A"))
LINE = "level | number | above the gauge's zero | title: River level; unit: metres; missing: -9, N/A"
COLUMNS = st.builds(
    Column, *[st.text(max_size=30)] * 5, missing=st.lists(st.text(max_size=8), max_size=3).map(tuple)
).map(clean)


def test_a_column_is_a_line_and_back() -> None:
    assert write_columns([LEVEL]) == LINE
    assert read_columns(LINE) == [LEVEL]


def test_what_is_not_told_of_a_column_is_left_out() -> None:
    assert write_columns([Column("station"), Column("day", type="date")]) == "station\nday | date"
    assert write_columns([Column("depth", unit="m")]) == "depth |  |  | unit: m"


@given(st.lists(COLUMNS, max_size=4))
def test_every_column_that_has_a_name_is_read_as_it_was_written(columns: list[Column]) -> None:
    named = [column for column in columns if column.name]
    assert read_columns(write_columns(columns)) == named


@given(st.text(max_size=200))
def test_a_field_that_is_opened_and_saved_says_the_same(text: str) -> None:
    columns = read_columns(text)
    assert read_columns(write_columns(columns, text)) == columns


def test_the_lines_of_others_stay_as_they_are() -> None:
    lines = "station|text|code of the gauge\nlevel | number | in m | of the day, mean"
    assert write_columns(read_columns(lines), lines) == lines
    assert read_columns(lines)[1].description == "in m | of the day, mean"


def test_a_record_has_the_names_of_the_columns() -> None:
    assert from_resource({"columns": f"{LINE}\nday | date"}).columns == ["level", "day"]


def test_cells_of_a_spreadsheet_are_read_in_the_usual_order() -> None:
    pasted = "level\tRiver level\tnumber\tmetres\tabove the gauge's zero\t-9, N/A\r\n\r\nday\r\n"
    assert read_pasted(pasted) == [LEVEL, Column("day")]


def test_cells_of_a_spreadsheet_are_read_by_the_words_in_the_first_row() -> None:
    pasted = "Data type\tField name\tMissing values\tDefinition\tOwner\nnumber\tlevel\t-9;N/A\tdepth\tNora"
    assert read_pasted(pasted) == [Column("level", "", "number", "", "depth", ("-9", "N/A"))]


def test_the_header_row_of_the_data_is_a_list_of_columns() -> None:
    names = [f"c{number}" for number in range(200)]
    assert [column.name for column in read_pasted("\t".join(names))] == names


@given(st.text(max_size=300))
def test_anything_can_be_pasted(text: str) -> None:
    assert all(column.name for column in read_pasted(text))
