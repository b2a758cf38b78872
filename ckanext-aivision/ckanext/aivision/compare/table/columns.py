"""The columns of the table of datasets, with their types and what they hold: the snapshot's and the dump's too."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from ckanext.aivision.compare.estimates.sample import CriterionLike

_NOT_NAME = re.compile(r"[^a-z0-9]+")


class Column(NamedTuple):
    """type: of DuckDB and Parquet. text: what it holds, with the unit."""

    name: str
    type: str
    text: str


FIXED = (
    Column(
        "id", "VARCHAR", "The dataset's id in this catalogue; in a directory of a harvest, the source's identifier."
    ),
    Column("name", "VARCHAR", "The name in the address of the dataset's page; empty in a directory of a harvest."),
    Column("title", "VARCHAR", "The title, as the record has it."),
    Column("country", "VARCHAR", "The publisher's country, ISO 3166-1 alpha-2."),
    Column("level", "VARCHAR", "Level of government: national, devolved, regional or local; empty if not known."),
    Column("agency", "VARCHAR", "The agency's id, such as us-026 or gb-SLUG; empty if it could not be placed."),
    Column("publisher", "VARCHAR", "The publisher's id, the same however a record spells it; empty if none is named."),
    Column("publisher_title", "VARCHAR", "The publisher's name, as most of its datasets spell it."),
    Column("source", "VARCHAR", "The source that it was harvested from; empty for one published here."),
    Column("sample", "BOOLEAN", "Whether it is a made-up sample, which no comparison counts beside real datasets."),
    Column("themes", "VARCHAR[]", "Its themes, by the slugs of the themes that datasets are compared by."),
    Column("kinds", "VARCHAR[]", "The kinds of data it holds: tabular, geospatial, api and so on."),
    Column("formats", "VARCHAR[]", "The formats of its distributions."),
    Column("licence", "VARCHAR", "The licence's SPDX identifier, or ours where SPDX has none; empty if none is known."),
    Column(
        "licence_class", "VARCHAR", "What the terms allow: open, restricts, forbids, own-terms or none (nothing said)."
    ),
    Column("year", "SMALLINT", "The year of the last change that the record states, else of its publication."),
    Column(
        "looked_at",
        "VARCHAR",
        "What its own page's evaluation rests on beside the metadata: links, content, both or nothing.",
    ),
    Column("grade", "VARCHAR", "The grade, A to E, from the metadata alone."),
    Column("gate", "VARCHAR", "The gate that limits the grade; empty if none does."),
    Column("score", "DOUBLE", "The score, 0 to 100 points, from the metadata alone; empty if nothing is known."),
    Column("coverage", "DOUBLE", "The share of the questions, by weight, that have an answer, 0 to 1."),
    Column("reference_date", "DATE", "The day (UTC) as of which it was evaluated."),
    Column("modified", "TIMESTAMP", "When it last changed in the catalogue (UTC); empty in a directory of a harvest."),
    Column("not_applicable", "VARCHAR[]", "The ids of the criteria that do not apply to it."),
)


def columns(criteria: Sequence[CriterionLike], dimensions: Sequence[str]) -> list[Column]:
    """All columns, in their order: the fixed ones, one a dimension, one a criterion of the rubric."""
    return [
        *FIXED,
        *(
            Column(name_of(id), "DOUBLE", f"Score of the dimension {id}, 0 to 100 points; empty if unknown.")
            for id in dimensions
        ),
        *(
            Column(
                name_of(row.id), "DOUBLE", f"{row.question} 1 is a pass, 0 a fail; empty if unknown or not applicable."
            )
            for row in criteria
            if of_rubric(row)
        ),
    ]


def of_rubric(row: CriterionLike) -> bool:
    """Whether it is one of the rubric's criteria; what a lens asks of records (`compare.lens.result_id`) is not."""
    return is_criterion(row.id)


def is_criterion(id: str) -> bool:
    """Whether what stands under this id in a table is a criterion of the rubric, as of `of_rubric`."""
    return "/" not in id


def name_of(id: str) -> str:
    """The column of a dimension or criterion: `licence-open` is in `licence_open`."""
    return _NOT_NAME.sub("_", id)
