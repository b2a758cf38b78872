"""Whatever a record holds it is evaluated, in good time, and always alike."""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
import types
import typing
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.corpora import ROOT
from tests.examples import share_of
from tests.scoring.strategies import FIELDS

from ckanext.aivision.harvesters.http.session import Session
from ckanext.aivision.harvesters.open_source import open_source
from ckanext.aivision.harvesters.sources.source import resolve
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.examples import ON, record
from ckanext.aivision.scoring.facts.text.mention_rows import load_rows
from ckanext.aivision.scoring.rubric import load

# Any code point, and pieces that criteria and rules look for.
PHRASES = sorted({phrase for rows in load_rows().values() for row in rows for phrase in row.near})
PIECES = ["https://", "github.com/a/b", "10.5066/F7P", "İ", "\ud800", "\x00", "<p>", "&lt;", "2019", "version 2", "N/A"]
TEXT = st.one_of(
    st.text(st.characters(), max_size=60),
    st.lists(
        st.one_of(st.sampled_from(PIECES), st.sampled_from(PHRASES), st.text(st.characters(), max_size=8)), max_size=12
    ).map(" ".join),
)


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
    return st.from_type(kind) if typing.get_origin(kind) is not dict else st.just({})


# Most fields of most records are empty.
ANY_RECORD = st.fixed_dictionaries(
    dict.fromkeys(("identifier", "title", "country"), TEXT)
    | {"profile": st.sampled_from([*sorted(load().profiles), "of another catalogue"])},
    optional={
        field.name: anything(field.type)
        for field in msgspec.structs.fields(Dataset)
        if field.name not in ("identifier", "title", "country", "profile", "raw")
    },
).map(lambda fields: Dataset(**fields))


@pytest.mark.long
@settings(max_examples=share_of(150), deadline=None)
@given(ANY_RECORD)
def test_any_record_gets_an_evaluation_within_its_bounds(dataset: Dataset) -> None:
    found = evaluate(dataset, load(), ON)
    assert found.score is None or 0 <= found.score <= 100
    assert 0 <= found.coverage <= 1
    for row in found.results:
        assert (row.value is None) == (row.result in ("unknown", "not-applicable"))
        assert row.value is None or 0 <= row.value <= 1
        assert len(row.evidence) <= 300
    for scores in found.dimensions.values():
        assert scores.score is None or 0 <= scores.score <= 100
        assert 0 <= scores.coverage <= 1


# What patterns and readers begin with: a time that grows with the square of a length would pass pytest's own limit.
@pytest.mark.long
@pytest.mark.parametrize(
    "piece", ["a", " ", "_", "<", "<p>", "&amp;", "no known ", "data ", "A1 ", "https://github.com/", "10.5066/", "İ"]
)
def test_a_megabyte_in_every_field_is_evaluated(piece: str) -> None:
    long = (piece * 1_000_000)[:1_000_000]
    said: dict[str, Any] = {field: long for field, values in FIELDS.items() if isinstance(values[0], str)}
    said |= {field: [long] for field, values in FIELDS.items() if isinstance(values[0], list)}
    dataset = record(title=long, **said, distribution=[{"access_url": long, "title": long, "columns": [long]}])
    assert 0 <= (evaluate(dataset, load(), ON).score or 0) <= 100


@pytest.mark.parametrize("subject", load_rows())
def test_a_text_of_nothing_but_the_phrases_of_a_subject_is_evaluated(subject: str) -> None:
    phrases = [phrase for row in load_rows()[subject] for phrase in row.near]
    text = " data not ".join(phrases * 500)
    assert 0 <= (evaluate(record(description=text), load(), ON).score or 0) <= 100


def of_samples(folder: Path) -> list[Dataset]:
    found = []
    for name, kind, profile in (("us.data.json", "dcat-us", "dcat-us-1.1"), ("uk.ckan.ndjson", "ckan", "data-gov-uk")):
        with Session() as session:
            read = open_source(resolve(str(folder / name), kind, profile), session)
            found += [item.dataset for item in read if item.dataset is not None]
    return found


def digest(datasets: list[Dataset]) -> str:
    """What all evaluations are, byte by byte, whatever the order in which they were made."""
    encoded = sorted(msgspec.json.encode(evaluate(dataset, load(), ON)) for dataset in datasets)
    return hashlib.sha256(b"\n".join(encoded)).hexdigest()


@pytest.mark.long
@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_the_records_changes_no_byte(samples: Path, seed: int) -> None:
    datasets = of_samples(samples)
    shuffled = random.Random(seed).sample(datasets, len(datasets))
    assert digest(shuffled) == digest(datasets)


@pytest.mark.long
def test_many_threads_get_the_same_as_one(samples: Path) -> None:
    datasets = of_samples(samples) * 5
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda dataset: evaluate(dataset, load(), ON), datasets))
    assert found == [evaluate(dataset, load(), ON) for dataset in datasets]


@pytest.mark.long
@pytest.mark.parametrize("seed", ["0", "1", "4711"])
def test_another_process_with_another_hash_seed_gets_the_same_bytes(samples: Path, seed: str) -> None:
    datasets = of_samples(samples)
    assert len(datasets) > 10
    program = (
        "from pathlib import Path; from tests.scoring.test_any_record import digest, of_samples; "
        f"print(digest(of_samples(Path({str(samples)!r}))))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    answer = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert answer.stdout.strip() == digest(datasets)
