"""XML documents, record after record, as trees of JSON types: no entities, no network, bounded in depth and size.

A tree has the local names of elements: `{"spatialResolution": {"MD_Resolution": ...}}`. An element of several children
of one name has a list of them. Attributes are `@name`; the text of an element with attributes is `#text`. Elements that
only wrap a text (gco:CharacterString, gco:Date and others of ISO 19139) are that text. A record's own namespace is
`@xmlns`.
"""

from __future__ import annotations

import html
import re
import xml.parsers.expat
from collections.abc import Callable, Iterator
from typing import Any

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.parsing.decoding import GUESSED, Readable, text_chunks
from ckanext.aivision.harvesters.parsing.entries import Entry
from ckanext.aivision.harvesters.parsing.head import Head

Node = dict[str, Any]
# Elements and characters of one record; real ones have some thousand.
MOST_ELEMENTS = 200_000
MOST_CHARACTERS = 32 * 2**20
_DEEPEST = 1000
# What stands around the records: names that are kept, and characters of each.
_MOST_OUTER, _LONGEST_OUTER = 200, 2000
_WRAPPERS = frozenset(
    ("CharacterString", "Date", "DateTime", "Decimal", "Integer", "Real", "Boolean", "TM_Date", "URL", "LocalName")
)
_ENCODING = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.-]{1,40})[\"']")
_NOT_ALLOWED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ROOT = re.compile(
    r"\s*(?:<\?.{0,2000}?\?>\s*|<!--.{0,20000}?-->\s*|<!DOCTYPE[^>\[]{0,500}>\s*)*<(?:[\w.-]+:)?([\w.-]+)", re.DOTALL
)
_CUT = frozenset(
    xml.parsers.expat.errors.codes[message]
    for message in (
        xml.parsers.expat.errors.XML_ERROR_NO_ELEMENTS,
        xml.parsers.expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        xml.parsers.expat.errors.XML_ERROR_PARTIAL_CHAR,
        xml.parsers.expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
)
_SEPARATOR = " "

# Whether an element is a record, by its namespace and its local name.
IsRecord = Callable[[str, str], bool]


def root_of(head: Head) -> str:
    """The local name of the root element of a document, as its beginning shows it; empty if that is no XML."""
    match = _ROOT.match(head.text)
    return match[1] if match is not None else ""


def xml_text(file: Readable, head: Head, charset: str = "") -> Iterator[str]:
    """The text of an XML document, in the charset that it declares, or that its server does."""
    declared = _ENCODING.match(head.content[:400].removeprefix(b"\xef\xbb\xbf"))
    return text_chunks(file, declared[1].decode("ascii") if declared is not None else charset, [])


class XmlRecords:
    """The records of one document. Iterate once.

    outer: what stands around the records: attributes and text of elements by their local names, the last of each.
    root: the local name of the root element; empty until it has come.
    """

    def __init__(self, chunks: Iterator[str], is_record: IsRecord, name: str) -> None:
        """chunks: the text of the document. name: for messages."""
        self._chunks, self._is_record, self._name = chunks, is_record, name
        self.outer: dict[str, dict[str, str]] = {}
        self.root = ""
        self._done: list[Entry] = []
        # The elements of the record that are open, each with its name and the pieces of its text.
        self._open: list[tuple[str, Node, list[str]]] = []
        self._outside: list[str] = []
        self._line = self._elements = self._characters = 0
        self._parser = parser = xml.parsers.expat.ParserCreate(namespace_separator=_SEPARATOR)
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._text
        parser.EntityDeclHandler = self._entity
        parser.SkippedEntityHandler = self._skipped

    def __iter__(self) -> Iterator[Entry]:
        """Raises SourceError where the document ends in the middle, is no XML, or declares entities."""
        for chunk in self._chunks:
            self._parse(_NOT_ALLOWED.sub(f"{GUESSED}\ufffd", chunk), False)
            done, self._done = self._done, []
            yield from done
        self._parse("", True)
        yield from self._done

    def _parse(self, text: str, is_last: bool) -> None:
        try:
            self._parser.Parse(text, is_last)
        except xml.parsers.expat.ExpatError as error:
            place = f"{self._name} is not readable as XML at line {error.lineno:,}, column {error.offset + 1:,}"
            if error.code in _CUT and is_last:
                raise SourceError(
                    f"{place}: it ends in the middle: its root element is not closed. Fix the file at the source, or "
                    "download it again"
                ) from error
            reason = xml.parsers.expat.errors.messages.get(error.code, "a fault")
            raise SourceError(f"{place}: {reason}. Fix the file at the source, or try again later") from error

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(_SEPARATOR)
        if not self._open:
            if not self._is_record(namespace, local):
                self._begin_outer(local, attributes)
                return
            self._line, self._elements, self._characters = self._parser.CurrentLineNumber, 0, 0
        self._elements += 1
        if len(self._open) + len(self._outside) > _DEEPEST:
            raise SourceError(f"{self._name}: its elements are nested more than {_DEEPEST:,} deep; check the file")
        node: Node = {}
        if attributes:
            node.update((f"@{key.rpartition(_SEPARATOR)[2]}", value) for key, value in attributes.items())
        if not self._open and namespace:
            node["@xmlns"] = namespace
        self._open.append((local, node, []))

    def _begin_outer(self, local: str, attributes: dict[str, str]) -> None:
        self.root = self.root or local
        self._outside.append(local)
        if len(self._outside) > _DEEPEST:
            raise SourceError(f"{self._name}: its elements are nested more than {_DEEPEST:,} deep; check the file")
        if len(self.outer) < _MOST_OUTER:
            self.outer[local] = {
                key.rpartition(_SEPARATOR)[2]: value[:_LONGEST_OUTER] for key, value in attributes.items()
            }

    def _text(self, text: str) -> None:
        if self._open:
            self._characters += len(text)
            if self._characters <= MOST_CHARACTERS:
                self._open[-1][2].append(text)
        elif self._outside and (outer := self.outer.get(self._outside[-1])) is not None:
            outer["#text"] = (outer.get("#text", "") + text)[:_LONGEST_OUTER]

    @property
    def _fits(self) -> bool:
        return self._elements <= MOST_ELEMENTS and self._characters <= MOST_CHARACTERS

    def _end(self, _: str) -> None:
        if not self._open:
            self._outside.pop()
            return
        local, node, pieces = self._open.pop()
        value = _value_of(node, "".join(pieces).strip())
        if not self._open:
            self.root = self.root or local
            self._done.append(self._entry(local, value))
        elif self._fits:
            _add(self._open[-1][1], local, value)

    def _entry(self, local: str, value: Any) -> Entry:
        where = f"line {self._line}"
        if not self._fits:
            fault = (
                f"more than {MOST_ELEMENTS:,} elements or {MOST_CHARACTERS:,} characters in one record: split the "
                "dataset, or give its geometry elsewhere"
            )
            return Entry(where, f"<{local}>", fault=fault, code="record-too-large")
        return Entry(where, value if isinstance(value, dict) else {"#text": value})

    def _entity(self, *_: object) -> None:
        raise SourceError(f"{self._name}: its XML declares entities, which are not read; replace them with their text")

    def _skipped(self, name: str, is_parameter: bool) -> None:
        """A reference to an entity of a DTD, which is not fetched: a name of HTML is its character."""
        if not is_parameter:
            written = f"&{name};"
            self._text(html.unescape(written))


def _value_of(node: Node, text: str) -> Any:
    """The value of an element that has ended: its text, if there is nothing else."""
    if not node:
        return text
    if len(node) == 1:
        (name,) = node
        if name in _WRAPPERS and isinstance(node[name], str) and not text:
            return node[name]
    if text:
        node["#text"] = text
    return node


def _add(parent: Node, name: str, value: Any) -> None:
    if name not in parent:
        parent[name] = value
    elif isinstance(parent[name], list):
        parent[name].append(value)
    else:
        parent[name] = [parent[name], value]
