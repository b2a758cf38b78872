"""Sources to harvest: rows of config/sources.yaml, or addresses."""

from __future__ import annotations

import difflib
import functools
import os
import re
from importlib import resources
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit, urlunsplit

import msgspec
from msgspec import Meta

from ckanext.aivision.errors import UsageError
from ckanext.aivision.harvesters.parsing.yaml_text import documents
from ckanext.aivision.harvesters.sources.kind_registry import KINDS
from ckanext.aivision.normalise.geography.address_countries import country_of_host
from ckanext.aivision.normalise.text import repaired
from ckanext.aivision.normalise.web.credentials import MASK, mask

# What each row of config/sources.yaml says.
_STATED = ("title", "url", "kind", "country", "publisher", "license")
_SECRET = re.compile(r"([^&=]*(?:key|token|password|secret|signature)[^&=]*)=[^&]*", re.IGNORECASE)
_HIDDEN = r"\1=..."


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A source of metadata. A setting is one row here: the form, the API and config/sources.yaml take it from here.

    Its title and description are those of the form and of the API, and its limits hold wherever it is given.
    blank: the field is chosen from a list (`catalogue.sources.listing.choices`), and says this if nothing is chosen.
    """

    name: Annotated[
        str,
        Meta(
            title="Name",
            description="Used in web addresses and on the command line: 2 to 100 lower-case letters, digits, dots, "
            "hyphens and underscores. It cannot be changed later.",
        ),
    ]
    url: Annotated[
        str,
        Meta(
            title="Address",
            description="The http or https address of a data.json file, a CKAN portal or another catalogue. Any "
            "password or key in it is stored and never shown.",
        ),
    ]
    title: Annotated[
        str,
        Meta(
            title="Title",
            description="The name that people see.",
        ),
    ] = ""
    kind: Annotated[
        str,
        Meta(
            title="Kind",
            description="The protocol or format of the source, such as dcat-us or ckan.",
            extra={"blank": "Detect from its content"},
        ),
    ] = ""
    profile: Annotated[
        str,
        Meta(
            title="Profile",
            description="The metadata standard of its records, a key of config/profiles.yaml. What the standard has no "
            "field for counts as unknown in the evaluation, never as a fail.",
            extra={"blank": "The default for this kind"},
        ),
    ] = ""
    country: Annotated[
        str,
        Meta(
            title="Country",
            description="Where its publishers are: US, GB or another ISO 3166-1 code. Leave empty to take it from "
            "the addresses of the source and of its publishers.",
            max_length=2,
        ),
    ] = ""
    publisher: Annotated[
        str,
        Meta(
            title="Publisher",
            description="The organisation that publishes the catalogue.",
        ),
    ] = ""
    license: Annotated[
        str,
        Meta(
            title="Licence of the metadata",
            description="The licence of the descriptions, not of the data.",
        ),
    ] = ""
    organization: Annotated[
        str,
        Meta(
            title="Organisation at catalog.data.gov",
            description="To harvest one organisation only, enter its short name at catalog.data.gov.",
        ),
    ] = ""
    min_records: Annotated[
        int,
        Meta(
            title="Minimum number of records",
            description="If the source returns fewer, it is treated as broken and nothing is removed.",
            ge=0,
            le=2**31 - 1,
        ),
    ] = 0
    max_gone_share: Annotated[
        float,
        Meta(
            title="Largest share that can be removed",
            description="From 0 to 1. A run that would remove a larger share of the datasets asks for confirmation "
            "first.",
            ge=0,
            le=1,
        ),
    ] = 0.2
    full_every_days: Annotated[
        float,
        Meta(
            title="Days between full harvests",
            description="Most harvests of an API (CKAN, CSW, Socrata and others) or a web folder ask only for changes. "
            "A full harvest, which also finds removed records, happens this often; 0 means every time. Other kinds are "
            "always harvested in full.",
            ge=0,
            le=3650,
        ),
    ] = 7
    requests_per_hour: Annotated[
        int,
        Meta(
            title="Maximum requests per hour",
            description="For an API (CKAN, CSW, Socrata and others) or a web folder, counted over all harvests and "
            "previews. A harvest that reaches the limit waits. 0 means 1,000 for catalog.data.gov and no limit for "
            "others.",
            ge=0,
            le=1_000_000,
        ),
    ] = 0
    # Whether its records are made up, as those of config/samples are; they are not compared beside real ones. It is no
    # setting: it has no title.
    sample: bool = False

    @property
    def is_remote(self) -> bool:
        """Whether it lies behind an address of http or https, not in a file or a directory."""
        return "://" in self.url

    @property
    def accept(self) -> str:
        """The media types to ask for; empty for any, as where its kind is not known yet."""
        return KINDS[self.kind].accept if self.kind else ""


@functools.cache
def load_sources() -> dict[str, Source]:
    """The sources of config/sources.yaml by name. Raises UsageError if the file is not in its form."""
    path = resources.files("ckanext.aivision.config") / "sources.yaml"
    return sources_of(path.read_bytes(), "config/sources.yaml")


def sources_of(content: bytes, name: str) -> dict[str, Source]:
    """The sources of a list in the form of config/sources.yaml. Raises UsageError, with its name, where it is not."""
    try:
        rows = msgspec.yaml.decode(content, type=dict[str, dict[str, Any]])
    except msgspec.DecodeError as error:
        raise UsageError(f"{name}: {error}") from error
    if repeated := [key for document in documents(iter((content.decode(),)), name) for key in document.repeated]:
        raise UsageError(f"{name}: {repeated[0]} stands there twice; take one out")
    return {key: _parse_row(key, row, f"{name}: {key}") for key, row in rows.items()}


def _parse_row(key: str, row: dict[str, Any], where: str) -> Source:
    """A row of a list of sources. Raises UsageError, with where it is, if it is not in the form of one."""
    if missing := [field for field in _STATED if field not in row]:
        raise UsageError(f"{where}: says nothing of {', '.join(missing)}")
    if "name" in row:
        raise UsageError(f"{where}: has a `name`, which is its key already; take it out")
    try:
        source = msgspec.convert({**row, "name": key}, type=Source)
    except msgspec.ValidationError as error:
        raise UsageError(f"{where}: {error}") from error
    if source.kind not in KINDS:
        raise UsageError(f"{where}: kind {source.kind!r} is not one of {', '.join(KINDS)}")
    # The samples lie beside the list.
    url = source.url if source.is_remote else str(resources.files("ckanext.aivision.config") / source.url)
    return msgspec.structs.replace(source, url=url, profile=source.profile or KINDS[source.kind].profile)


def resolve(target: str, kind: str | None = None, profile: str | None = None, country: str | None = None) -> Source:
    """The source of that name, or one for an http(s) address, a file or a directory of files.

    kind, profile and country override what the name stands for. Where they are not given for an address or a file,
    they stay empty until its content has shown its kind (`complete_source`).
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


def complete_source(source: Source, kind: str) -> Source:
    """The source with what its kind, found out from the content, and its address imply."""
    host = (urlsplit(source.url).hostname or "") if source.is_remote else ""
    declared = KINDS[kind]
    return msgspec.structs.replace(
        source,
        kind=kind,
        profile=source.profile or declared.profiles_of_hosts.get(host, declared.profile),
        country=source.country or country_of_host(host) or declared.country,
    )
