"""Sources: where metadata comes from, by name (config/sources.yaml) or by address."""

from __future__ import annotations

import difflib
import functools
import urllib.parse
from importlib import resources
from pathlib import Path

import msgspec
import yaml

from ckanext.aivision.errors import UsageError


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """A place that gives out metadata.

    name: its key in config/sources.yaml; for others their address, without credentials and query, or their file path.
    url: an http(s) address, or the path of a file.
    kind: what it speaks: `dcat-us`, `ckan` or `datagov-search`; empty until its content has told (`reading.identify`).
    profile: what its records can carry, a key of config/profiles.yaml; empty until the kind is known.
    country: ISO 3166-1 alpha-2 of the publishers' country; empty until the kind is known.
    publisher, license: who gives out the metadata, and under which licence (a URI or a name).
    min_records: fewer records than this, read to the end, mean that the source is broken.
    max_gone_share: the largest share (0 to 1) of its data sets that one harvest may remove without a person's yes.
    """

    name: str
    url: str
    kind: str = ""
    profile: str = ""
    country: str = ""
    title: str = ""
    publisher: str = ""
    license: str = ""
    min_records: int = 0
    max_gone_share: float = 0.2

    @property
    def is_file(self) -> bool:
        """Whether `url` is the path of a local file."""
        return not is_address(self.url)


class Kind(msgspec.Struct, frozen=True):
    """What is taken for granted of a kind of source where nothing says otherwise."""

    profile: str
    country: str


# The CKAN portals known here are the United Kingdom's: data.gov left CKAN in 2026. `--country` says otherwise.
KINDS = {
    "dcat-us": Kind("dcat-us-1.1", "US"),
    "datagov-search": Kind("dcat-us-1.1", "US"),
    "ckan": Kind("ckan", "GB"),
}

DATA_GOV_UK_HOSTS = ("data.gov.uk", "www.data.gov.uk", "ckan.publishing.service.gov.uk")
COUNTRY_OF_DOMAIN = {"gov": "US", "mil": "US", "us": "US", "uk": "GB", "scot": "GB", "wales": "GB", "london": "GB"}


def is_address(target: str) -> bool:
    """Whether this is written as an address (it has a scheme) rather than as a file's path."""
    return "://" in target


def redacted(url: str) -> str:
    """An address fit for messages and logs: without user, password, query and fragment."""
    try:
        parts = urllib.parse.urlsplit(url)
    except ValueError:
        return "(an unreadable address)"
    host = parts.netloc.rpartition("@")[2]
    return urllib.parse.urlunsplit((parts.scheme, host, parts.path, "", ""))


@functools.lru_cache(maxsize=1)
def load_sources() -> dict[str, Source]:
    """The sources of config/sources.yaml, by name. Raises UsageError where the file is wrong."""
    text = (resources.files("ckanext.aivision.config") / "sources.yaml").read_text(encoding="utf-8")
    rows = yaml.safe_load(text)
    try:
        sources = msgspec.convert([{"name": name, **row} for name, row in rows.items()], list[Source])
    except (msgspec.ValidationError, AttributeError, TypeError) as error:
        raise UsageError(f"config/sources.yaml is wrong: {error}") from error
    unknown = [source.name for source in sources if source.kind not in KINDS]
    if unknown:
        raise UsageError(f"config/sources.yaml: {', '.join(unknown)}: `kind` must be one of {', '.join(KINDS)}")
    return {source.name: completed(source) for source in sources}


def completed(source: Source, kind: str | None = None) -> Source:
    """The source with its kind, and with the profile and country that follow from it where they are not given.

    Raises UsageError where the kind is not known.
    """
    kind = kind or source.kind
    defaults = KINDS.get(kind)
    if defaults is None:
        raise UsageError(f"unknown kind of source {kind!r}: give one of {', '.join(KINDS)}")
    host = _host(source.url)
    profile = "data-gov-uk" if kind == "ckan" and host in DATA_GOV_UK_HOSTS else defaults.profile
    return msgspec.structs.replace(
        source,
        kind=kind,
        profile=source.profile or profile,
        country=source.country or _country(host) or defaults.country,
        title=source.title or source.name,
    )


def resolve(target: str, kind: str | None = None, profile: str | None = None, country: str | None = None) -> Source:
    """The source that a user means.

    target: a name of config/sources.yaml, an http(s) address, or the path of a file.
    kind, profile, country: go before what the configuration or the address say.
    Raises UsageError where it is none of these. Where the kind of an address or file is not given, it is left empty:
    `reading.open_source` finds it out from the content.
    """
    known = load_sources().get(target)
    given = {"kind": kind, "profile": profile, "country": country}
    said = {field: value for field, value in given.items() if value}
    if known is not None:
        return msgspec.structs.replace(known, **said)
    if is_address(target):
        source = Source(name=_address_name(target), url=target, **said)  # type: ignore[arg-type]
    elif Path(target).is_file():
        path = str(Path(target).resolve())
        source = Source(name=path, url=path, **said)  # type: ignore[arg-type]
    else:
        raise UsageError(_not_found(target))
    return completed(source) if source.kind else source


def _address_name(target: str) -> str:
    parts = urllib.parse.urlsplit(target)
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        raise UsageError(f"{redacted(target)} is no address that can be read: give one that starts with https://")
    return redacted(target)


def _not_found(target: str) -> str:
    close = difflib.get_close_matches(target, load_sources(), n=3)
    hint = f"did you mean {' or '.join(close)}? " if close else ""
    return f"{target!r} is no file, no address and no name of config/sources.yaml: {hint}give one of these"


def _host(url: str) -> str:
    if not is_address(url):
        return ""
    try:
        return (urllib.parse.urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def _country(host: str) -> str:
    """The country that a host's last label tells: .gov is the United States', a two-letter label is its own."""
    label = host.rpartition(".")[2]
    if label in COUNTRY_OF_DOMAIN:
        return COUNTRY_OF_DOMAIN[label]
    return label.upper() if "." in host and len(label) == 2 and label.isalpha() else ""
