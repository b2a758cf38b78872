"""docs/round_trip.md says what was measured, and each difference has its reason."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from bench.round_trip.page import NOTES, PAGE, RESULTS, page
from bench.round_trip.ways import WAYS

found: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8"))
notes: dict[str, Any] = yaml.safe_load(NOTES.read_text(encoding="utf-8"))


def test_the_page_has_the_figures_that_were_measured() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text == page(text, found, notes), "run `python -m bench.round_trip`"


@pytest.mark.parametrize("way", [way for way in WAYS if way.standard.startswith("dcat")], ids=lambda way: way.id)
def test_dcat_carries_every_score(way: Any) -> None:
    one = found["ways"][way.id]
    assert (one["same"], one["absent"]) == (one["records"], 0)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.id)
def test_each_other_result_has_a_reason(way: Any) -> None:
    one = found["ways"][way.id]
    assert one["absent"] == 0
    assert set(one["decisive"]) - set(notes["why"].get(way.standard, {})) == set()


def test_no_value_is_invented() -> None:
    assert found["values"]["checked"] > 1_000_000
    assert found["values"]["not_of_the_source"] == {}


def test_every_output_has_the_licence_that_the_source_states() -> None:
    assert min(found["licences"]["outputs"].values()) > 100
    assert found["licences"]["without"] == {}


@pytest.mark.parametrize("part", ["schemas", "shapes"])
def test_what_is_not_valid_is_the_sources(part: str) -> None:
    for name, one in found[part].items():
        assert one["unexplained"] == {}, name


def test_the_corpus_was_whole() -> None:
    assert found["records"]["US"] > 12_000
    assert found["records"]["GB"] > 1_000
    assert all(one["records"] > 1_000 for one in found["shapes"].values())
