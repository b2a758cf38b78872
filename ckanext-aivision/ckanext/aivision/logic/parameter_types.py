"""What the parameters of actions can be: each type reads a value, and describes itself as JSON Schema.

The description is that of docs of the API (`logic.open_api`), and the value that an action gets is what `read` makes of
the caller's: both come from one declaration.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import msgspec
from ckan.plugins import toolkit

from ckanext.aivision.catalogue.sources.settings import Setting

Schema = dict[str, Any]
_LONGEST = 2000
_MOST_VALUES = 100
# Of PostgreSQL's bigint, and as many digits as that has.
_LARGEST = 2**63 - 1
_DIGITS = re.compile(r"\s*[+-]?\d{1,19}\s*", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_WORDS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}


class Parameter(msgspec.Struct, frozen=True, kw_only=True):
    """A parameter of an action. required: whether a call without it is refused."""

    required: bool = False

    def read(self, value: Any) -> Any:
        """The value that the action gets for one that is given, which is not empty. Raises toolkit.Invalid."""
        raise NotImplementedError

    def schema(self) -> Schema:
        """JSON Schema of the values that are accepted."""
        raise NotImplementedError


class Text(Parameter, frozen=True, kw_only=True):
    """Text. longest: in characters. empty_counts: whether an empty text is a value, and not as good as none."""

    longest: int = _LONGEST
    empty_counts: bool = False

    def read(self, value: Any) -> str:
        return plain_text(value, self.longest)

    def schema(self) -> Schema:
        return {"type": "string", "maxLength": self.longest}


class Choice(Parameter, frozen=True, kw_only=True):
    """One of a list. known: gives the list. usual: what is meant if nothing is given; empty if nothing is."""

    known: Callable[[], Sequence[str]]
    usual: str = ""

    def read(self, value: Any) -> str:
        # An address has a plus for a blank, which some send as %2B.
        text = " ".join(plain_text(value, _LONGEST).split())
        if text not in self.known():
            _refuse(toolkit._("Use one of: {known}").format(known=", ".join(self.known())))
        return text

    def schema(self) -> Schema:
        return {"type": "string", "enum": list(self.known()), **({"default": self.usual} if self.usual else {})}


class Whole(Parameter, frozen=True, kw_only=True):
    """A whole number, as JSON has it or as text. usual: what is meant if nothing is given; None if nothing is."""

    least: int = 1
    most: int = _LARGEST
    usual: int | None = None

    def read(self, value: Any) -> int:
        # 1.5 and true are no whole numbers, although Python makes 1 of them.
        is_number = isinstance(value, int) and not isinstance(value, bool)
        text = value if isinstance(value, str) and _DIGITS.fullmatch(value) else ""
        number = value if is_number else int(text) if text else None
        if number is None or not self.least <= number <= self.most:
            message = toolkit._("Enter a whole number from {least} to {most}")
            _refuse(message.format(least=self.least, most=self.most))
        return int(number)

    def schema(self) -> Schema:
        usual = {"default": self.usual} if self.usual is not None else {}
        return {"type": "integer", "minimum": self.least, "maximum": self.most, **usual}


class Flag(Parameter, frozen=True, kw_only=True):
    """true or false, as JSON has them or as words. usual: what is meant if nothing is given; None if nothing is."""

    usual: bool | None = None

    def read(self, value: Any) -> bool:
        found = value if isinstance(value, bool) else _WORDS.get(str(value).strip().lower())
        if found is None or isinstance(value, float):
            _refuse(toolkit._("This must be true or false"))
        return found

    def schema(self) -> Schema:
        return {"type": "boolean", **({"default": self.usual} if self.usual is not None else {})}


class Day(Parameter, frozen=True, kw_only=True):
    """A day of the calendar. The action gets the text, as it stands in addresses of pages too."""

    def read(self, value: Any) -> str:
        text = plain_text(value, _LONGEST).strip()
        try:
            if not _DAY.fullmatch(text):
                raise ValueError
            return datetime.date.fromisoformat(text).isoformat()
        except ValueError:
            _refuse(toolkit._("Enter a day, such as 2026-11-01"))

    def schema(self) -> Schema:
        return {"type": "string", "format": "date"}


class Several(Parameter, frozen=True, kw_only=True):
    """A text, or a list of texts. known: gives those that can be; the action itself refuses others. most: how many."""

    longest: int = _LONGEST
    most: int = _MOST_VALUES
    known: Callable[[], Sequence[str]] | None = None

    def read(self, value: Any) -> list[str]:
        values = value if isinstance(value, list) else [value]
        if len(values) > self.most:
            _refuse(toolkit._("Use at most {most} values").format(most=self.most))
        # A number stands for its digits, as a year does.
        texts = [str(one) if isinstance(one, int) and not isinstance(one, bool) else one for one in values]
        return [plain_text(one, self.longest) for one in texts]

    def schema(self) -> Schema:
        known = {"enum": list(self.known())} if self.known is not None else {"maxLength": self.longest}
        return {"type": "array", "items": {"type": "string", **known}, "maxItems": self.most}


class Fields(Parameter, frozen=True, kw_only=True):
    """An object of fields and their values, whatever they are. longest: in characters of its JSON."""

    longest: int

    def read(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            _refuse(toolkit._("This must be an object of fields and their values"))
        try:
            size = len(msgspec.json.encode(value))
        except (TypeError, ValueError, RecursionError):
            _refuse(toolkit._("This must be an object that JSON can hold, with texts in UTF-8"))
        if size > self.longest:
            _refuse(
                toolkit._("Use at most {most} characters; these are {number}").format(most=self.longest, number=size)
            )
        return value

    def schema(self) -> Schema:
        return {"type": "object"}


class Rows(Parameter, frozen=True, kw_only=True):
    """A list of objects, such as the rows of a spreadsheet by their headers. longest: in characters of its JSON."""

    longest: int
    most: int

    def read(self, value: Any) -> list[dict[str, Any]]:
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            _refuse(toolkit._("This must be a list of objects"))
        if len(value) > self.most:
            _refuse(toolkit._("Use at most {most} values").format(most=self.most))
        Fields(longest=self.longest).read({"rows": value})
        return value

    def schema(self) -> Schema:
        return {"type": "array", "items": {"type": "object"}, "maxItems": self.most}


class SettingOf(Parameter, frozen=True, kw_only=True):
    """A setting of a source, which the action's own validation schema reads (`logic.source_schema`)."""

    setting: Setting

    def read(self, value: Any) -> Any:
        return in_utf_8(value) if isinstance(value, str) else value

    def schema(self) -> Schema:
        setting = self.setting
        if not setting.is_number:
            longest = {"maxLength": setting.longest} if setting.longest else {}
            return {"type": "string", **longest}
        kind = "integer" if setting.is_whole else "number"
        return {"type": kind, "minimum": setting.least, "maximum": setting.most, "default": setting.default}


def plain_text(value: Any, longest: int) -> str:
    """The text in a value. Raises toolkit.Invalid for what is none, or what PostgreSQL and Solr cannot store.

    That is a NUL, and a half of a surrogate pair, which JSON can have.
    """
    if not isinstance(value, str) or "\0" in value:
        _refuse(toolkit._("This must be text"))
    if len(value) > longest:
        message = toolkit._("Use at most {most} characters; these are {number}")
        _refuse(message.format(most=longest, number=len(value)))
    return in_utf_8(value)


def in_utf_8(value: str) -> str:
    """A text. Raises toolkit.Invalid for a half of a surrogate pair, which JSON can have and UTF-8 has not."""
    try:
        value.encode()
    except UnicodeEncodeError:
        _refuse(toolkit._("This must be text in UTF-8"))
    return value


def _refuse(message: str) -> NoReturn:
    raise toolkit.Invalid(message)
