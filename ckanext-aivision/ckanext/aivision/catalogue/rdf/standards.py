"""Which of our own standards is asked for by the names of ckanext-dcat's profiles."""

from __future__ import annotations

from collections.abc import Sequence

from ckan.plugins import toolkit

from ckanext.aivision.serialise.rdf.mapping import Standard

# Names of profiles of ckanext-dcat (entry points) -> the standard that they write.
PROFILES: dict[str, Standard] = {"aivision_dcat_ap_3": "dcat-ap-3", "aivision_dcat_us_3": "dcat-us-3"}
DEFAULT = "aivision_dcat_ap_3"
# Corrects what other profiles write, and adds nothing to ours.
CORRECTION = "aivision"
_CONFIGURED = "ckanext.dcat.rdf.profiles"


def profiles(asked: str | Sequence[str] | None) -> list[str]:
    """The names of the profiles that are asked for, or else those of the site."""
    chosen = asked or toolkit.config.get(_CONFIGURED) or DEFAULT
    return chosen.split() if isinstance(chosen, str) else list(chosen)


def own_standard(asked: str | Sequence[str] | None) -> Standard | None:
    """The standard to write by ourselves; None where other profiles are asked for."""
    names = [name for name in profiles(asked) if name != CORRECTION]
    return PROFILES.get(names[0]) if len(names) == 1 else None
