"""Collections: parts and wholes in any order and depth; missing wholes and rings are told of the source."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.corpora import CORPORA, OWN, REAL
from tests.harvesters.remarks import remarks_of

from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.mapping.collections import Collections
from ckanext.aivision.harvesters.open_source import Harvest, open_source
from ckanext.aivision.harvesters.sources.source import resolve
from ckanext.aivision.record import Dataset

Opened = Callable[..., Harvest]
Make = Callable[..., dict[str, Any]]


def collections(pairs: dict[str, str]) -> Collections:
    found = Collections()
    for part, whole in pairs.items():
        found.add(Dataset(identifier=part, title=part, profile="dcat-us-1.1", country="US", in_series=whole))
    return found


@pytest.mark.parametrize("order", itertools.permutations((1, 2, 3)))
def test_parts_may_stand_before_or_after_their_wholes_at_any_depth(
    opened: Opened, make: Make, order: tuple[int, ...]
) -> None:
    records = {1: make(1), 2: make(2, isPartOf="agency-1"), 3: make(3, isPartOf="agency-2")}
    harvest = opened({"dataset": [records[number] for number in order]})
    found = {r.identifier: r.dataset.in_series for r in harvest if r.dataset is not None}
    assert found == {"agency-1": None, "agency-2": "agency-1", "agency-3": "agency-2"}
    assert remarks_of(harvest) == []


def test_parts_without_their_whole_are_taken_and_told(opened: Opened, make: Make) -> None:
    harvest = opened(
        {"dataset": [make(1), make(2, isPartOf="gone"), make(3, isPartOf="gone"), make(4, isPartOf="agency-1")]}
    )
    assert all(record.dataset is not None for record in harvest)
    (remark,) = remarks_of(harvest)
    assert (remark.code, remark.seen) == ("collection-missing", "agency-2 in gone; agency-3 in gone")
    assert "2 records are parts of 1 collections" in remark.message


def test_series_of_3_are_wholes_like_any_other(opened: Opened) -> None:
    parts = [
        {"@type": "Dataset", "identifier": "a", "title": "b", "inSeries": [{"@id": "years", "title": "Years"}]},
        {"@type": "Dataset", "identifier": "c", "title": "d", "inSeries": "gone"},
    ]
    harvest = opened({"dataset": parts, "datasetSeries": [{"@id": "years", "title": "Years"}]})
    assert [r.dataset and r.dataset.in_series for r in harvest] == ["years", "gone", None]
    assert [(remark.code, remark.seen) for remark in remarks_of(harvest)] == [("collection-missing", "c in gone")]


def test_records_that_are_parts_of_one_another_are_taken_and_told(opened: Opened, make: Make) -> None:
    records = [
        make(1, isPartOf="agency-2"),
        make(2, isPartOf="agency-1"),
        make(3, isPartOf="agency-3"),
        make(4, isPartOf="agency-1"),
    ]
    harvest = opened({"dataset": records})
    assert all(record.dataset is not None for record in harvest)
    assert [(remark.code, remark.seen) for remark in remarks_of(harvest)] == [
        ("collection-cycle", "agency-1 in agency-2 in agency-1"),
        ("collection-cycle", "agency-3 in agency-3"),
    ]


def test_a_reading_that_was_cut_does_not_call_wholes_missing(opened: Opened, make: Make) -> None:
    harvest = opened({"dataset": [make(1, isPartOf="agency-2"), make(2)]}, limit=1)
    list(harvest)
    assert remarks_of(harvest) == []


@given(pairs=st.dictionaries(st.sampled_from("abcdefg"), st.sampled_from("abcdefgxyz")))
def test_every_ring_is_found_once_and_nothing_else(pairs: dict[str, str]) -> None:
    rings = set()
    for start in pairs:
        path = [start]
        while path[-1] in pairs and pairs[path[-1]] not in path:
            path.append(pairs[path[-1]])
        if pairs.get(path[-1]) == start:
            rings.add(frozenset(path))
    found = [frozenset(ring) for ring in collections(pairs).cycles()]
    assert sorted(map(sorted, found)) == sorted(map(sorted, rings))


@pytest.mark.long
def test_a_chain_of_a_hundred_thousand_is_no_matter() -> None:
    chain = collections({str(n): str(n + 1) for n in range(100_000)})
    assert chain.cycles() == []
    assert [remark.seen for remark in chain.remarks({str(n) for n in range(100_000)}, True)] == ["99999 in 100000"]


@pytest.mark.parametrize(
    ("path", "parts", "missing"),
    [
        (OWN / "bad" / "collection.json", 2, 0),
        *(
            pytest.param(REAL / "bad" / f"{name}.data.json", parts, 0, marks=pytest.mark.corpus)
            for name, parts in (("pod-collection-1-parent-2-children", 2), ("pod-collection-2-parent-4-children", 4))
            if REAL in CORPORA
        ),
    ],
)
def test_the_collections_of_the_corpus_are_whole(path: Path, parts: int, missing: int) -> None:
    with Session() as session:
        harvest = open_source(resolve(str(path)), session)
        found = [record.dataset for record in harvest if record.dataset is not None]
    assert sum(dataset.in_series is not None for dataset in found) == parts
    assert len(remarks_of(harvest)) == missing
