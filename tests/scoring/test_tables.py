"""Criteria of the content: saying more of a file never costs, and no value of a cell gets into an evaluation."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.examples import share_of
from tests.scoring.strategies import Said, additions, additions_to_a_file, files, records
from tests.scoring.test_properties import worse

from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.examples import ON, record
from ckanext.aivision.scoring.observations.file_profile import FileProfile
from ckanext.aivision.scoring.observations.observations import Observed
from ckanext.aivision.scoring.results import Evaluation
from ckanext.aivision.scoring.rubric import load

many = settings(max_examples=share_of(150), deadline=None)

# What a file may hold; which one does what is settled by the length of its address.
_HELD: list[dict[str, Any]] = [
    {"format": "CSV", "rows": 50, "columns": [{"name": "gauge", "type": "text"}], "keys": [["gauge"]]},
    {"format": "XLSX", "rows": 50, "header": {"found": False}, "columns": [{"name": "column 1", "type": "integer"}]},
    {"format": "CSV", "rows": 50, "columns": [{"name": "mail", "type": "text", "personal": ["e-mail address"]}]},
    {"refusal": "page-instead-of-data", "reason": "it is a web page, not the data"},
    {"refusal": "not-fetched", "reason": "the server is too slow"},
]


def looked_into(said: Said) -> Evaluation:
    dataset = record(**said)
    urls = [str(item.url) for item in dataset.distribution if item.url]
    held = {url: msgspec.convert({"url": url, **_HELD[len(url) % len(_HELD)]}, FileProfile) for url in urls}
    return evaluate(dataset, load(), ON, Observed(files=held))


@pytest.mark.long
@many
@given(st.one_of(additions(), additions_to_a_file()))
def test_to_say_more_makes_no_answer_about_files_worse(said: tuple[Said, Said]) -> None:
    before, after = map(looked_into, said)
    # A date can show that a rhythm is not kept; the score is no lower for it (test_properties).
    dated = said[0].get("modified") != said[1].get("modified")
    may_be_worse = {"update-frequency-stated"} if dated else set()
    # A format without a field for it leaves it unknown, so that an answer that is not whole is the first to count.
    if said[0].get("personal_data") != said[1].get("personal_data"):
        may_be_worse.add("personal-data-answered")
    assert worse(before, after).keys() <= may_be_worse


@pytest.mark.long
@many
@given(records(most_files=0), files())
def test_a_first_distribution_makes_no_answer_about_files_worse(said: Said, file: Said) -> None:
    before, after = looked_into(said), looked_into({**said, "distribution": [file]})
    ours = {row.id for row in load().everything if row.depth == "content"}
    # A file with personal data is more than a word that is said: where nobody answers for it, that counts.
    ours -= {"personal-data-answered"}
    assert set(worse(before, after)) & ours == set()


def test_at_the_depth_of_the_metadata_nothing_of_the_files_is_asked() -> None:
    dataset = record(distribution=[{"download_url": "https://rivers.example.gov/levels.csv"}])
    asked = {result.criterion for result in evaluate(dataset, load(), ON).results}
    assert asked == {row.id for row in load().everything if row.depth == "metadata"}


def test_the_evidence_tells_how_many_columns_look_like_personal_data_and_not_which() -> None:
    url = "https://rivers.example.gov/levels.csv"
    held = msgspec.convert({"url": url, **_HELD[2]}, FileProfile)
    found = evaluate(record(distribution=[{"download_url": url}]), load(), ON, Observed(files={url: held}))
    told = next(result for result in found.results if result.criterion == "personal-data-answered")
    assert told.result == "fail"
    assert told.evidence.startswith("columns that look like personal data: 1")
    assert "mail" not in told.evidence
