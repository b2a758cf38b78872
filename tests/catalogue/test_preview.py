"""A look before a harvest: what would change, field by field, and nothing written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.catalogue.conftest import record

SourceFile = Callable[[list[Any]], Path]


@pytest.fixture
def preview(ckan: Any) -> Callable[[Path], Any]:
    from ckanext.aivision.catalogue.jobs import preview
    from ckanext.aivision.harvesters.source import resolve

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
    run, records = preview(source_file([record(number) for number in range(700)]))
    assert (run.counts.new, len(records)) == (700, 50)


def test_the_command_says_what_would_change(stack: Any, source_file: SourceFile) -> None:
    path = source_file([record(1)])
    said = stack.ckan("aivision", "harvest", str(path), "--kind", "dcat-us", "--dry-run")
    assert "new: river-1: Weekly river levels at station 1" in said
    assert "nothing was written" in said
