"""The rules of `config/vocabularies/mentions.yaml`, as the file has them."""

from __future__ import annotations

import functools
from importlib import resources

import msgspec

from ckanext.aivision.errors import UsageError

# A rule is looked for so many characters before one of its phrases.
BEFORE = 80


class RuleRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule as the file has it, in lower case. near: phrases, one of which stands in every hit. before: how far in
    front of it a hit may begin."""

    near: list[str]
    pattern: str
    unless: str = ""
    before: int = BEFORE


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    any_sentence: list[str]
    named: list[str]
    no_names: list[str]
    ruled_out: dict[str, str]
    fragments: dict[str, str]
    subjects: dict[str, list[RuleRow]]


@functools.cache
def load_rows() -> dict[str, list[RuleRow]]:
    """The rules by subject as the file has them, with fragments put in. Raises UsageError if the file is not so."""
    table = load_table()
    return {subject: [_filled(row, table.fragments) for row in listed] for subject, listed in table.subjects.items()}


def load_table() -> Table:
    """The file. Raises UsageError if it is not so."""
    path = resources.files("ckanext.aivision.config") / "vocabularies" / "mentions.yaml"
    try:
        table = msgspec.yaml.decode(path.read_bytes(), type=Table)
    except (OSError, msgspec.DecodeError) as error:
        # What is no YAML is told on several lines.
        raise UsageError(f"config/vocabularies/mentions.yaml: {' '.join(str(error).split())}") from error
    for name in ("any_sentence", "named", "no_names", "ruled_out"):
        if unknown := set(getattr(table, name)) - set(table.subjects):
            raise UsageError(f"config/vocabularies/mentions.yaml, {name}: no subject {', '.join(sorted(unknown))}")
    return table


def _filled(row: RuleRow, fragments: dict[str, str]) -> RuleRow:
    pattern, unless = row.pattern, row.unless
    for name, fragment in fragments.items():
        pattern, unless = pattern.replace(f"<{name}>", fragment), unless.replace(f"<{name}>", fragment)
    return RuleRow(row.near, pattern, unless, row.before)
