"""A dump is the catalogue at one moment: all that is public, nothing else, the same in each file, and an A itself."""

from __future__ import annotations

import contextlib
import datetime
import gzip
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyoxigraph
import pytest
from tests.plugin.snapshot.conftest import NOON
from tests.records import record

from ckanext.aivision import evaluate, open_catalogue, read
from ckanext.aivision.errors import ServiceError, UsageError
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.snapshot.files import SnapshotFiles

Publish = Callable[..., dict[str, Any]]
DCAT = "http://www.w3.org/ns/dcat#"


@pytest.fixture
def dump(ckan: Any, files: SnapshotFiles) -> Callable[..., Path]:
    """Makes a dump in a storage of the test's own; gives its folder."""
    from ckanext.aivision.snapshot.dump import dump_files
    from ckanext.aivision.snapshot.dump.write_dump import write_dump

    def make(now: datetime.datetime = NOON) -> Path:
        write_dump(lambda: now)
        found = dump_files.files().newest()
        assert found is not None
        return found

    return make


def lines(folder: Path) -> list[dict[str, Any]]:
    text = gzip.decompress((folder / "datasets.ndjson.gz").read_bytes())
    return [json.loads(line) for line in text.splitlines()]


def ids(folder: Path, file: str, column: str = "id") -> set[str]:
    with duckdb.connect() as connection:
        path = str(folder / file)
        return {id for (id,) in connection.execute(f"SELECT {column} FROM read_parquet(?)", [path]).fetchall()}


def described(folder: Path) -> set[str]:
    """The ids of the datasets in Turtle, which are at the ends of their addresses."""
    text = gzip.decompress((folder / "catalogue.ttl.gz").read_bytes())
    store = pyoxigraph.Store()
    store.load(text, pyoxigraph.RdfFormat.TURTLE)
    property = pyoxigraph.NamedNode(f"{DCAT}dataset")
    return {quad.object.value.rpartition("/")[2] for quad in store.quads_for_pattern(None, property, None)}


def test_each_file_has_what_is_public_and_nothing_else(published: Publish, dump: Any) -> None:
    public = {published()["id"], published()["id"]}
    hidden = {published(private=True)["id"], published(state="draft")["id"]}
    folder = dump()
    found = ids(folder, "records.parquet")
    assert public <= found
    assert not hidden & found
    assert found == ids(folder, "evaluations.parquet") == {line["id"] for line in lines(folder)} == described(folder)
    assert public <= ids(folder, "distributions.parquet", "dataset") | public


def test_a_line_is_the_package_of_the_api_with_its_evaluation(ckan: Any, published: Publish, dump: Any) -> None:
    package = published(resources=[{"url": "https://rivers.example.gov/levels.csv", "format": "CSV"}])
    (line,) = (line for line in lines(dump()) if line["id"] == package["id"])
    evaluation = line.pop("aivision_evaluation")
    shown = ckan.get_action("package_show")({"user": "", "use_cache": False}, {"id": package["id"]})
    assert line == json.loads(json.dumps(shown))
    stated = ckan.get_action("aivision_score_show")({"user": ""}, {"id": package["id"]})
    for name in ("score", "grade", "coverage", "rubric_version"):
        assert evaluation[name] == stated[name]
    assert evaluation["results"] == stated["results"]


def test_the_records_have_the_evaluations_of_the_dump(harvested: Any, dump: Any) -> None:
    harvested("rivers", [record(number) for number in range(3)])
    folder = dump()
    catalogue = open_catalogue(folder)
    stated = {row["id"]: (row["score"], row["grade"]) for row in catalogue.evaluations().to_pylist()}
    rows = catalogue.records().select(["id"]).to_pylist()
    again = {row["id"]: evaluate(one, today=NOON.date()) for row, one in zip(rows, catalogue.read(), strict=True)}
    assert {id: (found.score, found.grade) for id, found in again.items()} == stated


def test_a_harvested_record_is_in_it_as_its_source_wrote_it(harvested: Any, dump: Any) -> None:
    written = record(7, programCode=["000:001"], describedBy="https://rivers.example.gov/columns.csv")
    harvested("rivers-raw", [written])
    (found,) = (one for one in open_catalogue(dump()).read() if one.identifier == "river-7")
    assert found.raw["programCode"] == ["000:001"]
    assert isinstance(found.dataset, Dataset)
    assert found.dataset.described_by == "https://rivers.example.gov/columns.csv"


def test_lines_can_be_read_as_packages(published: Publish, dump: Any) -> None:
    package = published()
    titles = {one.dataset.title for one in read(dump() / "datasets.ndjson.gz") if one.dataset is not None}
    assert package["title"] in titles


def test_the_sums_are_those_of_the_files(published: Publish, dump: Any) -> None:
    published()
    folder = dump()
    sums = dict(reversed(line.split("  ")) for line in (folder / "SHA256SUMS").read_text().splitlines())
    assert set(sums) == {path.name for path in folder.iterdir()} - {"SHA256SUMS"}
    for name, digest in sums.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    manifest = json.loads((folder / "manifest.json").read_bytes())
    assert {file["name"]: file["sha256"] for file in manifest["files"]}.items() <= sums.items()


def test_the_same_state_makes_the_same_files(published: Publish, dump: Any) -> None:
    published()
    first = {path.name: path.read_bytes() for path in dump().iterdir() if path.suffix in (".gz", ".parquet")}
    second = dump(NOON + datetime.timedelta(hours=1))
    assert {name: (second / name).read_bytes() == text for name, text in first.items()} == dict.fromkeys(first, True)


def test_its_own_description_is_graded_a(
    ckan: Any, published: Publish, dump: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a site with an address on the public Internet: others count in no evaluation."""
    monkeypatch.setitem(ckan.config, "ckan.site_url", "https://data.example.gov")
    published()
    folder = dump()
    (found,) = read(folder / "dcat.ttl")
    assert found.dataset is not None
    evaluation = evaluate(found)
    assert evaluation.grade == "A", [result for result in evaluation.results if result.result != "pass"]
    assert evaluation.gates == []
    assert {item.checksum for item in found.dataset.distribution} >= {
        hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in ("records.parquet", "catalogue.ttl.gz")
    }


def test_mlcroissant_loads_its_description_and_reads_the_rows(published: Publish, dump: Any) -> None:
    import mlcroissant

    package = published(resources=[{"url": "https://rivers.example.gov/levels.csv", "format": "CSV"}])
    folder = dump()
    document = json.loads((folder / "croissant.jsonld").read_bytes())
    own = {file["@id"]: str(folder / file["@id"]) for file in document["distribution"]}
    loaded = mlcroissant.Dataset(folder / "croissant.jsonld", mapping=own)
    found = {rows.id: list(loaded.records(rows.id)) for rows in loaded.metadata.record_sets}
    assert set(found) == {"records-rows", "distributions-rows", "evaluations-rows"}
    assert package["id"].encode() in {row["records-rows/id"] for row in found["records-rows"]}
    assert package["id"].encode() in {row["distributions-rows/dataset"] for row in found["distributions-rows"]}
    grades = {row["evaluations-rows/grade"] for row in found["evaluations-rows"]}
    assert grades <= {b"A", b"B", b"C", b"D", b"E"}


def test_all_of_it_is_of_the_moment_at_which_it_began(
    ckan: Any, site_user: dict[str, Any], published: Publish, dump: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dataset that becomes private, and one that is published, while the dump is written change none of its files."""
    from ckanext.aivision.serialise.tables import parquet

    package, written = published(), parquet.write_tables

    def meanwhile(*arguments: Any) -> Any:
        done = written(*arguments)
        with contextlib.closing(ckan_connection()) as connection:
            connection.exec_driver_sql("UPDATE package SET title = 'Changed meanwhile'")
            connection.commit()
        return done

    def ckan_connection() -> Any:
        import ckan.model as model

        return model.meta.engine.connect()

    monkeypatch.setattr("ckanext.aivision.snapshot.dump.dump_contents.write_tables", meanwhile)
    folder = dump()
    assert "Changed meanwhile" not in gzip.decompress((folder / "catalogue.ttl.gz").read_bytes()).decode()
    with duckdb.connect() as connection:
        rows = connection.execute("SELECT title FROM read_parquet(?)", [str(folder / "evaluations.parquet")]).fetchall()
    assert (package["title"],) in rows
    assert ("Changed meanwhile",) not in rows


def test_none_is_made_under_two_versions_of_the_rubric_and_the_last_one_stays(published: Publish, dump: Any) -> None:
    from tests.catalogue.history import execute

    from ckanext.aivision.snapshot.dump import dump_files

    package, first = published(), dump()
    change = "UPDATE aivision_evaluation SET rubric_version = :version WHERE package_id = :id"
    execute(change, id=package["id"], version="0.1")
    with pytest.raises(UsageError, match="aivision rescore"):
        dump(NOON + datetime.timedelta(days=1))
    execute(change, id=package["id"], version=load().version)
    assert dump_files.files().newest() == first
    state = dump_files.files().state()
    assert state is not None
    assert "rescore" in state.problem


def test_a_full_disk_leaves_the_last_one(published: Publish, dump: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from ckanext.aivision.snapshot.dump import dump_files

    published()
    first = dump()

    def full(*arguments: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ckanext.aivision.snapshot.dump.dump_contents.write_files", full)
    with pytest.raises(ServiceError, match="No space left"):
        dump(NOON + datetime.timedelta(days=1))
    assert dump_files.files().newest() == first
    assert {path.name for path in first.parent.iterdir()} == {first.name, "state.json"}


def test_one_is_due_each_day_once_there_is_a_snapshot_and_the_setting_says_so(
    ckan: Any, published: Publish, dump: Any, snapshot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ckanext.aivision.snapshot.dump.dump_job import is_due

    published()
    assert not is_due(NOON)
    snapshot()
    assert is_due(NOON)
    dump()
    assert not is_due(NOON + datetime.timedelta(hours=9))
    assert is_due(NOON + datetime.timedelta(days=1))
    monkeypatch.setitem(ckan.config, "ckanext.aivision.dumps", False)
    assert not is_due(NOON + datetime.timedelta(days=1))


def test_the_command_makes_one_and_removes_one(live_site: str, stack: Any) -> None:
    made = stack.ckan("aivision", "dump")
    assert "records.parquet" in made
    day = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    assert "removed" in stack.ckan("aivision", "dump", "--remove", day)
    assert "no dump" in stack.ckan("aivision", "dump", "--remove", day)
