"""docs/round_trip.md: what the figures say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bench.round_trip.ways import WAYS
from bench.table import between

_HERE = Path(__file__).resolve().parent
RESULTS = _HERE.parent / "results" / "corpus" / "round_trip.json"
NOTES = _HERE.parent / "round_trip.yaml"
PAGE = _HERE.parents[1] / "docs" / "round_trip.md"
_MOST = 25


def page(text: str, found: Mapping[str, Any], notes: Mapping[str, Any]) -> str:
    """The page's text with the figures between its markers. Raises ValueError if a marker is not there."""
    parts = {
        "sample": _sample(found),
        "ways": _table(_ways(found.get("ways", {}))),
        "differences": _table(_differences(found.get("ways", {}), notes["why"])),
        "stock": _stock(found.get("stock", {})),
        "values": _values(found.get("values", {})),
        "licences": _licences(found.get("licences", {})),
        "validity": _table(_validity(found)),
        "reasons": _table(_reasons(found)),
    }
    for marker, content in parts.items():
        text = between(text, marker, content)
    return text


def _sample(found: Mapping[str, Any]) -> str:
    us, uk = (found["records"].get(country, 0) for country in ("US", "GB"))
    return f"{us:,} records of the US and {uk:,} of the UK; rubric {found['rubric_version']}."


def _table(rows: Iterator[tuple[object, ...]]) -> str:
    lines = [f"| {' | '.join(str(cell) for cell in row)} |" for row in rows]
    rule = f"| {' | '.join('---' for _ in lines[0].split(' | '))} |"
    return "\n".join([lines[0], rule, *lines[1:]])


def _ways(ways: Mapping[str, Any]) -> Iterator[tuple[object, ...]]:
    yield "format", "records", "same score and results", "%", "not found again"
    for way in WAYS:
        if (one := ways.get(way.id)) is not None:
            yield way.title, f"{one['records']:,}", f"{one['same']:,}", _percent(one), f"{one['absent']:,}"


def _percent(one: Mapping[str, Any], key: str = "same") -> str:
    share = 100 * one[key] / max(one["records"], 1)
    return "100" if one[key] == one["records"] else f"{min(share, 99.9):.1f}"


def _differences(ways: Mapping[str, Any], why: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[object, ...]]:
    """Formats with the same figures stand together."""
    yield "format", "field", "records with another result", "why"
    alike: dict[tuple[str, int, str], list[str]] = {}
    for way in WAYS:
        for field, number in ways.get(way.id, {}).get("decisive", {}).items():
            alike.setdefault((field, number, why.get(way.standard, {}).get(field, "")), []).append(way.title)
    for (field, number, reason), titles in alike.items():
        yield "; ".join(titles), f"`{field}`", f"{number:,}", reason


def _stock(one: Mapping[str, Any]) -> str:
    if not one:
        return "Not measured yet."
    head = (
        f"{one['same']:,} of {one['records']:,} records ({_percent(one)} %) keep their score and results; "
        f"{one['absent']:,} are no datasets to it (services and series)."
    )
    rows = [("field", "records in which it is read otherwise", "of these with another result")]
    fields: Mapping[str, int] = one["fields"]
    rows += [(f"`{name}`", f"{count:,}", f"{one['decisive'].get(name, 0):,}") for name, count in fields.items()]
    return f"{head}\n\n{_table(iter(rows))}"


def _values(one: Mapping[str, Any]) -> str:
    if not one:
        return "Not measured yet."
    others = one["not_of_the_source"]
    text = f"{one['checked']:,} values checked; {sum(others.values()):,} cannot be derived from the source's record."
    if not others:
        return text
    rows = [("format and member", "values"), *((f"`{name}`", f"{count:,}") for name, count in others.items())]
    return f"{text}\n\n{_table(iter(rows[: _MOST + 1]))}"


def _licences(one: Mapping[str, Any]) -> str:
    if not one:
        return "Not measured yet."
    rows: list[tuple[object, ...]] = [("format", "records with a licence", "outputs without it")]
    rows += [(name, f"{count:,}", f"{one['without'].get(name, 0):,}") for name, count in one["outputs"].items()]
    return _table(iter(rows))


def _all_checks(found: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for name, one in found.get("schemas", {}).items():
        yield name, "JSON Schema", one
    for name, one in found.get("shapes", {}).items():
        yield {"dcat-ap-3": "DCAT-AP 3", "dcat-us-3": "DCAT-US 3 in RDF"}[name], "SHACL", one


def _validity(found: Mapping[str, Any]) -> Iterator[tuple[object, ...]]:
    yield "standard", "checked by", "records", "valid", "%", "not valid for another reason than the source's"
    for name, by, one in _all_checks(found):
        others = sum(one["unexplained"].values())
        yield name, by, f"{one['records']:,}", f"{one['valid']:,}", _percent(one, "valid"), f"{others:,}"


def _reasons(found: Mapping[str, Any]) -> Iterator[tuple[object, ...]]:
    yield "standard", "what the source lacks, or wrote otherwise than the standard allows", "records"
    for name, _, one in _all_checks(found):
        for reason, count in list(one["reasons"].items())[:_MOST]:
            yield name, reason.replace("|", "\\|"), f"{count:,}"
