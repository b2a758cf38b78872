"""What is a FileObject, with which media type and checksum, and whose columns are a record set."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from tests.serialise.web.documents import HERE, document, loaded

from ckanext.aivision.normalise import media_types
from ckanext.aivision.record import Dataset, Distribution, Term
from ckanext.aivision.scoring.observations.file_profile import ColumnProfile, FileProfile, Header
from ckanext.aivision.scoring.observations.observations import Link, Observed

URL = "https://rivers.example.gov/levels.csv"
SHA, MD5 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "9f86d081884c7d659a2feaa0c55ad015"
WEEKLY = Term("R/P1W", "R/P1W", "uri")
CSV = media_types.from_format("CSV")


def dataset(*files: Distribution, **fields: Any) -> Dataset:
    return Dataset(identifier="7", title="Levels", profile="ckan", country="GB", distribution=list(files), **fields)


def objects(*files: Distribution, **fields: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = document(dataset(*files, **fields), "croissant").get("distribution", [])
    return found


def test_a_file_with_a_checksum_is_a_file_object() -> None:
    (file,) = objects(Distribution(download_url=URL, checksum=SHA.upper(), checksum_algorithm="SHA-256"))
    assert (file["@id"], file["contentUrl"], file["encodingFormat"], file["sha256"]) == (
        "levels.csv",
        URL,
        "text/csv",
        SHA,
    )
    (file,) = objects(Distribution(download_url=URL, checksum=MD5, checksum_algorithm="MD5"))
    assert file["md5"] == MD5


def test_a_file_without_a_checksum_is_one_only_if_it_is_updated_regularly() -> None:
    assert objects(Distribution(download_url=URL)) == []
    (file,) = objects(Distribution(download_url=URL), accrual_periodicity=WEEKLY)
    assert not {"sha256", "md5"} & set(file)


@pytest.mark.parametrize(
    "item",
    [
        Distribution(access_url="https://rivers.example.gov/levels"),
        Distribution(access_url="https://rivers.example.gov/levels.html", format=CSV),
        Distribution(access_url="https://rivers.example.gov/wfs?service=WFS", format=media_types.from_format("WFS")),
        Distribution(download_url="s3://rivers/levels.csv"),
        Distribution(download_url="https://rivers.example.gov/a b.csv"),
        Distribution(download_url="https://rivers.example.gov/download/7"),
        Distribution(title="On request"),
    ],
)
def test_a_page_a_service_and_what_is_no_known_file_is_none(item: Distribution) -> None:
    found = document(dataset(item, accrual_periodicity=WEEKLY), "croissant")
    assert "distribution" not in found
    assert found["dcat:distribution"][0]["@type"] == "dcat:Distribution"
    assert "contentUrl" not in document(dataset(item), "schema_org").get("dcat:distribution", [{}])[0]


@pytest.mark.parametrize(
    ("checksum", "algorithm"), [(SHA, None), (SHA, "SHA-512"), ("x" * 64, "SHA-256"), (MD5, "SHA-256")]
)
def test_a_checksum_that_is_not_what_it_is_called_is_no_sha256(checksum: str, algorithm: str | None) -> None:
    item = Distribution(download_url=URL, checksum=checksum, checksum_algorithm=algorithm)
    (file,) = objects(item, accrual_periodicity=WEEKLY)
    assert not {"sha256", "md5"} & set(file)
    assert file["spdx:checksum"]["spdx:checksumValue"] == checksum


def test_a_checksum_of_our_own_is_given_only_of_a_file_that_stays_as_it_is() -> None:
    seen = Observed(links={URL: Link(url=URL, state="reachable", checksum=SHA)})
    catalogued = msgspec.structs.replace(HERE, observed=seen)
    for rhythm, expected in ((None, SHA), (WEEKLY, None)):
        found = document(dataset(Distribution(download_url=URL), accrual_periodicity=rhythm), "croissant", catalogued)
        assert found["distribution"][0].get("sha256") == expected


@pytest.mark.parametrize(
    ("url", "declared", "expected"),
    [
        ("levels.csv", None, "text/csv"),
        ("levels.csv.gz", "text/csv", "application/gzip"),
        ("levels.csv.zip", None, "application/zip"),
        ("levels.geojson", "application/json", "application/geo+json"),
        ("levels.xml", "application/xml", "application/xml"),
        ("levels", "text/csv", "text/csv"),
    ],
)
def test_the_media_type_is_that_of_the_file_as_it_comes(url: str, declared: str | None, expected: str) -> None:
    media = media_types.clean(declared) if declared else None
    item = Distribution(download_url=f"https://rivers.example.gov/api/{url}", media_type=media)
    found = document(dataset(item), "schema_org")
    (node,) = found.get("distribution", []) + found.get("dcat:distribution", [])
    assert node["encodingFormat"] == expected
    assert declared in (None, expected, node.get("dcat:mediaType"))


def test_files_of_one_name_have_identifiers_of_their_own() -> None:
    urls = [f"https://rivers.example.gov/{folder}/Levels.csv" for folder in ("a", "b")] + [URL]
    files = objects(*(Distribution(download_url=url, title="Levels") for url in urls), accrual_periodicity=WEEKLY)
    assert [file["@id"] for file in files] == ["Levels.csv", "Levels-2.csv", "levels-3.csv"]
    assert [file["name"] for file in files] == [file["@id"] for file in files]


def profile(**fields: Any) -> FileProfile:
    columns = [ColumnProfile(name="gauge", type="text"), ColumnProfile(name="level", type="number", unit="metres")]
    return FileProfile(
        **{"url": URL, "format": "CSV", "delimiter": ",", "columns": columns, "keys": [["gauge"]]} | fields
    )


def described(seen: FileProfile, item: Distribution | None = None) -> dict[str, Any]:
    catalogued = msgspec.structs.replace(HERE, observed=Observed(files={URL: seen}))
    found = dataset(item or Distribution(download_url=URL), accrual_periodicity=WEEKLY)
    loaded(found, catalogued)
    return document(found, "croissant", catalogued)


def test_the_columns_of_a_profiled_table_are_a_record_set() -> None:
    (rows,) = described(profile())["recordSet"]
    assert [(field["name"], field["dataType"]) for field in rows["field"]] == [
        ("gauge", "sc:Text"),
        ("level", "sc:Float"),
    ]
    assert rows["key"] == [{"@id": rows["field"][0]["@id"]}]
    assert rows["field"][1]["unitText"] == "metres"
    assert rows["field"][1]["source"] == {"fileObject": {"@id": "levels.csv"}, "extract": {"column": "level"}}


@pytest.mark.parametrize(
    "column",
    [
        ColumnProfile(name="n", type="integer", exceptions=0.01),
        ColumnProfile(name="n", type="integer", markers=["", "n/a"]),
        ColumnProfile(name="n", type="number", form="thousands separators"),
        ColumnProfile(name="n", type="date", form="DD/MM/YYYY"),
        ColumnProfile(name="n", type="boolean"),
    ],
)
def test_values_that_a_program_would_read_wrongly_are_text(column: ColumnProfile) -> None:
    (rows,) = described(profile(columns=[column], keys=[]))["recordSet"]
    assert rows["field"][0]["dataType"] == "sc:Text"


@pytest.mark.parametrize(
    "seen",
    [
        profile(header=Header(found=False)),
        profile(header=Header(rows_above=2)),
        profile(header=Header(duplicate=1)),
        profile(header=Header(spaced=1)),
        profile(delimiter=";"),
        profile(encoding="latin-1"),
        profile(packed="ZIP"),
        profile(format="XLSX", delimiter=""),
    ],
)
def test_a_table_in_which_a_program_would_not_find_the_columns_has_variables_instead(seen: FileProfile) -> None:
    found = described(seen)
    assert "recordSet" not in found
    assert [variable["name"] for variable in found["variableMeasured"]] == ["gauge", "level"]


def test_a_file_that_could_not_be_profiled_is_as_its_record_says() -> None:
    found = described(FileProfile(url=URL, refusal="damaged"), Distribution(download_url=URL, columns=["gauge"]))
    assert [field["name"] for field in found["recordSet"][0]["field"]] == ["gauge"]


def test_nothing_is_said_of_who_might_stand_in_a_column() -> None:
    people = ColumnProfile(name="contact", type="text", personal=["email address"])
    assert "email address" not in str(described(profile(columns=[people], keys=[])))


def test_a_described_column_that_the_file_does_not_have_is_a_variable() -> None:
    found = described(profile(), Distribution(download_url=URL, columns=["Level", "depth"]))
    assert [field["name"] for field in found["recordSet"][0]["field"]] == ["gauge", "level"]
    assert [variable["name"] for variable in found["variableMeasured"]] == ["depth"]


@pytest.mark.parametrize("word", ["WMS", "WFS", "Esri REST"])
def test_a_service_has_no_media_type_of_our_own(word: str) -> None:
    """In what form it answers depends on what it is asked."""
    address = f"https://rivers.example.gov/wms?service={word.partition(' ')[0]}&request=GetCapabilities"
    service = Distribution(access_url=address, format=media_types.from_format(word))
    for standard in ("schema_org", "croissant"):
        (node,) = document(dataset(service), standard)["dcat:distribution"]
        assert node["encodingFormat"] == service.format.id
        stated = msgspec.structs.replace(service, media_type=Term("image/png", "image/png", "id"))
        (node,) = document(dataset(stated), standard)["dcat:distribution"]
        assert node["encodingFormat"] == "image/png"
