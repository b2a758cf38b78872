"""What is shown of a record: a part of it, as a record that holds nothing else, with nothing personal in it."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import msgspec

from ckanext.aivision.exemplars.passages import LONGEST, opening, passage, shortened
from ckanext.aivision.exemplars.rules import Rule
from ckanext.aivision.normalise.text import is_placeholder, plain
from ckanext.aivision.normalise.web.addresses import public_in
from ckanext.aivision.record import Agent, Dataset, Distribution, Location, Moment, PeriodOfTime, Term
from ckanext.aivision.scoring.results import Result

_MOST_ITEMS = 8
_LONGEST_VALUE = 300
_LONGEST_ADDRESS = 500
_TEXTS = ("title", "description", "rights")
_OF_FILE = re.compile(r"distribution(?:\[\])?(?:\.(\w+))?")
_ADDRESSES = ("access_url", "download_url", "described_by", "landing_page", "page", "code_repository", "url")
# Persistent identifiers as they stand in a field or a citation.
_PERSISTENT = re.compile(
    r"(?:https?://(?:dx\.)?doi\.org/|doi:\s?)10\.\d{4,9}/[^\s\"<>,;]+|https?://hdl\.handle\.net/[^\s\"<>,;]+|ark:/?\d{5}/\S+"
)
# An office, not a person: what its name has.
_OFFICE = re.compile(
    r"\b(?:office|team|desk|data|help|service|services|cent(?:er|re)|department|division|branch|bureau|support|enquiries|"
    r"inquiries|agency|council|group|mailbox|mailgroup|inventory|program|programme|library|hotline|info|information|unit|"
    r"administration|authority|laboratory|statistics|contact|customer|user|public|press|open data|staff)\b",
    re.IGNORECASE,
)


class Excerpt(NamedTuple):
    """part: the fields shown. place: the field of the record that the words stand in. text: all of it in one line, by
    which two are told apart. named, whole, told: as of a Passage."""

    part: Dataset
    place: str
    text: str
    named: bool
    whole: bool
    told: bool


def excerpt_of(dataset: Dataset, result: Result, rule: Rule) -> Excerpt | None:
    """What a record shows of a criterion that it passes; None if there is nothing that could be shown.

    result: of the criterion, with its evidence.
    """
    if rule.shape == "opening":
        found = opening(dataset.description or "")
        if found is None:
            return None
        found = found._replace(named=rule.is_named(found.text))
        return _of_words(dataset, "description", "description", *found)
    if result.field in _TEXTS and rule.shape == "passage":
        if result.field == "title":
            return None
        text = "\n".join(dataset.rights) if result.field == "rights" else dataset.description or ""
        cut = passage(text, result.evidence, rule)
        # An address that is told in a sentence stays in it: it has no field of its own there.
        field = "description" if rule.field in ("page", "next_update") else rule.field
        return None if cut is None else _of_words(dataset, result.field, field, *cut)
    if (match := _OF_FILE.fullmatch(result.field)) is not None:
        return _of_file(dataset, result, rule, match[1] or "")
    return _of_fields(dataset, result, rule)


def _of_words(dataset: Dataset, place: str, field: str, text: str, named: bool, whole: bool, told: bool) -> Excerpt:
    value = [text] if field in ("page", "rights") else text
    return Excerpt(_part(dataset, **{field: value}), place, text, named, whole, told)


def _of_file(dataset: Dataset, result: Result, rule: Rule, field: str) -> Excerpt | None:
    """The distribution that the result rests on: the one that its evidence names, else the first that has the field."""
    having = [item for item in dataset.distribution if not field or _has(item, field)]
    named = [item for item in having if item.url and item.url in result.evidence]
    best = [item for item in (named or having) if rule.is_named(_line(_file_part(item, rule.of_file, field)))]
    chosen = next(iter(best or named or having), None)
    if chosen is None:
        return None
    needed = field if field in rule.of_file else ""
    part = _file_part(chosen, rule.of_file, needed)
    if part == Distribution() or (needed and not _has(part, needed)):
        return None
    text = _line(part)
    return Excerpt(
        _part(dataset, distribution=[part]), f"distribution.{field}".rstrip("."), text, rule.is_named(text), True, True
    )


def _has(item: Distribution, field: str) -> bool:
    if field == "url":
        return bool(item.url)
    return bool(getattr(item, field, None))


def _of_fields(dataset: Dataset, result: Result, rule: Rule) -> Excerpt | None:
    """The fields themselves: the one that the result names, and those beside it."""
    wanted = [result.field, *rule.beside] if result.field in Dataset.__struct_fields__ else [rule.field, *rule.beside]
    if rule.field not in wanted and rule.shape == "values":
        wanted.append(rule.field)
    given = {name: value for name in wanted if (value := _presentable(name, getattr(dataset, name)))}
    if rule.field == "identifier" and (persistent := _persistent(dataset)):
        given = {"identifier": persistent}
    if not given or (wanted[0] not in given and rule.field not in given):
        return None
    given = {name: value for place, (name, value) in enumerate(given.items()) if not _is_said(value, given, place)}
    part = _part(dataset, **given)
    text = _line(part)
    return Excerpt(part, next(iter(given)), text, rule.is_named(text), True, True)


def _is_said(value: object, given: dict[str, Any], place: int) -> bool:
    """Whether an earlier field says the same."""
    earlier = [one if isinstance(one, list) else [one] for one in list(given.values())[:place]]
    return any(one in some for some in earlier for one in (value if isinstance(value, list) else [value]))


def _persistent(dataset: Dataset) -> str:
    texts = (dataset.identifier, *dataset.other_identifier, dataset.bibliographic_citation or "")
    found = next((match[0] for text in texts if (match := _PERSISTENT.search(text))), "")
    return found.rstrip(".)")


def _file_part(item: Distribution, fields: tuple[str, ...], needed: str = "") -> Distribution:
    """Some fields of a distribution; one address where both are the same, in the field that is needed."""
    given = {name: value for name in fields if (value := _presentable(name, getattr(item, name)))}
    if given.get("access_url") == given.get("download_url"):
        given.pop("download_url" if needed == "access_url" else "access_url", None)
    return Distribution(**given)


def _part(dataset: Dataset, **given: Any) -> Dataset:
    """A record that has these fields alone."""
    given = {"identifier": "", "title": "", **given}
    return Dataset(profile="", country=dataset.country, **given)


def _presentable(name: str, value: object) -> Any:
    """A value as it may be shown; None if it may not, or there is none."""
    match value:
        case None | "" | [] | False:
            return None
        case str():
            return _text(name, value)
        case Term() | Moment() | PeriodOfTime() | Location():
            return value if 0 < len(value.original) <= _LONGEST_VALUE and not is_placeholder(value.original) else None
        case Agent():
            return _agent(name, value)
        case list():
            return [shown for item in value[:_MOST_ITEMS] if (shown := _presentable(name, item))]
    return value


def _text(name: str, value: str) -> str | None:
    if name in _ADDRESSES:
        found = public_in(value)
        address = found[0] if found else ""
        return address if address.startswith(("http://", "https://")) and len(address) <= _LONGEST_ADDRESS else None
    if is_placeholder(plain(value)):
        return None
    return shortened(value, LONGEST if name in _TEXTS or len(value) > _LONGEST_VALUE else _LONGEST_VALUE)


def _agent(field: str, agent: Agent) -> Agent | None:
    """A publisher; of a contact, the name of an office alone: neither persons nor their mail are shown."""
    if field == "contact_point":
        name = agent.name or ""
        parts = re.split(r"[,;/]| - ", name)
        is_office = all(map(_OFFICE.search, parts)) and "@" not in name and len(name) <= _LONGEST_VALUE
        return Agent(name=name) if is_office else None
    if field != "publisher" or not agent.name:
        return None
    return Agent(agent.name, None, None, agent.identifier, agent.sub_organization_of[:3])


def _line(part: Dataset | Distribution) -> str:
    """All that is shown in one line."""
    return " ".join(_words(msgspec.to_builtins(part))).strip()


def _words(value: object) -> list[str]:
    if isinstance(value, dict):
        kept = {
            key: item for key, item in value.items() if key not in ("profile", "country", "rule", "form", "precision")
        }
        # What a vocabulary makes of a value is beside it.
        return [word for item in kept.values() for word in _words(item)]
    if isinstance(value, list | tuple):
        return [word for item in value for word in _words(item)]
    return [str(value)] if value not in (None, "") else []
