"""JSON Patch (RFC 6902): applied to the one document, it gives the other."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given
from hypothesis import strategies as some

from ckanext.aivision.serialise.json_patch import write_patch

_VALUES = some.recursive(
    some.none() | some.booleans() | some.integers() | some.text(max_size=5),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text("ab~/01", max_size=3), inner, max_size=3),
    max_leaves=12,
)


def apply_patch(document: Any, patch: list[dict[str, Any]]) -> Any:
    """Applies operations as RFC 6902 (section 4) says."""
    document = copy.deepcopy(document)
    for step in patch:
        parts = [part.replace("~1", "/").replace("~0", "~") for part in step["path"].split("/")[1:]]
        if not parts:
            document = step["value"]
            continue
        place = document
        for part in parts[:-1]:
            place = place[int(part) if isinstance(place, list) else part]
        last = int(parts[-1]) if isinstance(place, list) else parts[-1]
        assert (step["op"] == "add") == (isinstance(place, dict) and last not in place)
        if step["op"] == "remove":
            del place[last]
        else:
            place[last] = step["value"]
    return document


@given(before=_VALUES, after=_VALUES)
def test_a_patch_makes_the_other_document(before: Any, after: Any) -> None:
    found = apply_patch(before, write_patch(before, after))
    assert found == after


def test_what_is_the_same_needs_no_operation_and_one_member_needs_one() -> None:
    record = {"title": "Levels", "distribution": [{"format": "CSV"}, {"format": "ODS"}]}
    assert write_patch(record, copy.deepcopy(record)) == []
    other = {"title": "Levels", "distribution": [{"format": "CSV"}, {"format": "XLSX"}]}
    assert write_patch(record, other) == [{"op": "replace", "path": "/distribution/1/format", "value": "XLSX"}]
