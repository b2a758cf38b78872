"""A folder on the web: as three servers list it, nested, changed, and with files that cannot be read."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler

import pytest
from tests.harvesters.iso_documents import fgdc, record
from tests.harvesters.protocols.samples import HERE, expected_of, sample_of
from tests.harvesters.remarks import remarks_of

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.http.clock import Clock
from ckanext.aivision.harvesters.http.limits import Limits
from ckanext.aivision.harvesters.open_source import Harvest
from ckanext.aivision.harvesters.protocols.waf.listing import is_listing, items
from ckanext.aivision.harvesters.sources.source_state import SourceState

Serve = Callable[[Callable[[BaseHTTPRequestHandler], None]], str]
NOON = datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.timezone.utc)
DAY = datetime.timedelta(days=1)
ROOT = "https://files.example.gov/waf/"

# As Apache 2.4 (with and without a table), nginx 1.26 and IIS 10 write them.
APACHE = """<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 3.2 Final//EN"><html><head><title>Index of /waf</title></head><body>
<h1>Index of /waf</h1><pre><img src="/icons/blank.gif" alt="Icon "> <a href="?C=N;O=D">Name</a>
<a href="?C=M;O=A">Last modified</a>
<hr><a href="/">Parent Directory</a>                             -
<a href="deeper/">deeper/</a>                 2026-11-02 08:00    -
<a href="rivers%20one.xml">rivers one.xml</a>          2026-11-01 10:22   12K
<a href="readme.txt">readme.txt</a>              2026-11-01 10:22  120
</pre></body></html>"""
APACHE_TABLE = """<html><head><title>Index of /waf</title></head><body><table>
<tr><td><a href="/">Parent Directory</a></td><td>&nbsp;</td></tr>
<tr><td><a href="deeper/">deeper/</a></td><td align="right">2026-11-02 08:00  </td></tr>
<tr><td><a href="rivers%20one.xml">rivers one.xml</a></td><td align="right">2026-11-01 10:22  </td></tr>
</table></body></html>"""
NGINX = """<html><head><title>Index of /waf/</title></head><body><h1>Index of /waf/</h1><hr><pre><a href="../">../</a>
<a href="deeper/">deeper/</a>                    02-Nov-2026 08:00                   -
<a href="rivers%20one.xml">rivers one.xml</a>             01-Nov-2026 10:22               12304
</pre><hr></body></html>"""
IIS = """<html><head><title>files.example.gov - /waf/</title></head><body><H1>files.example.gov - /waf/</H1><hr>
<pre><A HREF="/">[To Parent Directory]</A><br><br>
 11/2/2026  8:00 AM        &lt;dir&gt; <A HREF="/waf/deeper/">deeper</A><br>
 11/1/2026 10:22 AM        12304 <A HREF="/waf/rivers%20one.xml">rivers one.xml</A><br></pre><hr></body></html>"""


@pytest.mark.parametrize("page", [APACHE, APACHE_TABLE, NGINX])
def test_the_files_and_folders_of_a_listing_are_found_with_their_dates(page: str) -> None:
    assert is_listing(page)
    folder, file = items([page], ROOT, ROOT)
    assert (folder.url, folder.is_folder) == (f"{ROOT}deeper/", True)
    assert (file.url, file.is_folder) == (f"{ROOT}rivers%20one.xml", False)
    assert file.changed == datetime.datetime(2026, 11, 1, 10, 22, tzinfo=datetime.timezone.utc)


def test_of_two_readings_of_a_date_the_later_one_is_taken() -> None:
    assert is_listing(IIS)
    folder, file = items([IIS], ROOT, ROOT)
    assert (folder.url, file.url) == (f"{ROOT}deeper/", f"{ROOT}rivers%20one.xml")
    assert file.changed == datetime.datetime(2026, 11, 1, 10, 22, tzinfo=datetime.timezone.utc)
    assert folder.changed == datetime.datetime(2026, 11, 2, 8, 0, tzinfo=datetime.timezone.utc)


@pytest.mark.parametrize(
    "href",
    [
        *("../", "/", "/waf", "?C=N;O=D", "https://other.example.gov/waf/a.xml", "http://files.example.gov/waf/a.xml"),
        *("../other/a.xml", "%2e%2e/a.xml", "deeper/%2E%2E/%2E%2E/a.xml", "javascript:alert(1)", "file:///etc/a.xml"),
        *("https://files.example.gov:1/waf/a.xml", "https://[/a.xml", "a.txt", "a.xml?delete=1", ""),
    ],
)
def test_what_does_not_lie_in_the_folder_is_not_followed(href: str) -> None:
    assert items([f'<a href="{href}">x</a>'], ROOT, ROOT) == []


def test_a_page_of_links_is_no_listing() -> None:
    assert not is_listing('<html><title>Our data</title><body><a href="a.xml">a</a></body></html>')


class Folder:
    """Files by their paths, with the days before NOON that they were changed, and the statuses of some."""

    def __init__(self, files: dict[str, tuple[float, str]]) -> None:
        self.files, self.statuses = files, dict[str, int]()
        self.asked: list[str] = []

    def __call__(self, request: BaseHTTPRequestHandler) -> None:
        path = request.path.removeprefix("/waf/")
        self.asked.append(path)
        body = self.page(path) if path.endswith("/") or not path else self.files.get(path, (0, ""))[1]
        request.send_response(self.statuses.get(path, 200 if body else 404))
        request.send_header("Content-Length", str(len(body.encode())))
        request.end_headers()
        request.wfile.write(body.encode())

    def page(self, folder: str) -> str:
        inside = {path[len(folder) :].partition("/")[0]: path for path in self.files if path.startswith(folder)}
        rows = [
            f'<a href="{name}/">{name}/</a>'
            if "/" in path[len(folder) :]
            else f'<a href="{name}">{name}</a> {self.day(path)}'
            for name, path in inside.items()
        ]
        return f"<html><title>Index of /waf/{folder}</title><pre>{chr(10).join(rows)}</pre></html>"

    def day(self, path: str) -> str:
        return f"{NOON - self.files[path][0] * DAY:%Y-%m-%d %H:%M}   1K"


class Reader:
    def __init__(self, folder: Folder, serve: Serve, harvest: Callable[..., Harvest]) -> None:
        self.folder, self.url, self.harvest, self.time = folder, serve(folder), harvest, NOON
        self.state: SourceState | None = None

    def open(self, path: str = "/waf/", **stated: str) -> Harvest:
        clock, limits = Clock(lambda: self.time, lambda _: None), Limits(retries=0)
        return self.harvest(self.url + path, state=self.state, clock=clock, limits=limits, **stated)

    def read(self, path: str = "/waf/", **stated: str) -> tuple[Harvest, list[str | None]]:
        reading = self.open(path, **stated)
        found = [one.identifier for one in reading if one.dataset is not None]
        self.state = reading.state
        return reading, found


@pytest.fixture
def reader(serve: Serve, harvest: Callable[..., Harvest]) -> Reader:
    files = {name: (age, record(name)) for age, name in enumerate(["a.xml", "b.xml", "in/c.xml", "in/deep/d.xml"], 3)}
    return Reader(Folder({name: (float(age), body) for name, (age, body) in files.items()}), serve, harvest)


ALL = ["a.xml", "b.xml", "in/c.xml", "in/deep/d.xml"]


def test_a_folder_and_those_inside_it_are_read_and_known_by_their_look(reader: Reader) -> None:
    reading, found = reader.read()
    assert (found, reading.complete, reading.source.kind) == (ALL, True, "waf")


def test_the_samples_of_both_standards_are_read_from_a_folder_as_from_a_file(reader: Reader) -> None:
    samples = {kind: sample_of(HERE / kind) for kind in ("iso", "fgdc")}
    reader.folder.files = {f"{kind}.xml": (0.0, path.read_text()) for kind, path in samples.items() if path is not None}
    taken = {one.identifier: one.dataset for one in reader.open() if one.dataset is not None}
    expected = [line for kind in samples for line in expected_of(HERE / kind) if "dataset" in line]
    assert {line["identifier"]: line["dataset"]["title"] for line in expected} == {
        identifier: dataset.title for identifier, dataset in taken.items()
    }
    assert {dataset.profile for dataset in taken.values()} == {"iso-19115", "iso-19115-service", "fgdc"}


def test_a_record_without_an_identifier_of_its_own_is_known_by_the_address_of_its_file(reader: Reader) -> None:
    reader.folder.files = {"lakes.xml": (0.0, fgdc()), "more.xml": (0.0, fgdc())}
    _, found = reader.read()
    assert found == [f"{reader.url}/waf/lakes.xml", f"{reader.url}/waf/more.xml"]


def test_the_second_reading_takes_the_files_changed_since_and_a_day_before(reader: Reader) -> None:
    first, _ = reader.read()
    assert (first.complete, first.incremental) == (True, False)
    reader.time, reader.folder.asked = reader.time + DAY, []
    reader.folder.files |= {"new.xml": (-0.5, record("new")), "in/c.xml": (-0.7, record("c again"))}
    second, found = reader.read()
    assert (second.complete, second.incremental) == (False, True)
    assert set(found) == {"a.xml", "b.xml", "new", "c again"}
    assert "in/deep/d.xml" not in reader.folder.asked


def test_all_is_read_again_in_its_rhythm(reader: Reader) -> None:
    reader.read()
    reader.time += 8 * DAY
    del reader.folder.files["b.xml"]
    reading, found = reader.read()
    assert (found, reading.complete) == (["a.xml", "in/c.xml", "in/deep/d.xml"], True)


@pytest.mark.parametrize("body", ["<gmd:MD_Metadata", record("b")[:-30], "<html><body>Sorry</body>", "plain text"])
def test_a_file_that_cannot_be_read_is_refused_by_its_name_and_nothing_is_removed(reader: Reader, body: str) -> None:
    reader.folder.files["b.xml"] = (4.0, body)
    reading = reader.open()
    found = list(reading)
    assert [(one.where, one.problems[0].code) for one in found if one.dataset is None] == [("b.xml", "file-unreadable")]
    assert (len(found), reading.complete) == (4, False)
    assert [remark.code for remark in remarks_of(reading)] == ["files-unreadable"]


def test_a_file_that_cannot_be_had_is_asked_for_again_the_next_time(reader: Reader) -> None:
    reader.folder.statuses["in/c.xml"] = 404
    assert reader.read()[1] == ["a.xml", "b.xml", "in/deep/d.xml"]
    del reader.folder.statuses["in/c.xml"]
    assert reader.read()[1] == ALL


def test_a_file_that_is_no_metadata_does_not_keep_the_rest_from_being_complete(reader: Reader) -> None:
    reader.folder.files["sitemap.xml"] = (4.0, "<urlset/>")
    reading = reader.open()
    codes = [problem.code for one in reading for problem in one.problems]
    assert (codes, reading.complete) == (["file-not-metadata"], True)


def test_a_folder_that_cannot_be_listed_ends_the_reading(reader: Reader) -> None:
    reader.folder.statuses["in/"] = 403
    reading = reader.open()
    with pytest.raises(SourceError, match="403"):
        list(reading)
    assert not reading.complete


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ("<html><body>Down for maintenance</body></html>", "no list of files"),
        ('<html><title>Index of /waf</title><pre><a href="a.xml">a.xml</a> 2026-', "ends in the middle"),
    ],
)
def test_a_list_that_is_none_or_did_not_come_whole_removes_nothing(
    serve: Serve, harvest: Callable[..., Harvest], page: str, message: str
) -> None:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Connection", "close")
        request.end_headers()
        request.wfile.write(page.encode())

    reading = harvest(f"{serve(answer)}/waf/", kind="waf", limits=Limits(retries=0))
    with pytest.raises(SourceError, match=message):
        list(reading)
    assert not reading.complete


def test_a_folder_is_where_its_address_redirects_to(
    reader: Reader, serve: Serve, harvest: Callable[..., Harvest]
) -> None:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(301)
        request.send_header("Location", f"{reader.url}/waf/")
        request.send_header("Content-Length", "0")
        request.end_headers()

    reading = harvest(f"{serve(answer)}/old", kind="waf", limits=Limits(retries=0))
    assert ([one.identifier for one in reading], reading.complete) == (ALL, True)


def test_a_reading_that_broke_off_goes_on_behind_the_last_file(reader: Reader) -> None:
    reading = reader.open()
    assert [one.identifier for one in itertools.islice(reading, 3)] == ALL[:3]
    reader.state = reading.state
    again, found = reader.read()
    assert (found, again.complete, again.incremental) == (ALL[2:], False, True)
    assert remarks_of(again) == []


def test_folders_that_lead_into_each_other_without_end_are_an_error(
    serve: Serve, harvest: Callable[..., Harvest]
) -> None:
    def answer(request: BaseHTTPRequestHandler) -> None:
        body = b'<html><title>Index of /waf</title><a href="again/">again/</a></html>'
        request.send_response(200)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    with pytest.raises(SourceError, match="deep in each other"):
        list(harvest(f"{serve(answer)}/waf/", limits=Limits(retries=0)))
