"""Facts about the terms of use: what licence, distributions and rights say, and where they contradict each other."""

from __future__ import annotations

from ckanext.aivision.normalise import licences
from ckanext.aivision.normalise.licences import Standing
from ckanext.aivision.normalise.text import is_placeholder
from ckanext.aivision.record import Dataset, Term
from ckanext.aivision.scoring.remember_last import once_each
from ckanext.aivision.scoring.results import shorten

# What words of `rights` take away from a licence. Who has access is another question than what one may do.
_LIMITS_OF_USE = frozenset(("non-commercial", "no-derivatives", "no-ai", "no-reuse"))
# What needs an agreement may be a matter of access.
_LIMITS_IF_OF_USE = "by-agreement"
_NARROWER: dict[Standing, int] = {"open": 0, "restricts": 1, "forbids": 2}


@once_each
def terms(dataset: Dataset) -> list[Term]:
    """What the licence, the distributions' licences and the rights say, but for those that name no licence."""
    found = [dataset.license] if dataset.license is not None else []
    found += [item.license for item in dataset.distribution if item.license is not None]
    found += [term for text in dataset.rights if (term := licences.clean(text)).id and term.rule != "pattern"]
    return [term for term in found if term.id != "none" and not is_placeholder(term.original)]


def _narrowing(dataset: Dataset) -> list[str]:
    """Statements of the rights that narrow an open licence of the same record, as written."""
    return [text for text in dataset.rights if _narrows(text)]


def _narrows(text: str) -> bool:
    standing, limits = licences.standing(licences.clean(text)), licences.limits(text)
    named = licences.clean(text).rule in ("uri", "id", "label")
    if limits & _LIMITS_OF_USE:
        return True
    return (_LIMITS_IF_OF_USE in limits and licences.speaks_of_use(text)) or (named and standing == "restricts")


def contradictions(dataset: Dataset, counted: Term) -> str:
    """What says otherwise than one of the terms, for evidence; empty where nothing does."""
    own = licences.standing(counted)
    others = [term.original for term in terms(dataset) if _differ(own, licences.standing(term))]
    others += [text for text in _narrowing(dataset) if own == "open" and text not in others]
    return f"; but also: {shorten('; '.join(dict.fromkeys(others)), 150)}" if others else ""


def _differ(one: Standing, other: Standing) -> bool:
    return one in _NARROWER and other in _NARROWER and one != other


def standing(dataset: Dataset) -> Standing:
    """What the terms of a dataset let one do, as `normalise.licences.standing`; the rights may narrow the licence.

    Of several distributions the most open one counts, for one may choose.
    """
    own = licences.standing(dataset.license)
    if own == "none":
        found = [licences.standing(term) for term in terms(dataset)]
        own = min(found, key=lambda one: _NARROWER.get(one, 3), default="none")
    if own == "open" and _narrowing(dataset):
        return "restricts"
    if own == "none" and any("no-reuse" in licences.limits(text) for text in dataset.rights):
        return "forbids"
    return own
