"""Read RDF values from a `record_tree`: texts in English first, terms, agents and periods.

Each takes the values of one property, at least one, and gives something empty if they say nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ckanext.aivision.harvesters.mapping.table import meaningful_text
from ckanext.aivision.harvesters.mapping.values import DEEPEST_ORGANIZATION, keywords
from ckanext.aivision.normalise import access_rights, contacts, dates
from ckanext.aivision.record import Agent, PeriodOfTime, Term

Values = list[Any]
Node = Mapping[str, Any]

# What a node is called, best first.
LABELS = (
    *("skos:prefLabel", "rdfs:label", "dct:title", "foaf:name", "schema:name", "skos:notation", "rdf:value"),
    *("oa:bodyValue", "dct:description", "rdfs:comment", "schema:description"),
)
_NAMES = ("vcard:fn", "vcard:hasFN", "foaf:name", *LABELS[:3], "schema:name", "vcard:organization-name")
_MAILS = ("vcard:hasEmail", "vcard:email", "foaf:mbox", "schema:email")
_ADDRESSES = ("vcard:hasURL", "vcard:url", "foaf:homepage", "schema:url", "foaf:page")
_STARTS = ("dcat:startDate", "schema:startDate", "time:hasBeginning")
_ENDS = ("dcat:endDate", "schema:endDate", "time:hasEnd")
_INSTANTS = (
    *("time:inXSDDateTimeStamp", "time:inXSDDateTime", "time:inXSDDate", "time:inXSDgYearMonth", "time:inXSDgYear"),
)


def rank(value: Any) -> int:
    """English before texts of no stated language before other languages."""
    language = value.get("@language") if type(value) is dict else None
    if language is None:
        return 1
    return 0 if language.lower().partition("-")[0] == "en" else 2


def text(values: Values) -> str:
    """The best text, stripped: a literal, the label of a node, or else its IRI."""
    if len(values) == 1:
        return text_of(values[0])
    return next((found for value in sorted(values, key=rank) if (found := text_of(value))), "")


def texts(values: Values) -> list[str]:
    """All texts, each once; those in other languages only where there is none in English or of no language."""
    ranked = [value for value in values if rank(value) < 2] or values
    return list(dict.fromkeys(found for value in ranked if (found := text_of(value))))


def text_of(value: Any) -> str:
    """The text of one value."""
    if type(value) is str:
        return value.strip()
    written = value.get("@value")
    if written is not None:
        return str(written).strip()
    return label(value) or value.get("@id", "").strip()


def join_texts(values: Values) -> str:
    """What is written in all of the values, as one text."""
    texts_of = (text_of(value) or _leaves(value) for value in values)
    return ", ".join(dict.fromkeys(found for found in texts_of if found))


def _leaves(node: Any, levels: int = 5) -> str:
    """The texts inside a node that has no name."""
    if type(node) is not dict or not levels:
        return node if type(node) is str else ""
    inner = (_leaves(item, levels - 1) for key, items in node.items() if type(items) is list for item in items)
    return ", ".join(dict.fromkeys([str(node["@value"])] if "@value" in node else [text for text in inner if text]))


def label(node: Node) -> str:
    """What a node is called; empty if it has no name."""
    return next((found for name in LABELS if (values := node.get(name)) and (found := text(values))), "")


def statement(values: Values) -> str | None:
    """The best text that says something."""
    return meaningful_text(text(values))


def statements(values: Values) -> list[str]:
    """All texts that say something."""
    return [found for found in texts(values) if meaningful_text(found)]


def words(values: Values) -> list[str]:
    """Keywords."""
    return keywords(texts(values))


def address(values: Values) -> str:
    """The IRI of a node, or a literal that stands in its place; not a label, which is no address."""
    for value in values:
        if found := _address(value):
            return found
    return ""


def address_or_label(values: Values) -> str:
    """The IRI of a node, a literal, or what a node without an IRI is called."""
    return address(values) or text(values)


def addresses(values: Values) -> list[str]:
    """The IRI of each node, or its text where it has none."""
    found = (_address(value) or text_of(value) for value in values)
    return list(dict.fromkeys(item for item in found if item))


def _address(value: Any) -> str:
    written = value if type(value) is str else value.get("@id") or value.get("@value")
    if written is not None:
        return str(written).strip()
    inner = next((value[key] for key in ("dcat:downloadURL", "dcat:accessURL", "schema:url") if key in value), None)
    return address(inner) if inner else ""


def term(reader: Callable[[str], Term]) -> Callable[[Values], Term | None]:
    """A reader of one term of a vocabulary: by its IRI, else by its label."""

    def read(values: Values) -> Term | None:
        other: Term | None = None
        for value in values:
            for candidate in _candidates(value):
                found = reader(candidate)
                if found.id is not None:
                    return found
                other = other or found
        return other

    return read


def terms(reader: Callable[[str], Term]) -> Callable[[Values], list[Term]]:
    """A reader of several terms."""
    one = term(reader)

    def read(values: Values) -> list[Term]:
        found = [item for value in values if (item := one([value])) is not None]
        return found if len(found) == 1 else list(dict.fromkeys(found))

    return read


def _candidates(value: Any) -> list[str]:
    """What a term may be known by: what it is written as goes first."""
    if type(value) is dict and len(value) == 1 and "@id" in value:
        return [value["@id"]]
    if type(value) is str or "@value" in value:
        written = text_of(value)
        return [written] if written else []
    found = [value["@id"]] if "@id" in value else []
    found += [written for name in LABELS for item in value.get(name, ()) if (written := text_of(item))]
    return found


def access(values: Values) -> Term | None:
    """Access rights: public, restricted or non-public."""
    statements = (candidate for value in values for candidate in _candidates(value))
    return access_rights.first_known(map(access_rights.clean, statements))


def agents(values: Values) -> list[Agent]:
    """Publishers, creators and contacts (foaf:Agent, org:Organization, vcard:Kind, or a mere text or address)."""
    return [found for value in values if (found := _agent(value)) != Agent()]


def agent(values: Values) -> Agent | None:
    """The first agent."""
    return next(iter(agents(values)), None)


def _agent(value: Any) -> Agent:
    if type(value) is str or "@value" in value:
        written = text_of(value)
        mail = contacts.email(written)
        return Agent(email=mail) if mail else Agent(name=written or None)
    iri = value.get("@id")
    name, url = first(value, _NAMES), first(value, _ADDRESSES) or None
    mail, form = _mail(value)
    if iri is not None and iri.startswith("mailto:") and mail is None:
        iri, mail = None, contacts.email(iri)
    return Agent(name or None, mail, form or url, iri or first(value, ("dct:identifier",)) or None, _parents(value))


def first(node: Node, names: tuple[str, ...]) -> str:
    """The text of the first of these properties that says something."""
    for name in names:
        if name in node and (found := _text_or_value(node[name])):
            return found
    return ""


def _text_or_value(values: Values) -> str:
    """A text, or the one that stands in a node's vcard:hasValue."""
    for value in values:
        if type(value) is dict and "vcard:hasValue" in value:
            return text(value["vcard:hasValue"])
    return text(values)


def _mail(node: Node) -> tuple[str | None, str | None]:
    """The address of a mailbox; and that of a form, which some give in its place (`mailto:https://...`)."""
    written = first(node, _MAILS)
    if not written:
        return None, None
    return contacts.mailbox(written)


def _parents(node: Node) -> list[str]:
    """The names of the organisations above, from the nearest on (org:subOrganizationOf)."""
    found: list[str] = []
    level = node.get("org:subOrganizationOf")
    while level and type(level[0]) is dict and len(found) < DEEPEST_ORGANIZATION:
        if name := first(level[0], _NAMES):
            found.append(name)
        level = level[0].get("org:subOrganizationOf")
    return found


def periods(values: Values) -> list[PeriodOfTime]:
    """dct:temporal: dct:PeriodOfTime with the dates of DCAT 2, schema.org or OWL-Time, or a text."""
    return [period for value in values if (period := _period(value)) is not None]


def _period(value: Any) -> PeriodOfTime | None:
    if type(value) is str or "@value" in value:
        return dates.period(text_of(value))
    start, end = _instant(value, _STARTS), _instant(value, _ENDS)
    if start or end:
        return dates.between(start, end)
    return dates.period(text_of(value))


def _instant(node: Node, names: tuple[str, ...]) -> str:
    for name in names:
        for value in node.get(name, ()):
            if type(value) is not dict or "@value" in value:
                return text_of(value)
            if found := first(value, _INSTANTS):
                return found
    return ""
