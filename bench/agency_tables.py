"""The tables of `config/agencies` that come from registers of public bodies.

    python -m bench.agency_tables [--registers DIR]

DIR has the registers as `config/agencies/README.md` lists them. Writes us_federal.csv, gb_government.csv, gb_local.csv,
gb_bodies.csv and gb_names.csv; the other tables there are written by hand and stay.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from ckanext.aivision.agencies.placement import place
from ckanext.aivision.agencies.spelling import fold, slug
from ckanext.aivision.record import Agent, Dataset

Row = dict[str, str]
CONFIG = Path(__file__).resolve().parents[1] / "config" / "agencies"
REGISTERS = Path(__file__).resolve().parents[2] / "shared" / "registers"
COLUMNS = ("id", "title", "kind", "level", "parent", "ended")

_OGL = "Crown copyright, Open Government Licence v3.0."
_HEADS = {
    "us_federal": """\
# Agencies of the federal government of the United States and their bureaus, by the codes of OMB Circular A-11, appendix
# C, which DCAT-US writes as bureauCode (026:00). Project Open Data, 2014-01 to 2020-12; public domain. Made by
# bench.agency_tables, do not edit: agencies.csv and changes.csv have what is missing or has changed.
""",
    "gb_government": f"""\
# Bodies of the UK government by the last part of their page at https://www.gov.uk/government/organisations/, with kind
# and parent. GOV.UK organisations (openregister), 2017-09. {_OGL} Made by bench.agency_tables,
# do not edit: agencies.csv and changes.csv have what is missing or has changed.
""",
    "gb_local": f"""\
# Local authorities of the United Kingdom, and combined authorities. Local authority registers of the four nations
# (openregister), 2018-04. {_OGL} Made by bench.agency_tables, do not edit: agencies.csv and
# changes.csv have what is missing or has changed.
""",
    "gb_bodies": f"""\
# Bodies of the NHS, police and fire services, parishes and universities that publish on data.gov.uk: those of the
# register whose name tells their kind. data.gov.uk organisations (openregister), 2017-09. {_OGL}
# Made by bench.agency_tables, do not edit: agencies.csv and changes.csv have what is missing or has changed.
""",
    "gb_names": f"""\
# Other spellings of the names in gb_government.csv, gb_local.csv and gb_bodies.csv. Local authority names
# (openregister), 2018-04; abbreviations of GOV.UK organisations and names on data.gov.uk, 2017-09. {_OGL}
# Made by bench.agency_tables, do not edit: names.csv has what is missing.
""",
}
# Abbreviations of these kinds of bodies are taken: those of committees and courts name other things too.
_ABBREVIATED = {
    "ministerial department",
    "non-ministerial department",
    "executive agency",
    "executive non-departmental public body",
}
# The kinds of data.gov.uk's publishers that their names tell.
_KINDS = (
    (
        re.compile(r"\bnhs (?:foundation )?trust$|\b(?:mental health|care|ambulance service) (?:nhs )?trust$"),
        "nhs trust",
    ),
    (re.compile(r"\b(?:ccg|clinical commissioning group)$"), "clinical commissioning group"),
    (re.compile(r"\bpct$|\bprimary care trust$"), "primary care trust"),
    (re.compile(r"\bcsu$|\bcommissioning support unit$"), "commissioning support unit"),
    (re.compile(r"\bstrategic health authority$|\bsha$"), "strategic health authority"),
    (re.compile(r"\b(?:police|constabulary)$|\bpolice authority$|\bpolice and crime commissioner\b"), "police"),
    (re.compile(r"\bfire and rescue (?:service|authority)$"), "fire and rescue service"),
    (re.compile(r"\b(?:town|parish|community) council$"), "parish council"),
    (re.compile(r"\bnational park authority$"), "national park authority"),
    (re.compile(r"^university of |\buniversity$"), "university"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--registers", type=Path, default=REGISTERS)
    folder: Path = parser.parse_args().registers
    government, local = list(_government(folder)), list(_local(folder))
    bodies, spellings = _data_gov_uk(folder, [*government, *local])
    names = [*_abbreviations(folder), *_official_names(folder), *_spellings(folder, local), *spellings]
    write("us_federal", COLUMNS, _federal(folder))
    write("gb_government", COLUMNS, government)
    write("gb_local", COLUMNS, local)
    write("gb_bodies", COLUMNS, bodies)
    write("gb_names", ("name", "agency"), _new_names(names, [*government, *local, *bodies]))
    _report(folder)


def _report(folder: Path) -> None:
    """Prints how many of data.gov.uk's publishers have a known name, and those that do not."""
    names = [row["name"] for row in read(folder / "uk-data-gov-uk-organisations.tsv")]
    records = (
        Dataset(identifier="", title="", profile="data-gov-uk", country="GB", publisher=Agent(name=name))
        for name in names
    )
    unknown = [name for name, record in zip(names, records, strict=True) if place(record).agency is None]
    print(
        f"data.gov.uk: {len(names) - len(unknown):,} of {len(names):,} publishers are known; not: {'; '.join(unknown)}"
    )


def read(path: Path) -> list[Row]:
    """The rows of a register, without the spaces around its cells."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t" if path.suffix == ".tsv" else ",")
        return [{key: (value or "").strip() for key, value in row.items()} for row in rows]


def write(name: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Writes a table of config/agencies, with what it is and where it comes from in its first lines."""
    with (CONFIG / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        file.write(_HEADS[name])
        writer = csv.DictWriter(file, columns, lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows(sorted(rows, key=lambda row: tuple(row.values())))


def _federal(folder: Path) -> Iterator[Row]:
    titles: dict[str, str] = {}
    for row in read(folder / "us-omb-bureau-codes.csv"):
        agency = f"us-{row['Agency Code']}"
        titles.setdefault(agency, row["Agency Name"])
        yield _row(f"{agency}-{row['Bureau Code']}", row["Bureau Name"], "bureau", "national", agency)
    for agency, title in titles.items():
        yield _row(agency, title, "department" if title.startswith("Department of") else "agency", "national")


def _government(folder: Path) -> Iterator[Row]:
    rows = read(folder / "uk-govuk-organisations.tsv")
    by_slug = {row["govuk"]: row for row in rows}
    ends = {row["government-organisation"]: row["end-date"] for row in read(folder / "uk-government-organisations.tsv")}
    for row in rows:
        parent = row["parent-govuks"].split(";")[0]
        kind = row["government-organisation-type"].lower()
        devolved = kind == "devolved administration" or _is_devolved(row, by_slug)
        yield _row(
            f"gb-{row['govuk']}",
            row["name"].removeprefix("The "),
            kind,
            "devolved" if devolved else "national",
            f"gb-{parent}" if parent else "",
            ends.get(row["government-organisation"], ""),
        )


def _is_devolved(row: Row, by_slug: dict[str, Row]) -> bool:
    """Whether all that a body belongs to are devolved administrations, at once or through others."""
    parents = [by_slug[parent] for parent in row["parent-govuks"].split(";") if parent]
    return bool(parents) and all(
        parent["government-organisation-type"] == "Devolved administration" or _is_devolved(parent, by_slug)
        for parent in parents
    )


def _local(folder: Path) -> Iterator[Row]:
    kinds = {row["local-authority-type"]: row["name"] for row in read(folder / "uk-local-authority-types.tsv")}
    for row in _authorities(folder):
        kind = kinds.get(row.get("local-authority-type", ""), "Principal area")
        level = "regional" if row.get("local-authority-type") == "SRA" else "local"
        title = _full_name(row)
        yield _row(f"gb-{slug(title)}", title, kind.lower(), level, "", row["end-date"])
    for row in read(folder / "uk-combined-authorities.tsv"):
        name = row["name"].removesuffix(" Combined Authority")
        title = f"{name} Combined Authority"
        yield _row(f"gb-{slug(title)}", title, "combined authority", "regional", "", row["end-date"])


def _authorities(folder: Path) -> Iterator[Row]:
    for nation in ("england", "scotland", "wales", "northern-ireland"):
        yield from read(folder / f"uk-local-authorities-{nation}.tsv")


def _full_name(row: Row) -> str:
    return (row.get("official-name") or row["name"]).removeprefix("The ")


def _official_names(folder: Path) -> Iterator[Row]:
    """The short name of each authority, alone and with `Council` after it, and the Welsh ones."""
    for row in _authorities(folder):
        agency = f"gb-{slug(_full_name(row))}"
        for column in ("name", "name-cy", "official-name-cy"):
            yield {"name": row.get(column, ""), "agency": agency}
        yield {"name": f"{row['name'].removesuffix(' Council')} Council", "agency": agency}


def _abbreviations(folder: Path) -> Iterator[Row]:
    rows = read(folder / "uk-govuk-organisations.tsv")
    times = Counter(fold(row["abbreviation"]) for row in rows)
    for row in rows:
        if times[fold(row["abbreviation"])] == 1 and row["government-organisation-type"].lower() in _ABBREVIATED:
            yield {"name": row["abbreviation"], "agency": f"gb-{row['govuk']}"}


def _spellings(folder: Path, local: Sequence[Row]) -> Iterator[Row]:
    """The spellings of local authorities' names.

    The codes there are not those of the register in England. A group of spellings belongs to the authority whose full
    or short name is one of them; in Northern Ireland, if there is none, to that of the code.
    """
    ids = {row["id"] for row in local}
    by_name: dict[str, set[str]] = {}
    by_code: dict[str, str] = {}
    for row in _authorities(folder):
        agency = f"gb-{slug(_full_name(row))}"
        by_code[f"local-authority-nir:{row.get('local-authority-nir')}"] = agency
        for name in (row["name"], _full_name(row)):
            by_name.setdefault(fold(name), set()).add(agency)
    groups: dict[str, list[str]] = {}
    for row in read(folder / "uk-local-authority-names.tsv"):
        groups.setdefault(row["local-authority"], []).append(row["name"])
    for code, names in groups.items():
        full = {agency for name in names for agency in by_name.get(fold(name), ()) if slug(name) == agency[3:]}
        found = full or {agency for name in names for agency in by_name.get(fold(name), ())}
        if not found and code in by_code:
            found = {by_code[code]}
        if len(found) != 1 or not found <= ids:
            print(f"{code}: {names} belong to {sorted(found) or 'nobody'}; left out")
            continue
        yield from ({"name": name, "agency": next(iter(found))} for name in names)


def _data_gov_uk(folder: Path, known: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Of data.gov.uk's publishers: bodies that only its register has, and spellings of bodies that others have."""
    titles = {fold(row["title"]) for row in known}
    ids = {row["id"] for row in known}
    bodies: dict[str, Row] = {}
    spellings: list[Row] = []
    for row in read(folder / "uk-data-gov-uk-organisations.tsv"):
        id, folded = f"gb-{slug(row['name'])}", fold(row["name"])
        if folded in titles:
            continue
        kind = next((kind for pattern, kind in _KINDS if pattern.search(folded)), "")
        if f"gb-{row['slug']}" in ids:
            spellings.append({"name": row["name"], "agency": f"gb-{row['slug']}"})
        elif kind and id not in ids:
            bodies[id] = _row(id, row["name"], kind, "local")
    return list(bodies.values()), spellings


def _new_names(names: Iterable[Row], agencies: Sequence[Row]) -> Iterator[Row]:
    """One row for each spelling that is not a title yet. A spelling that two bodies share is left out."""
    titles = {fold(row["title"]) for row in agencies}
    found: dict[str, set[str]] = {}
    for row in names:
        if (folded := fold(row["name"])) and folded not in titles:
            found.setdefault(folded, set()).add(row["agency"])
    for folded, ids in found.items():
        if len(ids) == 1:
            yield {"name": folded, "agency": next(iter(ids))}
        else:
            print(f"{folded!r} is a name of {sorted(ids)}; left out")


def _row(id: str, title: str, kind: str, level: str, parent: str = "", ended: str = "") -> Row:
    return dict(zip(COLUMNS, (id, " ".join(title.split()), kind, level, parent, ended), strict=True))


if __name__ == "__main__":
    main()
