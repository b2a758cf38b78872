"""Which cases of a test every run has, and which are left to `make nightly`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pytest


def pairs(many: Iterable[Any], few: Iterable[Any]) -> list[Any]:
    """Every pair of the two as parameters. One pair for each of `many`, with each of `few` in turn, is in every run."""
    others: Sequence[Any] = list(few)
    return [
        pytest.param(one, other, marks=() if place == turn % len(others) else pytest.mark.nightly)
        for turn, one in enumerate(many)
        for place, other in enumerate(others)
    ]
