"""One JSON text, read piece by piece in constant memory with the standard library's C scanner.

Why not a SAX-like parser: yajl (ijson) turns a lone `\\ud83d` into a question mark without a word, gives up on the
whole file at an integer of more than 64 bits, keeps a path for each open bracket (400 KB of brackets fill the memory),
and is four times as slow on a real catalogue. Here each record is one call of the scanner on a window of text, so that
a fault is the fault of one record wherever it can be.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ckanext.aivision.errors import SourceError

# One value (a record, or what stands beside the records) may be this long. The largest real ones have about 10 MB.
MAX_VALUE = 64 * 1024 * 1024  # characters

# An error this near to the end of the window may only mean that the value goes on in the next piece.
_NEAR = 24

# A number this near to the end of the window may go on in the next piece (`1.`, `1e+`).
_LONGEST_CUT = 4


class TextCut(SourceError):
    """A JSON text that ends in the middle of a value."""


REPEATED = "repeated:"
_CUT = "the text ends in the middle of a value"
_NO_NAME = "here belongs the name of a member, in double quotes"
_SPARE_COMMA = "a comma before `{}`, where nothing follows: take the comma out"
# Beginnings of the scanner's messages -> what is wrong, with the character there.
_FAULTS = {
    "Expecting property name": _NO_NAME,
    "Expecting ',' delimiter": "here belongs a comma or the end of the object or list, not `{}`",
    "Expecting ':' delimiter": "after the name of a member belongs a colon, not `{}`",
    "Invalid \\escape": "a backslash in a text that begins no escape: write two",
    "Invalid \\uXXXX": "after `\\u` belong four hexadecimal digits",
    "no JSON value": "`{}` begins no value: a text needs double quotes, true, false and null small letters",
}
# What may be the beginning of something that was cut: white space, a word, the rest of a number or of an escape.
_BEGUN = re.compile(
    r"\s*|-?(?:t|tr|tru|f|fa|fal|fals|n|nu|nul|N|Na|I|In|Inf|Infi|Infin|Infini|Infinit)?|\.?[eE]?[+-]?|"
    r"\\?u?[0-9A-Fa-f]{0,4}"
)

Scan = Callable[[str, int], tuple[Any, int]]

_space = re.compile(r"[ \t\n\r]*").match


def without_repeated(pairs: Iterable[tuple[str, Any]], told: Callable[[str], None]) -> dict[str, Any]:
    """The members of an object in which names stand twice: of equal names the first one that says something.

    told: is given `repeated:NAME: VALUE` of each that was left out.
    """
    members: dict[str, Any] = {}
    for name, value in pairs:
        if name not in members:
            members[name] = value
            continue
        kept, left_out = (value, members[name]) if _is_empty(members[name]) else (members[name], value)
        members[name] = kept
        if not _is_empty(left_out) and left_out != kept:
            told(f"{REPEATED}{name[:100]}: {left_out!s:.200}")
        else:
            told(f"{REPEATED}{name[:100]}")
    return members


def _is_empty(value: Any) -> bool:
    return value in (None, "", [], {}) or (isinstance(value, str) and not value.strip())


class JsonText:
    """A cursor on a JSON text.

    chunks: the text in pieces.
    name: what to call the text in messages.
    mended: repairs made since it was last emptied: `nan:` and `number:` with the first that was written, `control`, and
    `repeated:` with the name and the value of a member that stands twice (`without_repeated`).
    Every method raises SourceError where the text is no JSON or ends too early.
    """

    def __init__(self, chunks: Iterator[str], name: str, line: int = 1) -> None:
        """line: the number of the text's first line, where it is a part of a document."""
        self._chunks = chunks
        self._name = name
        self._window = ""
        self._at = self._value_at = 0
        self._passed = 0
        # Of the text that was passed: its lines, and the characters of it in the line that the window begins in.
        self._line, self._column = line, 0
        self._ended = False
        self.mended: set[str] = set()
        numbers = {
            "object_pairs_hook": self._object,
            "parse_constant": self._constant,
            "parse_int": self._integer,
            "parse_float": self._number,
        }
        self._scan = json.JSONDecoder(**numbers).scan_once  # type: ignore[arg-type,attr-defined]
        self._scan_leniently = json.JSONDecoder(strict=False, **numbers).scan_once  # type: ignore[arg-type,attr-defined]

    @property
    def position(self) -> int:
        """Characters before the cursor, counted from the beginning of the text."""
        return self._passed + self._at

    def peek(self) -> str:
        """The next character that is no white space; empty at the end of the text."""
        while True:
            self._at = _space(self._window, self._at).end()  # type: ignore[union-attr]
            if self._at < len(self._window):
                return self._window[self._at]
            if not self._more():
                return ""

    def take(self, expected: str) -> None:
        """Steps over one punctuation character."""
        if (found := self.peek()) != expected:
            raise self._fault(f"`{expected}` is missing" if found else _CUT, kind=SourceError if found else TextCut)
        self._at += 1

    def value(self) -> Any:
        """The JSON value at the cursor: str, int, float, bool, None, list or dict."""
        if self.peek() == "":
            raise self._fault("it ends where a value is expected")
        while True:
            value, end, fault = self._attempt(self._scan)
            if fault.startswith("Invalid control character"):
                value, end, fault = self._attempt(self._scan_leniently)
                if not fault:
                    self.mended.add("control")
            if fault:
                self._read_on(end, fault)
            elif self._ended or end <= len(self._window) - _LONGEST_CUT:
                self._value_at, self._at = self._at, end
                return value
            else:
                self._more()

    def last_text(self) -> str:
        """The text of the value that was read last, while nothing has been asked for since."""
        return self._window[self._value_at : self._at]

    def items(self) -> Iterator[None]:
        """Steps from element to element of the array at the cursor. Read each one before asking for the next."""
        self.take("[")
        if self.peek() == "]":
            self._at += 1
            return
        while True:
            yield None
            if self.peek() == "]":
                self._at += 1
                return
            self.take(",")
            self._refuse_end("]")

    def elements(self) -> Iterator[Any]:
        """The elements of the array at the cursor, one by one."""
        for _ in self.items():
            yield self.value()

    def members(self) -> Iterator[str]:
        """The names of the members of the object at the cursor. Read each one's value before asking for the next."""
        self.take("{")
        if self.peek() == "}":
            self._at += 1
            return
        while True:
            if (found := self.peek()) != '"':
                raise self._fault(_NO_NAME if found else _CUT, kind=SourceError if found else TextCut)
            key = self.value()
            self.take(":")
            yield key
            if self.peek() == "}":
                self._at += 1
                return
            self.take(",")
            self._refuse_end("}")

    def _refuse_end(self, end: str) -> None:
        """Raises SourceError if nothing follows a comma."""
        if self.peek() == end:
            raise self._fault(_SPARE_COMMA.format(end))

    def _attempt(self, scan: Scan) -> tuple[Any, int, str]:
        """The value, its end and an empty text; or None, the place of the fault and its name."""
        try:
            value, end = scan(self._window, self._at)
        except json.JSONDecodeError as error:
            return None, error.pos, error.msg
        except StopIteration as stop:
            return None, int(stop.value), "no JSON value"
        except RecursionError as error:
            raise self._fault("brackets are nested too deeply") from error
        return value, end, ""

    def _read_on(self, position: int, fault: str) -> None:
        """After a fault that may only mean that the value goes on in the next piece."""
        if not (fault.startswith("Unterminated string") or position >= len(self._window) - _NEAR):
            raise self._fault(self._describe(fault, position), position)
        if len(self._window) - self._at > MAX_VALUE:
            raise self._fault(f"a record is longer than {MAX_VALUE:,} characters")
        start = self._at
        if not self._more():
            position -= start  # The window begins at the cursor now.
            if fault.startswith("Unterminated string") or _BEGUN.fullmatch(self._window, position):
                raise self._fault(_CUT, len(self._window), TextCut)
            raise self._fault(self._describe(fault, position), position)

    def _describe(self, fault: str, position: int) -> str:
        """What is wrong at a place of the window. fault: as the scanner names it."""
        found = self._window[position : position + 1]
        before = self._window[self._at : position].rstrip()
        if found in ("}", "]") and before.endswith(","):
            return _SPARE_COMMA.format(found)
        if fault.startswith("Illegal trailing comma"):
            return _SPARE_COMMA.format(self._window[position + 1 :].lstrip()[:1] or "}")
        told = next((message for name, message in _FAULTS.items() if fault.startswith(name)), fault)
        return told.format(found if found.isprintable() else "a control character")

    def _more(self) -> bool:
        """Reads on, and forgets what was passed. Doubles the window, so that a long value costs linear time."""
        pieces = [self._window[self._at :]]
        wanted, got = max(1, len(pieces[0])), 0
        while got < wanted and not self._ended:
            chunk = next(self._chunks, None)
            if chunk is None:
                self._ended = True
            else:
                pieces.append(chunk)
                got += len(chunk)
        passed = self._window[: self._at]
        self._passed += self._at
        if lines := passed.count("\n"):
            self._line, self._column = self._line + lines, self._at - passed.rindex("\n") - 1
        else:
            self._column += self._at
        self._at = 0
        self._window = "".join(pieces)
        return got > 0

    def _fault(self, message: str, position: int | None = None, kind: type[SourceError] = SourceError) -> SourceError:
        """position: in the window; the cursor where None."""
        before = self._window[: self._at if position is None else position]
        lines = before.count("\n")
        column = len(before) - before.rindex("\n") if lines else self._column + len(before) + 1
        return kind(
            f"{self._name} is not readable as JSON at line {self._line + lines:,}, column {column:,}: {message}. Fix "
            "the file at the source"
        )

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        return members if len(members) == len(pairs) else without_repeated(pairs, self.mended.add)

    def _note(self, kind: str, written: str) -> None:
        """Notes the first repair of a kind. written: what was repaired, of which 200 characters are told."""
        if not any(item.startswith(kind) for item in self.mended):
            self.mended.add(f"{kind}:{written:.200}")

    def _constant(self, written: str) -> None:
        """NaN and Infinity are no JSON (RFC 8259, section 6), but some programs write them for a missing value."""
        self._note("nan", written)

    def _integer(self, digits: str) -> int | str:
        # 19 digits are fewer than 2 to the power of 64; a longer text may be a number of any size.
        if len(digits.lstrip("-")) <= 19:
            return int(digits)
        self._note("number", digits)
        return digits

    def _number(self, digits: str) -> float | str:
        value = float(digits)
        if value in (float("inf"), float("-inf")):
            self._note("number", digits)
            return digits
        return value
