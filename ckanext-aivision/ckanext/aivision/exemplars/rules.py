"""What is shown of a record as an example of a criterion: `config/exemplars.yaml`."""

from __future__ import annotations

import functools
import re
from importlib import resources
from typing import Literal

import msgspec

from ckanext.aivision.errors import UsageError
from ckanext.aivision.record import Dataset, Distribution

FILE = "config/exemplars.yaml"
Shape = Literal["passage", "opening", "values"]


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How the example of one criterion is found; the file says what each member is."""

    shape: Shape
    field: str
    beside: tuple[str, ...] = ()
    of_file: tuple[str, ...] = ()
    names_it: str = ""
    unless: str = ""
    shared: bool = False
    plainly: bool = False

    def is_named(self, text: str) -> bool:
        """Whether a text speaks of the matter in so many words; always so where the file has none."""
        return not self.names_it or _compiled(self.names_it).search(text.lower()) is not None

    def is_ruled_out(self, text: str) -> bool:
        """Whether a text has words that show that it is of another matter."""
        return bool(self.unless) and _compiled(self.unless).search(text.lower()) is not None


@functools.cache
def load_rules() -> dict[str, Rule]:
    """The rules by the criterion's id. Raises UsageError if the file is not so."""
    path = resources.files("ckanext.aivision.config") / "exemplars.yaml"
    try:
        found = msgspec.yaml.decode(path.read_bytes(), type=dict[str, Rule])
        for id, rule in found.items():
            _check(id, rule)
    except (OSError, msgspec.DecodeError, re.error) as error:
        raise UsageError(f"{FILE}: {' '.join(str(error).split())}") from error
    return found


def _check(id: str, rule: Rule) -> None:
    wrong = [name for name in (rule.field, *rule.beside) if name not in Dataset.__struct_fields__]
    wrong += [name for name in rule.of_file if name not in Distribution.__struct_fields__]
    if wrong:
        raise UsageError(f"{FILE}: {id}: a record has no field {', '.join(wrong)}")
    for pattern in (rule.names_it, rule.unless):
        _compiled(pattern)


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
