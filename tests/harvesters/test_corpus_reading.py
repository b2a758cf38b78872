"""Every record of the real files comes out once, and no bad file brings anything but refusals and SourceErrors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from ckanext.aivision.harvesters.harvest import open_source
from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.sources.source import resolve
from ckanext.aivision.record import Harvested


def read_file(path: Path) -> list[Harvested]:
    with Session() as session:
        harvest = open_source(resolve(str(path)), session)
        records = list(harvest)
        assert harvest.complete
        return records


@pytest.mark.parametrize(("folder", "expected"), [("us", 21_906), ("uk", 1_063)])
def test_every_record_of_the_corpus_comes_out_exactly_once(corpus: Path, folder: str, expected: int) -> None:
    places: Counter[tuple[str, str]] = Counter()
    for path in sorted((corpus / folder).iterdir()):
        places.update((path.name, record.where) for record in read_file(path))
    assert places.total() == expected
    assert max(places.values()) == 1


def test_nearly_every_real_record_is_taken(corpus: Path) -> None:
    refused = [
        (path.name, problem.code)
        for folder in ("us", "uk")
        for path in sorted((corpus / folder).iterdir())
        for record in read_file(path)
        if record.dataset is None
        for problem in record.problems
    ]
    # Two records of EPA have only white space as their identifier.
    assert refused == [("epa.data.json.gz", "identifier-missing")] * 2


def test_every_bad_file_is_read_to_its_end_or_refused_in_one_line(corpus: Path) -> None:
    for path in sorted((corpus / "bad").iterdir()):
        for record in read_file(path):
            assert (record.dataset is None) == any(problem.severity == "error" for problem in record.problems)


def test_catalogues_in_json_ld_are_read_whole(corpus: Path) -> None:
    counts = {path.name.partition(".")[0]: read_file(path) for path in sorted((corpus / "dcat").iterdir())}
    assert {name: len(records) for name, records in counts.items()} == {
        "edinburgh": 44,
        "glasgow": 68,
        "north-ayrshire": 126,
    }
    for records in counts.values():
        assert all(record.dataset is not None and record.dataset.profile == "dcat-ap" for record in records)


def test_a_reader_of_the_portal_gets_what_stands_in_the_files(
    corpus: Path, start_portal: Callable[..., str], harvest: Callable[..., list[Harvested]]
) -> None:
    base = start_portal()
    for file, url in (
        ("us/gsa.data.json.gz", f"{base}/us/gsa/data.json"),
        ("uk/glasgow.ckan.ndjson.gz", f"{base}/uk/glasgow"),
    ):
        from_file = {record.identifier: record.raw for record in read_file(corpus / file)}
        from_portal = {record.identifier: record.raw for record in harvest(url, kind=None if "us/" in file else "ckan")}
        assert from_portal == from_file
