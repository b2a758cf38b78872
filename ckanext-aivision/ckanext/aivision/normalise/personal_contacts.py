"""Which e-mail addresses are a person's, and texts and records in which a form stands in their place."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import Any

import msgspec

from ckanext.aivision.normalise.cache import cached
from ckanext.aivision.normalise.vocabulary import rows
from ckanext.aivision.record import Agent, Dataset

# An address in running text, with what makes a link of it.
_IN_TEXT = re.compile(
    r"(?:mailto:)?((?<![A-Za-z0-9._%+/@-])[A-Za-z0-9][A-Za-z0-9._%+'-]{0,63})(@|%40)"
    r"((?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z]{2,24})"
)
_WORDS = re.compile(r"[a-z]+")
_LONG = 6
_OFFICE = re.compile(r"[\d&,/()]")


@functools.cache
def _roles() -> frozenset[str]:
    return frozenset(word for row in rows("role_addresses") for word in row["words"].split())


@functools.cache
def _inside() -> re.Pattern[str]:
    """Words of offices that count inside of others too, as in `ra-dhicontactus@`: so long that no name has them."""
    return re.compile("|".join(sorted(word for word in _roles() if len(word) >= _LONG)))


@cached(8192)
def is_personal(address: str) -> bool:
    """Whether an address is made of a person's names: two words or more of which none stands for an office or a task.

    By config/vocabularies/role_addresses.csv. The words of the host's name (`leeds.city@leeds.gov.uk`) are no person's.
    """
    local, _, host = address.lower().partition("@")
    words = _WORDS.findall(local)
    known = _roles() | set(_WORDS.findall(host))
    return len(words) > 1 and not any(word in known or _inside().search(word) for word in words)


def is_of(address: str, name: str | None) -> bool:
    """Whether an address has the name of the person beside it in it, as `jdoe@` has that of Jane Doe."""
    words = _WORDS.findall((name or "").lower())
    if not 2 <= len(words) <= 4 or _OFFICE.search(name or "") or any(word in _roles() for word in words):
        return False
    local = "".join(_WORDS.findall(address.lower().partition("@")[0]))
    return len(words[-1]) > 2 and words[-1] in local


def without_names(address: str, name: str | None) -> str:
    """An address as it can be shown: of a person's only the host (`…@leeds.gov.uk`). name: of the contact."""
    is_persons = is_personal(address) or is_of(address, name)
    return f"…@{address.rpartition('@')[2]}" if is_persons else address


def hide_names(text: str) -> str:
    """A text in which persons' addresses are as `without_names` shows them."""
    return _IN_TEXT.sub(
        lambda found: without_names(f"{found[1]}@{found[3]}", None) if _is_persons(found) else found[0], text
    )


def _is_persons(found: re.Match[str]) -> bool:
    return is_personal(f"{found[1]}@{found[3]}")


def hide_text(text: str, form: str, also: Sequence[str] = ()) -> str:
    """A text with the address of a form in the place of persons' addresses. also: other addresses to hide."""
    if "@" not in text and "%40" not in text:
        return text

    def put(found: re.Match[str]) -> str:
        return form if _is_persons(found) or f"{found[1]}@{found[3]}".lower() in also else found[0]

    return _IN_TEXT.sub(put, text)


def hide_values(value: Any, form: str, also: Sequence[str] = ()) -> Any:
    """The same for all texts in JSON types, names of members apart."""
    if isinstance(value, str):
        return hide_text(value, form, also)
    if isinstance(value, list):
        return [hide_values(item, form, also) for item in value]
    if isinstance(value, dict):
        return {key: hide_values(item, form, also) for key, item in value.items()}
    return value


def hidden_addresses(contacts: Sequence[tuple[str | None, str | None]]) -> list[str]:
    """Those of some contacts (name and address) that are a person's, in lower case."""
    found = [(name, address) for name, address in contacts if address]
    return [address.lower() for name, address in found if is_personal(address) or is_of(address, name)]


def hide_record(dataset: Dataset, form: str) -> Dataset:
    """A record without persons' addresses: contacts have the address of the form instead, and so have texts.

    form: where readers can write to the contact. The record itself if there is none to hide.
    """
    agents = [*dataset.contact_point, *dataset.creator, *([dataset.publisher] if dataset.publisher else [])]
    also = hidden_addresses([(agent.name, agent.email) for agent in agents])
    written = msgspec.json.encode(dataset)
    if not also and b"@" not in written and b"%40" not in written:
        return dataset

    def without(agent: Agent) -> Agent:
        if not agent.email or agent.email.lower() not in also:
            return agent
        return msgspec.structs.replace(agent, email=None, url=agent.url or form)

    replaced = msgspec.structs.replace(
        dataset,
        contact_point=[without(agent) for agent in dataset.contact_point],
        creator=[without(agent) for agent in dataset.creator],
        publisher=without(dataset.publisher) if dataset.publisher else None,
    )
    hidden: Dataset = msgspec.convert(hide_values(msgspec.to_builtins(replaced), form, also), type=Dataset)
    return hidden
