"""How much facts can earn that are told in free text alone: `config/rubric/free_text.yaml`."""

from __future__ import annotations

import functools
from importlib import resources

import msgspec

from ckanext.aivision.errors import UsageError

FILE = "config/rubric/free_text.yaml"


class FreeText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """most: points of 100. fields: of a dataset, that hold free text. but: ids of criteria that judge the text itself.
    rule: the same in words; `{most}` stands for the number."""

    most: float
    fields: frozenset[str]
    but: frozenset[str]
    rule: str


@functools.cache
def load_free_text() -> FreeText:
    """What the file says. Raises UsageError if the file is not so."""
    path = resources.files("ckanext.aivision.config") / "rubric" / "free_text.yaml"
    try:
        return msgspec.yaml.decode(path.read_bytes(), type=FreeText)
    except (OSError, msgspec.DecodeError) as error:
        raise UsageError(f"{FILE}: {' '.join(str(error).split())}") from error
