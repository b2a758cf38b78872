"""Results seen through a lens: scores, points, bands, what is unknown and why."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.evaluate import evaluate
from ckanext.aivision.scoring.examples import ON, record
from ckanext.aivision.scoring.lenses.load import load_lens, names, parse
from ckanext.aivision.scoring.lenses.view import LensView, RowView, view
from ckanext.aivision.scoring.observations.observations import NOTHING, Link, Observed
from ckanext.aivision.scoring.rubric import load

CSV = {
    "access_url": "https://rivers.example.gov/levels",
    "download_url": "https://rivers.example.gov/levels.csv",
    "format": "CSV",
}
PDF = {"access_url": "https://rivers.example.gov/report.pdf", "format": "PDF", "license": "OGL-UK-3.0", "byte_size": 9}


def through(name: str, dataset: Dataset, with_record: bool = True, seen: Observed = NOTHING) -> LensView:
    found = evaluate(dataset, load(), ON, seen)
    return view(load_lens(name), found.results, load().at(found.beyond), dataset if with_record else None, seen)


def rows(seen: LensView) -> dict[str, RowView]:
    return {row.id: row for group in seen.groups for found in (group, *group.groups) for row in found.rows}


def mqa(**said: Any) -> dict[str, RowView]:
    return rows(through("mqa", record(**said)))


@pytest.mark.parametrize("profile", ["aivision", "ckan", "dcat-us-1.1"])
def test_our_own_lens_says_what_the_evaluation_says(profile: str) -> None:
    dataset = record(profile=profile, keyword=["river", "level", "gauge"], license="OGL-UK-3.0", distribution=[CSV])
    evaluation, seen = evaluate(dataset, load(), ON), through("aivision", dataset)
    assert (seen.score, seen.coverage, seen.band) == (evaluation.score, evaluation.coverage, evaluation.grade)
    assert {group.id: (group.score, group.coverage) for group in seen.groups} == {
        id: (found.score, found.coverage) for id, found in evaluation.dimensions.items()
    }


@pytest.mark.parametrize("name", names())
def test_every_row_carries_the_evidence_and_the_field_that_decided_it(name: str) -> None:
    dataset = record(license="OGL-UK-3.0", distribution=[CSV])
    found = {row.criterion: row for row in evaluate(dataset, load(), ON).results}
    for id, row in rows(through(name, dataset)).items():
        assert row.evidence
        assert row.field
        if id in found:
            assert (row.result, row.value, row.evidence) == (found[id].result, found[id].value, found[id].evidence)


def test_a_group_weighs_its_rows_and_those_of_its_subgroups() -> None:
    dataset = record(issued="2020-01-01", modified="2026-11-01")
    seen = through("us-commerce", dataset)
    area = seen.groups[1]
    inner = [row for group in area.groups for row in group.rows]
    known = [row for row in inner if row.value is not None]
    assert area.count.known == pytest.approx(sum(row.weight for row in known))
    assert area.score == round(100 * sum(row.weight * (row.value or 0) for row in known) / area.count.known, 1)


def test_what_no_criterion_answers_is_told_with_the_reason() -> None:
    benchmarks = through("us-commerce", record()).groups[4].groups[1]
    assert (benchmarks.score, benchmarks.rows) == (None, [])
    assert benchmarks.not_measured[0].clause == "DOC 5.2.1"


def test_points_that_need_the_links_are_unknown_and_counted() -> None:
    seen = through("mqa", record(distribution=[CSV]))
    assert seen.count.total == 405
    assert seen.count.total - seen.count.known == 80
    assert rows(seen)["access-url-answers"].result == "unknown"
    assert seen.groups[1].count.known == 20


ANSWERS: dict[str, Link] = {
    url: Link(url=url, state="reachable", form="other") for url in (CSV["download_url"], CSV["access_url"])
}


@pytest.mark.parametrize("name", names())
def test_a_lens_asks_no_more_than_was_looked_at(name: str) -> None:
    shallow, dataset = set(rows(through(name, record(distribution=[CSV])))), record(distribution=[CSV])
    for seen in (Observed(links=ANSWERS), Observed(files={}), Observed(ANSWERS, {})):
        depths = {row.id: row.depth for row in load().everything}
        more = set(rows(through(name, dataset, seen=seen))) - shallow
        assert {depths[id] for id in more} == (set(seen.depths) if name != "mqa" else set())
    assert through(name, dataset) == view(
        load_lens(name), evaluate(dataset, load(), ON).results, load().criteria, dataset
    )


@pytest.mark.parametrize("name", [name for name in names() if name != "mqa"])
def test_what_the_links_answer_counts_in_a_lens_once_it_was_looked_at(name: str) -> None:
    seen = through(name, record(distribution=[CSV]), seen=Observed(links=ANSWERS))
    assert rows(seen)["links-reachable"].value == 1
    broken = Observed(links={url: msgspec.structs.replace(link, state="broken") for url, link in ANSWERS.items()})
    assert (through(name, record(distribution=[CSV]), seen=broken).score or 0) < (seen.score or 0)


def test_a_clause_that_waits_for_a_deeper_look_is_not_measured_until_then() -> None:
    def missing(seen: Observed) -> set[str]:
        groups = through("uk-dsit", record(distribution=[CSV]), seen=seen).groups
        return {found.title for group in groups for found in group.not_measured}

    assert missing(NOTHING) - missing(Observed(links=ANSWERS)) == {"Working links"}
    assert missing(NOTHING) - missing(Observed(files={})) == {"Quality of the values"}


def test_an_address_that_answers_has_its_points_and_the_evidence_says_which() -> None:
    found = rows(through("mqa", record(distribution=[CSV]), seen=Observed(links=ANSWERS)))
    assert [found[id].value for id in ("access-url-answers", "download-url-answers")] == [1, 1]
    assert found["download-url-answers"].evidence == CSV["download_url"]
    assert mqa(distribution=[CSV])["access-url-answers"].evidence.startswith(f"{CSV['access_url']}: not checked")


def test_an_address_that_is_not_given_is_known_not_to_answer() -> None:
    seen = through("mqa", record())
    assert seen.count.known == 405
    assert rows(seen)["access-url-answers"].result == "fail"


def test_the_band_is_the_one_reached_and_the_best_is_what_links_may_add() -> None:
    said: dict[str, Any] = {"keyword": ["river"], "theme": ["ENVI"], "spatial": ["Leeds"], "temporal": ["2020/2021"]}
    seen = through("mqa", record(**said, description="Levels.", distribution=[CSV], license="OGL-UK-3.0"))
    assert seen.count.earned == 250
    assert (seen.band, seen.best_band) == ("Good", "Good")
    more = through(
        "mqa",
        record(
            **said,
            description="Levels.",
            distribution=[CSV],
            license="OGL-UK-3.0",
            rights=["Open"],
            publisher="Rivers",
            contact_point=["Desk"],
            access_rights="public",
            issued="2020",
        ),
    )
    assert (more.count.earned, more.band, more.best_band) == (305, "Good", "Excellent")


def test_the_distribution_with_most_points_speaks_for_all() -> None:
    found = mqa(distribution=[PDF, CSV])
    assert found["machine-readable"].value == 1
    assert (found["licence"].value, found["byte-size"].value) == (0, 0)
    assert found == mqa(distribution=[CSV, PDF])


def test_a_licence_of_the_data_set_holds_for_its_distributions() -> None:
    assert mqa(license="OGL-UK-3.0", distribution=[CSV])["licence-vocabulary"].value == 1
    assert mqa(license="OGL-UK-3.0")["licence"].value == 0


def test_a_format_counts_as_the_vocabulary_writes_it() -> None:
    for written, counts in (
        ("csv", 1),
        ("http://publications.europa.eu/resource/authority/file-type/CSV", 1),
        ("ArcGIS Hub Dataset", 0),
    ):
        assert mqa(distribution=[{**CSV, "format": written}])["vocabulary"].value == counts, written


def test_every_distribution_needs_the_address_that_dcat_ap_makes_mandatory() -> None:
    without = {"download_url": "https://rivers.example.gov/levels.csv"}
    assert mqa(description="Levels.", distribution=[CSV])["dcat-ap"].value == 1
    assert mqa(description="Levels.", distribution=[CSV, without])["dcat-ap"].value == 0
    assert mqa(distribution=[CSV])["dcat-ap"].value == 0


def test_without_the_record_its_rows_are_unknown_and_say_so() -> None:
    seen = through("mqa", record(keyword=["river"]), with_record=False)
    assert (seen.count.known, seen.score, seen.band) == (0, None, "Bad")
    assert "needs the record" in rows(seen)["keyword"].evidence


def test_a_criterion_that_the_evaluation_lacks_is_unknown() -> None:
    seen = view(load_lens("fair"), [], load().criteria)
    assert {row.result for row in rows(seen).values()} == {"unknown"}
    assert (seen.score, seen.coverage) == (None, 0.0)


def test_a_lens_can_weigh_otherwise_than_the_rubric() -> None:
    lens = parse(
        b"""
name: two
title: Two questions
publisher: Rivers
version: "1"
date: "2026"
address: https://rivers.example.gov/two
groups:
- id: all
  title: All
  question: Good?
  clause: all
  rows: [{criterion: licence-open, weight: 3}, {criterion: issued-stated, weight: 1}]
""",
        "two.yaml",
    )
    said = record(license="OGL-UK-3.0", distribution=[{"download_url": "https://rivers.example.gov/levels.csv"}])
    assert view(lens, evaluate(said, load(), ON).results, load().criteria).score == 75.0
