"""The rubric: criteria as rows of `config/rubric/*.yaml`, loaded once and checked against the functions."""

from __future__ import annotations

import functools
import string
from importlib import resources
from typing import Literal, TypeVar

import msgspec

from ckanext.aivision.errors import UsageError
from ckanext.aivision.scoring.observations.observations import Depth
from ckanext.aivision.scoring.registry import DIMENSIONS, Check, checks, limits

T = TypeVar("T")


class Criterion(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One row of the rubric: everything about a criterion but its function.

    depth: what has to be looked at: the metadata, the links or the content of the files.
    needs: the fields of a `Dataset` that it looks at.
    form_field: where it is mended in the form of config/schemas/ai_ready_dataset.yaml; `resources` for distributions.
    sources: clauses of published guidance, as `ID clause` (`DOC 2.1.2`); ids stand in `config/guidance.yaml`.
    rule: how the value comes about, where that is more than a yes or no. What stands in braces in the file are the
    limits that the function judges by (`registry.criterion`), which are put in when it is loaded.
    """

    id: str
    question: str
    reason: str
    fix: str
    weight: int
    sources: list[str]
    form_field: str
    needs: list[str]
    rule: str = ""
    dimension: str = ""
    depth: Literal["metadata", "links", "content"] = "metadata"


class Rubric(msgspec.Struct, frozen=True):
    """version: changes whenever a result could change. criteria: of the metadata. profiles: profile -> fields that it
    can carry. everything: the criteria of every depth, in the same order."""

    version: str
    criteria: list[Criterion]
    checks: dict[str, Check]
    profiles: dict[str, frozenset[str]]
    everything: list[Criterion]

    def at(self, depths: tuple[Depth, ...]) -> list[Criterion]:
        """The criteria that can be asked where these depths were looked at, beside the metadata."""
        if not depths:
            return self.criteria
        return [row for row in self.everything if row.depth == "metadata" or row.depth in depths]


class _Profile(msgspec.Struct, forbid_unknown_fields=True):
    label: str
    carries: list[str]


@functools.cache
def load() -> Rubric:
    """The rubric of this installation.

    Raises UsageError if a row has no function, a function no row, or a file is not in the rubric's form.
    """
    functions = checks()
    criteria: list[Criterion] = []
    for dimension in DIMENSIONS:
        rows = _decode(f"rubric/{dimension}.yaml", list[Criterion])
        criteria += [msgspec.structs.replace(row, dimension=dimension) for row in rows]
    ids = [row.id for row in criteria]
    if unmatched := sorted(set(ids) ^ set(functions)):
        raise UsageError(f"rubric and functions differ: {', '.join(unmatched)} is in only one of them")
    if len(set(ids)) < len(ids):
        raise UsageError("rubric: a criterion id appears twice in config/rubric")
    criteria = [msgspec.structs.replace(row, rule=_filled(row)) for row in criteria]
    profiles = _decode("profiles.yaml", dict[str, _Profile])
    version = _read("rubric/VERSION").decode().strip()
    carried = {name: frozenset(profile.carries) for name, profile in profiles.items()}
    shallow = [row for row in criteria if row.depth == "metadata"]
    return Rubric(version, shallow, functions, carried, criteria)


def _filled(row: Criterion) -> str:
    """A rule with its limits. Raises UsageError if it names one that the function has not, or leaves one out."""
    known = limits()[row.id]
    try:
        named = {name for _, name, _, _ in string.Formatter().parse(row.rule) if name is not None}
    except ValueError as error:
        raise UsageError(f"rubric: the rule of {row.id} cannot be read: {error}") from error
    if unmatched := sorted(named ^ set(known)):
        raise UsageError(f"rubric: the rule of {row.id} and its function differ: {', '.join(unmatched)}")
    return row.rule.format(**known)


def _read(name: str) -> bytes:
    return (resources.files("ckanext.aivision.config") / name).read_bytes()


def _decode(name: str, form: type[T]) -> T:
    try:
        return msgspec.yaml.decode(_read(name), type=form)
    except (OSError, msgspec.DecodeError) as error:
        # What is no YAML is told on several lines.
        raise UsageError(f"config/{name}: {' '.join(str(error).split())}") from error
