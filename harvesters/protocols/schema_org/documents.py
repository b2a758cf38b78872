"""The datasets in a document of schema.org: JSON-LD, or a web page with JSON-LD in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.mapping.mapper import NOTHING_KNOWN, Known, Mapper, harvested, refused
from ckanext.aivision.harvesters.parsing.entries import Entry, Shape, refuse_more, refuse_page
from ckanext.aivision.harvesters.parsing.json_text import MAX_VALUE, JsonText
from ckanext.aivision.harvesters.protocols.open_document import Document
from ckanext.aivision.harvesters.protocols.reader import Reader
from ckanext.aivision.harvesters.protocols.schema_org.dataset import mapper_of
from ckanext.aivision.harvesters.protocols.schema_org.json_ld import Node, find_datasets, named_nodes
from ckanext.aivision.harvesters.protocols.schema_org.web_page import json_ld_texts
from ckanext.aivision.harvesters.sources.source import Source, complete_source
from ckanext.aivision.record import Harvested

JSON_LD, WEB_PAGE = Shape((), "json-ld"), Shape((), "web-page")
Mapping = Callable[[dict[str, Node], str], Mapper]


def text_of(document: Document, name: str) -> str:
    """All of a document's text. Raises SourceError if it is longer than any that is read at once."""
    parts, length = list[str](), 0
    for part in document.text():
        length += len(part)
        if length > MAX_VALUE:
            raise SourceError(f"{name}: is longer than {MAX_VALUE:,} characters, too long for a page or JSON-LD")
        parts.append(part)
    return "".join(parts)


def is_whole_page(text: str) -> bool:
    """Whether a text shows that it came whole, as JSON does that can be read, and a page with its end tag."""
    return text.lstrip()[:1] in ("{", "[") or "</html>" in text[-2000:].lower()


def records_in_json(
    text: str, source: Source, known: Known, place: str, page: str = "", mapping: Mapping = mapper_of
) -> Iterator[Harvested]:
    """The datasets in a text of JSON-LD. place: of the text, for messages. page: the address of the page it is in.

    Raises SourceError if it is no JSON, or breaks off.
    """
    json_text = JsonText(iter((text,)), source.name)
    refuse_page(json_text, source.name)
    value: Any = json_text.value()
    mended = frozenset(json_text.mended)
    refuse_more(json_text, source.name)
    mapper = mapping(named_nodes(value), page)
    for path, node in find_datasets(value):
        where = f"{place}: {path}" if place else path
        yield harvested(Entry(where, node, mended), source, mapper, known)


def records_in_page(text: str, source: Source, known: Known, page: str) -> Iterator[Harvested]:
    """The datasets in the JSON-LD of a web page; a text that is no JSON is one record that cannot be read."""
    for number, found in enumerate(json_ld_texts(text), 1):
        place = f"{page}, JSON-LD {number}" if page else f"JSON-LD {number}"
        try:
            yield from records_in_json(found, source, known, place, page)
        except SourceError as error:
            yield refused(place, found[:1000], "record-not-json", str(error))


class SchemaOrgReader(Reader):
    """Reads one document."""

    def __init__(self, source: Source, kind: str, known: Known = NOTHING_KNOWN, mapping: Mapping = mapper_of) -> None:
        super().__init__(source)
        self._kind, self._known, self._mapping = kind, known, mapping

    def first(self, document: Document, shape: Shape) -> Iterator[Harvested]:
        source = self._source = complete_source(self._source, self._kind)
        text = text_of(document, source.name)
        self._is_open_ended = shape == WEB_PAGE and not (document.is_delimited or is_whole_page(text))
        found = False
        if shape == WEB_PAGE:
            records = records_in_page(text, source, self._known, document.url)
        else:
            records = records_in_json(text, source, self._known, "", "", self._mapping)
        for record in records:
            found = True
            yield record
        if not found:
            raise SourceError(f"{source.name}: describes no dataset in schema.org; give the page of one, or a sitemap")
