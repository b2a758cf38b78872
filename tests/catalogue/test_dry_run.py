"""A dry run says what a rescore would do, and writes nothing; an announcement ends with the rescore."""

from __future__ import annotations

import datetime
import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from tests.catalogue.history import OLD, execute, rows
from tests.processes import run_ckan
from tests.records import record, shortest_record

from ckanext.aivision.errors import UsageError
from ckanext.aivision.scoring.rubric import load

TODAY = datetime.datetime.now(datetime.timezone.utc).date()
LATER = TODAY + datetime.timedelta(days=14)
TABLES = (
    "aivision_evaluation",
    "aivision_history",
    "aivision_trend",
    "aivision_rescore",
    "aivision_unindexed",
    "aivision_announcement",
    "aivision_announced_grade",
    "package",
)


@pytest.fixture
def harvested(into_ckan: Any, found: Any, publisher: Any, source_file: Any) -> Callable[..., list[str]]:
    """Harvests good records and poor ones of a publisher of the test's own, and gives the ids of the datasets."""
    office, name = publisher

    def harvest(good: int, poor: int) -> list[str]:
        records = [record(number, **office) for number in range(good)]
        records += [shortest_record(good + number, **office) for number in range(poor)]
        into_ckan(source_file(records))
        return sorted(package["id"] for package in found(name))

    return harvest


def under_former_rubric(ids: list[str], grade: str = "A", passed: str = "licence-open") -> None:
    """Stores evaluations as a former rubric made them: all with one grade, and with one criterion passed."""
    from ckanext.aivision.catalogue.evaluations import evaluation_store as evaluations

    for id in ids:
        found = evaluations.find(id)
        assert found is not None
        results = [
            msgspec.structs.replace(item, result="pass", value=1.0) if item.criterion == passed else item
            for item in found.results
        ]
        former = msgspec.structs.replace(found, grade=grade, score=85.0, results=results, rubric_version=OLD)
        row = {name: value for name, value in evaluations.to_row(former).items() if name != "reference_date"}
        changed = ", ".join(f"{name} = :{name}" for name in row)
        execute(f"UPDATE aivision_evaluation SET {changed} WHERE package_id = :id", id=id, **row)


def contents() -> list[Any]:
    """Every row of the tables, by the transactions that wrote them."""
    query = "SELECT count(*), coalesce(sum(CAST(CAST(xmin AS text) AS bigint)), 0) FROM"
    return [rows(f"{query} {table}") for table in TABLES]


def run(stack: Any, *words: str) -> Any:
    """A run of `ckan aivision rescore`, however it ends."""
    return run_ckan(stack.ini, "aivision", "rescore", *words)


def grades(version: str = "%") -> dict[str, str]:
    query = "SELECT package_id, grade FROM aivision_evaluation WHERE rubric_version LIKE :version"
    return dict(rows(query, version=version))


@pytest.fixture(autouse=True)
def apart(ckan: Any) -> Any:
    """Nothing is left under the former rubric by other tests, and no announcement for them."""
    from ckanext.aivision.catalogue.rescore import announcement
    from ckanext.aivision.catalogue.rescore.run_rescore import evaluate_again

    evaluate_again(list(grades(OLD)))
    yield
    announcement.withdraw()


def test_a_dry_run_counts_what_a_rescore_then_does_and_writes_nothing(ckan: Any, harvested: Any) -> None:
    from ckanext.aivision.catalogue.rescore.dry_run import run_dry
    from ckanext.aivision.catalogue.rescore.run_rescore import rescore

    under_former_rubric(harvested(2, 3))
    stored, before = contents(), grades(OLD)
    found = run_dry().changes
    assert contents() == stored
    rescore()
    after = grades()
    moves = Counter((grade, after[id]) for id, grade in before.items())
    told: Counter[tuple[str, str]] = Counter()
    for (_, one, other), number in found.grades.items():
        told[one, other] += number
    assert +told == moves
    assert found.changed == sum(number for (one, other), number in moves.items() if one != other)
    assert run_dry().changes.evaluated.datasets == 0


@pytest.mark.parametrize(("size", "jobs"), [(1, 1), (2, 2), (500, 1)])
def test_a_dry_run_is_the_same_however_it_is_cut(
    size: int, jobs: int, ckan: Any, harvested: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ckanext.aivision.catalogue.rescore import dry_run

    under_former_rubric(harvested(2, 3))
    whole = dry_run.run_dry().changes
    monkeypatch.setattr(dry_run, "SIZE", size)
    cut = dry_run.run_dry(jobs=jobs).changes
    for each in (whole, cut):
        each.score_before, each.score_after = round(each.score_before, 3), round(each.score_after, 3)
        each.evaluated.points = round(each.evaluated.points, 3)
        for row in (*each.effects.values(), *each.publishers.values()):
            row.points = round(row.points, 3)
    assert cut == whole


def test_the_memory_of_a_dry_run_does_not_grow_with_the_number_of_datasets(ckan: Any, harvested: Any) -> None:
    from ckanext.aivision.catalogue.rescore.dry_run import run_dry
    from ckanext.aivision.catalogue.rescore.grade_changes import GradeChanges

    under_former_rubric(harvested(1, 1))
    part, whole = run_dry().changes, GradeChanges()
    for _ in range(1000):
        whole.add(part)
    assert whole.evaluated.datasets == 1000 * part.evaluated.datasets
    for name in ("grades", "effects", "gates", "publishers", "versions"):
        assert len(getattr(whole, name)) == len(getattr(part, name)), name
    assert sum(map(len, whole.examples.values())) <= 2 * len(whole.examples)


def test_the_report_says_from_what_to_what_and_why(ckan: Any, stack: Any, harvested: Any, publisher: Any) -> None:
    office = publisher[0]["publisher"]["name"]
    under_former_rubric(harvested(0, 2))
    asked = ("aivision", "rescore", "--dry-run", "--jobs", "1")
    report = json.loads(stack.ckan(*asked, "--format", "json"))
    assert report["rubric_version"] == load().version
    assert report["reference_date"] == str(TODAY)
    (ours,) = [row for row in report["publishers"] if row["publisher"] == office]
    assert (ours["datasets"], ours["grade_lower"], ours["grade_higher"]) == (2, 2, 0)
    assert ours["mean_points"] < 0
    (licence,) = [row for row in report["criteria"] if row["criterion"] == "licence-open"]
    assert licence["lower"] >= 2
    example = next(row for row in report["examples"] if row["before"] == "A")
    assert example["address"].endswith(f"/dataset/{example['name']}")
    assert "licence-open" in example["criteria"]
    table = stack.ckan(*asked)
    assert "no evaluation is changed" in table
    assert f"A to {example['after']}" in table
    assert example["address"] in table
    assert "licence-open" in table


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--dry-run", "--withdraw"), "use only one of"),
        (("--announce", "2020-01-01"), "this day is over"),
        (("--announce", str(LATER), "--on", "2026-01-01"), "leave --on out"),
    ],
)
def test_a_wrong_use_is_refused_in_one_line(ckan: Any, stack: Any, words: tuple[str, ...], message: str) -> None:
    done = run(stack, *words)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_nothing_is_announced_if_everything_is_evaluated_under_this_rubric(ckan: Any, harvested: Any) -> None:
    from ckanext.aivision.catalogue.rescore import announcement
    from ckanext.aivision.catalogue.rescore.run_rescore import rescore

    harvested(1, 0)
    rescore()
    with pytest.raises(UsageError, match="nothing to announce"):
        announcement.announce(LATER, 1, lambda done, total: None)
    assert announcement.find_announcement() is None


def test_until_the_day_that_is_announced_the_command_leaves_everything_as_it_is(
    ckan: Any, stack: Any, harvested: Any
) -> None:
    ids = harvested(1, 1)
    under_former_rubric(ids)
    stack.ckan("aivision", "rescore", "--announce", str(LATER), "--jobs", "1")
    done = run(stack)
    assert done.returncode == 0
    assert f"announced for {LATER}" in done.stderr
    assert all(grades(OLD)[id] == "A" for id in ids)
    execute("UPDATE aivision_announcement SET starts_on = :day", day=TODAY)
    stack.ckan("aivision", "rescore", "--jobs", "1")
    assert not grades(OLD)
    assert rows("SELECT count(*) FROM aivision_announcement") == [(0,)]
    assert rows("SELECT count(*) FROM aivision_announced_grade") == [(0,)]


def test_a_rescore_under_the_former_rubric_leaves_what_a_later_release_announces(ckan: Any, harvested: Any) -> None:
    from ckanext.aivision.catalogue.rescore import announcement
    from ckanext.aivision.catalogue.rescore.run_rescore import rescore

    under_former_rubric(harvested(1, 0))
    announcement.announce(LATER, 1, lambda done, total: None)
    execute("UPDATE aivision_announcement SET rubric_version = '9.0.0'")
    execute("UPDATE aivision_announced_grade SET rubric_version = '9.0.0'")
    rescore()
    found = announcement.find_announcement()
    assert found is not None
    assert found.rubric_version == "9.0.0"


def test_a_saved_dataset_has_its_new_grade_and_no_announcement(ckan: Any, harvested: Any) -> None:
    from ckanext.aivision.catalogue.rescore import announcement
    from ckanext.aivision.catalogue.rescore.run_rescore import evaluate_again

    one, other = harvested(2, 0)
    under_former_rubric([one, other])
    announcement.announce(LATER, 1, lambda done, total: None)
    before = announcement.find_for_dataset(one)
    assert before is not None
    evaluate_again([one])
    assert announcement.find_for_dataset(one) is None
    assert announcement.find_for_dataset(other) is not None
    assert grades()[one] == before["after"]
