"""The register of agencies: the tables of `config/agencies`, read once."""

from __future__ import annotations

import csv
import functools
import hashlib
from collections.abc import Iterator
from importlib import resources
from typing import Literal, get_args

import msgspec

from ckanext.aivision.agencies.spelling import fold, fold_in

Level = Literal["national", "devolved", "regional", "local"]
LEVELS: tuple[Level, ...] = get_args(Level)

# The bureau that is its whole agency: us-026-00.
DEPARTMENT_WIDE = "-00"
# Tables of agencies, with the same columns.
AGENCY_TABLES = ("us_federal", "gb_government", "gb_local", "gb_bodies", "agencies")
NAME_TABLES = ("gb_names", "names")
_COUNTRY_OF_ID = {"us": "US", "gb": "GB"}


class Agency(msgspec.Struct, frozen=True, kw_only=True):
    """A public body, or a bureau of one.

    id: stable; `us-026` (agency code of OMB), `us-026-00` (its bureau), `gb-SLUG` (the last part of its page on GOV.UK,
    else its name).
    kind: what sort of body, as its register says: `bureau`, `executive agency`, `london borough` ...
    parent: the id of the body above it, empty if there is none. ended: the day or year it closed, empty if it did not.
    successor: the id of the one body that took over all of it, empty if there is none.
    """

    id: str
    title: str
    kind: str
    level: Level
    parent: str = ""
    ended: str = ""
    successor: str = ""

    @property
    def country(self) -> str:
        return country_of(self.id)


class Publisher(msgspec.Struct, frozen=True):
    """Who publishes a dataset, whatever the spelling.

    id: of an agency if the publisher is one, else that of the agency, a slash and the publisher's name
    (`us-026/ges-disc`); the country's code stands for an unknown agency (`us/river-wardens`).
    """

    id: str
    title: str


class Register(msgspec.Struct, frozen=True):
    """Everything that the tables say.

    agencies: by id. names: agency ids by country and folded name. inner: the same by agency and folded name, for names
    that say who is meant only within an agency. publishers: by agency and folded name. no_publishers: folded
    names that name no publisher; people: keys of persons (`person_key`).
    owners: agency ids by name of source, empty for a portal of many bodies; hosts: the same by host.
    """

    agencies: dict[str, Agency]
    names: dict[tuple[str, str], str]
    inner: dict[tuple[str, str], str]
    publishers: dict[tuple[str, str], Publisher]
    no_publishers: frozenset[str]
    people: frozenset[str]
    owners: dict[str, str]
    hosts: dict[str, str]

    def current(self, id: str) -> Agency | None:
        """The agency of that id, or the one that took over all of it; None if there is none."""
        agency = self.agencies.get(id)
        while agency is not None and agency.successor:
            agency = self.agencies[agency.successor]
        return agency


def country_of(id: str) -> str:
    """The country (ISO 3166-1 alpha-2) that an id belongs to: `GB` of `gb-cabinet-office`."""
    return _COUNTRY_OF_ID[id[:2]]


def person_key(name: str) -> str:
    """What `people.csv` has for a person: the SHA-256 of the folded name, in hexadecimal digits."""
    return hashlib.sha256(fold(name).encode()).hexdigest()


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a table of config/agencies by its file's stem."""
    path = resources.files("ckanext.aivision.config") / "agencies" / f"{name}.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def with_bureaus(id: str) -> tuple[str, ...]:
    """The id of an agency, and after it those of its bureaus: datasets stand under the bureau where it is known."""
    return (id, *_bureaus().get(id, ()))


@functools.cache
def _bureaus() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for agency in load_register().agencies.values():
        if agency.kind == "bureau":
            found.setdefault(agency.parent, []).append(agency.id)
    return found


@functools.cache
def load_register() -> Register:
    """The register of this installation. Raises msgspec.ValidationError if a table is not in its form."""
    agencies = _below_successors({agency.id: agency for agency in _agencies()})
    owners = rows("source_owners")
    found = Register(
        agencies=agencies,
        names={},
        inner={},
        publishers=_publishers(),
        no_publishers=frozenset(fold(row["name"]) for row in rows("no_publishers")),
        people=frozenset(row["sha256"] for row in rows("people")),
        owners={row["source"]: row["owner"] for row in owners},
        hosts={host: row["owner"] for row in owners for host in row["hosts"].split()},
    )
    vague = frozenset(row["name"] for row in rows("inner_names"))
    _add_titles(found, vague)
    _add_spellings(found, vague)
    return found


def _agencies() -> Iterator[Agency]:
    changes = {row["id"]: {key: value for key, value in row.items() if value} for row in rows("changes")}
    for table in AGENCY_TABLES:
        for row in rows(table):
            yield msgspec.convert({**row, **changes.get(row["id"], {})}, Agency)


def _below_successors(agencies: dict[str, Agency]) -> dict[str, Agency]:
    """The same, with the bodies of a department that another one took over below that one."""
    found = {}
    for id, agency in agencies.items():
        parent = agencies.get(agency.parent)
        while parent is not None and parent.successor and not agency.ended:
            parent = agencies[parent.successor]
        found[id] = agency if parent is None else msgspec.structs.replace(agency, parent=parent.id)
    return found


def _add_titles(register: Register, vague: frozenset[str]) -> None:
    """The titles, those before a change too, as names: of all the country, or within the agency.

    The second for a title of two bodies (Office of Inspector General) and for those in `vague`. A bureau that bears the
    name of its agency is the agency.
    """
    titles = [(agency.id, agency.title) for agency in register.agencies.values()]
    titles += [(row["id"], row["title"]) for table in AGENCY_TABLES for row in rows(table)]
    bearers: dict[tuple[str, str], list[str]] = {}
    for id, title in titles:
        agency = register.current(id)
        assert agency is not None
        folded = fold_in(agency.country, title)
        if agency.kind == "bureau" and not agency.id.endswith(DEPARTMENT_WIDE):
            register.inner.setdefault((agency.parent, folded), agency.id)
        if title not in vague:
            bearers.setdefault((agency.country, folded), []).append(agency.id)
    for key, ids in bearers.items():
        bodies = {id for id in ids if register.agencies[id].parent not in ids}
        if len(bodies) == 1:
            register.names[key] = bodies.pop()


def _add_spellings(register: Register, vague: frozenset[str]) -> None:
    for row in (row for table in NAME_TABLES for row in rows(table)):
        agency = register.current(row["agency"])
        if agency is None:
            raise msgspec.ValidationError(f"config/agencies: {row['name']!r} names {row['agency']}, which is unknown")
        folded = fold_in(agency.country, row["name"])
        if within := row.get("within"):
            register.inner[within, folded] = agency.id
        elif row["name"] not in vague:
            register.names[agency.country, folded] = agency.id


def _publishers() -> dict[tuple[str, str], Publisher]:
    """By agency and folded name: each title and its other spellings."""
    by_id = {row["id"]: Publisher(row["id"], row["title"]) for row in rows("publishers")}
    spellings = [(publisher.id, publisher.title) for publisher in by_id.values()]
    spellings += [(row["publisher"], row["name"]) for row in rows("publisher_names")]
    found: dict[tuple[str, str], Publisher] = {}
    for id, name in spellings:
        agency = id.partition("/")[0]
        found[agency, fold_in(country_of(agency), name)] = by_id[id]
    return found
