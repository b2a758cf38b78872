"""Sources: what is harvested, from where, and in whose name. A row of config/sources.yaml, or an address."""

from __future__ import annotations

import difflib
import functools
import os
import re
from importlib import resources
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import msgspec

from ckanext.aivision.errors import UsageError
from ckanext.aivision.normalise.text import repaired

# kind -> the profile of its records where the source does not name another.
KINDS = {"dcat-us": "dcat-us-1.1", "datagov-search": "dcat-us-1.1", "ckan": "ckan"}
# The guess where an address says nothing of its country: the CKAN portals of this catalogue are the United Kingdom's.
_COUNTRY_OF_KIND = {"dcat-us": "US", "datagov-search": "US", "ckan": "GB"}


_COUNTRY_OF_DOMAIN = {"gov": "US", "mil": "US", "uk": "GB", "scot": "GB", "wales": "GB", "london": "GB", "eu": ""}
_DATA_GOV_UK = ("data.gov.uk", "www.data.gov.uk", "ckan.publishing.service.gov.uk")
_SECRET = re.compile(r"([^&=]*(?:key|token|password|secret|signature)[^&=]*)=[^&]*", re.IGNORECASE)


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A source of metadata.

    kind: the protocol, a key of KINDS; empty where it is to be found out from the content.
    profile: what its records can carry, a key of config/profiles.yaml.
    country: ISO 3166-1 alpha-2 of its publishers. license: of the metadata itself.
    organization: for catalog.data.gov, the slug of one organisation.
    min_records: a source that is read to its end and had fewer is broken, whatever it says.
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
    min_records: int = 0
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
    min_records: int = 0
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
        if "://" not in row.url:
            # The samples lie beside the list.
            values["url"] = str(resources.files("ckanext.aivision.config") / row.url)
        sources[name] = Source(name=name, **{**values, "profile": row.profile or KINDS[row.kind]})
    return sources


def resolve(target: str, kind: str | None = None, profile: str | None = None, country: str | None = None) -> Source:
    """The source of that name, or one for an http(s) address or a file.

    kind, profile and country override what the name stands for. Where they are not given for an address or a file,
    they stay empty until its content has told the kind (`completed`).
    Raises UsageError where there is no such name, file or scheme.
    """
    given = {"kind": kind, "profile": profile, "country": country}
    stated = {key: value for key, value in given.items() if value}
    known = load_sources().get(target)
    if known is not None:
        return msgspec.structs.replace(known, **stated)
    clean = repaired(target)
    if "://" in clean:
        return msgspec.structs.replace(Source(name=shown_address(clean), url=clean), **stated)
    try:
        if Path(clean).is_file():
            path = str(Path(clean).resolve())
            return msgspec.structs.replace(Source(name=path, url=path), **stated)
    except PermissionError as error:
        raise UsageError(f"{clean}: cannot be read: {error.strerror}") from error
    except (OSError, ValueError):
        pass  # Too long, or with characters that no file name has: no file, then.
    raise UsageError(
        f"{clean[:200] or 'nothing'}: no source of that name in config/sources.yaml, no http(s) address, no file; "
        + _advice(clean)
    )


def _advice(target: str) -> str:
    """What to do about a target that is no source."""
    # os.path answers False for what no path can be, where pathlib raises.
    if os.path.isdir(target):
        return "it is a directory: give a file in it"
    if os.path.exists(target):
        return "it is a device or a pipe: save what comes from it, and give that file"
    close = difflib.get_close_matches(target, load_sources(), n=3)
    return f"did you mean {' or '.join(close)}?" if close else "check the spelling"


def shown_address(url: str) -> str:
    """An address as it may stand in logs and on pages: without credentials, and without the values of keys."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        raise UsageError("this address cannot be read; give one that starts with https://") from None
    shown = urlunsplit(
        (parts.scheme, parts.netloc.rpartition("@")[2], parts.path, _SECRET.sub(r"\1=...", parts.query), "")
    )
    if parts.scheme not in ("http", "https") or not host:
        raise UsageError(f"{shown}: is no address that can be read; give one that starts with https:// and has a host")
    return shown


def completed(source: Source, kind: str) -> Source:
    """The source with what its kind, found out from the content, and its address imply."""
    host = (urlsplit(source.url).hostname or "") if "://" in source.url else ""
    profile = "data-gov-uk" if kind == "ckan" and host in _DATA_GOV_UK else KINDS[kind]
    return msgspec.structs.replace(
        source,
        kind=kind,
        profile=source.profile or profile,
        country=source.country or _country(host) or _COUNTRY_OF_KIND[kind],
    )


def _country(host: str) -> str:
    """The country that a host's last label tells; empty for .org, .com and the like."""
    label = host.rpartition(".")[2].lower()
    if label in _COUNTRY_OF_DOMAIN:
        return _COUNTRY_OF_DOMAIN[label]
    return label.upper() if "." in host and len(label) == 2 and label.isalpha() else ""
