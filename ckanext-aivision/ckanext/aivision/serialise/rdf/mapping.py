"""Which property each field of a record is written with: the table of config/serialise/rdf.csv."""

from __future__ import annotations

import functools
from typing import Literal, NamedTuple

from ckanext.aivision.normalise.vocabulary import rows

Standard = Literal["dcat-ap-3", "dcat-us-3"]
STANDARDS: tuple[Standard, ...] = ("dcat-ap-3", "dcat-us-3")
AS_WRITTEN = "schema:additionalProperty"


class Row(NamedTuple):
    """A field of a part (dataset, distribution) and how it is written in a standard.

    property: its compact name; empty if the field is not given out. own: whether it is one of the standard's own.
    """

    part: str
    field: str
    kind: str
    kind_class: str
    property: str
    own: bool
    remark: str


@functools.cache
def mapping(standard: Standard) -> tuple[Row, ...]:
    """The rows of a standard, in the table's order."""
    column = standard.replace("-", "_")
    return tuple(
        Row(
            row["part"],
            row["field"],
            row["kind"],
            row["class"],
            row[column].strip("()-") if row[column] == "-" else row[column].strip("()"),
            not row[column].startswith("(") and row[column] != "-",
            row["remark"],
        )
        for row in rows("rdf", "serialise")
    )
