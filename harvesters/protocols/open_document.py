"""A document of a source, open: its beginning, and its content as text, as records or whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ckanext.aivision.errors import Problem
from ckanext.aivision.harvesters.http.body import Body
from ckanext.aivision.harvesters.parsing import unpacking
from ckanext.aivision.harvesters.parsing.decoding import Opened, text_chunks
from ckanext.aivision.harvesters.parsing.entries import Entry, Shape, read_entries
from ckanext.aivision.harvesters.parsing.head import Head
from ckanext.aivision.harvesters.parsing.xml_records import xml_text


class Document:
    """Its content can be read once.

    name: of its source or file, for messages. head: its beginning. url: where it came from, after redirects; empty for
    a file. is_delimited: whether compression or transport shows where it ends, so that a cut one is an error.
    remarks: what is wrong with its charset; known when it has been read.
    """

    def __init__(self, opened: Opened, name: str, address: str, remarks: list[Problem] | None = None) -> None:
        """address: of the source. remarks: of the documents before it, to which its own are added."""
        body = opened if isinstance(opened, Body) else None
        self.name, self.url = name, body.url if body is not None else ""
        self.remarks = remarks if remarks is not None else []
        self._charset = body.charset if body is not None else ""
        unpacked = unpacking.Unpacked(opened, name)
        self.is_delimited = unpacked.is_delimited
        content, self.file = unpacking.read_head(unpacked)
        media_type = body.content_type if body is not None else ""
        self.head = Head(content, self._charset, media_type, self.url or address)

    def text(self) -> Iterator[str]:
        """All of its text, in pieces."""
        return text_chunks(self.file, self._charset, self.remarks)

    def xml_text(self) -> Iterator[str]:
        """All of the text of an XML document, in the charset that it declares itself."""
        return xml_text(self.file, self.head, self._charset)

    def entries(self, shape: Shape, beside: dict[str, Any] | None = None) -> Iterator[Entry]:
        """Its records. beside: gets what stands beside them. Raises SourceError if it is not of that shape or cut."""
        return read_entries(self.text(), shape, self.name, beside)
