"""The settings of a source as a table: those of `Source`, and those that this catalogue keeps beside it."""

from __future__ import annotations

import functools
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta, inspect

from ckanext.aivision.harvesters.sources.source import Source


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """What this catalogue keeps of a source: when it is harvested, and who may do so. Rows as in `Source`."""

    schedule: Annotated[
        str,
        Meta(
            title="Schedule",
            description="How often it is harvested automatically: manual, daily, weekly or monthly. Manual means only "
            "when somebody starts it.",
            extra={"blank": ""},
        ),
    ] = "manual"
    priority: Annotated[
        int,
        Meta(
            title="Priority",
            description="Of the sources that are due, the one with the highest number is harvested first.",
            ge=-1000,
            le=1000,
        ),
    ] = 0
    owner_org: Annotated[
        str,
        Meta(
            title="Owner",
            description="The organization whose admins can see and harvest this source: its id, or its name as in the "
            "last part of its page’s address.",
        ),
    ] = ""


class Setting(NamedTuple):
    """A field of a struct that has a title.

    default: None if it must be given. least, most: of a number; None for text. is_whole: whether it is a number without
    fractions. longest: of a text, in characters. blank: as in `Source`; None if it is not chosen from a list.
    """

    name: str
    title: str
    description: str
    default: str | float | None
    least: float | None
    most: float | None
    is_whole: bool
    longest: int | None
    blank: str | None

    @property
    def is_number(self) -> bool:
        return self.least is not None

    @property
    def is_required(self) -> bool:
        return self.default is None


@functools.cache
def settings_of(struct: type[msgspec.Struct]) -> tuple[Setting, ...]:
    """The settings among the fields of a struct, in their order."""
    described = inspect.type_info(struct)
    assert isinstance(described, inspect.StructType)
    return tuple(_setting(field, field.type) for field in described.fields if isinstance(field.type, inspect.Metadata))


def all_settings() -> tuple[Setting, ...]:
    """What the form and the API set: the source's own, and what this catalogue keeps of it."""
    return (*settings_of(Source), *settings_of(Listing))


def _setting(field: inspect.Field, described: inspect.Metadata) -> Setting:
    words, more, kind = described.extra_json_schema or {}, described.extra or {}, described.type
    number = kind if isinstance(kind, inspect.IntType | inspect.FloatType) else None
    return Setting(
        name=field.name,
        title=words["title"],
        description=words["description"],
        default=None if field.required else field.default,
        least=number.ge if number is not None else None,
        most=number.le if number is not None else None,
        is_whole=isinstance(kind, inspect.IntType),
        longest=kind.max_length if isinstance(kind, inspect.StrType) else None,
        blank=more.get("blank"),
    )
