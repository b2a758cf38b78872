"""Credentials in web addresses (user names, passwords, keys), masked so that the address is still told from others."""

from __future__ import annotations

import functools
import re
from typing import Any, NamedTuple
from urllib.parse import unquote

import msgspec

from ckanext.aivision.errors import Problem
from ckanext.aivision.normalise.vocabulary import rows

MASK = "***"
# What a link check and a profile say of an address that is not asked for.
NOT_CHECKED = "not checked: the address contains credentials"

# What comes before the `@` of an address (RFC 3986, 3.2.1), plain or inside of another address. A password may hold
# further ones. Without a scheme it is one only with a colon in it.
_USER = re.compile(
    r"(\b[a-z][a-z0-9+.-]{0,30}:(?:\\?/){2}|(?<![\w:/])//(?=[^\s/?#@:\"'<>\\]{1,300}:))[^\s/?#\"'<>\\]{1,1000}@(?=[\w\[])",
    re.IGNORECASE,
)
_ENCODED_USER = re.compile(r"(%3A%2F%2F)(?:(?!%2F|%3F)[^\s/?#&\"'<>\\]){1,1000}%40", re.IGNORECASE)
_PARAMETER = re.compile(
    r"([?&;#])((?:[\w$.-]|%[0-9A-F]{2}){1,60})(=)((?:[^&;#\s\"'<>\\]|;(?![\w$.-]{1,60}=)){1,8000})", re.IGNORECASE
)
_ENCODED_PARAMETER = re.compile(
    r"(%3F|%26)([\w$.-]{1,60})(%3D)((?:(?!%26)[^&#\s\"'<>\\]){1,8000})",
    re.IGNORECASE,
)
# What shows whether a record needs a closer look.
_SUSPECT_USER = re.compile(rb"//[^\s/?#\"'<>\\]{1,1000}@|/\\/|%40")
_NAMES = re.compile(rb"[?&;#]([\w$.%-]{1,60})=")
# What stands for a key in instructions, and is none.
_PLACEHOLDER = re.compile(
    r"demo_?key|(?:\$|%24)?[\[{<(%].*|(?:your|my|insert|enter|example)[-_ .].*|your(?:api|app|key|token).*|"
    r".*[-_](?:here|placeholder)|x+|\.+|\*+|true|false|yes|no|null|none|undefined|anonymous|guest|public",
    re.IGNORECASE,
)
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_SECRET = re.compile(rf"{_UUID}|(?=.*[0-9])(?=.*[a-z])[\w+/=.~%-]{{16,}}", re.IGNORECASE)
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_MASKED = re.compile(r"//\*{3}@|%2F%2F\*{3}%40|(?:=|%3D)\*{3}(?:[&;#]|%26|$)", re.IGNORECASE)
_MOST_TOLD = 3


class _Parameter(NamedTuple):
    value: str
    but: frozenset[str]


def mask(text: str) -> str:
    """A text with the credentials of all addresses in it as `***`; always the same text for the same address."""
    if ":" in text and "@" in text:
        text = _USER.sub(rf"\1{MASK}@", text)
    if "%40" in text:
        text = _ENCODED_USER.sub(rf"\1{MASK}%40", text)
    if "%3" in text:
        text = _ENCODED_PARAMETER.sub(_masked, text)
    return _PARAMETER.sub(_masked, text) if "=" in text else text


def has_credentials(url: str) -> bool:
    """Whether an address holds credentials, or held some before they were masked."""
    return _MASKED.search(url) is not None or mask(url) != url


def mask_record(value: Any, where: str) -> tuple[Any, list[Problem]]:
    """A record (JSON types) with its credentials masked, and what to tell of it; itself where it has none."""
    try:
        encoded = msgspec.json.encode(value)
    except (UnicodeEncodeError, RecursionError):
        encoded = repr(value).encode("utf-8", "replace")
    if not _is_suspect(encoded):
        return value, []
    problems: list[Problem] = []
    masked = _mask_value(value, where, problems)
    return (masked, problems) if problems else (value, [])


def _is_suspect(encoded: bytes) -> bool:
    """Whether a record's JSON may hold credentials. Nearly none does, and each is looked at."""
    if b"%3D" in encoded or b"%3d" in encoded or _SUSPECT_USER.search(encoded) is not None:
        return True
    return b"=" in encoded and any(_parameter(_folded(name.decode())) for name in set(_NAMES.findall(encoded)))


def _folded(name: str) -> str:
    return _NOT_ALPHANUMERIC.sub("", unquote(name)).lower()


def _mask_value(value: Any, where: str, problems: list[Problem]) -> Any:
    if isinstance(value, str):
        masked = mask(value)
        if masked != value and len(problems) < _MOST_TOLD:
            problems.append(Problem("credentials-masked", mask(where), _MESSAGE, seen=masked[:200]))
        return masked
    if isinstance(value, list):
        return [_mask_value(item, f"{where}[{index}]", problems) for index, item in enumerate(value)]
    if isinstance(value, dict):
        return {mask(name): _mask_value(item, f"{where}.{name}", problems) for name, item in value.items()}
    return value


_MESSAGE = (
    "an address holds a user name, a password or a key; it is masked wherever the record is given out: publish the "
    "address without it, and replace it, for it has been published"
)


def _masked(match: re.Match[str]) -> str:
    before, name, equals, value = match.groups()
    parameter = _parameter(_folded(name))
    if parameter is None or not _is_secret(value, parameter.value) or _is_on(match, parameter.but):
        return match[0]
    return f"{before}{name}{equals}{MASK}"


def _is_on(match: re.Match[str], hosts: frozenset[str]) -> bool:
    """Whether the address that a parameter belongs to is on one of these hosts."""
    if not hosts:
        return False
    address = match.string[max(0, match.start() - 2000) : match.start()].rpartition("://")[2]
    return address.partition("/")[0].lower() in hosts


def _is_secret(value: str, kind: str) -> bool:
    if value == MASK or _PLACEHOLDER.fullmatch(value):
        return False
    if kind == "secret":
        return _SECRET.fullmatch(value) is not None
    return kind == "any" or not value.isdecimal()


@functools.lru_cache(4096)
def _parameter(name: str) -> _Parameter | None:
    exact, endings = _table()
    if name in exact:
        return exact[name]
    return next((parameter for ending, parameter in endings.items() if name.endswith(ending)), None)


@functools.cache
def _table() -> tuple[dict[str, _Parameter], dict[str, _Parameter]]:
    """The parameters by their whole name, and by its end."""
    exact, endings = dict[str, _Parameter](), dict[str, _Parameter]()
    for row in rows("credential_parameters"):
        parameter = _Parameter(row["value"], frozenset((row["but"] or "").split()))
        (endings if row["name"].startswith("*") else exact)[row["name"].lstrip("*")] = parameter
    return exact, endings
