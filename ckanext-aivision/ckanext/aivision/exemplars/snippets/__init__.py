"""An excerpt of a record in the formats that publishers write: the fields that a criterion is about, to be copied."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ckanext.aivision.exemplars.snippets import ckan_package, dcat_ap, dcat_us, dcat_us_3
from ckanext.aivision.record import Dataset


class Snippet(NamedTuple):
    """format: its name, as people call it."""

    format: str
    text: str


_WRITERS: tuple[tuple[str, Callable[[Dataset], str]], ...] = (
    ("DCAT-US 1.1 (JSON)", dcat_us.write),
    ("DCAT-US 3 (JSON-LD)", dcat_us_3.write),
    ("CKAN (package JSON)", ckan_package.write),
    ("DCAT-AP (Turtle)", dcat_ap.write),
)


def snippets_of(part: Dataset) -> list[Snippet]:
    """An excerpt (exemplars.excerpts) in every format: what a format has no field for stands in the description."""
    return [Snippet(name, write(part)) for name, write in _WRITERS]
