"""RDF documents: which serialisation a document is in, told by its content first, and its text in UTF-8."""

from __future__ import annotations

import codecs
import re
import xml.parsers.expat
from typing import NamedTuple
from urllib.parse import urlsplit

import pyoxigraph

from ckanext.aivision.errors import SourceError
from ckanext.aivision.harvesters.parsing.decoding import Readable, text_of
from ckanext.aivision.harvesters.parsing.head import Head

Format = pyoxigraph.RdfFormat

# A page of a catalogue, or one that lies in a file, is held in memory whole: RDF has no order to stream it by.
MOST_BYTES = 256 * 2**20
_HEAD = 64 * 1024  # bytes that show which serialisation it is
# What the entities of an XML document may grow to.
_MOST_ENTITY_BYTES = 16 * 2**20

_OF_TYPE = {
    "application/rdf+xml": Format.RDF_XML,
    "text/turtle": Format.TRIG,
    "application/x-turtle": Format.TRIG,
    "application/trig": Format.TRIG,
    "application/n-triples": Format.TRIG,
    "application/n-quads": Format.N_QUADS,
    "text/n3": Format.N3,
    "text/rdf+n3": Format.N3,
    "application/ld+json": Format.JSON_LD,
}
_OF_EXTENSION = {
    "rdf": Format.RDF_XML,
    "owl": Format.RDF_XML,
    "ttl": Format.TRIG,
    "trig": Format.TRIG,
    "nt": Format.TRIG,
    "nq": Format.N_QUADS,
    "n3": Format.N3,
    "jsonld": Format.JSON_LD,
}
_XML = re.compile(r"<(?:\?xml|!--|!DOCTYPE|[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?[\s>/])")
_RDF_XML = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?RDF[\s>]|<!DOCTYPE\s+(?:[\w.-]+:)?RDF\b")
_RDF_NAMESPACE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
# What Turtle and the languages around it begin with: a directive, or a subject and a predicate.
_TURTLE = re.compile(
    r"(?:\s|#[^\n]*\n)*(?:@prefix\s|@base\s|(?:PREFIX|BASE)\s+[\w.-]*:?\s*<|"
    r"(?:<[^\s<>\"]{0,2000}>|_:[\w.-]+)\s+(?:<[^\s<>\"]+>|a\s))",
    re.IGNORECASE,
)
# What a document that is named as Turtle begins with if it lacks its directives: `ex:lamps a dcat:Dataset`, `[] a`.
_STATEMENT = re.compile(
    r"(?:\s|#[^\n]*\n)*(?:[\w.-]*:[\w.-]*|\[)\s*(?:\]?\s*(?:a|[\w.-]*:[\w.-]+|<[^\s<>]+>)\s)", re.ASCII
)
_OF_NAME_ALONE = (Format.TRIG, Format.N3)
# Syntaxes whose documents show where they end. One of the others may end after any of its statements.
CLOSED = frozenset((Format.RDF_XML, Format.JSON_LD))
# What tells how deep in an XML document its end is: where tags begin and end.
_XML_MARKUP = re.compile(
    rb"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<\?.*?(?:\?>|\Z)|"
    rb"(?P<ends></[^<>]*>)|(?P<begins><[^\s!?/<>])|(?P<empty>/>)|(?P<tag>>)|\"[^\"<]*\"|'[^'<]*'",
    re.DOTALL,
)
_XML_ENCODING = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.-]{1,40})[\"']")
_XML_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,400}\?>")
# Expat's errors that say that the root element is closed, and that the end of the document came too early.
_AFTER_THE_ROOT = xml.parsers.expat.errors.codes[xml.parsers.expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT]
_CUT = frozenset(
    xml.parsers.expat.errors.codes[message]
    for message in (
        xml.parsers.expat.errors.XML_ERROR_NO_ELEMENTS,
        xml.parsers.expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        xml.parsers.expat.errors.XML_ERROR_PARTIAL_CHAR,
        xml.parsers.expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
)
_XML_FAULTS = {
    xml.parsers.expat.errors.codes[xml.parsers.expat.errors.XML_ERROR_UNDEFINED_ENTITY]: (
        "XML does not have this entity of HTML: write the character itself"
    ),
    xml.parsers.expat.errors.codes[xml.parsers.expat.errors.XML_ERROR_INVALID_TOKEN]: (
        "write `&amp;` for `&` and `&lt;` for `<` in a text"
    ),
}
_ENTITY = re.compile(rb"<!ENTITY\s+([\w.:-]{1,100})\s+(?:\"([^\"]{0,2000})\"|'([^']{0,2000})')\s*>")


class Document(NamedTuple):
    """An RDF document: its bytes, its serialisation, its own address (empty for a file), and its name in messages."""

    body: bytes
    format: Format
    url: str
    name: str


def format_of(head: Head) -> Format | None:
    """The serialisation that a document begins like; None if it is no RDF.

    What its server and its name say decides only between what the content leaves open: many servers send RDF as
    text/plain or application/xml, and pages of faults as text/turtle.
    """
    text = text_of(head.content[:_HEAD]).lstrip()
    stated = _OF_TYPE.get(head.media_type.split(";")[0].strip().lower()) or _OF_EXTENSION.get(_extension(head.address))
    if text[:1] in ("{", "["):
        return _json_format(head, text, stated)
    if _XML.match(text):
        is_rdf = _RDF_NAMESPACE in text and (_RDF_XML.search(text) is not None or stated is Format.RDF_XML)
        return Format.RDF_XML if is_rdf else None
    if _TURTLE.match(text) or (stated in _OF_NAME_ALONE and _STATEMENT.match(text)):
        return stated if stated in (Format.N3, Format.N_QUADS) else Format.TRIG
    return None


def _extension(address: str) -> str:
    try:
        path = urlsplit(address).path if "://" in address else address
    except ValueError:
        return ""
    return path.lower().removesuffix(".gz").rpartition(".")[2]


def _json_format(head: Head, text: str, stated: Format | None) -> Format | None:
    """JSON-LD if there are compact or whole IRIs among its names.

    DCAT-US has an `@context` as well, and is read more exactly by its own reader: the member `dataset` shows it.
    """
    if stated in (Format.TRIG, Format.N3) and _TURTLE.match(text.lstrip("[] \t\r\n")):
        return stated
    names = head.members
    if "dataset" in names:
        return None
    is_linked = "@graph" in names or any(":" in name and "//" not in name.partition(":")[0] for name in names)
    return Format.JSON_LD if is_linked or (stated is Format.JSON_LD and names) else None


def stated_format(head: Head, name: str) -> Format:
    """The serialisation of a document that is said to be RDF; any JSON is JSON-LD then, whatever its names look like.

    Raises SourceError, with the name of the document, if it cannot be RDF.
    """
    found = format_of(head) or (Format.JSON_LD if head.first in ("{", "[") else None)
    if found is None:
        raise SourceError(
            f"{name}: not RDF: it begins with {head.content[:40].decode(errors='replace')!r}; check the file or the "
            "address, or give a catalogue in RDF/XML, Turtle, N-Triples or JSON-LD"
        )
    return found


def whole(file: Readable, name: str, begun: bytes = b"") -> bytes:
    """All of a body. Raises SourceError if it is larger than one document may be."""
    pieces, size = [begun], len(begun)
    while chunk := file.read(1024 * 1024):
        pieces.append(chunk)
        size += len(chunk)
        if size > MOST_BYTES:
            raise SourceError(
                f"{name}: the document is larger than {MOST_BYTES:,} bytes; split the catalogue into pages"
            )
    return b"".join(pieces)


def document(body: bytes, form: Format, url: str, name: str) -> Document:
    """A document ready to be parsed. Raises SourceError if its entities would grow without bound."""
    if form is Format.RDF_XML:
        declared = _XML_ENCODING.match(body[:300])
        charset = declared[1].decode("ascii").lower() if declared is not None else "utf-8"
        if charset not in ("utf-8", "utf8", "us-ascii") or not _is_plain(body):
            body = _declared_text(body, charset).encode("utf-8", "replace")
        _check_entities(body, name)
        _check_end(body, name)
    elif not _is_plain(body):
        body = text_of(body).encode("utf-8", "replace")
    return Document(body, form, url, name)


def _is_plain(body: bytes) -> bool:
    """Whether it is UTF-8 without a byte order mark."""
    if body.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in body[:4]:
        return False
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _declared_text(body: bytes, charset: str) -> str:
    """XML in the charset that it declares, without the declaration, which no longer holds."""
    try:
        text = body.decode(charset) if charset.startswith(("iso-8859", "windows-", "latin")) else text_of(body)
    except (LookupError, UnicodeDecodeError):
        text = text_of(body)
    return _XML_DECLARATION.sub("", text, count=1)


def _check_end(body: bytes, name: str) -> None:
    """Raises SourceError if the root element is not closed (XML 1.0, 2.1): the document did not come whole.

    pyoxigraph takes a document that ends between or within its elements for a whole one. Expat does not, but it
    refuses characters that many catalogues hold and pyoxigraph reads; the tags are counted then.
    """
    parser = xml.parsers.expat.ParserCreate("utf-8")
    try:
        parser.Parse(body, True)
    except xml.parsers.expat.ExpatError as error:
        if error.code == _AFTER_THE_ROOT or (error.code not in _CUT and _closes_root(body)):
            return
        raise SourceError(
            f"{name} is not readable as RDF/XML at line {error.lineno:,}: it ends in the middle: its root element "
            "is not closed. Fix the file at the source, or download it again"
        ) from error


def xml_fault(body: bytes) -> tuple[int, str]:
    """The line where XML is not well-formed, and what is wrong there in words; 0 and nothing if Expat finds nothing."""
    parser = xml.parsers.expat.ParserCreate("utf-8")
    try:
        parser.Parse(body, True)
    except xml.parsers.expat.ExpatError as error:
        return error.lineno, _XML_FAULTS.get(error.code, "")
    return 0, ""


def _closes_root(body: bytes) -> bool:
    """Whether each element that begins also ends. body: of a document with characters that are not allowed in XML."""
    depth, begun, in_tag = 0, False, False
    for markup in _XML_MARKUP.finditer(body):
        kind = markup.lastgroup
        if kind == "begins":
            depth, begun, in_tag = depth + 1, True, True
        elif kind == "ends" or (kind == "empty" and in_tag):
            depth -= 1
        if kind in ("empty", "tag"):
            in_tag = False
    return begun and depth == 0 and not in_tag


def _check_entities(body: bytes, name: str) -> None:
    """Entities of XML may stand for namespaces (Protégé writes them so), but not for each other or for files."""
    declared = body.count(b"<!ENTITY")
    if not declared:
        return
    found = _ENTITY.findall(body)
    grown = sum(len(double or single) * body.count(b"&" + entity + b";") for entity, double, single in found[:200])
    if len(found) != declared or any(b"&" in value or b"%" in value for _, *values in found for value in values):
        raise SourceError(
            f"{name}: its XML has entities that refer to other entities or files; replace them with their text"
        )
    if grown > _MOST_ENTITY_BYTES or declared > 200:
        raise SourceError(
            f"{name}: its XML entities grow to more than {_MOST_ENTITY_BYTES:,} bytes; replace them with their text"
        )
