"""One JSON text, read piece by piece in constant memory with the standard library's C scanner.

Why not a SAX-like parser: yajl (ijson) turns a lone `\\ud83d` into a question mark without a word, gives up on the
whole file at an integer of more than 64 bits, keeps a path for each open bracket (400 KB of brackets fill the memory),
and is four times as slow on a real catalogue. Here each record is one call of the scanner on a window of text, so that
a fault is the fault of one record wherever it can be.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
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


Scan = Callable[[str, int], tuple[Any, int]]

_space = re.compile(r"[ \t\n\r]*").match


class JsonText:
    """A cursor on a JSON text.

    chunks: the text in pieces.
    name: what to call the text in messages.
    mended: kinds of repair made since it was last emptied: `nan`, `number`, `control`.
    Every method raises SourceError where the text is no JSON or ends too early.
    """

    def __init__(self, chunks: Iterator[str], name: str) -> None:
        self._chunks = chunks
        self._name = name
        self._window = ""
        self._at = self._value_at = 0
        self._passed = 0
        self._ended = False
        self.mended: set[str] = set()
        numbers = {"parse_constant": self._constant, "parse_int": self._integer, "parse_float": self._number}
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
        if self.peek() != expected:
            raise self._fault(f"`{expected}` is missing")
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
            if self.peek() != '"':
                raise self._fault("the name of a member is missing")
            key = self.value()
            self.take(":")
            yield key
            if self.peek() == "}":
                self._at += 1
                return
            self.take(",")

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
            raise self._fault(fault, position)
        if len(self._window) - self._at > MAX_VALUE:
            raise self._fault(f"a record is longer than {MAX_VALUE:,} characters")
        if not self._more():
            message = "the text ends in the middle of a value"
            raise TextCut(str(self._fault(message, len(self._window))))

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
        self._passed += self._at
        self._at = 0
        self._window = "".join(pieces)
        return got > 0

    def _fault(self, message: str, position: int | None = None) -> SourceError:
        place = self._passed + (self._at if position is None else position)
        return SourceError(
            f"{self._name} is not readable as JSON at character {place:,}: {message}. Fix the file at the source"
        )

    def _constant(self, _: str) -> None:
        """NaN and Infinity are no JSON (RFC 8259, section 6), but some programs write them for a missing value."""
        self.mended.add("nan")

    def _integer(self, digits: str) -> int | str:
        # 19 digits are fewer than 2 to the power of 64; a longer text may be a number of any size.
        if len(digits.lstrip("-")) <= 19:
            return int(digits)
        self.mended.add("number")
        return digits

    def _number(self, digits: str) -> float | str:
        value = float(digits)
        if value in (float("inf"), float("-inf")):
            self.mended.add("number")
            return digits
        return value
