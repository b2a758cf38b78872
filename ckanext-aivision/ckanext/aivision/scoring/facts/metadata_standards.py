"""Standards that metadata follow: the profile of DCAT, and vocabularies that tools for machine learning read."""

from __future__ import annotations

import functools
import re

from ckanext.aivision.normalise.vocabulary import rows
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.facts.distributions import addressed

# Croissant, and schema.org's Dataset, of which it is an extension.
_NAMED = re.compile(
    r"mlcommons\.org/croissant|\bcroissant[ /-]?v?1\.\d|\bschema\.org/dataset\b|^https?://schema\.org/?$", re.IGNORECASE
)
_CROISSANT = re.compile(r"\bcroissant\b", re.IGNORECASE)
_JSON = ("JSON", "JSON-LD", "JSONLD")
_LONGEST = 500


def find_profile(dataset: Dataset) -> tuple[str, str] | None:
    """The profile of DCAT that the record follows, with the field that says so; None if nothing does."""
    for stated in dataset.conforms_to:
        for part, standard in _parts():
            if part in stated[:_LONGEST].lower():
                return "conforms_to", f"{stated}: {standard}"
    if (form := _standards().get(dataset.profile)) is not None:
        return "profile", f"the record is in the form of {form}"
    return None


def find_learning_vocabulary(dataset: Dataset) -> tuple[str, str] | None:
    """Where metadata in Croissant or schema.org are offered, with the field that says so; None if nowhere."""
    for stated in dataset.conforms_to:
        if _NAMED.search(stated[:_LONGEST]):
            return "conforms_to", stated
    for item in addressed(dataset):
        for stated in item.conforms_to:
            if _NAMED.search(stated[:_LONGEST]):
                return "distribution[].conforms_to", f"{stated}: {item.url}"
        format_id = (item.format.id if item.format else None) or ""
        media_type = (item.media_type.id if item.media_type else None) or ""
        if (format_id in _JSON or "json" in media_type) and _CROISSANT.search((item.title or "")[:_LONGEST]):
            return "distribution[].title", f"{item.title}: {item.url}"
    return None


@functools.cache
def _standards() -> dict[str, str]:
    return {row["profile"]: row["standard"] for row in rows("metadata_profiles")}


@functools.cache
def _parts() -> list[tuple[str, str]]:
    return list(dict.fromkeys((row["part"], row["standard"]) for row in rows("metadata_profiles")))
