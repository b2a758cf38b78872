"""Readers of the values of ISO 19115: dates by their types, identifiers, conformity, quality, resolution, series."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ckanext.aivision.harvesters.mapping.xml_table import (
    Element,
    Values,
    address,
    addresses,
    elements,
    find,
    first_address,
    first_text,
    joined,
    text,
    texts,
)
from ckanext.aivision.normalise import dates
from ckanext.aivision.normalise.text import one
from ckanext.aivision.record import Moment

# What a record is of (MD_ScopeCode) that is a dataset; other codes are its type.
_DATASETS = ("dataset", "nonGeographicDataset", "")
# Properties by which a result of a quality report is told from a reference system.
_RESULT = frozenset(("specification", "pass", "value", "valueUnit", "explanation", "statement", "errorStatistic"))
# DS_AssociationTypeCode of what a dataset is part of.
_WHOLES = ("largerWorkCitation", "isComposedOf", "series", "partOfSeamlessDatabase")
_METRE = re.compile(r"(?:^|[#:/_])(?:m|met(?:re|er)s?|9001)$", re.IGNORECASE)
_CONFORMANT = ("true", "1")


def dated(*kinds: str) -> Callable[[Values], Moment | None]:
    """A reader of CI_Date: the latest date of the first of these types that there is."""

    def read(values: Values) -> Moment | None:
        for wanted in kinds:
            written = [
                found
                for value in values
                if isinstance(value, dict) and wanted in texts(find(value, "dateType"))
                for found in texts(find(value, "date"))
            ]
            moments = [moment for item in written if (moment := dates.moment(item)) is not None]
            if moments:
                return max(moments, key=lambda moment: (moment.value is not None, str(moment.value)))
        return None

    return read


def of_record(values: Values) -> Moment | None:
    """The date of the metadata: a text in ISO 19139, CI_Date in ISO 19115-3."""
    plain = [value for value in values if not isinstance(value, dict)]
    if plain:
        return dates.moment(plain[0])
    return dated("revision", "lastUpdate", "lastRevision", "publication", "creation")(values)


def kind(values: Values) -> str | None:
    code = first_text(values) or ""
    return None if code in _DATASETS else code


def conformance(values: Values) -> list[str]:
    """The specifications that the data conform to. A result that does not say so tells of none."""
    found = [
        value["specification"][0]
        for value in values
        if isinstance(value, dict)
        and value.get("specification")
        and (first_text(find(value, "pass")) or "").lower() in _CONFORMANT
    ]
    return titles(found)


def titles(values: Values) -> list[str]:
    """What cites a document: the address that its title has, or its title."""
    found: list[str] = []
    for value in values:
        named = find(value, "title") if isinstance(value, dict) else []
        found += addresses(named[:1] or [value])
    return list(dict.fromkeys(found))


def standards(values: Values) -> list[str]:
    """Specifications that the data conform to, and coordinate reference systems."""
    systems = [value for value in values if isinstance(value, dict) and not _RESULT & value.keys()]
    found = (coded(inner) for value in systems for inner in value.get("referenceSystemIdentifier", [value]))
    return list(dict.fromkeys([*conformance(values), *filter(None, found)]))


def coded(value: Any) -> str:
    """An identifier with its code space, where the code is not one by itself."""
    if not isinstance(value, dict):
        return text(value)
    code = next((found for item in find(value, "code") if (found := address(item))), "")
    space = first_text(find(value, "codeSpace")) or ""
    if not code or not space or ":" in code or code.startswith(space):
        return code
    return f"{space}{code}" if space.endswith(("/", ":", "#")) else f"{space}:{code}"


def identifiers(values: Values) -> list[str]:
    return list(dict.fromkeys(found for value in values if (found := coded(value))))


def quality(values: Values) -> str | None:
    """Each report in one sentence: its measure, and the value or whether the data conform."""
    return joined(_report(value) for value in values if isinstance(value, dict))


def _report(report: Element) -> str:
    name = first_text([*find(report, "nameOfMeasure"), *find(report, "measure/nameOfMeasure")])
    told = first_text([*find(report, "measureDescription"), *find(report, "measure/measureDescription")])
    said = []
    for result in elements(report, "result"):
        values = texts(find(result, "value"))
        unit = first_text(find(result, "valueUnit"))
        passed = (first_text(find(result, "pass")) or "").lower()
        specification = "".join(titles(find(result, "specification"))[:1])
        if values:
            said.append(" ".join([*values, *([unit] if unit else [])]))
        elif specification and passed:
            said.append(f"{specification}: {'conformant' if passed in _CONFORMANT else 'not conformant'}")
        said += texts(find(result, "statement"))
    head = ", ".join(part for part in (name, told) if part)
    return ": ".join(part for part in (head, "; ".join(said)) if part) if said or told else ""


def sources(values: Values) -> list[str]:
    """What the data were made from: the address or the title of each source, or its description."""
    found = []
    for value in values:
        cited = find(value, "sourceCitation") if isinstance(value, dict) else []
        found += titles(cited) or (texts(find(value, "description")) if isinstance(value, dict) else texts([value]))
    return list(dict.fromkeys(found))


def series(values: Values) -> str | None:
    """The identifier of the record, or of the larger work, that a dataset is part of."""
    for value in values:
        if not isinstance(value, dict):
            return first_text([value])
        if find(value, "associationType") and first_text(find(value, "associationType")) not in _WHOLES:
            continue
        codes = [
            *find(value, "aggregateDataSetIdentifier"),
            *find(value, "aggregateDataSetName/identifier"),
            *([value] if "code" in value else find(value, "identifier")),
        ]
        found = next(filter(None, map(coded, codes)), "") or one(value.get("@uuidref"))
        if found:
            return found
    return None


def coupled(values: Values) -> list[str]:
    """The identifiers of what a service gives out: of records (uuidref), else where they are (xlink:href)."""
    found = ((one(value.get("@uuidref")) if isinstance(value, dict) else None) or address(value) for value in values)
    return list(dict.fromkeys(filter(None, found)))


def catalogues(values: Values) -> str | None:
    """The address of the feature catalogue that describes the attributes (ISO 19110), or its title."""
    pages = (item for value in values if isinstance(value, dict) for item in find(value, "onlineResource/linkage"))
    return first_address(pages) or next(iter(titles(values)), None)


def next_update(values: Values) -> Moment | None:
    plain = [value for value in values if not isinstance(value, dict)]
    return dates.moment(plain[0]) if plain else dated("nextUpdate")(values)


def resolution(values: Values) -> str | None:
    """Metres as a number, another distance with its unit, a scale as `1:10000`."""
    for value in values:
        if not isinstance(value, dict):
            continue
        for distance in find(value, "distance"):
            unit = (distance.get("@uom") or "") if isinstance(distance, dict) else ""
            if number := text(distance):
                return number if not unit or _METRE.search(unit) else f"{number} {unit.rpartition('#')[2]}"
        if scale := first_text(find(value, "equivalentScale/denominator")):
            return f"1:{scale}"
        if detail := first_text(find(value, "levelOfDetail")):
            return detail
    return None
