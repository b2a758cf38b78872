"""A look before a harvest: what would change, field by field, and nothing written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.records import record

SourceFile = Callable[[list[Any]], Path]


@pytest.fixture
def preview(ckan: Any) -> Callable[[Path], Any]:
    from ckanext.aivision.catalogue.ckan.harvest_job import preview
    from ckanext.aivision.harvesters.sources.source import resolve

    return lambda path: preview(resolve(str(path), "dcat-us", None, "US"))


def test_a_look_shows_what_would_change_and_writes_nothing(
    into_ckan: Any, preview: Any, found: Any, publisher: Any, source_file: SourceFile
) -> None:
    office, name = publisher
    into_ckan(source_file([record(number, **office) for number in range(8)]))
    before = found(name)
    changed = record(1, title="Daily river levels at station 1", keyword=["rivers", "daily"], **office)
    run, records = preview(
        source_file([changed, {"title": "No identifier"}, *(record(n, **office) for n in range(2, 9))])
    )
    assert (run.counts.new, run.counts.changed, run.counts.unchanged, run.counts.refused) == (1, 1, 6, 1)
    assert [(item.kind, item.identifier) for item in records] == [
        ("changed", "river-1"),
        ("refused", None),
        ("new", "river-8"),
        ("gone", "river-0"),
    ]
    assert [(one.field, one.before, one.after) for one in records[0].differences] == [
        ("title", "Weekly river levels at station 1", "Daily river levels at station 1"),
        ("keyword[1]", "levels", "daily"),
        ("keyword[2]", "gauges", "(nothing)"),
    ]
    assert found(name) == before


def test_fifty_records_of_a_kind_are_shown_and_all_are_counted(preview: Any, source_file: SourceFile) -> None:
    run, records = preview(source_file([record(number) for number in range(100)]))
    assert (run.counts.new, len(records)) == (100, 50)


def test_the_command_says_what_would_change(stack: Any, source_file: SourceFile) -> None:
    path = source_file([record(1)])
    said = stack.ckan("aivision", "harvest", str(path), "--kind", "dcat-us", "--dry-run")
    assert "new: river-1: Weekly river levels at station 1" in said
    assert "nothing was written" in said


def test_of_a_record_with_very_many_changes_the_first_hundred_are_shown(
    into_ckan: Any, preview: Any, publisher: Any, source_file: SourceFile
) -> None:
    office, _ = publisher
    into_ckan(source_file([record(1, keyword=[f"river {number}" for number in range(150)], **office)]))
    _, (one,) = preview(source_file([record(1, keyword=[f"lake {number}" for number in range(150)], **office)]))
    assert (len(one.differences), one.more) == (100, 50)


def test_what_is_back_and_what_differs_in_no_field_say_so(
    into_ckan: Any, preview: Any, publisher: Any, source_file: SourceFile
) -> None:
    office, _ = publisher
    records = [record(number, **office) for number in range(8)]
    into_ckan(source_file(records))
    into_ckan(source_file(records[:7]))
    _, found = preview(source_file([*records[:6], {**records[6], "ourOwnNote": "for us"}, records[7]]))
    assert [(one.kind, one.identifier, one.reason) for one in found] == [
        ("changed", "river-6", "only parts of the record that the catalogue does not show differ"),
        ("changed", "river-7", "it was missing from the source and is back"),
    ]
    assert all(one.package_id for one in found)


def test_a_preview_says_how_much_would_go_where_a_harvest_would_ask_first(
    into_ckan: Any, preview: Any, publisher: Any, source_file: SourceFile
) -> None:
    office, _ = publisher
    records = [record(number, **office) for number in range(10)]
    into_ckan(source_file(records))
    run, found = preview(source_file(records[:2]))
    assert (run.state, run.counts.gone) == ("needs-confirmation", 8)
    assert "would ask for confirmation first" in run.message
    assert [one.title for one in found if one.identifier == "river-3"] == ["Weekly river levels at station 3"]


def test_a_preview_counts_on_the_requests_of_the_hour_and_leaves_the_rest_of_the_state(ckan: Any, portal: Any) -> None:
    import msgspec

    from ckanext.aivision.catalogue.ckan.harvest_job import harvest_into_ckan, preview
    from ckanext.aivision.catalogue.sources import source_store as sources
    from ckanext.aivision.harvesters.sources.source import resolve

    with portal(copies=20) as address:
        host = address.removeprefix("http://")
        whole = msgspec.structs.replace(resolve(f"{address}/search", "datagov-search"), requests_per_hour=600)
        harvest_into_ckan(whole, limit=150, allow_hosts=[host])
        before = sources.state(whole.name)
        preview(whole, limit=150, allow_hosts=[host])
    after = sources.state(whole.name)
    assert before is not None
    assert after is not None
    asked = [sum(count for _, count in state.requests) for state in (before, after)]
    assert asked[0] > 0
    assert asked[1] == 2 * asked[0]
    assert msgspec.structs.replace(after, requests=before.requests) == before
