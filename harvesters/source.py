"""Sources: what is harvested, from where, and in whose name. A row of config/sources.yaml, or an address."""

from __future__ import annotations

import functools
from importlib import resources
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import msgspec

from ckanext.aivision.errors import UsageError
from ckanext.aivision.normalise.text import repaired

# kind -> the profile of its records where the source does not name another.
KINDS = {"dcat-us": "dcat-us-1.1", "datagov-search": "dcat-us-1.1", "ckan": "ckan"}
# What a country's portals mostly speak: the guess for an address that says nothing of its country.
_COUNTRY_OF_KIND = {"dcat-us": "US", "datagov-search": "US", "ckan": "GB"}


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A source of metadata.

    kind: the protocol, a key of KINDS; empty where it is to be found out from the content.
    profile: what its records can carry, a key of config/profiles.yaml.
    country: ISO 3166-1 alpha-2 of its publishers. license: of the metadata itself.
    organization: for catalog.data.gov, the slug of one organisation.
    max_gone_share: the largest share (0 to 1) of its data sets that one run may remove without a person's yes.
    """

    name: str
    url: str
    title: str = ""
    kind: str = ""
    profile: str = ""
    country: str = ""
    publisher: str = ""
    license: str = ""
    organization: str = ""
    max_gone_share: float = 0.2


class _Row(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    title: str
    url: str
    kind: str
    country: str
    publisher: str
    license: str
    profile: str = ""
    organization: str = ""
    max_gone_share: float = 0.2


@functools.cache
def load_sources() -> dict[str, Source]:
    """The sources of config/sources.yaml by name. Raises UsageError where the file is not in its form."""
    path = resources.files("ckanext.aivision.config") / "sources.yaml"
    try:
        rows = msgspec.yaml.decode(path.read_bytes(), type=dict[str, _Row])
    except msgspec.ValidationError as error:
        raise UsageError(f"config/sources.yaml: {error}") from error
    sources = {}
    for name, row in rows.items():
        if row.kind not in KINDS:
            raise UsageError(f"config/sources.yaml: {name}: kind {row.kind!r} is none of {', '.join(KINDS)}")
        values = msgspec.structs.asdict(row)
        sources[name] = Source(name=name, **{**values, "profile": row.profile or KINDS[row.kind]})
    return sources


def resolve(
    target: str, kind: str | None = None, profile: str | None = None, country: str | None = None
) -> Source:
    """The source of that name, or one for an http(s) address or a file.

    kind, profile and country override what the name stands for; for an address they are guessed where not given.
    Raises UsageError where there is no such name, file or scheme.
    """
    known = load_sources().get(target)
    if known is not None:
        given = {"kind": kind, "profile": profile, "country": country}
        return msgspec.structs.replace(known, **{key: value for key, value in given.items() if value})
    parts = urlsplit(repaired(target))
    if parts.scheme in ("http", "https"):
        if not parts.hostname:
            raise UsageError(f"{target}: an address needs a host")
        # Names stand in logs and on pages: no credentials in them.
        name = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, parts.query, ""))
    elif Path(target).is_file():
        name = str(Path(target).resolve())
    else:
        raise UsageError(
            f"{target}: no source of that name in config/sources.yaml, no http(s) address, and no file; "
            "check the spelling"
        )
    return Source(name=name, url=target if parts.scheme else name, kind=kind or "", profile=profile or "", country=country or "")


def completed(source: Source, kind: str) -> Source:
    """The source with what its kind, found out from the content, implies."""
    return msgspec.structs.replace(
        source,
        kind=kind,
        profile=source.profile or KINDS[kind],
        country=source.country or _COUNTRY_OF_KIND[kind],
    )
