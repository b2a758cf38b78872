"""Whatever strangers wrote, a description loads, names everything once, and cannot break out of a page."""

from __future__ import annotations

import json
import re
import types
import typing
from typing import Any

import lxml.html
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.examples import share_of
from tests.serialise.web.documents import HERE, STANDARDS, WRITERS, document, leaves, loaded

from ckanext.aivision.normalise import media_types
from ckanext.aivision.record import Dataset, Distribution, Term
from ckanext.aivision.scoring.observations.file_profile import ColumnProfile, FileProfile
from ckanext.aivision.scoring.observations.observations import Observed
from ckanext.aivision.serialise.web.catalogued import DescribedColumn, FormFields, read_form_fields
from ckanext.aivision.serialise.web.identifiers import Identifiers
from ckanext.aivision.serialise.web.script import to_script

pytestmark = pytest.mark.long

_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(?:/[A-Za-z0-9_][A-Za-z0-9._-]*)?")
PIECES = [
    *(
        "</script><script>alert(1)</script>",
        "<!--",
        "-->",
        "]]>",
        "\u2028",
        "&lt;",
        "&quot;",
        '"',
        "\\",
        "\x00",
        "\ud800",
    ),
    *("https://", "a.csv", "..", "/", "#", "?", "%2e%2e", "@id", "@type", "@context", "sc:", "_:b", "cr:field", " "),
    *("http://mlcommons.org/croissant/0.8", "http://mlcommons.org/croissant/1.1", HERE.id, "javascript:alert(1)"),
]
TEXT = st.one_of(
    st.text(max_size=20), st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4)), max_size=6).map("".join)
)
URLS = st.builds("https://rivers.example.gov/{}".format, TEXT)
RHYTHMS = st.sampled_from([None, Term("R/P1D", "R/P1D", "id"), Term("x"), Term("never", "ended", "label")])


def anything(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of a field's type; of a record's type, any record."""
    if kind is str:
        return TEXT
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return st.builds(kind, **{field.name: anything(field.type) for field in msgspec.structs.fields(kind)})
    inner = typing.get_args(kind)
    if typing.get_origin(kind) is list:
        return st.lists(anything(inner[0]), max_size=3)
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        return st.one_of(*map(anything, inner))
    if typing.get_origin(kind) is dict:
        return st.dictionaries(TEXT, TEXT, max_size=2)
    return st.from_type(kind)


def _fields(struct: type[msgspec.Struct], **fixed: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    # Most fields of most records are empty.
    required = ("identifier", "title", "profile", "country") if struct is Dataset else ()
    own = {field.name: anything(field.type) for field in msgspec.structs.fields(struct) if field.name not in fixed}
    needed = {name: own.pop(name) for name in required}
    return st.fixed_dictionaries(needed, optional=own | fixed).map(lambda members: struct(**members))


FILES = _fields(
    Distribution,
    download_url=URLS,
    columns=st.lists(TEXT, max_size=4),
    format=st.sampled_from([None, *(media_types.from_format(name) for name in ("CSV", "TSV", "Parquet", "HTML", "x"))]),
    media_type=st.sampled_from([None, Term("text/csv", "text/csv", "id"), Term("git+https")]),
    checksum=st.sampled_from([None, "a" * 64, "b" * 32, "A" * 64, "x"]),
    checksum_algorithm=st.sampled_from([None, "SHA-256", "md5", "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"]),
)
RECORDS = _fields(Dataset, distribution=st.lists(FILES, max_size=4), accrual_periodicity=RHYTHMS, raw=st.just({}))


@given(RECORDS)
@settings(max_examples=share_of(40), deadline=None)
def test_every_record_loads_and_everything_in_it_is_named_once(dataset: Dataset) -> None:
    loaded(dataset)
    found = document(dataset, "croissant")
    ids = [file["@id"] for file in found.get("distribution", [])]
    for rows in found.get("recordSet", []):
        ids += [rows["@id"], *(field["@id"] for field in rows["field"])]
        names = [field["name"] for field in rows["field"]]
        assert len(set(names)) == len(names)
    assert len({id.lower() for id in ids}) == len(ids)
    assert [id for id in ids if not _ID.fullmatch(id)] == []


@given(RECORDS)
@settings(max_examples=share_of(40), deadline=None)
def test_no_text_of_a_record_breaks_out_of_a_page(dataset: Dataset) -> None:
    for standard in STANDARDS:
        text = to_script(WRITERS[standard](dataset, HERE))
        page = lxml.html.fromstring(
            f'<html><body><script type="application/ld+json">{text}</script><p>end</p></body></html>'
        )
        assert [element.tag for element in page.iter()] == ["html", "body", "script", "p"]
        assert json.loads(page.find(".//script").text) == json.loads(text)
        assert not set("<>&\u2028\u2029") & set(text)


@given(RECORDS)
@settings(max_examples=share_of(30), deadline=None)
def test_no_address_runs_a_program(dataset: Dataset) -> None:
    addresses = {"url", "contentUrl", "sameAs", "dcat:accessURL", "dcat:downloadURL", "codeRepository"}

    def check(node: Any) -> None:
        if isinstance(node, dict):
            for member, value in node.items():
                if member in addresses:
                    assert not any(leaf.strip().lower().startswith("javascript:") for leaf in leaves(value))
                check(value)
        elif isinstance(node, list):
            for inner in node:
                check(inner)

    for standard in STANDARDS:
        check(document(dataset, standard))


PROFILES = st.builds(
    FileProfile,
    url=st.just("https://rivers.example.gov/a.csv"),
    format=st.sampled_from(["CSV", "TSV", "PARQUET", "XLSX", ""]),
    columns=st.lists(
        st.builds(ColumnProfile, name=TEXT, type=st.sampled_from(["integer", "date", "text"])), max_size=4
    ),
    keys=st.lists(st.lists(TEXT, max_size=2), max_size=2),
)


@given(PROFILES, st.lists(st.builds(DescribedColumn, TEXT, TEXT, TEXT), max_size=3), RHYTHMS)
@settings(max_examples=share_of(30), deadline=None)
def test_every_profile_and_every_dictionary_loads(
    profile: FileProfile, lines: list[DescribedColumn], rhythm: Term | None
) -> None:
    item = Distribution(identifier="1", download_url=profile.url)
    dataset = Dataset(
        identifier="1", title="x", profile="ckan", country="GB", distribution=[item], accrual_periodicity=rhythm
    )
    catalogued = msgspec.structs.replace(
        HERE, observed=Observed(files={profile.url: profile}), form=FormFields(columns={"1": lines})
    )
    loaded(dataset, catalogued)


@given(st.lists(st.tuples(TEXT, st.sampled_from(["", "rows"])), max_size=30))
def test_identifiers_are_safe_and_given_once(names: list[tuple[str, str]]) -> None:
    ids = Identifiers()
    found = [ids.take(name, "file", within) for name, within in names]
    assert len({id.lower() for id in found}) == len(found)
    assert all(_ID.fullmatch(id) for id in found)


@given(
    st.dictionaries(
        st.sampled_from(["resources", "collection_type", "ai_use", "id"]),
        st.recursive(
            st.one_of(TEXT, st.none(), st.integers()),
            lambda inner: st.one_of(
                st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["id", "role", "columns"]), inner)
            ),
        ),
    )
)
def test_the_fields_of_any_package_can_be_read(package: dict[str, Any]) -> None:
    found = read_form_fields(package)
    assert all(column.name for lines in found.columns.values() for column in lines)
