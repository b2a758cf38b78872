"""Languages to BCP 47 tags."""

from __future__ import annotations

import functools
import re

from ckanext.aivision.record import Term

_TAG = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{2}))?", re.IGNORECASE)
# ISO 639-2 and names to ISO 639-1, for the languages that the two countries publish in.
_CODES = {
    **{"eng": "en", "english": "en", "spa": "es", "spanish": "es", "cym": "cy", "wel": "cy", "welsh": "cy"},
    **{"gla": "gd", "gaelic": "gd", "gle": "ga", "irish": "ga", "fra": "fr", "fre": "fr", "french": "fr"},
    "sp": "es",
}


@functools.lru_cache(maxsize=1024)
def clean(text: str) -> Term:
    """A language as written to its tag: `en-us`, `English`, `eng`, and the wrong way round `us-EN`."""
    name = text[:200].strip().rstrip("/").rsplit("/", 1)[-1]
    if (code := _CODES.get(name.lower())) is not None:
        return Term(text, code, "label")
    match = _TAG.fullmatch(name)
    if match is None:
        return Term(text)
    language, region = match[1].lower(), (match[2] or "").upper()
    if language in ("us", "gb", "uk") and region == "EN":
        language, region = "en", {"UK": "GB"}.get(language.upper(), language.upper())
    language = _CODES.get(language, language)
    return Term(text, f"{language}-{region}" if region else language, "id")
