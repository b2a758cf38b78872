"""Detect records of a possibly truncated document that have less than the catalogue has. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import msgspec

from ckanext.aivision.catalogue.harvest.plan import Change
from ckanext.aivision.errors import Problem

_encoded = msgspec.json.Encoder(order="sorted").encode
_MESSAGE = (
    "this record has only part of what the catalogue has, and it is not clear whether the document is complete, so the "
    "dataset was not changed: if the record is right, harvest with --confirm-removal"
)


def refuse_cut(batch: list[Change], stored: Callable[[Collection[str]], Mapping[str, Any]]) -> tuple[list[Change], int]:
    """The changes of a batch, those refused that would overwrite a record with a part of it; and how many those are.

    stored: the records that the catalogue has, as the source gave them, by identifier.
    """
    changed = [change.harvested.identifier for change in batch if change.kind == "changed" and not change.returned]
    before = stored([identifier for identifier in changed if identifier is not None]) if changed else {}
    cut = [change.kind == "changed" and is_part(change.harvested.raw, _before(change, before)) for change in batch]
    return [_refused(change) if is_cut else change for change, is_cut in zip(batch, cut, strict=True)], sum(cut)


def _before(change: Change, stored: Mapping[str, Any]) -> Any:
    return stored.get(change.harvested.identifier or "")


def _refused(change: Change) -> Change:
    harvested = change.harvested
    problem = Problem("record-cut", harvested.where, _MESSAGE, "error")
    refused = msgspec.structs.replace(harvested, dataset=None, problems=[*harvested.problems, problem])
    return Change("refused", refused)


def is_part(new: Any, old: Any) -> bool:
    """Whether a value of JSON says nothing that another does not say as well: what is left of it after a cut.

    A text may be the beginning of the other, a list may lack items, an object members; a text where an object was may
    be its name, for what it names may have stood behind the cut.
    """
    if isinstance(new, str):
        return old.startswith(new) if isinstance(old, str) else isinstance(old, dict) and new in old.values()
    if isinstance(new, dict) and isinstance(old, dict):
        return all(name in old and is_part(value, old[name]) for name, value in new.items())
    if isinstance(new, list) and isinstance(old, list):
        same = {_encoded(item) for item in old}
        return all(_encoded(item) in same or any(is_part(item, other) for other in old) for item in new)
    return bool(new is None or new == old)
