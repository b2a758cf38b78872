"""The first record of a JSON document, as its beginning shows it."""

from __future__ import annotations

from typing import Any

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.parsing.head import Head
from ckanext.aivision.harvesters.parsing.json_text import JsonText


def first_item(head: Head, member: str = "") -> Any:
    """The first item of the document's list, or of the list that a member of its object has; the object without both.

    None if the beginning does not hold all of it.
    """
    text = JsonText(iter((head.text,)), "")
    try:
        if not member:
            return next(text.elements(), None) if text.peek() == "[" else text.value()
        for name in text.members():
            if name == member:
                return next(text.elements(), None) if text.peek() == "[" else None
            text.value()
    except SourceError:
        pass  # The beginning ends in the middle of it, or is wrong: then it shows nothing.
    return None
