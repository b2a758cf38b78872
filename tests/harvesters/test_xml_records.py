"""XML documents of records: whole or refused, without entities, within limits, whatever their charset."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.examples import share_of
from tests.harvesters.iso_documents import fgdc, record, text
from tests.harvesters.protocols.samples import HERE, samples_of

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.open_source import Harvest
from ckanext.aivision.harvesters.parsing import xml_records
from ckanext.aivision.harvesters.parsing.xml_records import XmlRecords
from ckanext.aivision.record import Harvested

Read = Callable[..., list[Harvested]]
SEVERAL = f"<all>{record('a')}<other/>{record('b')}{record('c')}</all>"


def only(records: list[Harvested]) -> Harvested:
    (found,) = records
    return found


def parsed(document: str, pieces: int = 1) -> Iterator[object]:
    chunks = (document[start : start + pieces] for start in range(0, len(document), pieces))
    records = XmlRecords(chunks, lambda _, name: name == "MD_Metadata", "the file")
    return (entry.raw for entry in records)


def test_the_records_of_a_document_are_read_whatever_stands_around_them(read: Read) -> None:
    assert [found.identifier for found in read(SEVERAL, "records.xml")] == ["a", "b", "c"]


def test_a_record_is_placed_by_its_line(read: Read) -> None:
    document = f"<?xml version='1.0'?>\n<all>\n\n{record('a')}\n{record('b')}</all>"
    assert [found.where for found in read(document, "records.xml")] == ["line 4", "line 5"]


@settings(max_examples=share_of(200), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, len(SEVERAL) - 1))
def test_a_document_that_was_cut_anywhere_is_an_error_after_its_whole_records(end: int) -> None:
    found: list[object] = []
    with pytest.raises(SourceError):
        found.extend(parsed(SEVERAL[:end], 4096))
    assert found == list(parsed(SEVERAL, 4096))[: len(found)]


def test_a_cut_document_says_so_and_is_not_complete(opened: Callable[..., Harvest]) -> None:
    reading = opened(SEVERAL[: SEVERAL.index("<other/>") + 40], "records.xml")
    with pytest.raises(SourceError, match=r"line 1, column .*: it ends in the middle: its root element is not closed"):
        list(reading)
    assert not reading.complete


@settings(max_examples=share_of(50))
@given(st.integers(1, 60))
def test_a_document_reads_alike_in_pieces_of_any_length(pieces: int) -> None:
    assert list(parsed(SEVERAL, pieces)) == list(parsed(SEVERAL, len(SEVERAL)))


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE all [<!ENTITY a "lol"><!ENTITY b "&a;&a;">]>',
        '<!DOCTYPE all [<!ENTITY file SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE all [<!ENTITY % remote SYSTEM "http://127.0.0.1/x.dtd"> %remote;]>',
    ],
)
def test_entities_are_refused(read: Read, doctype: str) -> None:
    with pytest.raises(SourceError, match="declares entities"):
        read(f"{doctype}{SEVERAL}", "records.xml", kind="iso")


def test_the_dtd_of_a_document_is_not_fetched_and_names_of_html_are_characters(read: Read) -> None:
    document = fgdc(inside="<descript><abstract>Caf&eacute; &unknown;</abstract></descript>")
    found = only(read(f'<!DOCTYPE metadata SYSTEM "http://127.0.0.1:9/fgdc.dtd">{document}', "lakes.xml"))
    assert found.dataset is not None
    assert found.dataset.description == "Café &unknown;"


def test_an_undefined_entity_is_an_error_with_its_place(read: Read) -> None:
    with pytest.raises(SourceError, match=r"line 1, column \d+: undefined entity"):
        read(record(title="Caf&eacute;"), "river.xml")


@pytest.mark.parametrize("charset", ["iso-8859-1", "utf-8", "utf-16", "windows-1252"])
def test_the_declared_charset_is_read(read: Read, charset: str) -> None:
    document = f'<?xml version="1.0" encoding="{charset}"?>{record(title="Flüsse für Äxte")}'
    found = only(read(document.encode(charset), "river.xml"))
    assert found.dataset is not None
    assert (found.dataset.title, found.problems) == ("Flüsse für Äxte", [])


def test_characters_that_xml_does_not_allow_are_mended_with_a_warning(read: Read) -> None:
    found = only(read(record(title="Levels\x0b of rivers"), "river.xml"))
    assert found.dataset is not None
    assert found.dataset.title == "Levels\ufffd of rivers"
    assert [problem.code for problem in found.problems] == ["character-repaired"]


def test_a_record_of_too_many_elements_is_refused_and_the_next_one_read(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xml_records, "MOST_ELEMENTS", 30)
    large = record("a", inside=text("purpose", "x") * 40)
    refused, taken = read(f"<all>{large}{record('b')}</all>", "records.xml")
    assert [problem.code for problem in refused.problems] == ["record-too-large"]
    assert taken.identifier == "b"


def test_a_record_that_is_nested_too_deeply_is_refused(read: Read) -> None:
    deep = record(inside="<gmd:x>" * 100 + "</gmd:x>" * 100)
    assert [problem.code for problem in only(read(deep, "river.xml")).problems] == ["nested-too-deeply"]


def test_elements_without_end_are_an_error(read: Read) -> None:
    with pytest.raises(SourceError, match="nested more than"):
        read(record(inside="<gmd:x>" * 5000), "river.xml")


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("<feed xmlns='http://www.w3.org/2005/Atom'/>", "feed"),
        ("<catalogue><item/></catalogue>", "whose root element is <catalogue>, which is no catalogue that is read"),
        ("<!DOCTYPE html><html><body>Sorry</body></html>", "web page"),
    ],
)
def test_what_is_no_metadata_is_called_by_its_name(read: Read, document: str, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        read(document, "records.xml")


def test_a_document_of_a_stated_kind_without_a_record_is_an_error(read: Read) -> None:
    with pytest.raises(SourceError, match="no metadata record in this XML, whose root is <all>"):
        read("<all><other/></all>", "records.xml", kind="iso")


def test_the_memory_that_a_document_takes_is_that_of_its_largest_record(peak: Callable[..., int]) -> None:
    body = record(inside=text("abstract", "x" * 20_000))
    pieces = ["<all>", *[body] * 400, "</all>"]
    records = XmlRecords(iter(pieces), lambda _, name: name == "MD_Metadata", "the file")
    assert peak(lambda: [None for _ in records]) < 2_000_000


SAMPLES = [path for kind in ("iso", "fgdc", "csw") for path in samples_of(HERE / kind)]


@pytest.mark.long
@settings(max_examples=share_of(150), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(SAMPLES),
    st.lists(st.tuples(st.integers(0, 20_000), st.integers(0, 40), st.binary(max_size=12)), min_size=1, max_size=4),
)
def test_a_damaged_document_is_read_or_refused(read: Read, sample: Path, damages: list[tuple[int, int, bytes]]) -> None:
    content = sample.read_bytes()
    for place, length, put in damages:
        content = content[:place] + put + content[place + length :]
    with contextlib.suppress(SourceError):
        for found in read(content, "records.xml"):
            assert (found.dataset is None) == any(problem.severity == "error" for problem in found.problems)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.parent.name + path.stem)
def test_values_of_any_kind_in_any_place_are_read_or_told(read: Read, sample: Path) -> None:
    written = sample.read_text()
    for odd in ("", "  ", "\u00e9\u4e2d", "9" * 400, "None", "<b>x</b>", "&lt;script&gt;"):
        changed = re.sub(r">[^<>]*[^<>\s][^<>]*<", f">{odd}<", written)
        with contextlib.suppress(SourceError):
            assert all(found.dataset is not None or found.problems for found in read(changed, "records.xml"))
