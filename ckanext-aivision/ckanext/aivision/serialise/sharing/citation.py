"""How to cite a dataset: as text, and for reference managers (BibTeX, RIS, CSL-JSON).

The text is in the form of DataCite's recommendation (DataCite Metadata Schema 4.6, section 1.3): Creator (Year): Title.
Version. Publisher. (Resource type). Identifier.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

from ckanext.aivision.normalise.text import plain
from ckanext.aivision.normalise.web import addresses
from ckanext.aivision.record import Dataset
from ckanext.aivision.serialise.ckan_values import web_address
from ckanext.aivision.serialise.sharing.tex import escape_tex, escape_tex_address

_DOI = re.compile(r"(?:https?://(?:dx\.|www\.)?doi\.org/|doi:)?(10\.\d{4,9}/[^\s\"<>{}|\\^`]+)", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
_LONGEST = 1000
_MOST_AUTHORS = 50


class Cited(NamedTuple):
    """What a citation says. date: when the data were published, else last changed; year alone is enough.

    own: the publisher's own words, where the record has some. key: for BibTeX and CSL-JSON.
    """

    key: str
    title: str
    authors: list[str]
    publisher: str
    date: datetime.date | None
    precision: str
    version: str
    doi: str
    address: str
    own: str


def cite(dataset: Dataset, name: str, page: str) -> Cited:
    """What is cited of a record. name: of the dataset in this catalogue. page: its address here.

    Its address is its DOI, else its page at the publisher, else its page here.
    """
    publisher = _line(dataset.publisher.name if dataset.publisher is not None else "")
    creators = [line for agent in dataset.creator[:_MOST_AUTHORS] if (line := _line(agent.name))]
    moment = next((found for found in (dataset.issued, dataset.modified) if found and found.value), None)
    doi = _doi(dataset)
    address = f"https://doi.org/{doi}" if doi else web_address(dataset.landing_page) or page
    return Cited(
        key=name,
        title=_line(dataset.title),
        authors=creators or ([publisher] if publisher else []),
        publisher=publisher,
        date=moment.value if moment is not None else None,
        precision=moment.precision if moment is not None else "",
        version=_line(dataset.version),
        doi=doi,
        address=address,
        own=_line(plain(dataset.bibliographic_citation)),
    )


def to_text(cited: Cited) -> bytes:
    """The publisher's own words if there are some, else DataCite's form; one line in UTF-8."""
    if cited.own:
        return f"{cited.own}\n".encode("utf-8", "replace")
    authors = "; ".join(cited.authors) or cited.title
    year = str(cited.date.year) if cited.date is not None else "n.d."
    parts = [f"{authors} ({year})" + (f": {cited.title}" if cited.authors else "")]
    parts += [f"Version {cited.version}"] if cited.version else []
    parts += [cited.publisher] if cited.publisher and cited.authors != [cited.publisher] else []
    text = ". ".join(part.rstrip(".") for part in [*parts, "[Dataset]"])
    return f"{text}. {cited.address}\n".encode("utf-8", "replace")


def to_bibtex(cited: Cited) -> bytes:
    """A `@misc` entry: what BibTeX has for datasets (BibLaTeX reads it as well)."""
    fields = {
        "author": " and ".join("{" + escape_tex(author) + "}" for author in cited.authors),
        "title": "{" + escape_tex(cited.title) + "}",
        "year": str(cited.date.year) if cited.date is not None else "",
        "publisher": escape_tex(cited.publisher),
        "version": escape_tex(cited.version),
        "doi": escape_tex_address(cited.doi),
        "url": escape_tex_address(cited.address),
        "note": escape_tex(cited.own),
        "howpublished": "Dataset",
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@misc{{{cited.key},\n{lines}\n}}\n".encode("utf-8", "replace")


def to_ris(cited: Cited) -> bytes:
    """A reference in RIS: each line a tag, and the end of it CR and LF."""
    lines = [("TY", "DATA"), *(("AU", author) for author in cited.authors), ("TI", cited.title)]
    if cited.date is not None:
        lines += [("PY", str(cited.date.year)), ("DA", _ris_date(cited.date, cited.precision))]
    lines += [("PB", cited.publisher), ("ET", cited.version), ("DO", cited.doi), ("UR", cited.address)]
    lines += [("N1", cited.own)]
    written = [f"{tag}  - {value}" for tag, value in lines if value]
    return "".join(f"{line}\r\n" for line in [*written, "ER  - "]).encode("utf-8", "replace")


def to_csl(cited: Cited) -> bytes:
    """A list of one item of CSL-JSON 1.0 (https://citationstyles.org)."""
    item: dict[str, Any] = {
        "id": cited.key,
        "type": "dataset",
        "title": cited.title,
        "author": [{"literal": author} for author in cited.authors],
        "publisher": cited.publisher,
        "version": cited.version,
        "DOI": cited.doi,
        "URL": cited.address,
        "note": cited.own,
    }
    if cited.date is not None:
        item["issued"] = {"date-parts": [_parts(cited.date, cited.precision)]}
    return msgspec.json.encode([{name: value for name, value in item.items() if value}])


class Form(NamedTuple):
    """A form of a citation: what it is called, its media type, and what writes it."""

    title: str
    media_type: str
    write: Callable[[Cited], bytes]


# By the ending of the address.
FORMS = {
    "txt": Form("Text", "text/plain; charset=utf-8", to_text),
    "bib": Form("BibTeX", "application/x-bibtex; charset=utf-8", to_bibtex),
    "ris": Form("RIS", "application/x-research-info-systems; charset=utf-8", to_ris),
    "csl.json": Form("CSL-JSON", "application/vnd.citationstyles.csl+json", to_csl),
}


def _doi(dataset: Dataset) -> str:
    for text in (dataset.identifier, *dataset.other_identifier):
        found = _DOI.fullmatch(text.strip()) if len(text) < _LONGEST else None
        if found is not None and not addresses.is_placeholder_doi(found[1]):
            return found[1]
    return ""


def _line(text: str | None) -> str:
    """A text on one line, whatever a source wrote: a line of its own would be another field of RIS."""
    return " ".join(_CONTROLS.sub(" ", (text or "")[:_LONGEST]).split())


def _parts(date: datetime.date, precision: str) -> list[int]:
    parts = [date.year, date.month, date.day]
    return parts[: {"year": 1, "month": 2}.get(precision, 3)]


def _ris_date(date: datetime.date, precision: str) -> str:
    written = [f"{part:02}" for part in _parts(date, precision)]
    return "/".join([*written, *[""] * (4 - len(written))])
