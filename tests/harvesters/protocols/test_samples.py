"""Each protocol has a sample, and its records are read as its golden file says. See `samples` to rewrite one."""

from __future__ import annotations

import pytest
from tests.harvesters.protocols.samples import FOLDERS, HERE, expected_of, records_of, sample_of


@pytest.mark.parametrize("kind", FOLDERS)
def test_the_sample_of_a_protocol_is_recognised_and_read_as_expected(kind: str) -> None:
    folder = FOLDERS[kind]
    sample = sample_of(folder)
    assert sample is not None, f"add {folder.relative_to(HERE.parents[2])}/sample.*, with 2 to 5 records"
    found, records = records_of(sample)
    assert (found, records) == (kind, expected_of(folder)), "run `python -m tests.harvesters.protocols.samples`"


def test_each_sample_is_of_a_protocol_that_there_is() -> None:
    assert {path for path in HERE.iterdir() if sample_of(path)} == set(FOLDERS.values())


@pytest.mark.parametrize("kind", FOLDERS)
def test_a_sample_has_a_record_that_is_taken_and_one_with_a_problem(kind: str) -> None:
    expected = expected_of(FOLDERS[kind])
    assert any("dataset" in record for record in expected)
    assert any("problems" in record for record in expected)
