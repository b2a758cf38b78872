"""What a source no longer has stays for some days, marked, then it is deleted; much of it only with a person's yes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.records import record

SourceFile = Callable[[list[Any]], Path]


@pytest.fixture
def without_grace(ckan: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ckan.config, "ckanext.aivision.gone_days", 0)


def ledger(source: str) -> dict[str, str]:
    """The state of each of a source's records."""
    import ckan.model as model
    import sqlalchemy as sa

    rows = model.Session.execute(
        sa.text("SELECT identifier, state FROM aivision_record WHERE source = :source"), {"source": source}
    )
    return dict(rows.all())


def test_what_is_gone_is_marked_and_stays_to_be_found(
    into_ckan: Any, found: Any, publisher: Any, source_file: SourceFile
) -> None:
    office, name = publisher
    into_ckan(source_file([record(number, **office) for number in range(6)]))
    run = into_ckan(source_file([record(number, **office) for number in range(5)]))
    assert (run.state, run.counts.gone) == ("finished", 1)
    assert ledger(run.source)["river-5"] == "gone"
    assert len(found(name)) == 6


def test_what_was_gone_before_is_not_counted_again(into_ckan: Any, publisher: Any, source_file: SourceFile) -> None:
    office, _ = publisher
    into_ckan(source_file([record(number, **office) for number in range(6)]))
    into_ckan(source_file([record(number, **office) for number in range(5)]))
    assert into_ckan(source_file([record(number, **office) for number in range(5)])).counts.gone == 0


def test_what_comes_back_within_its_days_is_active_again(
    into_ckan: Any, publisher: Any, source_file: SourceFile
) -> None:
    office, _ = publisher
    into_ckan(source_file([record(number, **office) for number in range(6)]))
    into_ckan(source_file([record(number, **office) for number in range(5)]))
    run = into_ckan(source_file([record(number, **office) for number in range(6)]))
    assert (run.counts.changed, run.counts.unchanged) == (1, 5)
    assert set(ledger(run.source).values()) == {"active"}


@pytest.mark.usefixtures("without_grace")
def test_after_its_days_it_is_deleted_and_comes_back_under_its_old_address(
    into_ckan: Any, found: Any, publisher: Any, source_file: SourceFile
) -> None:
    office, name = publisher
    into_ckan(source_file([record(number, **office) for number in range(6)]))
    before = {package["identifier"]: (package["name"], package["id"]) for package in found(name)}
    into_ckan(source_file([record(number, **office) for number in range(5)]))
    assert sorted(package["identifier"] for package in found(name)) == [f"river-{number}" for number in range(5)]
    run = into_ckan(source_file([record(number, **office) for number in range(6)]))
    assert run.counts.new == 1
    assert {package["identifier"]: (package["name"], package["id"]) for package in found(name)} == before


def test_what_has_its_days_behind_it_is_deleted_though_the_document_is_unchanged(ckan: Any, portal: Any) -> None:
    import ckan.model as model
    import sqlalchemy as sa

    from ckanext.aivision.catalogue.ckan.harvest_job import harvest_into_ckan
    from ckanext.aivision.harvesters.sources.source import resolve

    with portal() as address:
        source, host = resolve(f"{address}/us/lakes/data.json", "dcat-us"), address.removeprefix("http://")
        first = next(iter(sorted(ledger(harvest_into_ckan(source, allow_hosts=[host]).source))))
        gone = "UPDATE aivision_record SET state = 'gone', gone_since = now() - interval '8 days'"
        ours = {"source": source.name, "first": first}
        model.Session.execute(sa.text(f"{gone} WHERE source = :source AND identifier = :first"), ours)
        model.Session.commit()
        run = harvest_into_ckan(source, allow_hosts=[host])
    assert "has not changed since the last harvest" in run.message
    assert ledger(source.name)[first] == "deleted"


@pytest.mark.usefixtures("without_grace")
def test_a_deleted_data_set_is_one_for_ckan_too(
    ckan: Any, into_ckan: Any, found: Any, publisher: Any, source_file: SourceFile
) -> None:
    office, name = publisher
    into_ckan(source_file([record(number, **office) for number in range(6)]))
    (last,) = (package["id"] for package in found(name) if package["identifier"] == "river-5")
    into_ckan(source_file([record(number, **office) for number in range(5)]))
    assert ckan.get_action("package_show")({"ignore_auth": True}, {"id": last})["state"] == "deleted"


@pytest.mark.parametrize("left", [0, 4], ids=["all", "more than 20 per cent"])
def test_a_run_that_would_remove_too_much_removes_nothing_and_asks(
    into_ckan: Any, found: Any, publisher: Any, source_file: SourceFile, left: int
) -> None:
    office, name = publisher
    into_ckan(source_file([record(number, **office) for number in range(6)]))
    run = into_ckan(source_file([record(number, **office) for number in range(left)]))
    assert (run.state, run.counts.gone) == ("needs-confirmation", 0)
    assert f"{6 - left} of 6 datasets are no longer in the source; nothing was removed" in run.message
    assert set(ledger(run.source).values()) == {"active"}
    assert len(found(name)) == 6


def test_a_yes_marks_just_what_the_run_asked_about(
    ckan: Any, into_ckan: Any, publisher: Any, source_file: SourceFile
) -> None:
    office, _ = publisher
    into_ckan(source_file([record(number, **office) for number in range(6)]))
    run = into_ckan(source_file([record(number, **office) for number in range(3)]))
    context = {"ignore_auth": True}
    latest = ckan.get_action("aivision_run_list")(context, {"source": run.source})[0]
    assert ckan.get_action("aivision_run_confirm")(context, {"id": latest["id"]}) == {"gone": 3}
    assert [state for _, state in sorted(ledger(run.source).items())] == ["active"] * 3 + ["gone"] * 3
    assert ckan.get_action("aivision_run_confirm")(context, {"id": latest["id"]}) == {"gone": 0}


@pytest.mark.parametrize(
    "document",
    ['{"dataset": []}', '{"dataset": [', "", "<html>maintenance</html>", '{"results": []}', "null"],
    ids=["empty list", "truncated", "empty file", "HTML", "another document", "null"],
)
def test_a_wrong_document_removes_nothing(
    into_ckan: Any, found: Any, publisher: Any, source_file: SourceFile, document: str
) -> None:
    office, name = publisher
    path = source_file([record(number, **office) for number in range(6)])
    into_ckan(path)
    path.write_text(document)
    run = into_ckan(path)
    assert run.state in ("incomplete", "needs-confirmation"), json.dumps(document)
    assert run.message
    assert len(found(name)) == 6
