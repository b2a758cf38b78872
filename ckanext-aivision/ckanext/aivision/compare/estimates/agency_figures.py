"""The figures of an agency, as the API's reference and the file to download describe them."""

from __future__ import annotations

import typing
from typing import Any, NamedTuple

import msgspec

from ckanext.aivision.compare.estimates.figures import Agency, Label


class AgencyFigure(NamedTuple):
    """name: of the field. type: str, int, float or bool."""

    name: str
    label: Label
    type: type

    def __str__(self) -> str:
        """As the reference has it: `known (per cent; the share of the questions with an answer)`."""
        words = self.label.description
        about = "; ".join(filter(None, (self.label.unit, words[:1].lower() + words[1:])))
        return f"{self.name} ({about})" if about else self.name


def _figure(name: str, annotated: Any) -> AgencyFigure:
    value, label = typing.get_args(annotated)
    # Of `float | None`, the first.
    return AgencyFigure(name, label, next(iter(typing.get_args(value)), value))


AGENCY_FIGURES = tuple(_figure(row.name, row.type) for row in msgspec.structs.fields(Agency) if not row.required)
