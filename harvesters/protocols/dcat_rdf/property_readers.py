"""Read the values of properties that only DCAT has: quality, restrictions, columns, sizes, data dictionaries."""

from __future__ import annotations

from typing import Any

from ckanext.aivision.harvesters.protocols.dcat_rdf import rdf_values as values
from ckanext.aivision.harvesters.protocols.dcat_rdf.rdf_values import Values
from ckanext.aivision.normalise import dates, media_types
from ckanext.aivision.record import Moment, Term

_PRECISION = "http://www.w3.org/ns/dqv#precision"
# The classification of the UK government that all that is published has.
_OFFICIAL = "OFFICIAL"


def moment(found: Values) -> Moment | None:
    return dates.moment(values.text(found))


def quality(found: Values) -> str | None:
    """What a quality annotation says: its body's text (oa:hasBody), or its own; not what it says of precision."""
    general = [value for value in found if not _is_on_precision(value)]
    bodies = [body for value in general if type(value) is dict for body in value.get("oa:hasBody", ())]
    return values.statement(bodies or general) if general else None


def uncertainty(found: Values) -> str | None:
    """The statement on precision (DQV, dqv:precision)."""
    bodies = [body for value in found if _is_on_precision(value) for body in value.get("oa:hasBody", ())]
    return values.statement(bodies) if bodies else None


def _is_on_precision(value: Any) -> bool:
    inside = value.get("dqv:inDimension", ()) if type(value) is dict else ()
    return any(type(item) is dict and item.get("@id") == _PRECISION for item in inside)


def access_procedure(found: Values) -> str | None:
    """How access is got: the note of a restriction (DCAT-US 3), or a text."""
    notes = [note for value in found if type(value) is dict for note in value.get("dcat-us:restrictionNote", ())]
    return values.statement(notes or [value for value in found if type(value) is str] or [""])


def classification(found: Values) -> Term | None:
    written = values.text(found)
    known = _OFFICIAL if written == _OFFICIAL else None
    return Term(written, known, "id" if known else "") if written else None


def columns(found: Values) -> list[str]:
    """The names of a table's columns, in their order (csvw:column)."""
    columns = [
        item for value in found if type(value) is dict for item in value.get("csvw:column", ()) if "csvw:name" in item
    ]
    return [values.text(item["csvw:name"]) for item in sorted(columns, key=position)]


def position(item: Any) -> int:
    """The place of a node among others (schema:position); 0 where it has none."""
    written = values.text(item.get("schema:position", [""])) if type(item) is dict else ""
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 10 else 0


def is_true(found: Values) -> bool:
    return values.text(found) == "true"


def size(found: Values) -> int | None:
    """Bytes: xsd:nonNegativeInteger, or the xsd:decimal of DCAT-AP 1 (`1024.0`)."""
    try:
        size = float(values.text(found)[:32])
        return int(size) if 0 < size < 1e15 else None
    except ValueError:
        return None


def known_media_type(found: Values) -> Term | None:
    """A media type that stands where the format belongs."""
    read = values.term(media_types.clean)(found)
    return read if read is not None and read.id else None


def described_by_type(found: Values) -> str | None:
    """The media type of a data dictionary that is described as a distribution (DCAT-US 3)."""
    stated = [item for value in found if type(value) is dict for item in value.get("dcat:mediaType", ())]
    return next(map(values.text_of, stated), None)
