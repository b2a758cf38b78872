"""A harvested record with corrections in it: what was not corrected stays exactly as the source wrote it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from ckanext.aivision.record import Dataset, Distribution
from ckanext.aivision.serialise import federal
from ckanext.aivision.serialise.json_standards import dcat_us
from ckanext.aivision.serialise.package import from_package
from ckanext.aivision.serialise.resource import from_resource, to_resource

# What no field of the form says, or what lies beside the fields.
_APART = frozenset(("raw", "beside", "unread", "profile", "source", "distribution", "metadata_issued"))
_OF_FILE = tuple(name for name in Distribution.__struct_fields__ if name != "identifier")
_IN_NO_ORDER = ("keyword",)


def correct_record(source: Dataset, before: Mapping[str, Any], after: Mapping[str, Any]) -> Dataset:
    """The record of a source with the differences between two packages in it.

    source: the record, with the source's own. before: the package that it makes, with the ids of its files. after: the
    same package, corrected. The source's own record (`raw`) is corrected too, member by member, if it is in DCAT-US.
    """
    one, other = from_package(before), from_package(after)
    changed = {
        name: getattr(other, name)
        for name in Dataset.__struct_fields__
        if name not in _APART and not _equal(name, getattr(one, name), getattr(other, name))
    }
    files, origins = _corrected_files(source, before, after)
    corrected = msgspec.structs.replace(source, **changed, distribution=files, unread=_still_unread(source, changed))
    return msgspec.structs.replace(corrected, raw=_corrected_raw(source, corrected, origins))


def _equal(name: str, one: Any, other: Any) -> bool:
    """CKAN has its tags in an order of its own."""
    return sorted(one) == sorted(other) if name in _IN_NO_ORDER else bool(one == other)


def _still_unread(source: Dataset, changed: Mapping[str, Any]) -> dict[str, str]:
    return {name: text for name, text in source.unread.items() if name not in changed}


def _corrected_files(
    source: Dataset, before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[list[Distribution], list[int | None]]:
    """The files, and where each stands in the source; None for one that was added here."""
    # Those that make no file of CKAN's were not there to be corrected.
    shown = [place for place, item in enumerate(source.distribution) if to_resource(item) is not None]
    place_of = {file["id"]: place for file, place in zip(before["resources"], shown, strict=True)}
    was = {file["id"]: from_resource(file) for file in before["resources"]}
    now = {file["id"]: from_resource(file) for file in after["resources"]}
    removed = {place for id, place in place_of.items() if id not in now}
    current = {place_of[id]: (was[id], now[id]) for id in place_of if id in now}
    files: list[Distribution] = []
    origins: list[int | None] = []
    for place, item in enumerate(source.distribution):
        if place in removed:
            continue
        pair = current.get(place)
        files.append(item if pair is None else _corrected_file(item, *pair))
        origins.append(place)
    added = [msgspec.structs.replace(now[id], identifier=None) for id in now if id not in place_of]
    return files + added, origins + [None] * len(added)


def _corrected_file(item: Distribution, was: Distribution, now: Distribution) -> Distribution:
    changed = {name: getattr(now, name) for name in _OF_FILE if getattr(now, name) != getattr(was, name)}
    return msgspec.structs.replace(item, **changed)


def _corrected_raw(source: Dataset, corrected: Dataset, origins: Sequence[int | None]) -> dict[str, Any]:
    standard = next((name for name in dcat_us.NATIVE if dcat_us.is_native(source, name)), None)
    if standard is None:
        return {key: source.raw[key] for key in federal.MEMBERS if key in source.raw}
    one, other = (_composed(dataset, standard) for dataset in (source, corrected))
    one_files, other_files = one.pop("distribution", []), other.pop("distribution", [])
    raw = _patched(source.raw, one, other)
    given = source.raw.get("distribution")
    if one_files == other_files:
        return raw
    if isinstance(given, list) and len(given) == len(source.distribution):
        raw["distribution"] = [
            _patched(given[place], one_files[place], written)
            if place is not None and isinstance(given[place], dict)
            else written
            for place, written in zip(origins, other_files, strict=True)
        ]
    else:
        raw["distribution"] = other_files
    return raw


def _composed(dataset: Dataset, standard: str) -> dict[str, Any]:
    return dcat_us.to_dcat_us(msgspec.structs.replace(dataset, raw={}, beside=[]), standard)[1]


def _patched(written: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """What a source wrote, with those members replaced that are written otherwise after a correction."""
    result = dict(written)
    for member in {*before, *after}:
        if before.get(member) == after.get(member):
            continue
        if member in after:
            result[member] = after[member]
        else:
            result.pop(member, None)
    return result
