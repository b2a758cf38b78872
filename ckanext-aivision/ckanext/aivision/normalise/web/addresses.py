"""Web addresses: which of them can be fetched from the public Internet, and their parts."""

from __future__ import annotations

import functools
import ipaddress
import re
import socket
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from ckanext.aivision.normalise.cache import cached
from ckanext.aivision.normalise.vocabulary import rows
from ckanext.aivision.normalise.web.ip_addresses import is_public as is_public_ip

_SCHEMES = ("http://", "https://")
# Where one of these stands, `urlsplit` refuses an address, or takes something out of it.
_ODD = re.compile(r"[\[\]\t\n\r]")

_LONGEST = 8192
_FETCHED = ("http", "https", "ftp")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]{0,30}):", re.IGNORECASE)
# A letter and a colon are a drive, two backslashes a server of a local network.
_LOCAL_PATH = re.compile(r"[a-z]:[\\/]|\\\\", re.IGNORECASE)
_WORD_ADDRESS = re.compile(r"(?:https?|ftp)://[^\s\"'<>,;]{4,2000}", re.IGNORECASE)
_MEANT = re.compile(r"[a-z][a-z0-9+.-]{0,30}://|(?:file|javascript|data|mailto|about):\S|//|\\\\|www\.", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f\\]")
_MOST_SPACES = 8
# Labels of host names (RFC 1123); real ones have underscores too. The last one is no number.
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"(?:{_LABEL}\.){{1,30}}(?:[a-z]{{2,63}}|xn--[a-z0-9-]{{1,59}})")
_LONGEST_HOST = 253
# What is left to be filled in: `{{url}}`, `${host}`, `{station}`, `<link>`, `[REDACTED]`; not `{4A1C-...}`, an id.
_BLANK = re.compile(
    r"\{\{|\$\{|\{[a-z_ -]{1,40}\}|<[a-z][\w ./-]{0,60}>|"
    r"\[(?:redacted|removed|withheld|insert|your|placeholder|url|link|tb[acd]|todo|x{2,}|\.{2,})[^\]]{0,60}\]",
    re.IGNORECASE,
)
_NO_NAME = re.compile(r"x{3,}|tb[acd]|todo|redacted|placeholder", re.IGNORECASE)
_IN_PATH = re.compile(rf"/(?:{_NO_NAME.pattern})(?:/|$)")
# What most addresses look like: nothing in them asks for a closer look at the whole. Groups: host, path.
_PLAIN = re.compile(r"https?://([a-z0-9.-]{1,253})((?:/[!-$&-;=@-Z^-z~]*)?)(?:[?#][!-$&-;=?-Z^-z~]*)?")
_DOI_HOSTS = ("doi.org", "dx.doi.org", "www.doi.org")
_DOI = re.compile(r"(10\.\d{4,9})(?:\.\d{1,9}){0,5}/(\S{1,500})")

_HANDLE = re.compile(r"\b(ark|hdl|hdl\.handle\.net)[:/]{1,2}([\d.]{4,30})/(\S{1,500})", re.IGNORECASE)
# `zenodo.XXXXXXX`, `TBD`
_NO_SUFFIX = re.compile(r"^(?:[x.?_-]+|tb[acd]|todo|doi|suffix)$|x{5,}|0{7,}$|1234567", re.IGNORECASE)


class Parts(NamedTuple):
    path: str
    query: str


def parts(url: str) -> Parts | None:
    """Path and query of an address as `urllib.parse.urlsplit` gives them; None if it is none."""
    if url.startswith(_SCHEMES) and url.isascii() and _ODD.search(url) is None:
        # `urlsplit` would do the same, and much that nobody asks for.
        before, _, query = url.partition("#")[0].partition("?")
        start = before.find("/", before.index("//") + 2)
        return Parts(before[start:] if start != -1 else "", query)
    try:
        split = urlsplit(url)
    except ValueError:
        return None
    return Parts(split.path, split.query)


def is_public(text: str) -> bool:
    """Whether a text is an address that could be fetched from the public Internet, as `fault` says."""
    return not fault(text)


def file_name(url: str) -> str:
    """The last part of an address's path, decoded: `csv_pus.zip`; empty if there is none."""
    found = parts(url)
    return unquote(found.path.rstrip("/").rpartition("/")[2]) if found is not None else ""


def is_address(text: str) -> bool:
    """Whether a text is meant as an address, public or not, and is no name or sentence. `EPSG:4326` is a name."""
    return _MEANT.match(text.strip()) is not None


def public_in(text: str) -> list[str]:
    """The public addresses in a text: the text itself where it is one, else those among its words."""
    if is_public(text):
        return [text]
    return [found for word in _WORD_ADDRESS.findall(text[:_LONGEST]) if is_public(found := word.rstrip(".,;:)"))]


def is_public_host(name: str) -> bool:
    """Whether a host name, as that of a mailbox, could be one of the public Internet."""
    return not _fault_of_host(name.lower())


@cached(16384)
def fault(text: str) -> str:
    """Why a text is no address that could be fetched from the public Internet; empty if it is one.

    It is one if it is absolute (RFC 3986, 4.3), of the scheme http, https or ftp, and its host is a name with a dot
    that is not reserved (config/vocabularies/special_names.csv) or an IP address that is public
    (special_addresses.csv). Nothing is looked up, so the host need not exist.
    """
    written = text.strip()
    if len(written) <= _LONGEST and (plain := _PLAIN.fullmatch(written)) is not None:
        return _fault_of_host(plain[1]) or _fault_of_path(plain[1], plain[2])
    if why := _fault_of_form(written):
        return why
    try:
        split = urlsplit(written)
        host, _ = split.hostname or "", split.port
    except ValueError:
        return "not a valid web address"
    if split.password:
        return "an address with a password, which is not for the public"
    return _fault_of_host(host) or _fault_of_path(host, split.path)


def fault_of_form(text: str) -> str:
    """Why a text is no web address at all, whatever its host; empty if it is one, as `http://nas/a.csv`."""
    written = text.strip()
    if why := _fault_of_form(written):
        return why
    try:
        split = urlsplit(written)
        host, _ = split.hostname, split.port
    except ValueError:
        return "not a valid web address"
    return "" if host else "an address without a host name"


def _fault_of_form(written: str) -> str:
    scheme = _SCHEME.match(written)
    name = scheme[1].lower() if scheme is not None else ""
    faults = (
        (not written, "empty"),
        (len(written) > _LONGEST, "too long for a web address"),
        (_LOCAL_PATH.match(written), "a path on somebody's own computer or network"),
        (not name or (name not in _FETCHED and " " in written), "not a web address"),
        (name not in _FETCHED, f"an address that begins with {name}:, which no program can download from"),
        (not written.startswith("//", len(name) + 1) or _CONTROL.search(written), "not a valid web address"),
        (written.count(" ") > _MOST_SPACES or " http" in written, "an address with other text around it"),
        (_BLANK.search(unquote(written)), "a placeholder for an address"),
    )
    return next((why for is_so, why in faults if is_so), "")


@functools.lru_cache(8192)
def _fault_of_host(written: str) -> str:
    host = _in_ascii(written.removesuffix("."))
    if host and (number := _ip(host)) is not None:
        return "" if is_public_ip(number) else f"{written} is not an address of the public Internet"
    labels = host.split(".")
    faults = (
        (not host, f"{written} is not a host name" if written else "an address without a host name"),
        (_is_reserved(labels), f"{written} is a reserved name, which leads nowhere on the public Internet"),
        (len(labels) == 1, f"{written} is not the name of a public host"),
        (len(host) > _LONGEST_HOST or _HOST.fullmatch(host) is None, f"{written} is not a host name"),
        (all(_NO_NAME.fullmatch(label) for label in labels[:-1] if label != "www"), "a placeholder for an address"),
    )
    return next((why for is_so, why in faults if is_so), "")


def _in_ascii(host: str) -> str:
    """A host name as it is looked up (RFC 3490); empty if it cannot be one."""
    try:
        return host if host.isascii() else host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""


def _is_reserved(labels: list[str]) -> bool:
    return any(".".join(labels[start:]) in _reserved("domain") for start in range(len(labels)))


def _ip(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The IP address that a host is: IPv6, or IPv4 in any form that programs take (`127.1`, `0x7f000001`)."""
    try:
        return ipaddress.IPv6Address(host.partition("%")[0])
    except ValueError:
        pass
    if not host[0].isdigit() or not host.isascii():
        return None
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except (OSError, ValueError):
        return None


def _fault_of_path(host: str, path: str) -> str:
    if _IN_PATH.search(path.lower()):
        return "a placeholder for an address"
    if host in _DOI_HOSTS and is_placeholder_doi(unquote(path).lstrip("/")):
        return "an address of the DOI service without a DOI"
    return ""


def is_placeholder_doi(doi: str) -> bool:
    """Whether a text is no DOI (`10.1000/182`), or one of a prefix that is kept for tests and examples."""
    match = _DOI.match(doi[4:] if doi[:4].lower() == "doi:" else doi)
    if match is None or match[1] in _reserved("doi"):
        return True
    return _NO_SUFFIX.search(match[2].strip("/")) is not None


def is_placeholder_handle(text: str) -> bool:
    """Whether a handle or an ARK is one of a prefix that is kept for tests and examples, or still to be filled in."""
    match = _HANDLE.search(text)
    if match is None:
        return False
    kind = "ark" if match[1].lower() == "ark" else "handle"
    return match[2] in _reserved(kind) or _NO_SUFFIX.search(match[3]) is not None


@functools.cache
def _reserved(kind: str) -> frozenset[str]:
    return frozenset(row["name"] for row in rows("special_names") if row["kind"] == kind)
