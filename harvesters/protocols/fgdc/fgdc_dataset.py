"""The FGDC's Content Standard for Digital Geospatial Metadata (FGDC-STD-001-1998) to the record, as a table.

Rows name the elements of the standard by their numbers. Paths have the short names of its annex on SGML.
"""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from ckanext.aivision.errors import Problem
from ckanext.aivision.harvesters.mapping.mapper import Mapper
from ckanext.aivision.harvesters.mapping.table import Raw, describe_value
from ckanext.aivision.harvesters.mapping.xml_table import (
    Element,
    Field,
    Values,
    elements,
    find,
    first_text,
    joined,
    listed,
    read_fields,
    text,
    texts,
)
from ckanext.aivision.normalise import access_rights, contacts, dates, frequencies, licences, media_types, themes
from ckanext.aivision.normalise.geography import places
from ckanext.aivision.record import Agent, Distribution, Location, Moment, PeriodOfTime, Term

_CITATION = "idinfo/citation/citeinfo"
_SIDES = ("westbc", "southbc", "eastbc", "northbc")
_ADDRESSES = ("http://", "https://", "ftp://")
_LISTED = "iso 19115"
_FETCHED = ("data", "archive", "document", "image")


def date_of(written: str | None) -> str | None:
    """A date of the standard (`YYYYMM`, `YYYYMMDD`) as ISO 8601 has it; any other text stays."""
    digits = (written or "").strip()
    if len(digits) == 6 and digits.isascii() and digits.isdecimal():
        return f"{digits[:4]}-{digits[4:]}"
    return written


def _moment(values: Values) -> Moment | None:
    return dates.moment(date_of(first_text(values)))


def _periods(values: Values) -> list[PeriodOfTime]:
    """2.9: a single date, several, or a range."""
    found: list[PeriodOfTime | None] = []
    for value in (item for item in values if isinstance(item, dict)):
        singles = [*find(value, "sngdate/caldate"), *find(value, "mdattim/sngdate/caldate")]
        found += (dates.period(date_of(written)) for written in texts(singles))
        for span in elements(value, "rngdates"):
            begin, end = (date_of(first_text(find(span, name))) for name in ("begdate", "enddate"))
            found.append(dates.between(begin, end))
    return [period for period in found if period is not None]


def _agents(values: Values) -> list[Agent]:
    """10: contact information."""
    found = []
    for value in (item for item in values if isinstance(item, dict)):
        names = ("cntorgp/cntorg", "cntperp/cntorg", "cntperp/cntper", "cntorgp/cntper")
        name = first_text(item for path in names for item in find(value, path))
        email, other = contacts.mailbox(first_text(find(value, "cntemail")) or "")
        found.append(Agent(name=name, email=email, url=other))
    return [agent for agent in found if agent != Agent()]


def _named(values: Values) -> Agent | None:
    name = first_text(values)
    return Agent(name=name) if name else None


def _creators(values: Values) -> list[Agent]:
    return [Agent(name=name) for name in texts(values)]


def _places(values: Values) -> list[Location]:
    """1.5.1: bounding coordinates; 1.6.2.2: names of places."""
    found: list[Location | None] = []
    for value in values:
        if isinstance(value, dict):
            sides = [first_text(find(value, side)) or "" for side in _SIDES]
            found.append(places.box(*sides) or (Location(",".join(sides)) if any(sides) else None))
        else:
            found.append(places.location(value))
    return list(dict.fromkeys(place for place in found if place is not None))


def _themes(values: Values) -> list[Term]:
    """1.6.1: keywords of a vocabulary of themes that is known; the others are keywords only."""
    groups = [value for value in values if isinstance(value, dict)]
    ours = [group for group in groups if _LISTED in (first_text(find(group, "themekt")) or "").lower()]
    found = [themes.clean(word) for group in ours for word in texts(find(group, "themekey"))]
    return [theme for theme in found if theme.id is not None]


def _licence(values: Values) -> Term | None:
    """1.8: use constraints."""
    found = [
        Term(f"useconst: {written}", "open-unnamed", "label") if _is_none(written) else licences.clean(written)
        for written in _statements(values)
    ]
    return next((term for term in found if term.id not in (None, "none")), found[0] if found else None)


def _access(values: Values) -> Term | None:
    """1.7: access constraints."""
    return access_rights.first_known(
        Term(f"accconst: {written}", "public", "label") if _is_none(written) else access_rights.clean(written)
        for written in _statements(values)
    )


def _rhythm(values: Values) -> Term | None:
    """1.4.2: maintenance and update frequency."""
    written = first_text(values)
    if written is None:
        return None
    return Term(written, "ended", "label") if written.lower() == "none planned" else frequencies.clean(written)


def _statements(values: Values) -> list[str]:
    return [written for value in values if (written := text(value))]


def _is_none(written: str) -> bool:
    """The standard has `None` for data that nothing restricts, where elsewhere it says nothing."""
    return written.lower().rstrip(".") == "none"


_QUALITY = ("dataqual/attracc/attraccr", "dataqual/logic", "dataqual/complete", "dataqual/posacc/horizpa/horizpar")
_KEYWORDS = tuple(f"idinfo/keywords/{name}/{name}key" for name in ("theme", "place", "stratum", "temporal"))
_TABLE = (
    Field("description", joined, ("idinfo/descript/abstract",)),
    Field("uses", joined, ("idinfo/descript/purpose",)),
    Field("keyword", texts, _KEYWORDS, True),
    Field("theme", _themes, ("idinfo/keywords/theme",), several=False, unread=False),
    Field("issued", _moment, (f"{_CITATION}/pubdate",)),
    Field("metadata_modified", _moment, ("metainfo/metd",)),
    Field("accrual_periodicity", _rhythm, ("idinfo/status/update",)),
    Field("publisher", _named, (f"{_CITATION}/pubinfo/publish", f"{_CITATION}/origin"), several=False),
    Field("creator", _creators, (f"{_CITATION}/origin",)),
    Field("contact_point", _agents, ("idinfo/ptcontac/cntinfo", "distinfo/distrib/cntinfo", "metainfo/metc/cntinfo")),
    Field("temporal", _periods, ("idinfo/timeperd/timeinfo",), several=False),
    Field("spatial", _places, ("idinfo/spdom/bounding", "idinfo/keywords/place/placekey"), True, False),
    Field("license", _licence, ("idinfo/useconst",), several=False),
    Field("rights", texts, ("idinfo/useconst", "idinfo/accconst", "distinfo/distliab"), True),
    Field("access_rights", _access, ("idinfo/accconst",)),
    Field("version", first_text, (f"{_CITATION}/edition",)),
    Field("bibliographic_citation", joined, (f"{_CITATION}/othercit",)),
    Field("provenance", joined, ("dataqual/lineage/procstep/procdesc",)),
    Field("derived_from", texts, ("dataqual/lineage/srcinfo/srccite/citeinfo/title",)),
    Field("quality", joined, _QUALITY, True),
    Field(
        "page",
        texts,
        (f"{_CITATION}/lworkcit/citeinfo/onlink", "idinfo/crossref/citeinfo/onlink", "idinfo/browse/browsen"),
        True,
    ),
    Field("conforms_to", texts, ("spref/horizsys/geodetic/horizdn",)),
    Field("described_by", first_text, ("eainfo/overview/eadetcit",)),
)


def _build(tree: Raw, where: str, problems: list[Problem]) -> dict[str, Any]:
    element: Element = dict(tree)
    fields = read_fields(element, _TABLE, where, problems)
    columns = texts(find(element, "eainfo/detailed/attr/attrlabl"))
    links = [link for link in texts(find(element, f"{_CITATION}/onlink")) if link.startswith(_ADDRESSES)]
    fields["distribution"] = _distributions(element, links, columns)
    fields["landing_page"] = next((link for link in links if media_types.is_page(link)), None)
    if element["is_hashed"]:
        message = "no identifier; a hash of its citation is used, which changes with it: add `idinfo/datsetid`"
        seen = describe_value(element["title"])
        problems.append(Problem("identifier-missing", f"{where} idinfo", message, seen=seen))
    return fields


def _distributions(tree: Element, links: list[str], columns: list[str]) -> list[Distribution]:
    """6.4.2: digital forms with their network addresses, and the links of the citation that give data."""
    found: dict[str, Distribution] = {}
    for form in elements(tree, "distinfo/stdorder/digform"):
        name = first_text(find(form, "digtinfo/formname"))
        size = first_text(find(form, "digtinfo/transize"))
        addresses = texts(find(form, "digtopt/onlinopt/computer/networka/networkr"))
        for url in addresses:
            note = first_text([*find(form, "digtinfo/formcont"), *find(form, "digtinfo/filedec")])
            found[url] = _file(url, name, columns, size if len(addresses) == 1 else None, note)
    for url in links:
        if url not in found and not media_types.is_page(url):
            found[url] = _file(url, None, columns, None, None)
    return list(found.values())


def _file(url: str, name: str | None, columns: list[str], size: str | None, note: str | None) -> Distribution:
    by_address = media_types.of_url(url)
    traits = media_types.traits(by_address.id) if by_address.id else None
    return Distribution(
        description=note,
        access_url=url,
        download_url=url if traits is not None and traits.kind in _FETCHED else None,
        format=media_types.from_format(name) if name else None,
        byte_size=_bytes(size),
        columns=columns,
    )


def _bytes(written: str | None) -> int | None:
    """6.4.2.1.7: a transfer size in megabytes, in bytes."""
    try:
        size = float((written or "")[:32]) * 1_000_000
    except ValueError:
        return None
    return int(size) if 0 < size < 1e15 else None


def _prepared(raw: dict[str, Any]) -> dict[str, Any]:
    """The tree that is read, with an identifier: that of the dataset, the file's own address, or a hash.

    The standard has none (1.1); `datsetid` and `@address` are what programs add. A hash is of the citation.
    """
    tree = listed(raw)
    own = first_text([*find(tree, "idinfo/datsetid"), *find(tree, "metainfo/metid")])
    named = ("title", "origin", "pubdate", "edition")
    cited = [written for name in named for written in texts(find(tree, f"{_CITATION}/{name}"))]
    title = first_text(find(tree, f"{_CITATION}/title"))
    digest = hashlib.sha256(msgspec.json.encode(cited)).hexdigest()[:32] if title else ""
    identifier = own or raw.get("@address") or (f"sha256:{digest}" if digest else None)
    return {**tree, "identifier": identifier, "title": title, "is_hashed": (identifier or "").startswith("sha256:")}


FGDC = Mapper(identifier=("identifier",), title=("title",), build=_build, profile="fgdc", prepared=_prepared)
