"""What all formats share: what has no field of its own, in words; an office to write to; addresses of vocabularies."""

from __future__ import annotations

from collections.abc import Collection

from ckanext.aivision.normalise import frequencies, licences
from ckanext.aivision.record import Dataset, Distribution, Moment, PeriodOfTime, Term

# The address of an office of nobody: those of real offices are not shown.
MAIL = "data@agency.example.gov"
# Texts of a record that say in words what a format may have a field for.
_TEXTS = (
    *("collection", "preprocessing", "limitations", "biases", "uncertainty", "quality", "uses", "unsuitable_uses"),
    *("personal_data_measures", "maintenance_plan", "provenance", "bibliographic_citation", "ai_use_terms"),
    *("access_procedure", "version_notes", "social_impact", "system_of_records"),
)


def description(part: Dataset, fields: Collection[str]) -> str:
    """The description, with what the format has no field for behind it.

    fields: of the record, that the format has a place for.
    """
    texts = [getattr(part, name) for name in _TEXTS if name not in fields]
    if part.personal_data and "personal_data" not in fields:
        texts.append(f"Personal data: {part.personal_data}.")
    if part.version and "version" not in fields:
        texts.append(f"Version {part.version}.")
    if part.next_update and "next_update" not in fields:
        texts.append(f"Next update: {day(part.next_update)}.")
    if part.security_classification and "security_classification" not in fields:
        texts.append(f"Security classification: {part.security_classification.original}.")
    return " ".join(text for text in (part.description, *texts) if text)


def file_description(item: Distribution, fields: Collection[str]) -> str:
    """The same for a file."""
    told = [item.description or ""]
    if item.byte_size and "byte_size" not in fields:
        told.append(f"Size: {item.byte_size} bytes.")
    if item.checksum and "checksum" not in fields:
        told.append(f"{item.checksum_algorithm or 'Checksum'}: {item.checksum}.")
    return " ".join(text for text in told if text)


def day(moment: Moment) -> str:
    """As exact as it was written: `2015`, `2015-03` or `2015-03-01`; what could not be read stays as it is."""
    if moment.value is None:
        return moment.original
    return moment.value.isoformat()[: {"year": 4, "month": 7}.get(moment.precision, 10)]


def ends(period: PeriodOfTime) -> tuple[str, str]:
    """The first and the last day; empty where there is none."""
    return (period.start.isoformat() if period.start else "", period.end.isoformat() if period.end else "")


def name_of(term: Term) -> str:
    """What a vocabulary calls it, else as written."""
    return term.id or term.original


def licence_address(term: Term) -> str:
    """The address of a licence's text; empty where none is known."""
    if term.original.startswith(("http://", "https://")):
        return term.original
    found = licences.info(term.id) if term.id else None
    return found.uri if found is not None else ""


def eu_frequency(term: Term) -> str:
    """The EU Publications Office's code of a rhythm; empty where it has none."""
    return (frequencies.eu_code(term.id) if term.id else None) or ""


def polygon(box: tuple[float, float, float, float]) -> str:
    """West, south, east, north as Well-Known Text."""
    west, south, east, north = (f"{number:g}" for number in box)
    return f"POLYGON(({west} {south},{east} {south},{east} {north},{west} {north},{west} {south}))"
