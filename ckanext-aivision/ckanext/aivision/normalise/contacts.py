"""Contacts: e-mail addresses as portals write them."""

from __future__ import annotations

import functools
import re
from urllib.parse import unquote

from ckanext.aivision.normalise.text import one

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}")
_NO_REPLY = re.compile(r"^(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|donotreply)@|@example\.(?:com|org|net)$", re.IGNORECASE)
_MAILTO = re.compile(r"^(?:mailto:)+", re.IGNORECASE)


def email(value: object) -> str | None:
    """The address of a contact, `mailto:` and a query taken off; None where it is none."""
    text = one(value)
    return _email(text) if text is not None else None


@functools.lru_cache(maxsize=8192)
def _email(text: str) -> str | None:
    address = unquote(_MAILTO.sub("", text[:500]).split("?")[0]).strip().strip("<>")
    return address if _ADDRESS.fullmatch(address) else None


def is_no_reply(address: str) -> bool:
    """Whether nobody reads what is sent there: no-reply and example addresses."""
    return _NO_REPLY.search(address) is not None
