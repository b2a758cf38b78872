"""Load lens files, those of this installation and the user's own. Errors are reported with their line."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec
import yaml

from ckanext.aivision.errors import UsageError
from ckanext.aivision.scoring.lenses.membership import add_members
from ckanext.aivision.scoring.lenses.metrics import NEEDS_VALUES, PROPERTIES
from ckanext.aivision.scoring.lenses.schema import Group, Lens, Row, Subgroup
from ckanext.aivision.scoring.registry import DIMENSIONS
from ckanext.aivision.scoring.rubric import load
from ckanext.aivision.yaml_events import YamlFault, nodes

LARGEST = 1024 * 1024  # bytes
_DEEPEST = 12
_ENDINGS = (".yaml", ".yml")
Place = tuple[str | int, ...]


class _Fault(Exception):
    """What is wrong, and at which place of the file."""

    def __init__(self, message: str, place: Place = (), line: int | None = None) -> None:
        super().__init__(message)
        self.place, self.line = place, line


def names() -> list[str]:
    """The lenses of this installation; our own comes first."""
    folder = resources.files("ckanext.aivision.config") / "lenses"
    return sorted(Path(entry.name).stem for entry in folder.iterdir() if entry.name.endswith(".yaml"))


@functools.cache
def load_lens(name: str) -> Lens:
    """A lens of this installation. Raises UsageError for a name that is not one of `names`."""
    if name not in names():
        raise UsageError(f"there is no lens {name!r}: use one of {', '.join(names())}{_close(name, names())}")
    content = (resources.files("ckanext.aivision.config") / "lenses" / f"{name}.yaml").read_bytes()
    return parse(content, f"config/lenses/{name}.yaml")


def find(wanted: str) -> Lens:
    """A lens by its name, or the user's own by the path of its file (with a slash, or ending in .yaml or .yml).

    Raises UsageError, on one line, with the file, the line and what to do.
    """
    if "/" not in wanted and not wanted.lower().endswith(_ENDINGS):
        if wanted not in names():
            raise UsageError(
                f"there is no lens {wanted!r}: use one of {', '.join(names())}, or the path of a file, "
                "such as ./my-lens.yaml"
            )
        return load_lens(wanted)
    try:
        with open(wanted, "rb") as file:
            content = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "this is not a valid file name"
        raise UsageError(f"{wanted}: cannot be read: {reason}; use the path of a lens file") from error
    return parse(content, wanted)


def parse(content: bytes, name: str) -> Lens:
    """A lens file's content. Raises UsageError, naming the file and the line, where it is no lens."""
    root: yaml.Node | None = None
    try:
        if len(content) > LARGEST:
            raise _Fault(f"larger than {LARGEST // 1024} KiB, too large for a lens")
        root = _composed(content)
        lens = msgspec.convert(_plain(root), Lens, strict=False)
        _check(lens)
        lens = add_members(lens, load().everything)
    except _Fault as fault:
        raise UsageError(_error_text(name, str(fault), fault.place, fault.line, root)) from fault
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$")
        raise UsageError(_error_text(name, message, _place(path), None, root)) from error
    return lens


def _composed(content: bytes) -> yaml.Node:
    """The document as nodes, which know their lines. Aliases are refused: nine lines of them can stand for millions."""
    try:
        root = nodes(content.decode("utf-8-sig"), _DEEPEST, yaml.BaseLoader)
    except YamlFault as fault:
        messages = {"depth": "nested too deeply for a lens", "syntax": f"not readable as YAML: {fault}"}
        raise _Fault(messages.get(fault.kind, str(fault)), line=fault.line) from fault
    except (ValueError, OverflowError) as error:
        raise _Fault(f"not readable as YAML in UTF-8: {error}") from error
    if not isinstance(root, yaml.MappingNode):
        raise _Fault("not a lens: begin with `name:`, `title:` and so on; docs/reference/lenses.md explains the format")
    return root


def _plain(node: yaml.Node) -> Any:
    """Text, lists and mappings; what is a number is for the form to say."""
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item) for item in node.value]
    if not isinstance(node, yaml.MappingNode):
        return node.value
    found: dict[str, Any] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise _Fault("a key must be one word", line=line)
        if key.value in found:
            raise _Fault(f"`{key.value}` appears twice in one mapping", line=line)
        found[key.value] = _plain(value)
    return found


def _check(lens: Lens) -> None:
    """What the form alone cannot say. Raises _Fault at the first thing that is wrong."""
    if not lens.groups:
        raise _Fault("`groups` is empty: add at least one group with rows", ("groups",))
    for place, group in _groups(lens):
        inner = group.groups if isinstance(group, Group) else []
        _check_dimension(group, place, lens.unit)
        if not (group.rows or group.not_measured or inner or group.dimension):
            raise _Fault(f"group {group.id!r} has neither rows nor groups: give the reason under `not_measured`", place)
    seen: dict[str, set[str]] = {"group": set(), "row": set(), "dimension": set()}
    for place, group in _groups(lens):
        if group.dimension:
            _once(seen["dimension"], group.dimension, f"two groups have the dimension {group.dimension!r}", place)
        _once(seen["group"], group.id, f"two groups are called {group.id!r}", place)
    for place, row in _rows(lens):
        _check_row(row, place, lens.unit)
        _once(seen["row"], row.key, f"{row.key!r} is in two rows and would count twice: keep one", place)
    _check_left_out(lens, seen["row"])
    _check_sums(lens)


def _check_dimension(group: Subgroup, place: Place, unit: str) -> None:
    if group.dimension and group.dimension not in DIMENSIONS:
        raise _Fault(f"no dimension {group.dimension!r}{_close(group.dimension, DIMENSIONS)}", (*place, "dimension"))
    if group.dimension and unit == "points":
        raise _Fault("`dimension` has no points: list the rows", (*place, "dimension"))


def _groups(lens: Lens) -> Iterator[tuple[Place, Subgroup]]:
    for number, group in enumerate(lens.groups):
        yield ("groups", number), group
        for inner, subgroup in enumerate(group.groups):
            yield ("groups", number, "groups", inner), subgroup


def _rows(lens: Lens) -> Iterator[tuple[Place, Row]]:
    for place, group in _groups(lens):
        for number, row in enumerate(group.rows):
            yield (*place, "rows", number), row


def _once(seen: set[str], key: str, message: str, place: Place) -> None:
    if key in seen:
        raise _Fault(message, place)
    seen.add(key)


def _check_row(row: Row, place: Place, unit: str) -> None:
    metrics = [*row.any_of, *row.all_of]
    if bool(row.criterion) == bool(metrics) or (row.any_of and row.all_of):
        raise _Fault("use `criterion`, `any_of` or `all_of`", place)
    if metrics and not (row.id and row.title):
        raise _Fault("a row of metrics needs an `id` and a `title`", place)
    if row.criterion:
        _known_criterion(row.criterion, (*place, "criterion"))
    if row.id in {criterion.id for criterion in load().everything}:
        raise _Fault(f"{row.id!r} is the id of a criterion: choose another id for the row", (*place, "id"))
    if (unit == "points") != (row.points is not None) or (unit == "points" and row.weight is not None):
        needed = "`points`, not `weight`" if unit == "points" else "`weight` or nothing: `points` need `unit: points`"
        raise _Fault(f"give {needed}", place)
    for field, listed in (("any_of", row.any_of), ("all_of", row.all_of)):
        for number, metric in enumerate(listed):
            at: Place = (*place, field, number)
            if metric.of not in PROPERTIES:
                raise _Fault(f"no property {metric.of!r}{_close(metric.of, PROPERTIES)}", (*at, "property"))
            if (metric.test in NEEDS_VALUES) != bool(metric.values):
                raise _Fault(f"`values` belong to {' and '.join(NEEDS_VALUES)}only", at)


def _check_left_out(lens: Lens, used: set[str]) -> None:
    for number, listed in enumerate(lens.left_out):
        for index, id in enumerate(listed.criteria):
            place: Place = ("left_out", number, "criteria", index)
            _known_criterion(id, place)
            _once(used, id, f"{id!r} is used in a row or left out twice", place)


def _check_sums(lens: Lens) -> None:
    for number, group in enumerate(lens.groups):
        _sum(group.points, group.all_rows(), f"the rows of group {group.id!r}", ("groups", number, "points"))
    _sum(lens.total, lens.rows(), "all rows", ("total",))
    if lens.unit == "points" and lens.total is None:
        raise _Fault("a lens with points needs `total`, the sum of its rows")
    limits = [(band.least, band.coverage) for band in lens.bands]
    if limits != sorted(limits, reverse=True) or len({least for least, _ in limits}) < len(limits):
        raise _Fault("list the bands from best to worst, each with a lower `least`", ("bands",))


def _sum(said: float | None, rows: Iterator[Row], what: str, place: Place) -> None:
    found = sum(row.points or 0.0 for row in rows)
    if said is not None and abs(found - said) > 1e-6:
        raise _Fault(f"the points of {what} add up to {found:g}, not to {said:g}", place)


def _known_criterion(id: str, place: Place) -> None:
    ids = [row.id for row in load().everything]
    if id not in ids:
        raise _Fault(f"no criterion {id!r}{_close(id, ids)}; `aivision criteria` lists them", place)


def _close(word: str, known: Sequence[str]) -> str:
    found = difflib.get_close_matches(word, known, 1)
    return f" (do you mean {found[0]!r}?)" if found else ""


def _place(path: str) -> Place:
    """`.groups[0].rows[1].weight` of msgspec's messages, which end in a backtick, as keys and numbers."""
    words = path.rstrip("`").replace("[", ".").replace("]", "").split(".")
    return tuple(int(word) if word.isdecimal() else word for word in words if word and word != "...")


def _error_text(name: str, message: str, place: Place, line: int | None, root: yaml.Node | None) -> str:
    node, keys = root, list(place)
    while keys and (inner := _inner(node, keys[0])) is not None:
        node, keys = inner, keys[1:]
    if line is None and node is not None and place:
        line = node.start_mark.line + 1
    path = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in place).lstrip(".")
    where = f" ({path})" if path else ""
    return " ".join(f"{name}: {f'line {line}: ' if line else ''}{message}{where}".split())


def _inner(node: yaml.Node | None, key: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int):
        return node.value[key] if key < len(node.value) else None
    if isinstance(node, yaml.MappingNode):
        return next((value for found, value in node.value if found.value == str(key)), None)
    return None
