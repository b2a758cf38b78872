"""Licensed: can anyone use the data, including to train models, and can a program tell?"""

from __future__ import annotations

import re

from ckanext.aivision.normalise import licences
from ckanext.aivision.normalise.web import addresses
from ckanext.aivision.record import Dataset, Term
from ckanext.aivision.scoring.facts.distributions import has_data
from ckanext.aivision.scoring.facts.evidence import find_fact, mention, statement
from ckanext.aivision.scoring.facts.licence_terms import contradictions, terms
from ckanext.aivision.scoring.registry import Context, criterion
from ckanext.aivision.scoring.results import Finding, failed, not_applicable, passed, valued

_WORTH = {"open": 1.0, "open-unnamed": 0.5, "conditions": 0.25}
_OWN_WORDS = 0.1
# Words that go with a licence, or stand alone: whether they forbid all reuse.
_LIMITED = {False: "words that limit what users may do", True: "no reuse is allowed"}

_NOTHING_TO_LICENSE = "but the record leads to no data that anyone could use under it"


def _openness(term: Term) -> str:
    found = licences.info(term.id) if term.id else None
    return found.openness if found is not None else ""


def _is_address(term: Term) -> bool:
    return term.original.strip().lower().startswith(("http://", "https://"))


def _worth(term: Term) -> float:
    if licences.standing(term) == "forbids":
        return 0.0
    if openness := _openness(term):
        return _WORTH.get(openness, 0.0)
    return 0.0 if _is_address(term) else _OWN_WORDS


def _recognised(term: Term) -> tuple[float, str]:
    """How well a program can tell which licence it is, and the words that say so."""
    # "open" is an id in CKAN, but of no licence.
    named = term.id not in (None, "open-unnamed", "restricted")
    if named and term.rule in ("uri", "id"):
        return 1.0, f"{term.original} ({term.id})"
    if _is_address(term):
        return 0.5, f"{term.original}: an address, but not of a licence that we know"
    if named:
        return 0.5, f"{term.original}: the name of a licence; a program needs its URL or identifier"
    return _OWN_WORDS, f"{term.original}: words"


_TERMS_IN_WORDS = 0.5
_LONGEST_TERMS = 4000
# draft-ietf-aipref-vocab: a category of use with y or n.
_PREFERENCE = re.compile(r"\b(?:train-ai|train-genai|ai-use|ai-input|ai-output|search|bots|automated)\s?=\s?[yn]\b")


@criterion("licence-open", unnamed=_WORTH["open-unnamed"], conditions=_WORTH["conditions"], own_words=_OWN_WORDS)
def licence_open(dataset: Dataset, context: Context) -> Finding:
    found = terms(dataset)
    if not found:
        if dataset.license is not None:
            return failed("license", f"{dataset.license.original}: names no licence")
        return context.absent("license", "a licence", dataset, "distribution.license")
    best = max(found, key=_worth)
    if _worth(best) and not has_data(dataset):
        return failed("license", f"{best.original}: {_NOTHING_TO_LICENSE}")
    # What says otherwise elsewhere is told and takes nothing away: to say more may not cost.
    return valued(_worth(best), "license", f"{best.original}: {_what_it_is(best)}{contradictions(dataset, best)}")


def _what_it_is(term: Term) -> str:
    if term.rule == "pattern" or licences.standing(term) == "forbids":
        return _LIMITED[licences.standing(term) == "forbids"]
    if term.id and (found := licences.info(term.id)) is not None:
        return found.title
    return "not a licence that we know" if _is_address(term) else "not a standard licence"


@criterion("licence-machine-readable")
def licence_machine_readable(dataset: Dataset, context: Context) -> Finding:
    found = terms(dataset)
    if not found:
        if dataset.license is not None:
            return failed("license", f"{dataset.license.original}: names no licence")
        return context.absent("license", "a licence", dataset, "distribution.license")
    value, evidence = max(map(_recognised, found), key=lambda recognised: recognised[0])
    if not has_data(dataset):
        return failed("license", f"{evidence}: {_NOTHING_TO_LICENSE}")
    return valued(value, "license", evidence)


@criterion("attribution-stated")
def attribution_stated(dataset: Dataset, context: Context) -> Finding:
    return find_fact(
        dataset,
        context,
        "bibliographic_citation",
        dataset.bibliographic_citation,
        "attribution",
        "how to cite or acknowledge the data",
    )


@criterion("use-conditions-machine-readable", words=_TERMS_IN_WORDS)
def use_conditions_machine_readable(dataset: Dataset, context: Context) -> Finding:
    """A policy of ODRL (Croissant `usageInfo`), or preferences in the vocabulary of the IETF's working group aipref."""
    for field, text in (("ai_use_terms", dataset.ai_use_terms), *(("rights", text) for text in dataset.rights)):
        if text and (hit := _PREFERENCE.search(text[:_LONGEST_TERMS])):
            return passed(field, hit[0])
    terms = statement(dataset.ai_use_terms)
    if terms is not None and addresses.is_public(terms):
        return passed("ai_use_terms", terms)
    if terms is not None:
        return valued(_TERMS_IN_WORDS, "ai_use_terms", f"{terms}: words, which no program understands")
    return context.absent("ai_use_terms", "conditions of use that a program can read", dataset)


@criterion("ai-use-terms-stated")
def ai_use_terms_stated(dataset: Dataset, context: Context) -> Finding:
    if (text := statement(dataset.ai_use_terms)) is not None:
        return passed("ai_use_terms", text)
    if (
        ban := next((term.original for term in terms(dataset) if licences.forbids_ai(term.original)), None)
    ) is not None:
        return passed("license", ban)
    found = mention(dataset, "ai_use")
    # `licence-open` counts an open licence already: that it lets one train models is no second merit.
    for term in terms(dataset):
        if _openness(term) == "open":
            if found is not None:
                return passed("description", found)
            return not_applicable("license", f"{term.original}: an open licence allows any use, including this one")
    if found is not None:
        return valued(0.5, "description", found)
    place = "ai_use_terms" if context.carries("ai_use_terms") else "license"
    return context.absent(place, "terms of use for AI", dataset, "ai_use_terms")
