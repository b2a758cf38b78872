"""Detect the encoding of a text file, and how it was detected."""

from __future__ import annotations

import codecs
import re
from typing import BinaryIO, Literal, NamedTuple

from ckanext.aivision.content.limits import Unprofiled
from ckanext.aivision.harvesters.parsing.decoding import detect_charset

_PIECE = 1024 * 1024  # bytes
_HEAD = 64 * 1024  # bytes
# Control characters that text files hold: tab, line feed, form feed, carriage return, and the end of file of MS-DOS.
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x19\x1b-\x1f\x7f]")
_MOST_CONTROLS = 0.001


class Encoding(NamedTuple):
    """name: Python's. mark: length of the byte order mark."""

    name: str
    told_by: Literal["byte order mark", "its bytes", "guess"]
    mark: int = 0


def encoding_of(file: BinaryIO) -> Encoding:
    """Reads the whole file and goes back to its start. Raises Unprofiled if it is no text.

    What is no UTF-8 and has no mark is taken for Windows-1252, the encoding of most such files in both countries: a
    guess, for every file of single bytes could be that.
    """
    head = file.read(_HEAD)
    file.seek(0)
    name, mark = detect_charset(head[:4])
    if mark:
        return Encoding(name, "byte order mark", mark)
    if name != "utf-8":
        return Encoding(name, "its bytes")
    if len(_CONTROL.findall(head)) > _MOST_CONTROLS * len(head):
        raise Unprofiled("not-text", "it contains zero bytes or other control characters, so it is not a text file")
    return Encoding("utf-8", "its bytes") if _is_utf8(file) else Encoding("cp1252", "guess")


def _is_utf8(file: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while piece := file.read(_PIECE):
            decoder.decode(piece)
    except UnicodeDecodeError:
        return False
    finally:
        file.seek(0)
    return True
