"""The tables of config/agencies fit together, and with config/sources.yaml."""

from __future__ import annotations

import re
from collections import Counter
from importlib import resources

import pytest

from ckanext.aivision.agencies.register import (
    AGENCY_TABLES,
    LEVELS,
    NAME_TABLES,
    country_of,
    load_register,
    person_key,
    rows,
)
from ckanext.aivision.agencies.spelling import fold, fold_in, host
from ckanext.aivision.harvesters.sources.source import load_sources
from ckanext.aivision.normalise.vocabulary import rows as vocabulary

FOLDER = resources.files("ckanext.aivision.config") / "agencies"
TABLES = sorted(entry.name.removesuffix(".csv") for entry in FOLDER.iterdir() if entry.name.endswith(".csv"))
REGISTER = load_register()


def agencies() -> list[dict[str, str]]:
    return [row for table in AGENCY_TABLES for row in rows(table)]


@pytest.mark.parametrize("table", TABLES)
def test_a_table_says_its_source_and_date_first(table: str) -> None:
    lines = (FOLDER / f"{table}.csv").read_text(encoding="utf-8").splitlines()
    head = " ".join(line for line in lines[:6] if line.startswith("#"))
    assert lines[0].startswith("#")
    assert re.search(r"\b20\d\d-\d\d\b", head), "the head gives no date"


@pytest.mark.parametrize("table", TABLES)
def test_every_row_has_every_column_and_stands_once(table: str) -> None:
    found = rows(table)
    assert found
    assert [row for row in found if None in row or None in row.values()] == []
    assert [row for row, times in Counter(tuple(row.values()) for row in found).items() if times > 1] == []
    cells = [cell for row in found for cell in row.values()]
    assert [cell for cell in cells if cell != " ".join(cell.split())] == []


@pytest.mark.parametrize("table", TABLES)
def test_the_readme_names_every_table(table: str) -> None:
    assert f"`{table}.csv`" in (FOLDER / "README.md").read_text(encoding="utf-8")


def test_ids_are_unique_and_of_their_country() -> None:
    ids = [row["id"] for row in agencies()]
    assert [id for id, times in Counter(ids).items() if times > 1] == []
    assert [id for id in ids if not re.fullmatch(r"(?:us|gb)(?:-[a-z0-9_]+)+", id)] == []
    assert {country_of(id) for id in ids} == {"US", "GB"}


def test_every_parent_and_successor_exists_in_the_same_country() -> None:
    for agency in REGISTER.agencies.values():
        for id in filter(None, (agency.parent, agency.successor)):
            assert REGISTER.agencies[id].country == agency.country, agency.id


def test_a_bureau_has_an_agency_above_it() -> None:
    bureaus = [agency for agency in REGISTER.agencies.values() if agency.kind == "bureau"]
    assert [bureau.id for bureau in bureaus if not bureau.id.startswith(f"{bureau.parent}-")] == []
    assert [bureau.id for bureau in bureaus if REGISTER.agencies[bureau.parent].kind == "bureau"] == []


def test_nobody_is_above_or_after_itself() -> None:
    for column in ("parent", "successor"):
        for agency in REGISTER.agencies.values():
            seen = [agency.id]
            while id := getattr(REGISTER.agencies[seen[-1]], column):
                assert id not in seen, f"{column}: {[*seen, id]}"
                seen.append(id)


# Divided among several departments: which of them has these bodies now was not found out.
DIVIDED = {
    "gb-department-for-business-energy-and-industrial-strategy",
    "gb-department-for-business-innovation-skills",
    "gb-uk-trade-investment",
}


def test_no_body_stands_below_a_department_that_another_one_took_over() -> None:
    agencies = load_register().agencies
    below = {
        agency.id: agency.parent
        for agency in agencies.values()
        if agency.parent and not agency.ended and agencies[agency.parent].ended
    }
    assert set(below.values()) <= DIVIDED
    assert not {"gb-land-registry", "gb-met-office", "gb-british-museum", "gb-companies-house"} & set(below)


def test_a_body_with_a_successor_has_ended_and_the_successor_has_not() -> None:
    for agency in REGISTER.agencies.values():
        if agency.successor:
            last = REGISTER.current(agency.id)
            assert last is not None
            assert (bool(agency.ended), last.ended) == (True, ""), agency.id


def test_a_change_is_of_an_agency_that_is_there() -> None:
    ids = {row["id"] for row in agencies()}
    assert [row["id"] for row in rows("changes") if row["id"] not in ids or not any(list(row.values())[1:])] == []


def test_a_name_that_is_meant_within_an_agency_is_one() -> None:
    names = {row["title"] for row in [*agencies(), *rows("changes")]} | {row["name"] for row in rows("gb_names")}
    assert [row["name"] for row in rows("inner_names") if row["name"] not in names] == []


@pytest.mark.parametrize("level", LEVELS)
def test_there_are_agencies_of_every_level_in_the_united_kingdom(level: str) -> None:
    assert [agency for agency in REGISTER.agencies.values() if agency.country == "GB" and agency.level == level]


def test_a_name_maps_to_one_agency() -> None:
    """Also over tables: no spelling is the title of one agency and another name of a second."""
    bearers: dict[tuple[str, str, str], set[str]] = {}
    for row in (row for table in NAME_TABLES for row in rows(table)):
        agency = REGISTER.current(row["agency"])
        assert agency is not None, row
        key = (agency.country, row.get("within") or "", fold_in(agency.country, row["name"]))
        bearers.setdefault(key, set()).add(agency.id)
    for agency in REGISTER.agencies.values():
        key = (agency.country, "", fold_in(agency.country, agency.title))
        current = REGISTER.current(agency.id)
        if key in bearers and current is not None:
            bearers[key].add(current.id)
    assert {key: ids for key, ids in bearers.items() if len(ids) > 1} == {}


def test_a_name_says_something_that_the_title_does_not() -> None:
    same = [
        row
        for row in rows("names")
        if not row["within"]
        and fold_in(country_of(row["agency"]), row["name"])
        == fold_in(country_of(row["agency"]), REGISTER.agencies[row["agency"]].title)
    ]
    assert same == []


def test_a_name_within_an_agency_is_of_a_bureau_of_it_or_of_itself() -> None:
    for row in rows("names"):
        if row["within"] and REGISTER.agencies[row["agency"]].kind == "bureau" and row["within"] != "us-020":
            assert REGISTER.agencies[row["agency"]].parent == row["within"], row


def test_a_publisher_belongs_to_an_agency_and_has_its_names_once() -> None:
    publishers = {row["id"] for row in rows("publishers")}
    assert len(publishers) == len(rows("publishers"))
    assert [id for id in publishers if id.partition("/")[0] not in REGISTER.agencies] == []
    assert [row for row in rows("publisher_names") if row["publisher"] not in publishers] == []
    titles = [(row["id"].partition("/")[0], fold(row["title"])) for row in rows("publishers")]
    names = [(row["publisher"].partition("/")[0], fold(row["name"])) for row in rows("publisher_names")]
    assert [key for key, times in Counter([*titles, *names]).items() if times > 1] == []


def test_every_known_source_has_a_row_for_its_owner() -> None:
    sources = load_sources()
    owners = {row["source"]: row["owner"] for row in rows("source_owners")}
    assert set(owners) == set(sources)
    for name, owner in owners.items():
        if owner:
            assert REGISTER.agencies[owner].country == sources[name].country, name
            assert REGISTER.current(owner) is REGISTER.agencies[owner], name


def test_a_sample_and_the_national_catalogues_have_no_owner() -> None:
    owners = {row["source"]: row["owner"] for row in rows("source_owners")}
    shared = [name for name, source in load_sources().items() if source.sample] + ["data.gov", "data.gov.uk"]
    assert {name: owners[name] for name in shared} == dict.fromkeys(shared, "")


def test_a_host_is_a_host_and_has_one_owner() -> None:
    hosts = [(host, row["owner"]) for row in rows("source_owners") for host in row["hosts"].split()]
    assert [name for name, _ in hosts if host(name) != name] == []
    assert [name for name, times in Counter(name for name, _ in hosts).items() if times > 1] == []


def test_a_person_is_no_agency_and_no_publisher() -> None:
    names = {folded for _, folded in (*REGISTER.names, *REGISTER.publishers)}
    assert names & REGISTER.no_publishers == set()
    assert {name for name in names if person_key(name) in REGISTER.people} == set()


def test_the_table_of_people_names_nobody() -> None:
    table = [row["sha256"] for row in rows("people")]
    assert [row for row in table if not re.fullmatch("[0-9a-f]{64}", row)] == []
    assert table == sorted(set(table))


def test_bodies_on_gov_uk_are_placed_by_the_ids_of_their_pages() -> None:
    """The list of the UK Cross-Government Metadata Exchange Model is newer than the register."""
    listed = {row["id"] for row in vocabulary("uk_organisations")}
    departments = [
        agency.id.removeprefix("gb-")
        for agency in REGISTER.agencies.values()
        if agency.kind == "ministerial department" and not agency.ended and agency.country == "GB"
    ]
    assert len(departments) > 15
    assert [id for id in departments if id not in listed] == []
