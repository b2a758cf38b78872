"""Text for a terminal: what records, servers and file names hold must not steer it."""

from __future__ import annotations


def printable(text: str) -> str:
    """The text with a space for each character that has no shape: escapes, line ends, lone surrogates."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def error_line(message: object) -> str:
    """What went wrong, as the one line of a refusal."""
    return f"Error: {' '.join(printable(str(message)).split())}"
