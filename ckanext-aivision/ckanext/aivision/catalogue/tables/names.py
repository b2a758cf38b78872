"""CKAN names for titles and identifiers of sources: unique, valid in CKAN, the same in every run.

CKAN's rules (ckan.logic.validators.name_validator): 2 to 100 characters of a-z, 0-9, - and _.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

LONGEST = 100
_NOT_ALLOWED = re.compile(r"[^a-z0-9_]+")


def slug(text: str, limit: int = LONGEST) -> str:
    """Lower-case ASCII letters, digits and hyphens; may be empty."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return _NOT_ALLOWED.sub("-", ascii_text.lower()).strip("-_")[:limit].strip("-_")


def package_name(title: str, source: str, identifier: str) -> str:
    """A name for a dataset: its title, made unique by a digest of where it comes from.

    The same source and identifier always give the same suffix, so a title that many share (2,926 in one real
    catalogue) clashes with nothing.
    """
    digest = hashlib.sha256(f"{source}\n{identifier}".encode("utf-8", "backslashreplace")).hexdigest()[:10]
    stem = slug(title, LONGEST - 11)
    return f"{stem}-{digest}" if stem else f"dataset-{digest}"


def organization_name(publisher: str, country: str) -> str:
    """A name for a publisher's organisation: two of one name in two countries are two organisations.

    Where the slug loses something of the name (an accent, a long end), a digest tells like names apart.
    """
    stem = slug(publisher, LONGEST - 14)
    if len(stem) < 2 or len(publisher) > LONGEST - 14 or not publisher.isascii():
        digest = hashlib.sha256(publisher.encode("utf-8", "backslashreplace")).hexdigest()[:8]
        stem = f"{stem or 'publisher'}-{digest}"
    return f"{stem}-{country.lower()}"
