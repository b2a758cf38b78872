"""Terms of vocabularies as the addresses of the authorities that keep them: the EU Publications Office, IANA."""

from __future__ import annotations

import functools

from ckanext.aivision.normalise import frequencies, licences
from ckanext.aivision.normalise.vocabulary import rows
from ckanext.aivision.record import Term

EU = "http://publications.europa.eu/resource/authority/"
IANA = "https://www.iana.org/assignments/media-types/"
_ACCESS = {"public": "PUBLIC", "restricted": "RESTRICTED", "non-public": "NON_PUBLIC"}


@functools.cache
def file_types() -> dict[str, str]:
    """Our formats -> the EU's file types."""
    return {row["key"]: row["code"] for row in rows("file_types", "serialise")}


@functools.cache
def theme_labels() -> dict[str, str]:
    """The codes of the EU's data themes with their labels."""
    return {row["code"]: row["label"] for row in rows("eu_data_themes", "serialise")}


@functools.cache
def _language_codes() -> dict[str, str]:
    """Subtags of BCP 47 -> the terminological code of ISO 639, which stands last, in capitals."""
    return {row["id"]: (row["codes"].split() or [row["id"]])[-1].upper() for row in rows("languages")}


def of_format(term: Term) -> str | None:
    """The address of a format in the EU's file-type table."""
    code = file_types().get(term.id) if term.id else None
    return f"{EU}file-type/{code}" if code else None


def of_media_type(term: Term) -> str | None:
    """The address of a media type in IANA's registry."""
    return f"{IANA}{term.id}" if term.id else None


def of_language(term: Term) -> str | None:
    """The address of a language in the EU's table."""
    code = _language_codes().get(term.id.partition("-")[0]) if term.id else None
    return f"{EU}language/{code}" if code else None


def of_frequency(term: Term) -> str | None:
    """The address of an update rhythm in the EU's table."""
    code = frequencies.eu_code(term.id) if term.id else None
    return f"{EU}frequency/{code}" if code else None


def of_access(term: Term) -> str | None:
    """The address of an access right in the EU's table."""
    code = _ACCESS.get(term.id) if term.id else None
    return f"{EU}access-right/{code}" if code else None


def of_theme(term: Term) -> str | None:
    """The address of one of the EU's data themes."""
    return f"{EU}data-theme/{term.id}" if term.id in theme_labels() else None


def of_licence(term: Term) -> str | None:
    """The address of a licence of the vocabulary."""
    known = licences.info(term.id) if term.id else None
    return known.uri or None if known is not None else None
