"""Records given out in every format and harvested back: the same score, but for what a format cannot carry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from bench.round_trip import values
from bench.round_trip.compare import Tally, outcome
from bench.round_trip.corpus import Group, groups
from bench.round_trip.page import NOTES
from bench.round_trip.validity import Validity, check_json
from bench.round_trip.ways import WAYS, Way, back
from tests.corpora import OWN

# Of the real corpus of 23,000 records every so many: some 300.
EVERY = 78
notes: dict[str, Any] = yaml.safe_load(NOTES.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def own() -> list[Group]:
    return list(groups(OWN))


@pytest.fixture(scope="module")
def real(real_corpus: Path) -> list[Group]:
    found = list(groups(real_corpus, every=EVERY))
    assert sum(len(group.records) for group in found) > 300
    return found


def check(found: list[Group], way: Way, folder: Path) -> None:
    """Each other result is due to a field that the format cannot carry as it is, which has a reason."""
    tally = Tally()
    for group in found:
        if way.country in ("", group.folder.country):
            before = [outcome(record, group.folder.on) for record in group.records]
            for record, again, its in zip(group.records, back(way, group.records, folder), before, strict=True):
                if again is not None and not way.has_profile:
                    again = msgspec.structs.replace(again, profile=record.profile)
                tally.add(record, again, its, group.folder.on)
    assert tally.records > 0
    assert tally.absent == 0
    assert set(tally.decisive) - set(notes["why"].get(way.standard, {})) == set(), tally.first
    assert tally.same == tally.records or way.standard in notes["why"]


def ways() -> Iterator[Any]:
    """What one syntax has, the others have: all are read for our own records, one of each standard for real ones."""
    for way in WAYS:
        yield pytest.param(way, id=way.id)


@pytest.mark.long
@pytest.mark.parametrize("way", ways())
def test_our_own_records_come_back(way: Way, own: list[Group], tmp_path: Path) -> None:
    check(own, way, tmp_path)


@pytest.mark.corpus
@pytest.mark.long
@pytest.mark.nightly
@pytest.mark.parametrize("way", [way for way in ways() if not way.values[0].id.endswith((".xml", ".nt", ".yaml"))])
def test_real_records_come_back(way: Way, real: list[Group], tmp_path: Path) -> None:
    check(real, way, tmp_path)


def check_values(found: list[Group]) -> None:
    others: Counter[str] = Counter()
    first: dict[str, str] = {}
    assert sum(values.count(group.records, others, first) for group in found) > 1000
    assert first == {}


@pytest.mark.long
def test_no_value_of_our_own_records_is_invented(own: list[Group]) -> None:
    check_values(own)


@pytest.mark.corpus
@pytest.mark.long
@pytest.mark.nightly
def test_no_value_of_real_records_is_invented(real: list[Group]) -> None:
    check_values(real)


def test_an_invented_value_is_found(own: list[Group]) -> None:
    record = own[0].records[0]
    changed = msgspec.structs.replace(record, maintenance_plan="We shall keep this for ever and a day.", raw=record.raw)
    assert list(values.invented(record)) == []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(values, "_derived", lambda dataset: set())
        assert "We shall keep this for ever and a day." in {value for _, _, value in values.invented(changed)}


def check_schemas(found: list[Group]) -> None:
    checked: dict[str, Validity] = {}
    for group in found:
        for record in group.records:
            check_json(record, checked)
    for one in checked.values():
        assert one.unexplained == {}, one.first


@pytest.mark.long
def test_our_own_records_are_valid_but_for_what_the_source_lacks(own: list[Group]) -> None:
    check_schemas(own)


@pytest.mark.corpus
@pytest.mark.long
@pytest.mark.nightly
def test_real_records_are_valid_but_for_what_the_source_lacks(real: list[Group]) -> None:
    check_schemas(real)
