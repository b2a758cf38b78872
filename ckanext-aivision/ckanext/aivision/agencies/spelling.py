"""Names of public bodies in one spelling: case, spaces, punctuation, and `&` for `and` make no difference."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

from ckanext.aivision.normalise.cache import cached
from ckanext.aivision.normalise.text import repaired

# Longer names are no name of any table; what begins a long text may still tell two publishers apart.
LONGEST_NAME = 300

_NOT_IN_A_WORD = re.compile(r"['’‘`.]")
_NO_LETTER_OR_DIGIT = re.compile(r"[\W_]+")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,24}")


@cached(16384)
def fold(name: str) -> str:
    """The words of a name with single spaces between: `The Perth & Kinross Council` is `perth and kinross council`.

    Abbreviations lose their dots (`U.S.` is `us`), and accents are left out (`Môn` is `mon`). Empty if there is no
    letter or digit.
    """
    short = unicodedata.normalize("NFKD", repaired(name[:LONGEST_NAME]))
    plain = "".join(character for character in short if not unicodedata.combining(character))
    words = _NOT_IN_A_WORD.sub("", plain.casefold()).replace("&", " and ")
    return _NO_LETTER_OR_DIGIT.sub(" ", words).strip().removeprefix("the ")


def fold_in(country: str, name: str) -> str:
    """The folded name, in the United States without the country before it: `U.S. Mint` is `mint`."""
    folded = fold(name)
    if country == "US":
        for country_name in ("united states of america ", "united states ", "usa ", "us "):
            if folded.startswith(country_name):
                return folded.removeprefix(country_name).removeprefix("of america ")
    return folded


def slug(name: str) -> str:
    """A name for identifiers: lower-case letters, digits and hyphens; empty if there is no letter or digit."""
    return fold(name).replace(" ", "-")


def host(text: str) -> str:
    """The host of a web address, or a host alone (`data.cdc.gov`), without `www.`; empty if the text is neither."""
    short = text[:LONGEST_NAME].strip().lower()
    if "://" in short:
        try:
            short = urlsplit(short).hostname or ""
        except ValueError:
            return ""
    return short.removeprefix("www.") if _HOST.fullmatch(short) else ""
