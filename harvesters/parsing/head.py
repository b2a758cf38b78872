"""The beginning of a document, by which a protocol recognises its own."""

from __future__ import annotations

import functools
import io
import re
from typing import NamedTuple

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.parsing.decoding import text_chunks
from ckanext.aivision.harvesters.parsing.json_text import JsonText

# The names of a YAML document's members, and of those of the objects in its list.
_YAML_MEMBER = re.compile(r"^(?:- {1,3}| {2,4})?[\"']?([A-Za-z@]{1,40})[\"']?[ \t]*:(?=\s|$)", re.MULTILINE)


class Member(NamedTuple):
    """A member of an object. first: the first character of its value, which shows its type; empty in YAML.

    names: of the members of its value, or of the first object in the list that it is.
    """

    first: str
    names: set[str]


class Head:
    """The beginning of a document: some 250 KB, or all of a smaller one.

    content: its bytes, uncompressed. media_type: as its server gives it; empty for a file. address: where it came from,
    or the path of a file.
    """

    def __init__(self, content: bytes, charset: str = "", media_type: str = "", address: str = "") -> None:
        """charset: as its server declares it."""
        self.content, self.media_type, self.address = content, media_type, address
        self._charset = charset

    @functools.cached_property
    def text(self) -> str:
        return "".join(text_chunks(io.BytesIO(self.content), self._charset))

    @functools.cached_property
    def first(self) -> str:
        """Its first character: `{` for an object, `[` for a list, `<` for a web page or XML; empty if there is none."""
        return self.text.lstrip()[:1]

    @functools.cached_property
    def members(self) -> dict[str, Member]:
        """The members of its object, or of the first object of its list, as far as they can be seen.

        Of what is neither JSON nor XML, they are those that it has if it is YAML.
        """
        if self.first in ("{", "["):
            return _members(JsonText(iter((self.text,)), ""))
        names = _YAML_MEMBER.findall(self.text) if self.first not in ("", "<") else ()
        return {name: Member("", set()) for name in names}

    @property
    def goes_on(self) -> bool:
        """Whether its object goes on in the next line. If each line has an object of its own, it does not."""
        following = [line.strip() for line in self.text.split("\n", 3)[1:3]]
        return any(line and not line.startswith("{") for line in following)


def _members(text: JsonText) -> dict[str, Member]:
    found: dict[str, Member] = {}
    try:
        if text.peek() == "[":
            text.take("[")
        if text.peek() == "{":
            for name in text.members():
                found[name] = member = Member(text.peek(), set())
                _add_names(text, member.names)
    except SourceError:
        pass  # The beginning ends in the middle of a value, or is wrong from there on: what was seen has to tell.
    return found


def _add_names(text: JsonText, names: set[str]) -> None:
    """Reads the value at the cursor, and takes the names as they come by, so that a cut value has some too."""
    first = text.peek()
    if first == "{":
        _add_members(text, names)
    elif first == "[":
        for index, _ in enumerate(text.items()):
            if index == 0 and text.peek() == "{":
                _add_members(text, names)
            else:
                text.value()
    else:
        text.value()


def _add_members(text: JsonText, names: set[str]) -> None:
    for name in text.members():
        names.add(name)
        text.value()
