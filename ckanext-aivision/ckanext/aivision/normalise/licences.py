"""Licences: URIs, identifiers and names to SPDX identifiers where they have one."""

from __future__ import annotations

import functools
import itertools
import json
import re
from collections.abc import Iterator
from typing import Literal

import msgspec

from ckanext.aivision.normalise.cache import cached
from ckanext.aivision.normalise.text import is_placeholder, plain
from ckanext.aivision.normalise.vocabulary import LONGEST_TERM, rows
from ckanext.aivision.record import Term

Rule = Literal["id", "uri", "label", "pattern"]
Match = tuple[str, Rule]

_URI_HEAD = re.compile(r"^(?:https?://)?(?:www\.)?")
_URI = re.compile(r"https?://[^\s\"'<>()\[\]\\]{4,300}")
_ONE_WORD = re.compile(r"\S+")
_SPACE = re.compile(r"\s+")
# Words before the name of a licence that say that it is not this one, or not now.
_DENIAL = re.compile(
    r"\b(?:(?:not|cannot|neither|never|unlike|isn't|aren't|instead of|rather than)\b[^.,;]{0,60}|"
    r"(?:formerly|previously|once|no longer|not yet|was|were|until|pending|planned|proposed|"
    r"will (?:soon )?(?:be|become)|(?:to|shall) be)\b[^.;]{0,40}|"
    r"samples?(?: \w+)? (?:is|are) )$"
)
# Words before it that say that it is that of something else; a narrower licence counts all the same.
_EXCEPTION = re.compile(r"\b(?:unless|except(?:ing|ed)?|excluding|excludes?|other than|apart from)\b[^.;]{0,60}$")
# Words after it that take it back. What does not apply to logos and the like still applies to the data.
_REVOCATION = re.compile(
    r"^[^.;,]{0,40}?\b(?:(?:do|does|did|is|are|was|can|will|may|shall)(?: ?not|n't)|cannot|never|no longer)\b"
    r"(?: yet| currently)? (?:apply|applicable|appl(?:y|ies)|valid|used|use|available|cover(?:ed)?|granted|extend|"
    r"govern|relevant|the licen[cs]e|in force|possible|offered|permitted)\b"
    r"(?! to (?:the |any )?(?:royal|logos?|crests?|images?|photo|third|personal|departmental|military|patents?|trade|"
    r"identity|other|use of|information (?:that|which)))|"
    r"^ ?(?:[-:,(] ?)?(?:(?:is|has been|was|are) )?(?:being considered|"
    r"under (?:consideration|review|discussion)|planned|proposed|"
    r"withdrawn|revoked|expired|pending|not applicable|after embargo)\b"
)
_REACHES = 80  # characters before a licence's name, and after it
# A statement of terms may be long; what names a licence stands at its beginning.
_LONGEST_STATEMENT = 4 * LONGEST_TERM
_LONGEST_LIST = 50_000
_MOST_STATEMENTS = 20
_MOST_ADDRESSES = 5
_MOST_NAMES = 20
# Words for no licence at all: `No license specified`, `License: none`, `not stated`, `-`.
_GIVEN = (
    r"(?:specified|provided|given|stated|supplied|assigned|applied|attached|available|known|declared|defined|chosen|"
    r"selected|set|included|listed|found|identified|indicated|recorded|mentioned|applicable|entered|published|decided|"
    r"determined|agreed|confirmed)"
)
_LICENCE = (
    r"(?:(?:specific|particular|explicit|formal|data|open|re-?use|usage|standard|published) ){0,2}"
    r"(?:licen[cs](?:e|es|ing)|terms(?: of use)?|terms and conditions|rights(?: statement)?|conditions)"
    r"(?: (?:information|details?|terms|text|agreement|statement|type|restrictions?))?"
)
_NO_LICENCE = re.compile(
    rf"(?:(?:the )?{_LICENCE} ?[:=(-]? ?)?(?:is |are |was |were )?"
    rf"(?:none|no|nil|null|nothing|n/?a|n\.a\.?|not? (?:yet )?(?:been )?{_GIVEN}|un(?:specified|known|defined|stated|"
    rf"licen[cs]ed|assigned|determined|decided|clear)|un ?specified|notspecified|not licen[cs]ed|blank|empty|undefined|"
    rf"tb[acd]|todo|to be {_GIVEN}|\?+|[-–—_.*x ]+|missing|unset)(?: {_GIVEN})?[ )?.!]*|"
    rf"(?:there (?:is|are|was) |(?:it|this data ?set|the data ?set|this data) (?:has|have|comes with) |without (?:a )?|"
    rf"with )?(?:no|not any|without) {_LICENCE}(?: (?:has|have|is|was|were|are|been|yet|currently|at present)){{0,3}}"
    rf"(?: {_GIVEN})?(?: (?:for|to|on|with|in) (?:this |the )?(?:data|dataset|resource|record|metadata))?[?.!]*|"
    rf"(?:the )?{_LICENCE} (?:has |have |is |are |was |were )?(?:not|never|un)[ -]?(?:yet )?(?:been )?{_GIVEN}[?.!]*|"
    rf"(?:please )?(?:see|refer to|as (?:per|in)|in) (?:the )?(?:description|notes|abstract|metadata|below|above|"
    rf"website|web ?page|web ?site|comments?|record|dataset|attached)(?: (?:page|text|field))?[.!]*"
)
# What is known of a licence: gates and criteria need no more.
Standing = Literal["open", "restricts", "forbids", "own-terms", "none"]
# Kinds of licence_limits.csv that narrow a licence; the others say what to make of the words around.
_NARROWING = ("non-commercial", "no-derivatives", "by-agreement", "no-ai", "no-reuse")
# What says something of use, but names no licence.
_UNNAMED = ("open-unnamed", "restricted", "none")


class Licence(msgspec.Struct, frozen=True):
    """A row of config/vocabularies/licences.csv. openness: open, open-unnamed, conditions or none."""

    id: str
    title: str
    uri: str
    openness: str


class _Pattern(msgspec.Struct, frozen=True):
    """A row of config/vocabularies/licence_aliases.csv: what to search, and the id, which may hold its groups."""

    expression: re.Pattern[str]
    id: str


@functools.cache
def _licences() -> dict[str, Licence]:
    return {row["id"]: Licence(**row) for row in rows("licences")}


@functools.cache
def _ids() -> dict[str, str]:
    """Identifiers in lower case -> id: the vocabulary's own, and those of CKAN and other portals."""
    others = {row["pattern"]: row["id"] for row in rows("licence_aliases") if row["rule"] == "id"}
    return {id.lower(): id for id in _licences()} | others


@functools.cache
def _patterns(rule: str) -> list[_Pattern]:
    table = (row for row in rows("licence_aliases") if row["rule"] == rule)
    return [_Pattern(re.compile(row["pattern"]), row["id"]) for row in table]


def all_licences() -> list[Licence]:
    """All licences of the vocabulary, in its order."""
    return list(_licences().values())


def info(id: str) -> Licence | None:
    """The licence of an id that `clean` gave."""
    return _licences().get(id)


@cached(8192)
def clean(text: str) -> Term:
    """A licence as written to its Term. A URL that is no known licence stays unmatched.

    Of several licences the narrowest counts. Words that narrow a licence (`CC BY 4.0, not for commercial use`) make it
    `restricted`, and words that deny it make it `none`. data.gov.uk writes terms as a JSON list in a string: of its
    entries those that name a licence count, else the first that says something of use. A list of nothing is `none`.
    """
    statements = _statements(text)
    if not statements:
        return Term(text, "none", "id")
    matches = [match for statement in statements if (match := _match(statement)) is not None]
    if not matches:
        return Term(text)
    named = [match for match in matches if match[0] not in _UNNAMED]
    if any(rule == "pattern" for _, rule in matches):
        named += [match for match in matches if match[1] == "pattern"]
    id, rule = max(named, key=_narrowness) if named else matches[0]
    return Term(text, id, rule)


def _narrowness(match: Match) -> bool:
    found = info(match[0])
    return found is not None and found.openness == "conditions"


@cached(8192)
def limits(text: str) -> frozenset[str]:
    """How a statement narrows what may be done: kinds of config/vocabularies/licence_limits.csv."""
    return frozenset(kind for statement in _statements(text) for kind in _limits_of(_words(statement)))


def standing(term: Term | None) -> Standing:
    """What a licence, as `clean` gave it, lets one do.

    open: anybody may use the data for anything. restricts: not for business, no changes, after registration, not for
    AI. forbids: no reuse at all. own-terms: words or an address that no vocabulary has. none: nothing is said.
    """
    if term is None or term.id == "none" or is_placeholder(term.original):
        return "none"
    if "no-reuse" in limits(term.original) and term.id in (None, "restricted"):
        return "restricts" if _names_licence(term.original) else "forbids"
    found = info(term.id) if term.id else None
    if found is None:
        return "own-terms"
    return "restricts" if found.openness == "conditions" else "open"


def forbids_ai(text: str) -> bool:
    """Whether a statement says that models may not be trained with the data, or the data not be mined."""
    return "no-ai" in limits(text)


@cached(4096)
def forbids_reuse(text: str) -> bool:
    """Whether a statement forbids to use, copy or pass on the data at all. "All rights reserved" beside the name of a
    licence speaks of something else, such as the images; a permission beside a ban lifts it."""
    for statement in _statements(text):
        # A copyright notice narrows no licence, but is a ban where it stands alone: nothing is taken out.
        words = _folded(plain(statement[:_LONGEST_STATEMENT]))
        forbids = _says(words, "no-copying") or (_says(words, "no-reuse") and not _named(statement)[0])
        if forbids and not _says(words, "permission"):
            return True
    return False


@cached(4096)
def speaks_of_use(text: str) -> bool:
    """Whether a statement of rights is about what one may do with the data, and not about who may see them alone."""
    return _says(_folded(plain(text[:_LONGEST_LIST])), "of-use")


def _says(words: str, kind: str) -> bool:
    return any(expression.search(words) for expression in _limit_patterns()[kind])


def _statements(text: str) -> list[str]:
    """The entries of a JSON list in a string, or the text itself."""
    stripped = text[:_LONGEST_LIST].strip()
    if stripped.startswith("["):
        try:
            listed = json.loads(stripped)
        except (ValueError, RecursionError):
            return [stripped]
        return [entry for entry in listed[:_MOST_STATEMENTS] if isinstance(entry, str) and entry.strip()]
    return [stripped]


def _match(statement: str) -> Match | None:
    words = _folded(statement[:_LONGEST_STATEMENT])
    if (known := _ids().get(words)) is not None:
        return known, "id"
    if _NO_LICENCE.fullmatch(words[:LONGEST_TERM]):
        return "none", "label"
    named, is_denied = _named(statement)
    limiting = _limits_of(_words(statement))
    if limiting and not any(_narrowness(match) for match in named):
        return "restricted", "pattern"
    if named:
        return max(named, key=_narrowness)
    return ("none", "label") if is_denied else None


def _named(statement: str) -> tuple[list[Match], bool]:
    """The licences that a statement names, the most telling first, and whether it denies one."""
    words = _folded(statement[:_LONGEST_STATEMENT])
    # An address that stands alone is read from its beginning: a licence's address within another's query is none.
    addresses = [words] if _ONE_WORD.fullmatch(words) else _URI.findall(words)
    named: list[Match] = []
    for address in addresses[:_MOST_ADDRESSES]:
        if (id := next(_by_uri(_URI_HEAD.sub("", address.rstrip(".,;"))), None)) is not None:
            named.append((id, "uri"))
    if _URI.fullmatch(words):
        return named, False
    by_label = list(_by_label(_words(statement)))
    named += [(id, "label") for id, is_denied in by_label if not is_denied]
    return named, any(is_denied for _, is_denied in by_label)


def _names_licence(text: str) -> bool:
    return any(_named(statement)[0] for statement in _statements(text))


def _words(statement: str) -> str:
    """The words of a statement, folded, without markup, addresses, and phrases that other rows would misread."""
    short = statement[:_LONGEST_STATEMENT]
    words = _folded(_URI.sub(" ", plain(short) if "<" in short else short))
    for expression in _limit_patterns()["harmless"]:
        words = expression.sub(" ", words)
    return words


def _limits_of(words: str) -> set[str]:
    return {kind for kind in _limit_patterns() if kind in _NARROWING and _says(words, kind)}


@functools.cache
def _limit_patterns() -> dict[str, list[re.Pattern[str]]]:
    found: dict[str, list[re.Pattern[str]]] = {}
    for row in rows("licence_limits"):
        found.setdefault(row["kind"], []).append(re.compile(row["pattern"]))
    return found


def _folded(statement: str) -> str:
    return _SPACE.sub(" ", statement).strip().lower()


def _by_uri(words: str) -> Iterator[str]:
    for pattern in _patterns("uri"):
        if (match := pattern.expression.search(words)) is not None and (id := _id_of(pattern, match)) is not None:
            yield id


def _by_label(words: str) -> Iterator[tuple[str, bool]]:
    """Each licence that is named, and whether the words around its name deny it wherever it stands."""
    for pattern in _patterns("label"):
        by_id: dict[str, bool] = {}
        for match in itertools.islice(pattern.expression.finditer(words), _MOST_NAMES):
            if (id := _id_of(pattern, match)) is not None:
                by_id[id] = by_id.get(id, True) and _is_denied(words, match, id)
        yield from by_id.items()


def _id_of(pattern: _Pattern, match: re.Match[str]) -> str | None:
    return _ids().get(match.expand(pattern.id).replace(" ", "-").lower())


def _is_denied(words: str, match: re.Match[str], id: str) -> bool:
    before, after = words[max(0, match.start() - _REACHES) : match.start()], words[match.end() :][:_REACHES]
    if _DENIAL.search(before) or _REVOCATION.search(after):
        return True
    return _EXCEPTION.search(before) is not None and not _narrowness((id, "label"))
