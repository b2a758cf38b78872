"""Licensed: can anyone use the data, including to train models, and can a program tell?"""

from __future__ import annotations

from ckanext.aivision.normalise import licences
from ckanext.aivision.normalise.text import is_placeholder
from ckanext.aivision.record import Dataset, Term
from ckanext.aivision.scoring.facts.evidence import mention, stated, statement
from ckanext.aivision.scoring.registry import Context, criterion
from ckanext.aivision.scoring.remember_last import once_each
from ckanext.aivision.scoring.results import Finding, failed, not_applicable, passed, valued

_WORTH = {"open": 1.0, "open-unnamed": 0.5, "conditions": 0.25}
_OWN_WORDS = 0.25


@once_each
def _terms(dataset: Dataset) -> list[Term]:
    """What the licence, the distributions' licences and the rights say, but for those that name no licence."""
    terms = [dataset.license] if dataset.license is not None else []
    terms += [item.license for item in dataset.distribution if item.license is not None]
    terms += [term for text in dataset.rights if (term := licences.clean(text)).id]
    return [term for term in terms if term.id != "none" and not is_placeholder(term.original)]


def _openness(term: Term) -> str:
    found = licences.info(term.id) if term.id else None
    return found.openness if found is not None else ""


def _is_address(term: Term) -> bool:
    return term.original.strip().lower().startswith(("http://", "https://"))


def _worth(term: Term) -> float:
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
    return 0.25, f"{term.original}: words"


@criterion("licence-open", unnamed=_WORTH["open-unnamed"], conditions=_WORTH["conditions"], own_words=_OWN_WORDS)
def licence_open(dataset: Dataset, context: Context) -> Finding:
    terms = _terms(dataset)
    if not terms:
        if dataset.license is not None:
            return failed("license", f"{dataset.license.original}: names no licence")
        return context.absent("license", "a licence")
    best = max(terms, key=_worth)
    if best.id and (found := licences.info(best.id)) is not None:
        return valued(_worth(best), "license", f"{best.original}: {found.title}")
    if _is_address(best):
        return failed("license", f"{best.original}: not a licence that we know")
    return valued(_worth(best), "license", f"{best.original}: not a standard licence")


@criterion("licence-machine-readable")
def licence_machine_readable(dataset: Dataset, context: Context) -> Finding:
    terms = _terms(dataset)
    if not terms:
        if dataset.license is not None:
            return failed("license", dataset.license.original)
        return context.absent("license", "a licence")
    value, evidence = max(map(_recognised, terms), key=lambda recognised: recognised[0])
    return valued(value, "license", evidence)


@criterion("attribution-stated")
def attribution_stated(dataset: Dataset, context: Context) -> Finding:
    return stated(
        dataset,
        context,
        "bibliographic_citation",
        dataset.bibliographic_citation,
        "attribution",
        "how to cite or acknowledge the data",
    )


@criterion("ai-use-terms-stated")
def ai_use_terms_stated(dataset: Dataset, context: Context) -> Finding:
    if (text := statement(dataset.ai_use_terms)) is not None:
        return passed("ai_use_terms", text)
    found = mention(dataset, "ai_use")
    # `licence-open` counts an open licence already: that it lets one train models is no second merit.
    for term in _terms(dataset):
        if _openness(term) == "open":
            if found is not None:
                return passed("description", found)
            return not_applicable("license", f"{term.original}: an open licence allows any use, including this one")
    if found is not None:
        return valued(0.5, "description", found)
    return context.absent("ai_use_terms" if context.carries("ai_use_terms") else "license", "terms of use for AI")
