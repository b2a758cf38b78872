"""Figures as files: each is opened by a reader that did not write it, and has the figures of the page."""

from __future__ import annotations

import csv
import fcntl
import html
import io
import json
import re
import struct
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from python_calamine import load_workbook

FILES, EMBED = "/best-practice/figures", "/best-practice/embed"
# What each figure is of here, and how it can be asked.
ADDRESSES = (
    *("dimensions", "dimensions-by-dataset", "grades", "criteria", "agencies", "dimension/licensed"),
    *("criterion/licence-open", "criterion-agencies/licence-open"),
    *("agency/gb-cabinet-office", "agency-criteria/gb-cabinet-office", "lens?lens=us-commerce"),
    *("agency-datasets/gb-cabinet-office", "trends", "trends?country=GB&criterion=licence-open", "priorities"),
    *("exemplars", "exemplars?criterion=licence-open", "frameworks", "crosswalk"),
    *("coverage-catalogues", "coverage-levels", "coverage-bodies", "coverage-sources"),
)
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1")


@pytest.fixture
def file(visit: Callable[..., Any]) -> Callable[[str], Any]:
    """A figure's file, which has to be there."""

    def read(path: str) -> Any:
        answer = visit(f"{FILES}/{path}")
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.get_data(as_text=True)[:200]}"
        return answer

    return read


def address(figure: str, ending: str) -> str:
    path, mark, asked = figure.partition("?")
    return f"{path}.{ending}{mark}{asked}"


def table(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))


def text_of(page: str) -> str:
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", page).split()))


@pytest.mark.parametrize("figure", ADDRESSES)
def test_csv_xlsx_json_and_the_api_have_the_same_rows(file: Any, ckan: Any, figure: str) -> None:
    found = file(address(figure, "json")).get_json()
    names, rows = [column["name"] for column in found["columns"]], found["rows"]
    assert rows
    assert len(set(names)) == len(names)
    read = list(csv.reader(io.StringIO(file(address(figure, "csv")).get_data(as_text=True))))
    sheets = load_workbook(io.BytesIO(file(address(figure, "xlsx")).get_data()))
    sheet = sheets.get_sheet_by_name("Figures").to_python()
    heads = [
        f"{column['title']} ({column['unit']})" if column["unit"] else column["title"] for column in found["columns"]
    ]
    assert read[0] == sheet[0] == heads
    assert len(read) == len(sheet) == len(rows) + 1
    for row, cells, of_sheet in zip(rows, read[1:], sheet[1:], strict=True):
        for name, cell, other in zip(names, cells, of_sheet, strict=True):
            value = row[name]
            if isinstance(value, bool):
                assert (cell, other) == (str(value).lower(), value)
            elif isinstance(value, int | float):
                assert float(cell) == pytest.approx(value)
                assert isinstance(other, int | float)
                assert other == pytest.approx(value)
            else:
                assert cell == other == (value or "")
    asked = dict(pair.split("=") for pair in figure.partition("?")[2].split("&") if pair)
    id, _, subject = figure.partition("?")[0].partition("/")
    given = ckan.get_action("aivision_figure_show")({"user": ""}, {"id": id, "subject": subject, **asked})
    assert json.loads(json.dumps(given)) == found


def test_the_figures_are_those_that_the_page_prints(file: Any, visit: Any) -> None:
    page = visit("/best-practice").get_data(as_text=True)
    rows = table(file("dimensions.csv"))
    assert len(rows) == 9
    for row in rows:
        id = "measure-overall" if row["Id"] == "overall" else f"dimension-{row['Id']}"
        printed = text_of(page.split(f'id="{id}"')[1].split("<details")[0])
        for country in ("US", "UK"):
            mean = row[f"{country} mean score (0 to 100)"]
            assert f"{country} {float(mean):.1f}" in printed if mean else row[f"{country} note"] in printed
        assert row["Verdict"] in printed


def test_the_figures_of_a_criterion_are_those_that_its_page_prints(file: Any, visit: Any) -> None:
    printed = text_of(visit("/best-practice/criteria/licence-open").get_data(as_text=True))
    for row in table(file("criterion/licence-open.csv")):
        assert f"{row['Country']} {float(row['Pass in full (per cent)']):.1f} %" in printed
        assert f"{row['Country']}: {row['Datasets judged']} of {row['Datasets']} datasets judged" in printed
    for row in table(file("criterion-agencies/licence-open.csv")):
        assert f"{row['Datasets: passed']} of {row['Datasets']} datasets pass" in printed
        assert f"{float(row['Pass in full (per cent)']):.1f} %" in printed


def test_the_figures_of_agencies_are_those_that_their_pages_print(file: Any, visit: Any) -> None:
    printed = text_of(visit("/best-practice/agencies").get_data(as_text=True))
    rows = table(file("agencies.csv"))
    assert {row["Id"] for row in rows} == {"gb-cabinet-office", "us-026"}
    for row in rows:
        assert f"{row['Country']} {float(row['Mean score (0 to 100)']):.1f} " in printed
    printed = text_of(visit("/best-practice/agencies/gb-cabinet-office").get_data(as_text=True))
    for row in table(file("agency/gb-cabinet-office.csv")):
        if row["Mean score of the agency (0 to 100)"]:
            assert f"this agency {float(row['Mean score of the agency (0 to 100)']):.1f}" in printed


def test_a_workbook_says_where_its_figures_come_from(file: Any, figures_of_two: str) -> None:
    book = load_workbook(io.BytesIO(file("dimensions.xlsx?licence=open").get_data()))
    about = {str(row[0]): row[1] for row in book.get_sheet_by_name("About").to_python()}
    assert about["As of"] == figures_of_two
    assert about["Filters"] == "licence: open"
    assert about["Rubric version"] in str(about["Citation"])
    assert "creativecommons.org" in str(about["Licence"])
    assert "agencies’ means" in str(about["US mean score (0 to 100)"])


def test_a_csv_file_is_described_as_csv_on_the_web(file: Any, visit: Any, figures_of_two: str) -> None:
    answer = file("criteria.csv")
    link = re.fullmatch(r'<([^>]+)>; rel="describedby"; type="application/csvm\+json"', answer.headers["Link"])
    assert link is not None
    described = visit(link[1]).get_json(force=True)
    assert described["url"].endswith(f"{FILES}/criteria.csv")
    heads = next(csv.reader(io.StringIO(answer.get_data(as_text=True))))
    assert [column["titles"] for column in described["tableSchema"]["columns"]] == heads
    assert described["dc:date"] == figures_of_two
    assert described["dc:license"]["@id"].startswith("https://")


def test_the_picture_has_the_figures_and_is_drawn_once(file: Any, ckan: Any) -> None:
    root = etree.fromstring(file("dimensions.svg").get_data())
    written = " | ".join("".join(text.itertext()) for text in root.iter("{*}text"))
    found = file("dimensions.json").get_json()
    for row in found["rows"]:
        for country in ("us", "uk"):
            assert row[f"{country}_mean"] is None or f"{country.upper()} {row[f'{country}_mean']:.1f}" in written
    for words in (
        found["title"],
        "US (5 datasets, 1 agency)",
        "Figures as of",
        f"Rubric {found['rubric_version']}",
        "Source:",
    ):
        assert words in written
    png = file("dimensions.png")
    assert struct.unpack(">II", png.get_data()[16:24])[0] >= 1600
    folder = Path(ckan.config["ckan.storage_path"]) / "aivision" / "pictures"
    (kept,) = folder.glob("*.png")
    kept.write_bytes(b"stored")
    assert file("dimensions.png").get_data() == b"stored"
    kept.unlink()


@pytest.mark.usefixtures("figures_of_two")
def test_pictures_take_no_more_room_than_is_set(ckan: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from ckanext.aivision.compare.charts.picture import Picture
    from ckanext.aivision.downloads.pictures import draw

    monkeypatch.setitem(ckan.config, "ckanext.aivision.pictures_megabytes", 0)
    empty = Picture(title=uuid.uuid4().hex, labels=["US", "UK"], scale="Score", groups=[])
    assert draw(empty, "svg", "20261130T140500Z").startswith(b"<svg")
    folder = Path(ckan.config["ckan.storage_path"]) / "aivision" / "pictures"
    assert not list(folder.glob("*.svg"))


@pytest.fixture
def busy(ckan: Any, figures_of_two: str) -> Iterator[None]:
    """As many pictures as may be are being drawn, by others."""
    folder = Path(ckan.config["ckan.storage_path"]) / "aivision" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    taken = [(folder / f".slot-{number}").open("a") for number in range(2)]
    for slot in taken:
        fcntl.flock(slot, fcntl.LOCK_EX)
    yield
    for slot in taken:
        slot.close()


@pytest.mark.usefixtures("busy")
def test_while_others_draw_a_picture_is_refused_for_a_while_and_nothing_else_is(visit: Any) -> None:
    answer = visit(f"{FILES}/grades.png")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.get_data(as_text=True) == "Other pictures are being drawn: try again in a few seconds\n"
    assert visit(f"{FILES}/grades.csv").status_code == 200


@pytest.mark.usefixtures("ckan")
@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_computed_by_a_spreadsheet(figures_of_two: str, text: str) -> None:
    from ckanext.aivision.downloads.formats import csv_table, workbook
    from ckanext.aivision.downloads.table import Column
    from ckanext.aivision.downloads.work_out import want, work_out

    wanted = want("grades", "", [])
    assert wanted is not None
    found = work_out(wanted)
    content = found.content._replace(columns=[Column("a", text), Column("b", "Number")], rows=[[text, -1.5]])
    hostile = found._replace(content=content, title=text)
    for row in csv.reader(io.StringIO(csv_table.write(hostile).decode(), newline="")):
        assert row[0] == f"'{text}"
    assert csv_table.write(hostile).decode().rstrip().endswith(",-1.5"), "numbers stay numbers"
    book = load_workbook(io.BytesIO(workbook.write(hostile)))
    cells = [str(cell) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row]
    assert [cell for cell in cells if cell.startswith(tuple(FORMULAS)) and cell != "-1.5"] == []


@pytest.mark.usefixtures("figures_of_two")
def test_what_an_address_says_becomes_no_markup_and_no_header(visit: Any) -> None:
    hostile = "%3Cscript%3Ealert(1)%3C/script%3E%0d%0aX-Bad:%201"
    for path in (
        f"{FILES}/dimensions.csv?theme={hostile}",
        f"{FILES}/dimensions?theme={hostile}",
        f"{FILES}/{hostile}.csv",
    ):
        answer = visit(path)
        assert answer.status_code in (400, 404)
        assert "X-Bad" not in answer.headers
        plain = answer.mimetype == "text/plain" and answer.headers["X-Content-Type-Options"] == "nosniff"
        assert plain or "<script>alert" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("path", "name", "media_type"),
    [
        ("dimension/licensed.csv", "licensed-us-uk", "text/csv"),
        ("dimensions.xlsx?kind=tabular&country=GB", "dimensions-uk-tabular", "application/vnd.openxmlformats"),
        ("criterion/licence-open.json", "licence-open-us-uk", "application/json"),
        ("agency/us-026.bib", "us-026", "application/x-bibtex"),
        ("dimensions.csl.json", "dimensions-us-uk", "application/vnd.citationstyles.csl+json"),
    ],
)
def test_a_file_has_a_telling_name(
    file: Any, visit: Any, figures_of_two: str, path: str, name: str, media_type: str
) -> None:
    answer = file(path)
    ending = path.partition("?")[0].partition(".")[2]
    assert (
        answer.headers["Content-Disposition"]
        == f'attachment; filename="aivision-{name}-{figures_of_two[:10]}.{ending}"'
    )
    assert answer.content_type.startswith(media_type)
    head = visit(f"{FILES}/{path}", method="HEAD")
    assert (head.status_code, head.get_data()) == (200, b"")
    assert head.headers["Content-Length"] == str(len(answer.get_data()))


@pytest.mark.parametrize("path", [f"{FILES}/dimensions.csv", f"{FILES}/dimensions.csv?licence=open", f"{EMBED}/grades"])
def test_who_has_a_figure_is_told_that_it_is_the_same(visit: Any, path: str) -> None:
    first = visit(path)
    assert first.headers["Cache-Control"].startswith("public")
    assert "Set-Cookie" not in first.headers
    again = visit(path, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")
    assert visit(path, **{"If-None-Match": '"another"'}).status_code == 200


def test_a_file_of_one_tag_has_the_same_bytes_whenever_it_is_made(file: Any, ckan: Any) -> None:
    """A strong ETag promises it (RFC 9110, 8.8.1)."""
    from ckanext.aivision.downloads.formats.registry import FORMATS

    written = [form.extension for form in FORMATS.values() if not form.drawn]
    first = {ending: file(f"dimensions.{ending}?country=GB") for ending in written}
    # Archives note the time of an entry by two seconds.
    time.sleep(2.1)
    for ending, before in first.items():
        again = file(f"dimensions.{ending}?country=GB")
        assert (ending, again.headers["ETag"]) == (ending, before.headers["ETag"])
        assert again.get_data() == before.get_data(), ending


def test_files_of_different_questions_have_different_tags(visit: Any) -> None:
    paths = ("dimensions.csv", "dimensions.json", "dimensions.csv?licence=open", "grades.csv", "dimension/licensed.csv")
    assert len({visit(f"{FILES}/{path}").headers["ETag"] for path in paths}) == len(paths)


def test_caches_of_others_do_not_keep_what_a_member_gets(reader: Any, person: Any, figures_of_two: str) -> None:
    answer = reader(person()).get(f"{FILES}/dimensions.csv")
    assert answer.headers["Cache-Control"].startswith("private")


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("nothing.csv", 404, "There is no such figure"),
        ("dimensions/licensed.csv", 404, "There is no such figure"),
        ("criterion/nothing.csv", 404, "There is no such figure"),
        ("criterion.csv", 404, "There is no such figure"),
        ("dimensions.doc", 404, "There is no such format"),
        ("dimensions.csv?theme=nothing", 400, "unknown"),
        ("dimensions.csv?colour=red", 400, "there is no such choice"),
        ("lens.csv", 400, "choose a lens"),
        ("agency/us-026.csv?theme=health", 400, "cannot be narrowed"),
        ("dimensions.csv?as_of=1999-01-01", 404, "there are no figures of that day"),
        ("dimensions?as_of=1999-01-01", 404, "there are no figures of that day"),
    ],
)
def test_what_means_nothing_is_refused_with_the_reason(visit: Any, path: str, status: int, words: str) -> None:
    answer = visit(f"{FILES}/{path}")
    assert answer.status_code == status
    assert words in answer.get_data(as_text=True)


@pytest.mark.usefixtures("no_snapshot")
def test_until_there_are_figures_a_reader_is_asked_to_come_back(visit: Any) -> None:
    answer = visit(f"{FILES}/dimensions.csv")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert visit(f"{EMBED}/dimensions").status_code == 503


def test_a_permalink_leads_to_the_figures_of_that_day(file: Any, visit: Any, figures_of_two: str) -> None:
    found = file("dimension/licensed.json").get_json()
    assert found["url"].endswith(f"{FILES}/dimension/licensed?as_of={figures_of_two[:10]}")
    page = visit(found["url"])
    assert page.status_code == 200
    assert html.escape(found["citation"], quote=False) in page.get_data(as_text=True)
    assert "Once the day is over, they do not change" in page.get_data(as_text=True)
    narrowed = file("dimensions.json?licence=open").get_json()
    assert "as_of=" not in narrowed["url"], "filtered figures of past days are not kept"
    assert "gives the newest figures" in visit(narrowed["url"]).get_data(as_text=True)


def test_a_citation_has_the_moment_and_the_version(file: Any, figures_of_two: str) -> None:
    found = file("dimensions.json?licence=open").get_json()
    year, month, day = (int(part) for part in figures_of_two[:10].split("-"))
    citation = file("dimensions.txt?licence=open").get_data(as_text=True).strip()
    assert citation == found["citation"]
    assert f"rubric {found['rubric_version']}" in citation
    assert f"{figures_of_two[11:16]} UTC" in citation
    assert "(only licence: open)" in citation
    (reference,) = json.loads(file("dimensions.csl.json").get_data())
    assert reference["issued"] == {"date-parts": [[year, month, day]]}
    assert reference["version"] == f"rubric {found['rubric_version']}"
    entry = file("dimensions.bib").get_data(as_text=True)
    assert re.match(r"@misc\{aivision-dimensions-us-uk-[\d-]{10},\n", entry)
    assert entry.count("{") == entry.count("}")


@pytest.mark.usefixtures("figures_of_two")
def test_every_entry_of_the_registry_is_tried_here(ckan: Any) -> None:
    listed = ckan.get_action("aivision_figure_list")({"user": ""}, {})
    assert {row["id"] for row in listed} == {re.split(r"[/?]", one)[0] for one in ADDRESSES}
