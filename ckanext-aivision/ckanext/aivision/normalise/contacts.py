"""Contacts: e-mail addresses as portals write them."""

from __future__ import annotations

import re
from urllib.parse import unquote

from ckanext.aivision.normalise.cache import cached
from ckanext.aivision.normalise.text import one

_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z]{2,24}"
)
_NO_REPLY = re.compile(
    r"^(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|no[-_.]?e?mail(?:[-_.]?provided)?|"
    r"(?:your|my|first|given|user|e?mail|contact|some)?[-_.]?(?:names?|e?mail|address)(?:[-_.](?:last|sur|family)?name)?|"
    r"(?:first|given)(?:name)?[-_.](?:last|sur)(?:name)?|n\.?a|none|null|unknown|nobody|someone|somebody|test|testing|"
    r"foo|bar|user|example|placeholder|tb[acd]|todo|changeme|x{2,}|asdf|abc|john\.?doe|jane\.?doe)@|"
    r"@example\.(?:com|org|net)$",
    re.IGNORECASE,
)
_MAILTO = re.compile(r"^(?:mailto:)+", re.IGNORECASE)
_BETWEEN_WORDS = re.compile(r"[\s,;<>()\[\]\"]+")
_LONGEST = 500


def email(value: object) -> str | None:
    """The address of a contact, or the first of several; `mailto:`, a query and words around it are taken off.

    value: any JSON value. None if it holds no address, as for the address of a web form.
    """
    text = one(value)
    return _email(text) if text is not None else None


def mailbox(written: str) -> tuple[str | None, str | None]:
    """The address of a mailbox; and what else is written in its place, as the address of a form (`mailto:https://...`)."""
    address = email(written)
    return address, (_MAILTO.sub("", written.strip()) or None) if address is None else None


@cached(8192)
def _email(text: str) -> str | None:
    written = _MAILTO.sub("", text[:_LONGEST]).strip()
    if "://" in written:
        return None
    for word in _BETWEEN_WORDS.split(unquote(written.split("?")[0])):
        address = word.strip(".:'")
        if _ADDRESS.fullmatch(address):
            return address
    return None


def is_no_reply(address: str) -> bool:
    """Whether nobody reads what is sent there: no-reply addresses, examples, and what was to be filled in."""
    return _NO_REPLY.search(address[:_LONGEST]) is not None
