"""Every record of both corpora comes out once, and no bad file brings anything but refusals and SourceErrors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import PortalOf
from tests.corpora import CORPORA, OWN, REAL, files_of_corpora

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.open_source import open_source
from ckanext.aivision.harvesters.sources.source import resolve
from ckanext.aivision.record import Harvested

NOT_METADATA = "not-a-catalog"


def read_file(path: Path) -> list[Harvested]:
    with Session() as session:
        harvest = open_source(resolve(str(path)), session)
        records = list(harvest)
        assert harvest.complete
        return records


def test_our_own_corpus_has_some_forty_records_in_every_protocol() -> None:
    paths = [path for path in sorted(OWN.glob("*/**/*.*")) if path.stem != NOT_METADATA]
    found = [record for path in paths for record in read_file(path)]
    assert len(found) == 55
    profiles = {record.dataset.profile for record in found if record.dataset is not None}
    assert {"dcat-us-1.1", "dcat-us-3.0", "dcat-ap", "uk-metadata-exchange"} < profiles
    assert {profile for profile in profiles if profile.startswith("ckan") or profile == "data-gov-uk"}


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        (OWN / "us", 14),
        (OWN / "uk", 10),
        (OWN / "dcat", 7),
        *(
            pytest.param(REAL / name, number, marks=pytest.mark.corpus)
            for name, number in (("us", 21_906), ("uk", 1_063))
            if REAL in CORPORA
        ),
    ],
)
def test_every_record_of_the_corpus_comes_out_exactly_once(folder: Path, expected: int) -> None:
    places: Counter[tuple[str, str]] = Counter()
    for path in sorted(folder.iterdir()):
        places.update((path.name, record.where) for record in read_file(path))
    assert places.total() == expected
    assert max(places.values()) == 1


def test_nearly_every_record_is_taken(corpus: Path) -> None:
    refused = [
        (path.name, problem.code)
        for folder in ("us", "uk")
        for path in sorted((corpus / folder).iterdir())
        for record in read_file(path)
        if record.dataset is None
        for problem in record.problems
    ]
    # Two real records of EPA have only white space as their identifier.
    assert refused == [("epa.data.json.gz", "identifier-missing")] * (2 if corpus == REAL else 0)


@pytest.mark.parametrize("path", files_of_corpora("bad/*"))
def test_every_bad_file_is_read_to_its_end_or_refused_in_one_line(path: Path) -> None:
    if path.stem == NOT_METADATA:
        with pytest.raises(SourceError) as caught:
            read_file(path)
        assert "\n" not in str(caught.value)
        return
    for record in read_file(path):
        assert (record.dataset is None) == any(problem.severity == "error" for problem in record.problems)


def test_catalogues_in_json_ld_are_read_whole(real_corpus: Path) -> None:
    counts = {path.name.partition(".")[0]: read_file(path) for path in sorted((real_corpus / "dcat").iterdir())}
    assert {name: len(records) for name, records in counts.items()} == {
        "edinburgh": 44,
        "glasgow": 68,
        "north-ayrshire": 126,
    }
    for records in counts.values():
        assert all(record.dataset is not None and record.dataset.profile == "dcat-ap" for record in records)


def test_a_reader_of_the_portal_gets_what_stands_in_the_files(
    start_portal: Callable[..., str], harvest: Callable[..., list[Harvested]]
) -> None:
    base = start_portal()
    check_portal(base, harvest, OWN / "us" / "harbors.data.json", OWN / "uk" / "fenwick.ckan.ndjson")


def test_a_reader_of_a_portal_with_real_records_gets_what_stands_in_the_files(
    real_portal: PortalOf, real_corpus: Path, harvest: Callable[..., list[Harvested]]
) -> None:
    with real_portal() as base:
        files = real_corpus / "us" / "gsa.data.json.gz", real_corpus / "uk" / "glasgow.ckan.ndjson.gz"
        check_portal(base, harvest, *files)


def check_portal(base: str, harvest: Callable[..., list[Harvested]], us: Path, uk: Path) -> None:
    for file, url, kind in (
        (us, f"{base}/us/{us.name.split('.')[0]}/data.json", None),
        (uk, f"{base}/uk/{uk.name.split('.')[0]}", "ckan"),
    ):
        from_file = {record.identifier: record.raw for record in read_file(file)}
        from_portal = {record.identifier: record.raw for record in harvest(url, kind=kind)}
        assert from_portal == from_file
