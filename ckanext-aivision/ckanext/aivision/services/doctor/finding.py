"""What a check of an installation finds."""

from __future__ import annotations

from typing import Literal

import msgspec

Level = Literal["ok", "warning", "error"]


class Finding(msgspec.Struct, frozen=True):
    """check: what was looked at. message: what there is. advice: what to do, for a warning or an error."""

    check: str
    level: Level
    message: str
    advice: str = ""


def ok(check: str, message: str) -> Finding:
    return Finding(check, "ok", message)


def warning(check: str, message: str, advice: str) -> Finding:
    return Finding(check, "warning", message, advice)


def error(check: str, message: str, advice: str) -> Finding:
    return Finding(check, "error", message, advice)
