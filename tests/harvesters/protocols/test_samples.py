"""Each protocol has a sample, and its records are read as its golden file says. See `samples` to rewrite one."""

from __future__ import annotations

import pytest
from tests.harvesters.protocols.samples import (
    FOLDERS,
    HERE,
    expected_in,
    expected_of,
    records_in,
    records_of,
    sample_of,
    samples_of,
)

COMMAND = "python -m tests.harvesters.protocols.samples"


@pytest.mark.parametrize("kind", FOLDERS)
def test_the_sample_of_a_protocol_is_recognised_and_read_as_expected(kind: str) -> None:
    folder = FOLDERS[kind]
    sample = sample_of(folder)
    assert sample is not None, f"add {folder.relative_to(HERE.parents[2])}/sample.*, with 2 to 5 records"
    for each in samples_of(folder):
        found, records = records_of(each)
        assert (found, records) == (kind, records_in(expected_in(each))), f"{each.name}: run `{COMMAND}`"


def test_each_sample_is_of_a_protocol_that_there_is() -> None:
    assert {path for path in HERE.iterdir() if sample_of(path)} == set(FOLDERS.values())


@pytest.mark.parametrize("kind", FOLDERS)
def test_a_sample_has_a_record_that_is_taken_and_one_with_a_problem(kind: str) -> None:
    expected = expected_of(FOLDERS[kind])
    assert any("dataset" in record for record in expected)
    assert any("problems" in record for record in expected)
