"""Languages to BCP 47 tags, over config/vocabularies/languages.csv."""

from __future__ import annotations

import functools
import re

from ckanext.aivision.normalise.cache import cached
from ckanext.aivision.normalise.text import is_placeholder
from ckanext.aivision.normalise.vocabulary import folded, local_name, rows
from ckanext.aivision.record import Term

_TAG = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_:]([a-z]{2}))?", re.IGNORECASE)
_LONGEST = 100
# Mistakes that real catalogues make often: `sp` is no language, and `UK` is not the region's code (ISO 3166).
_MISTAKEN_LANGUAGES = {"sp": "es"}
_MISTAKEN_REGIONS = {"UK": "GB"}
_ENGLISH_REGIONS = ("us", "gb", "uk")


@functools.cache
def _codes() -> dict[str, str]:
    """Subtags and three-letter codes of ISO 639 -> BCP 47."""
    table = rows("languages")
    return {code: row["id"] for row in table for code in (row["id"], *row["codes"].split())} | _MISTAKEN_LANGUAGES


@functools.cache
def _names() -> dict[str, str]:
    return {folded(name): row["id"] for row in rows("languages") for name in row["names"].split("|")}


@cached(1024)
def clean(text: str) -> Term:
    """A language as written to its tag: `en-us`, `English`, `eng`, `eng; USA`, and the wrong way round `us-EN`."""
    # ISO 19115 records say `eng; USA`.
    written = text[:_LONGEST].split(";")[0].strip()
    if is_placeholder(written):
        return Term(text)
    if (tag := _tag(written)) is not None:
        return Term(text, tag, "id")
    if (name := local_name(written)) is not None:
        code = _codes().get(name.lower())
        return Term(text, code, "uri") if code else Term(text)
    code = _names().get(folded(written))
    return Term(text, code, "label") if code else Term(text)


def _tag(written: str) -> str | None:
    match = _TAG.fullmatch(written)
    if match is None:
        return None
    language, script, region = match[1].lower(), match[2], (match[3] or "").upper()
    if language in _ENGLISH_REGIONS and region == "EN":
        language, region = "en", language.upper()
    code = _codes().get(language)
    if code is None:
        return None
    return "-".join(part for part in (code, script and script.title(), _MISTAKEN_REGIONS.get(region, region)) if part)
