"""A document that did not come whole is not taken for whole, wherever it was cut: the sample of each protocol."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.harvesters.protocols.samples import FOLDERS, sample_of

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.open_source import Harvest

CUTS = 40


@pytest.mark.long
@pytest.mark.parametrize("kind", FOLDERS)
def test_a_cut_sample_is_an_error_or_said_to_have_no_end_that_shows(kind: str, opened: Callable[..., Harvest]) -> None:
    sample = sample_of(FOLDERS[kind])
    assert sample is not None
    content = sample.read_bytes().rstrip()
    for number in range(CUTS):
        part = content[: 1 + number * (len(content) - 2) // (CUTS - 1)]
        reading: Any = opened(part, f"cut{sample.suffix}", kind=kind)
        try:
            list(reading)
        except SourceError:
            assert not reading.complete
        else:
            assert reading.is_open_ended, (kind, number, part[-60:])
