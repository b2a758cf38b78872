"""The country that an address tells by the end of its host's name."""

from __future__ import annotations

import functools
from urllib.parse import urlsplit

from ckanext.aivision.normalise.vocabulary import rows


@functools.cache
def _domains() -> dict[str, str]:
    return {row["domain"]: row["country"] for row in rows("address_countries")}


@functools.lru_cache(maxsize=4096)
def country_of_host(host: str) -> str:
    """ISO 3166-1 alpha-2, by config/vocabularies/address_countries.csv; empty for .org, .com and the like."""
    label = host.rstrip(".").rpartition(".")[2].lower()
    if "." not in host or label in _domains():
        return _domains().get(label, "") if "." in host else ""
    return label.upper() if len(label) == 2 and label.isascii() and label.isalpha() else ""


def country_of_address(address: str | None) -> str:
    """The country of the address of a page or of a mailbox; empty if it tells none, or is no address."""
    if not address:
        return ""
    if "://" not in address:
        host = address.rpartition("@")[2] if "@" in address else ""
    else:
        try:
            host = urlsplit(address).hostname or ""
        except ValueError:
            host = ""
    return country_of_host(host) if host else ""
