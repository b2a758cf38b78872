"""Sources to harvest: rows of config/sources.yaml, or addresses."""

from __future__ import annotations

import difflib
import functools
import os
import re
from importlib import resources
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit

import msgspec

from ckanext.aivision.errors import UsageError
from ckanext.aivision.normalise.credentials import MASK, mask
from ckanext.aivision.normalise.text import repaired


class Kind(NamedTuple):
    """A protocol that sources speak.

    profile: of its records where neither the source nor the record names another. country: the guess where an address
    says nothing of it. is_api: whether it is asked page by page over HTTP, where others are documents.
    accept: the media types that its documents are asked for in; empty for any.
    """

    profile: str
    country: str
    is_api: bool = False
    accept: str = ""


# Kinds in the order in which they are told. The CKAN and DCAT portals of this catalogue are the United Kingdom's.
KINDS = {
    "dcat-us": Kind("dcat-us-1.1", "US"),
    "datagov-search": Kind("dcat-us-1.1", "US", is_api=True),
    "ckan": Kind("ckan", "GB", is_api=True),
    "dcat-rdf": Kind(
        "dcat-ap",
        "GB",
        accept="text/turtle, application/rdf+xml;q=0.9, application/ld+json;q=0.8, application/n-triples;q=0.7, "
        "*/*;q=0.1",
    ),
    "uk-metadata-exchange": Kind("uk-metadata-exchange", "GB"),
}

_COUNTRY_OF_DOMAIN = {"gov": "US", "mil": "US", "uk": "GB", "scot": "GB", "wales": "GB", "london": "GB", "eu": ""}
_DATA_GOV_UK = ("data.gov.uk", "www.data.gov.uk", "ckan.publishing.service.gov.uk")
_SECRET = re.compile(r"([^&=]*(?:key|token|password|secret|signature)[^&=]*)=[^&]*", re.IGNORECASE)
_HIDDEN = r"\1=..."


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A source of metadata.

    kind: the protocol, a key of KINDS; empty if it is to be found out from the content.
    profile: what its records can carry, a key of config/profiles.yaml.
    country: ISO 3166-1 alpha-2 of its publishers. license: of the metadata itself.
    organization: for catalog.data.gov, the slug of one organisation.
    min_records: a source that is read to the end and had fewer is broken, whatever it says.
    max_gone_share: the largest share (0 to 1) of its datasets that one run may remove without a person's yes.
    full_every_days: between two full readings of a source that can be asked for its changes.
    requests_per_hour: asked of it at most, over all runs; 0 for what its kind allows.
    sample: whether its records are made up, as those of config/samples are; they are not compared beside real ones.
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
    full_every_days: float = 7
    requests_per_hour: int = 0
    sample: bool = False

    @property
    def is_remote(self) -> bool:
        """Whether it lies behind an address of http or https, not in a file or a directory."""
        return "://" in self.url

    @property
    def accept(self) -> str:
        """The media types to ask for; empty for any, as where its kind is not known yet."""
        return KINDS[self.kind].accept if self.kind else ""


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
    full_every_days: float = 7
    requests_per_hour: int = 0
    sample: bool = False


@functools.cache
def load_sources() -> dict[str, Source]:
    """The sources of config/sources.yaml by name. Raises UsageError if the file is not in its form."""
    path = resources.files("ckanext.aivision.config") / "sources.yaml"
    return sources_of(path.read_bytes(), "config/sources.yaml")


def sources_of(content: bytes, name: str) -> dict[str, Source]:
    """The sources of a list in the form of config/sources.yaml. Raises UsageError, with its name, where it is not."""
    try:
        rows = msgspec.yaml.decode(content, type=dict[str, _Row])
    except msgspec.DecodeError as error:
        raise UsageError(f"{name}: {error}") from error
    sources = {}
    for key, row in rows.items():
        if row.kind not in KINDS:
            raise UsageError(f"{name}: {key}: kind {row.kind!r} is not one of {', '.join(KINDS)}")
        values = msgspec.structs.asdict(row)
        if "://" not in row.url:
            # The samples lie beside the list.
            values["url"] = str(resources.files("ckanext.aivision.config") / row.url)
        sources[key] = Source(name=key, **{**values, "profile": row.profile or KINDS[row.kind].profile})
    return sources


def resolve(target: str, kind: str | None = None, profile: str | None = None, country: str | None = None) -> Source:
    """The source of that name, or one for an http(s) address, a file or a directory of files.

    kind, profile and country override what the name stands for. Where they are not given for an address or a file,
    they stay empty until its content has told the kind (`completed`).
    Raises UsageError if there is no such name, file or scheme.
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
        # An empty text is no name of the directory that one stands in.
        if clean and (Path(clean).is_file() or Path(clean).is_dir()):
            path = str(Path(clean).resolve())
            return msgspec.structs.replace(Source(name=path, url=path, sample=is_sample(path, path)), **stated)
    except PermissionError as error:
        raise UsageError(f"{clean}: cannot be read: {error.strerror}") from error
    except (OSError, ValueError):
        pass  # Too long, or with characters that no file name has: no file, then.
    raise UsageError(
        f"{clean[:200] or 'nothing'}: not the name of a source in config/sources.yaml, an http(s) address, a file "
        f"or a directory; {_advice(clean)}"
    )


def is_sample(name: str, url: str) -> bool:
    """Whether a source of that name, at that address or path, is one of the made-up samples of this project."""
    known = load_sources().get(name)
    if known is not None:
        return known.sample
    if "://" in url:
        return False
    # The files lie in config/samples of whatever installation they were harvested from.
    ours = {Path(source.url).parts[-3:] for source in load_sources().values() if source.sample}
    return Path(url).parts[-3:] in ours or _is_harvest_of_samples(url)


class _Account(msgspec.Struct):
    """What the account of `aivision harvest --into` says of its source."""

    source: str = ""
    url: str = ""
    sample: bool = False


def _is_harvest_of_samples(folder: str) -> bool:
    try:
        account = msgspec.json.decode((Path(folder) / "run.json").read_bytes(), type=_Account)
    except (OSError, ValueError):
        return False  # No harvest, or one whose account cannot be read: whoever reads it says so.
    return account.sample or (account.url != folder and is_sample(account.source, account.url))


def _advice(target: str) -> str:
    """What to do about a target that is no source."""
    # os.path answers False for what no path can be, where pathlib raises.
    if os.path.exists(target):
        return "it is a device or a pipe: save its output to a file and use that"
    close = difflib.get_close_matches(target, load_sources(), n=3)
    return f"did you mean {' or '.join(close)}?" if close else "check the spelling"


def shown_address(url: str) -> str:
    """An address as it may stand in logs and on pages: without credentials, and without the values of keys."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        raise UsageError("this address cannot be read; use one that starts with https://") from None
    shown = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, _without_keys(parts.query), ""))
    if parts.scheme not in ("http", "https") or not host:
        raise UsageError(f"{shown}: this address cannot be read; use one that starts with https:// and has a host")
    return shown


def _without_keys(query: str) -> str:
    return mask(f"?{_SECRET.sub(_HIDDEN, query)}")[1:].replace(f"={MASK}", "=...") if query else query


def completed(source: Source, kind: str) -> Source:
    """The source with what its kind, found out from the content, and its address imply."""
    host = (urlsplit(source.url).hostname or "") if source.is_remote else ""
    profile = "data-gov-uk" if kind == "ckan" and host in _DATA_GOV_UK else KINDS[kind].profile
    return msgspec.structs.replace(
        source,
        kind=kind,
        profile=source.profile or profile,
        country=source.country or _country(host) or KINDS[kind].country,
    )


def _country(host: str) -> str:
    """The country that a host's last label tells; empty for .org, .com and the like."""
    label = host.rpartition(".")[2].lower()
    if label in _COUNTRY_OF_DOMAIN:
        return _COUNTRY_OF_DOMAIN[label]
    return label.upper() if "." in host and len(label) == 2 and label.isalpha() else ""
