"""mlcroissant, the reference implementation, loads every description and reads the rows of tables."""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.corpora import OWN
from tests.serialise.conftest import EVERYTHING
from tests.serialise.web.documents import HERE, document, loaded, records

from ckanext.aivision.content.profile import profile_path
from ckanext.aivision.record import Dataset, Distribution, Term
from ckanext.aivision.scoring.observations.observations import Observed
from ckanext.aivision.serialise.web.catalogued import Catalogued, DescribedColumn, FormFields

NOW = datetime.datetime(2026, 11, 30, tzinfo=datetime.timezone.utc)
URL = "https://rivers.example.gov/levels.csv"
LIVE = Term("R/P1W", "R/P1W", "uri")
# Of the real corpus's records every so many: some 400.
EVERY = 60


def check(dataset: Dataset) -> None:
    """That the description loads, and that nothing of it is passed over."""
    found, given = loaded(dataset).metadata, document(dataset, "croissant")
    assert found.name == given.get("name", "")
    assert {file.id for file in found.file_objects} == {file["@id"] for file in given.get("distribution", [])}
    assert {rows.id for rows in found.record_sets} == {rows["@id"] for rows in given.get("recordSet", [])}


@pytest.mark.long
def test_it_loads_every_record_of_our_own_corpus() -> None:
    found = list(records(OWN))
    assert len(found) > 40
    for dataset in found:
        check(dataset)


@pytest.mark.corpus
@pytest.mark.long
@pytest.mark.nightly
def test_it_loads_every_real_record(real_corpus: Path) -> None:
    found = list(records(real_corpus, EVERY))
    assert len(found) > 300
    for dataset in found:
        check(dataset)


def test_it_reads_what_the_standards_have_members_for() -> None:
    found = loaded(EVERYTHING).metadata
    assert found.license == ["https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"]
    assert [creator.name for creator in found.creators] == ["Gauging team"]
    assert [publisher.name for publisher in found.publisher] == ["River office"]
    assert (found.date_published, found.date_modified) == (
        datetime.datetime(2001, 5, 1),
        datetime.datetime(2026, 11, 1),
    )
    assert (found.version, found.cite_as, found.url) == ("2.1", EVERYTHING.bibliographic_citation, HERE.page)
    assert set(found.keywords) == set(EVERYTHING.keyword)
    assert set(found.data_limitations) == {EVERYTHING.limitations, EVERYTHING.unsuitable_uses}
    assert set(found.personal_sensitive_information) == {"aggregated", EVERYTHING.personal_data_measures}
    assert found.data_collection == EVERYTHING.collection
    assert found.data_biases == [EVERYTHING.biases]
    assert found.data_use_cases == [EVERYTHING.uses]
    assert found.data_social_impact == EVERYTHING.social_impact
    assert found.data_annotation_protocol == [EVERYTHING.annotation]
    assert found.data_preprocessing_protocol == [EVERYTHING.preprocessing]
    assert found.data_release_maintenance_plan == EVERYTHING.maintenance_plan
    assert found.ctx.is_live_dataset is True


@pytest.fixture
def read_rows(tmp_path: Path) -> Callable[..., list[dict[str, Any]]]:
    """The rows that mlcroissant reads from a file, by the names of the columns."""

    def read(text: str, item: Distribution, catalogued: Catalogued = HERE, **fields: Any) -> list[dict[str, Any]]:
        path = tmp_path / "file"
        path.write_text(text, encoding="utf-8")
        dataset = Dataset(
            identifier="1", title="Levels", profile="aivision", country="GB", distribution=[item], **fields
        )
        (file,) = document(dataset, "croissant", catalogued)["distribution"]
        found = loaded(dataset, catalogued, mapping={file["@id"]: str(path)})
        (rows,) = found.metadata.record_sets
        names = {field.id: field.name for field in rows.fields}
        return [{names[id]: value for id, value in row.items()} for row in found.records(rows.id)]

    return read


def profiled(text: str, path: Path) -> Catalogued:
    """What the catalogue knows of a file that it has profiled."""
    path.write_text(text, encoding="utf-8")
    profile = msgspec.structs.replace(profile_path(str(path), NOW), url=URL)
    return msgspec.structs.replace(HERE, observed=Observed(files={URL: profile}))


@pytest.mark.long
def test_it_reads_rows_with_the_types_that_a_profile_has_seen(
    tmp_path: Path, read_rows: Callable[..., list[dict[str, Any]]]
) -> None:
    text = (
        "station,level (m),readings,day,note\nA1,1.5,3,2026-01-31,dry\nA2,2.25,4,2026-02-01,\nA3,0.5,1,2026-02-02,wet\n"
    )
    digest = hashlib.sha256(text.encode()).hexdigest()
    item = Distribution(download_url=URL, checksum=digest, checksum_algorithm="SHA-256")
    rows = read_rows(text, item, profiled(text, tmp_path / "levels.csv"))
    assert [(row["station"], row["level (m)"], row["readings"]) for row in rows] == [
        (b"A1", 1.5, 3),
        (b"A2", 2.25, 4),
        (b"A3", 0.5, 1),
    ]
    assert [str(row["day"])[:10] for row in rows] == ["2026-01-31", "2026-02-01", "2026-02-02"]
    assert [row["note"] for row in rows] == [b"dry", None, b"wet"]


def test_it_reads_rows_by_the_columns_that_a_steward_has_described(
    read_rows: Callable[..., list[dict[str, Any]]],
) -> None:
    lines = [
        DescribedColumn("gauge", "text"),
        DescribedColumn("level", "decimal", "metres"),
        DescribedColumn("n", "int"),
    ]
    catalogued = msgspec.structs.replace(HERE, form=FormFields(columns={"file-1": lines}))
    item = Distribution(identifier="file-1", download_url=URL, format=Term("CSV", "CSV", "id"))
    rows = read_rows("gauge,level,n\nWhitby,1.5,2\nYork,2.5,3\n", item, catalogued, accrual_periodicity=LIVE)
    assert rows == [{"gauge": b"Whitby", "level": 1.5, "n": 2}, {"gauge": b"York", "level": 2.5, "n": 3}]


@pytest.mark.parametrize(("file", "delimiter"), [("a.csv", ","), ("a.tsv", "\t")])
def test_it_reads_rows_of_columns_with_any_names(
    file: str, delimiter: str, read_rows: Callable[..., list[dict[str, Any]]]
) -> None:
    names = ["Año", "año!", "año?", "../..", "a b", "sc:name", "@id", "</script>", "漢字", "'\"", "https://x.example/a"]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([names, "abcdefghijk"])
    item = Distribution(download_url=f"https://rivers.example.gov/{file}", columns=names)
    rows = read_rows(text.getvalue(), item, accrual_periodicity=LIVE)
    assert rows == [{name: letter.encode() for name, letter in zip(names, "abcdefghijk", strict=True)}]
