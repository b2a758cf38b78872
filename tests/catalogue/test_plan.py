"""A plan says what a run would change, and writes nothing."""

from __future__ import annotations

import pytest

from ckanext.aivision.catalogue.harvest.plan import Change, plan, removal_needs_confirmation
from ckanext.aivision.catalogue.harvest.run_harvest import BATCH, MOST_DISTRIBUTIONS, MOST_UNCHANGED, split_into_batches
from ckanext.aivision.catalogue.harvest.source_ledger import Entry, Ledger
from ckanext.aivision.harvesters.mapping.content_hash import content_hash
from ckanext.aivision.record import Dataset, Distribution, Harvested


def _harvested(identifier: str, **raw: object) -> Harvested:
    content = {"identifier": identifier, **raw}
    dataset = Dataset(identifier=identifier, title="Rivers", profile="dcat-us-1.1", country="US", raw=content)
    return Harvested(where="$", raw=content, identifier=identifier, dataset=dataset)


def test_a_record_that_the_ledger_does_not_have_is_new() -> None:
    assert [change.kind for change in plan([_harvested("a")], Ledger())] == ["new"]


def test_a_record_with_the_same_content_is_unchanged_whatever_the_order_of_its_fields() -> None:
    ledger = Ledger([("a", Entry(content_hash({"title": "x", "identifier": "a"})))])
    assert [change.kind for change in plan([_harvested("a", title="x")], ledger)] == ["unchanged"]


def test_a_record_with_other_content_is_changed_and_keeps_its_package() -> None:
    ledger = Ledger([("a", Entry(content_hash({"identifier": "a"}), "package-1"))])
    (change,) = plan([_harvested("a", title="y")], ledger)
    assert (change.kind, change.package_id) == ("changed", "package-1")


def test_a_refused_record_stays_refused() -> None:
    assert [change.kind for change in plan([Harvested(where="$", raw=None)], Ledger())] == ["refused"]


def test_what_a_complete_reading_did_not_show_is_gone() -> None:
    ledger = Ledger([("a", Entry("1")), ("c", Entry("3")), ("b", Entry("2")), ("d", Entry("4", gone=True))])
    ledger.see("a")
    assert ledger.missing(["d", "c", "b", "a", "came since"]) == ["b", "c"]


@pytest.mark.parametrize(
    ("gone_count", "ledger_count", "needs"),
    [
        (0, 100, False),
        (20, 100, False),
        (21, 100, True),
        (5, 5, True),
        (4, 4, False),  # a source so small may lose all
        (1, 2, False),
    ],
)
def test_more_than_a_fifth_of_a_source_is_not_removed_without_a_yes(
    gone_count: int, ledger_count: int, needs: bool
) -> None:
    assert removal_needs_confirmation(gone_count, ledger_count, 0.2) is needs


def test_a_batch_ends_early_where_its_data_sets_have_many_distributions() -> None:
    def changes(distributions: int) -> list[Change]:
        dataset = Dataset(
            identifier="a", title="A", profile="ckan", country="GB", distribution=[Distribution()] * distributions
        )
        return [Change("new", Harvested(where="$", raw={}, dataset=dataset))] * 1000

    few, many = ([len(batch) for batch in split_into_batches(changes(number))] for number in (1, 345))
    assert sum(few) == sum(many) == 1000
    assert max(few) == BATCH
    assert max(many) == MOST_DISTRIBUTIONS // 345 + 1


def test_a_few_changes_among_many_known_records_are_written_together() -> None:
    known = Change("unchanged", Harvested(where="$", raw=None, identifier="b", unchanged=True))
    changed = Change("changed", _harvested("a"))
    batches = list(split_into_batches(([known] * 9 + [changed]) * 600))
    assert sum(map(len, batches)) == 6000
    assert max(map(len, batches)) == 10 * BATCH
    assert max(map(len, split_into_batches([known] * 5000))) == MOST_UNCHANGED
