"""An evaluation taken back to the metadata is the one that would have been made without looking deeper."""

from __future__ import annotations

import msgspec
import pytest

from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.examples import ON, Example, load_examples
from ckanext.aivision.scoring.rubric import Rubric
from ckanext.aivision.scoring.scores.metadata_only import of_metadata

LOOKED_AT = [example for listed in load_examples().values() for example in listed if example.links]


@pytest.mark.parametrize("example", LOOKED_AT, ids=range(len(LOOKED_AT)))
def test_what_was_seen_of_links_leaves_no_trace(example: Example, rubric: Rubric) -> None:
    deep = evaluate(example.dataset, rubric, ON, example.observed)
    assert msgspec.json.encode(of_metadata(deep, rubric)) == msgspec.json.encode(evaluate(example.dataset, rubric, ON))


def test_an_evaluation_of_another_version_of_the_rubric_stays_as_it_is(rubric: Rubric) -> None:
    example = LOOKED_AT[0]
    deep = evaluate(example.dataset, msgspec.structs.replace(rubric, version="0.0.1"), ON, example.observed)
    assert of_metadata(deep, rubric) == deep
