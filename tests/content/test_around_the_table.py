"""What stands in a file beside the rows of its table, and figures that are worse score no better."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable

import pytest
from tests.content.conftest import Sheet, profiled, workbook

from ckanext.aivision.record import Distribution
from ckanext.aivision.scoring.facts.table_quality import typed
from ckanext.aivision.scoring.observations.file_profile import ColumnProfile

pytestmark = pytest.mark.long
ROWS = "".join(f"Town {n},{n},{n * 3}\n" for n in range(1, 21))
TABLE = f"town,trees,parks\n{ROWS}"


def columns_of(columns: dict[str, list[str]]) -> dict[str, ColumnProfile]:
    """The profile of each column of one file. Each column has as many cells as the others."""
    content = io.StringIO()
    writer = csv.writer(content)
    writer.writerow(["row", *columns])
    writer.writerows([f"Row {n}", *cells] for n, cells in enumerate(zip(*columns.values(), strict=True)))
    return {column.name: column for column in profiled(content.getvalue()).columns}


ODD = ["see note", "1,000", "(1,000)", "£12k", "<5", "12*", "12 [p]", "n.k."]


def test_the_more_cells_are_no_plain_figures_the_lower_is_the_share() -> None:
    numbers = [str(n) for n in range(100)]
    content = {f"{odd} {count}": [odd] * count + numbers[count:] for odd in ODD for count in (0, 3, 10, 50)}
    found = columns_of(content)
    for odd in ODD:
        assert [found[f"{odd} {count}"].plain for count in (0, 3, 10, 50)] == [1.0, 0.97, 0.9, 0.5], odd


def test_a_column_of_marked_figures_alone_is_one_of_figures() -> None:
    marked = ["1,000", "(1,000)", "£12k", "<5", "12 *", "3 million", "5 (r)"]
    found = columns_of({f"like {odd}": [odd.replace("5", str(n % 9 + 1)) for n in range(20)] for odd in marked})
    assert [found[f"like {odd}"].plain for odd in marked] == [0.0] * len(marked)


def test_the_criterion_is_the_mean_share_of_the_columns() -> None:
    rows = "".join(f'Town {n},{n},"{n},000"\n' for n in range(1, 20))
    found = typed(Distribution(download_url="https://town.gov.uk/a.csv"), profiled(f"town,trees,leaves\n{rows}"))
    assert found is not None
    assert found.value == 0.5


def test_words_and_codes_are_no_figures() -> None:
    content = "ward,postcode\n" + "".join(f"Ward {n},AB{n} {n % 9}CD\n" for n in range(30))
    assert typed(Distribution(download_url="https://town.gov.uk/a.csv"), profiled(content)) is None


@pytest.mark.parametrize("empty", [",,\n", ',,,,,\n\n , ,\n"","",""\n'])
def test_rows_with_nothing_in_them_are_none(empty: str) -> None:
    found = profiled(TABLE + empty * 60)
    assert (found.rows, found.keys[0]) == (20, ["town"])
    assert {column.missing for column in found.columns} == {0.0}


@pytest.mark.parametrize(
    ("below", "count"),
    [
        ("Total,210,630\n", 1),
        ("Total,210,630\n\nNote: figures are provisional.\nContact: stats@town.gov.uk\n", 3),
        ("\nSource: Parks department,,\n", 1),
        ("Grand total,210,630\n,,\n,,\n", 1),
        ("", 0),
        # A row whose other cells are missing, and a town with a name like a total's.
        ("Town 21,,\n", 0),
        ("Totalton,1,2\n", 0),
    ],
)
def test_notes_and_totals_below_a_table_are_left_out_and_counted(below: str, count: int) -> None:
    found = profiled(TABLE + below)
    assert found.header.rows_below == count
    assert found.rows == (20 if count or not below else 21)
    assert not any(column.personal for column in found.columns)


def test_a_total_within_a_table_is_a_row() -> None:
    assert profiled(f"town,trees,parks\nTotal,210,630\n{ROWS}").rows == 21


@pytest.mark.parametrize(
    ("cells", "end"),
    [
        (["user_id", "411000", "411001"], "\r\n"),
        (["notes", "hello, world", "bye", "well, then, goodbye", "fine"], "\n"),
    ],
)
def test_one_column_is_a_csv_of_one(cells: list[str], end: str) -> None:
    found = profiled(end.join(cells) + end)
    assert (found.format, found.delimiter, found.rows) == ("CSV", "", len(cells) - 1)
    assert [column.name for column in found.columns] == [cells[0]]


def test_two_columns_are_no_prose() -> None:
    found = profiled("town, trees\nAlton, 12\nBarton, 13\n")
    assert [column.name for column in found.columns] == ["town", "trees"]


def test_quotes_behind_backslashes_are_read() -> None:
    rows = "".join(f'{n},"she said \\"hi, {n}\\"",{n}\n' for n in range(20))
    found = profiled(f"id,words,count\n{rows}")
    assert (found.rows, [column.type for column in found.columns]) == (20, ["integer", "text", "integer"])


def test_backslashes_that_escape_nothing_stay() -> None:
    found = profiled("path,count\n" + "".join(f'"C:\\data\\{n}",{n}\n' for n in range(20)))
    assert (found.rows, [column.name for column in found.columns]) == (20, ["path", "count"])


def changed_sheet(old: str, new: str) -> bytes:
    """A workbook with cells that no writer makes by itself."""
    sheet: Sheet = [["a", "b"], *([n, 77] for n in range(10))]
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(Levels=sheet))) as source, zipfile.ZipFile(packed, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name.startswith("xl/worksheets/"):
                content = re.sub(old.encode(), new.encode(), content)
            target.writestr(name, content)
    return packed.getvalue()


def test_errors_and_formulas_without_values_are_named() -> None:
    cell = r'<c r="(B\d+)"[^>]*><v>77</v></c>'
    errors = profiled(changed_sheet(cell, r'<c r="\1" t="e"><v>#N/A</v></c>'))
    assert (errors.error_cells, errors.formula_cells) == (10, 0)
    formulas = profiled(changed_sheet(cell, r'<c r="\1"><f>A1*2</f></c>'))
    assert (formulas.error_cells, formulas.formula_cells) == (0, 10)
    whole = profiled(changed_sheet(cell, r'<c r="\1"><f>A1*2</f><v>77</v></c>'))
    assert (whole.error_cells, whole.formula_cells) == (0, 0)


def nhs(number: int) -> str:
    """The NHS number that begins with nine digits; empty where there is none."""
    digits = f"{number:09d}"
    check = (11 - sum((10 - place) * int(digit) for place, digit in enumerate(digits)) % 11) % 11
    return f"{digits}{check}" if check < 10 else ""


NUMBERS = [number for n in range(60) if (number := nhs(401_000_000 + n * 7_654_321))]
FORMS: dict[str, Callable[[str], str]] = {
    "bare": lambda number: number,
    "with blanks": lambda number: f"{number[:3]} {number[3:6]} {number[6:]}",
    "with hyphens": lambda number: f"{number[:3]}-{number[3:6]}-{number[6:]}",
}


def test_nhs_numbers_are_told_by_their_check_digit() -> None:
    wrong = [f"{number[:-1]}{(int(number[-1]) + 1) % 10}" for number in NUMBERS]
    right = {form: list(map(write, NUMBERS)) for form, write in FORMS.items()}
    found = columns_of({**right, **{f"not {form}": list(map(write, wrong)) for form, write in FORMS.items()}})
    for form in FORMS:
        assert found[form].personal == ["health service number"]
        assert "health service number" not in found[f"not {form}"].personal


def test_codes_of_products_are_no_telephone_numbers_and_telephone_numbers_still_are() -> None:
    phones = ["020 7946 0{:03d}", "(020) 7946 0{:03d}", "01632 960{:03d}", "+44 20 7946 0{:03d}", "02079460{:03d}"]
    found = columns_of(
        {
            "ten digits": [f"04{n * 1_234_567 % 10**8:08d}" for n in range(1, 60)],
            "thirteen digits": [f"050{n * 1_234_567_891 % 10**10:010d}" for n in range(1, 60)],
            **{form: [form.format(n) for n in range(1, 60)] for form in phones},
        }
    )
    assert found["ten digits"].personal == found["thirteen digits"].personal == []
    assert [found[form].personal for form in phones] == [["telephone number"]] * len(phones)


def test_a_row_of_groups_above_the_names_of_columns_is_no_header_and_the_names_no_data() -> None:
    found = profiled("Station,,Measure,\nid,town,level,date\nA1,Leeds,2.5,2024-01-01\nB2,York,3.5,2024-02-01\n")
    assert [column.name for column in found.columns] == ["id", "town", "level", "date"]
    assert (found.rows, found.header.rows_above) == (2, 1)


def test_a_header_that_lacks_a_name_is_no_row_of_groups() -> None:
    found = profiled("id,,level\nA1,Leeds,2.5\nB2,York,3.5\n")
    assert [column.name for column in found.columns] == ["id", "column 2", "level"]
    assert found.rows == 2
