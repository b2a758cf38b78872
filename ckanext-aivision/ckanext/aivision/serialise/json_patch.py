"""The difference between two JSON documents as a JSON Patch (RFC 6902)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Operation = dict[str, Any]


def write_patch(before: Any, after: Any, path: str = "") -> list[Operation]:
    """The operations that make `after` of `before`, in the order in which they are to be applied.

    Lists of different lengths are replaced as a whole. path: of both values, as a JSON Pointer (RFC 6901).
    """
    if before == after:
        return []
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        return _of_objects(before, after, path)
    if _is_list(before) and _is_list(after) and len(before) == len(after):
        pairs = enumerate(zip(before, after, strict=True))
        return [step for place, pair in pairs for step in write_patch(*pair, f"{path}/{place}")]
    return [{"op": "replace", "path": path, "value": after}]


def _of_objects(before: Mapping[str, Any], after: Mapping[str, Any], path: str) -> list[Operation]:
    steps: list[Operation] = []
    for name in before:
        place = f"{path}/{_escaped(name)}"
        if name in after:
            steps += write_patch(before[name], after[name], place)
        else:
            steps.append({"op": "remove", "path": place})
    added = [name for name in after if name not in before]
    return steps + [{"op": "add", "path": f"{path}/{_escaped(name)}", "value": after[name]} for name in added]


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
