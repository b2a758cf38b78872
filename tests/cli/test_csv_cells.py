"""The cells of CSV are those that Python's csv module writes and reads again, without formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ckanext.aivision.cli.output.cell_text import cell_text
from ckanext.aivision.cli.output.formats.csv import write

COLUMNS = ("a", "b", "c")
CELLS = st.one_of(
    st.none(), st.text(max_size=12), st.sampled_from(['"', ",", "\n", "=1", "-1", ""]), st.integers(), st.floats()
)


class Report:
    def __init__(self, rows: Sequence[dict[str, Any]], columns: tuple[str, ...]) -> None:
        self._rows, self._columns = rows, columns

    def columns(self) -> tuple[str, ...]:
        return self._columns

    def line_end(self) -> str:
        return "\r\n"

    def rows(self) -> Iterator[dict[str, object]]:
        return iter(self._rows)


@given(st.lists(st.dictionaries(st.sampled_from([*COLUMNS, "other"]), CELLS), max_size=4), st.integers(1, 3))
def test_a_table_is_written_as_the_csv_module_writes_it(rows: list[dict[str, Any]], width: int) -> None:
    columns, text, stream = COLUMNS[:width], io.StringIO(newline=""), io.BytesIO()
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow(columns)
    table.writerows([cell_text(row.get(column)) for column in columns] for row in rows)
    write(Report(rows, columns), stream)
    assert stream.getvalue() == text.getvalue().encode("utf-8", "replace")
