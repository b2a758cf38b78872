"""Gates: what limits a grade however good the rest is. Rows: `config/rubric/gates.yaml`.

A function returns the evidence if its gate limits the grade of a dataset, else None. Only saying more may lift a gate,
with one exception: who says that the data identify people and are unprotected is told so.
"""

from __future__ import annotations

import re

from ckanext.aivision.normalise import licences
from ckanext.aivision.normalise.cache import cached
from ckanext.aivision.normalise.media_types import Format
from ckanext.aivision.normalise.text import is_placeholder, plain
from ckanext.aivision.record import Dataset, Distribution
from ckanext.aivision.scoring.as_written import quote_with_reason
from ckanext.aivision.scoring.criteria.responsible import personal_data_addressed
from ckanext.aivision.scoring.facts.distributions import (
    addressed,
    formatted,
    is_restricted,
    linked,
    restriction,
    wrong_addresses,
)
from ckanext.aivision.scoring.facts.evidence import listed
from ckanext.aivision.scoring.facts.exposed_columns import count_exposed
from ckanext.aivision.scoring.facts.formats import is_described, is_home_page
from ckanext.aivision.scoring.facts.link_quality import serves_other
from ckanext.aivision.scoring.facts.personal_data import find_unprotected_personal_data
from ckanext.aivision.scoring.observations.observations import Link
from ckanext.aivision.scoring.registry import Context, gate
from ckanext.aivision.scoring.remember_last import once_each

# Kinds of config/vocabularies/formats.csv that a program can read.
_READABLE_KINDS = ("data", "archive", "service")
_PICTURES = "WMS"
# How to get data that are restricted: an address of any kind, or a procedure with a name.
_WAY = re.compile(
    r"https?://\w|www\.\w|\w@\w|\b\d{3}[ -]\d{3,4}[ -]?\d{3,4}\b|\bappl(?:y|ying|ications?)\b|"
    r"\b(?:request|registration|enrol\w*|sign[- ]up) (?:form|process|procedure|portal|page)\b|"
    r"\b(?:data (?:use|sharing|access)|licen[cs]e|access|non-?disclosure|usage) "
    r"(?:agreement|application|request|committee)s?\b|"
    r"\b(?:freedom of information|foia)\b|\b(?:data |secure |safe |research )(?:enclave|haven|lab|cent(?:re|er)s?)\b|"
    r"\b(?:secure|trusted) research\b|\bdata access (?:board|office|committee|panel)\b|"
    r"\b(?:accredited|approved|vetted) researchers?\b|\bregister (?:for|to|with|at)\b|\blog ?in (?:to|at|with)\b",
    re.IGNORECASE,
)


@cached(4096)
def _tells_way(text: str) -> bool:
    return _WAY.search(text) is not None


@once_each
def _terms(dataset: Dataset) -> list[str]:
    """What the record writes about reuse: licences, and rights that speak of use."""
    found = [dataset.license, *(item.license for item in dataset.distribution)]
    terms = [term.original for term in found if term is not None and term.id != "none"]
    for text in dataset.rights:
        term = licences.clean(text)
        if term.id != "none" and (term.id or licences.speaks_of_use(text)):
            terms.append(text)
    return [text for text in terms if not is_placeholder(text)]


@once_each
def _data(dataset: Dataset) -> list[str]:
    """The addresses that a program can read data from."""
    return [
        str(item.url)
        for item, found in formatted(dataset)
        if item.datastore_active
        or (
            found is not None
            and found.kind in _READABLE_KINDS
            and found.key != _PICTURES
            and not _is_a_word(item, found)
        )
    ]


@once_each
def _leads_to_something(dataset: Dataset) -> bool:
    """Whether any address may be a file or a service, and no web page."""
    pages = (dataset.landing_page, *dataset.page)
    for item, found in formatted(dataset):
        url = str(item.url)
        if found is not None and _is_a_word(item, found):
            continue
        if item.datastore_active or (found is not None and found.kind != "page" and not is_home_page(url)):
            return True
        if found is None and not is_home_page(url) and url not in pages:
            return True
    return False


def _is_a_word(item: Distribution, found: Format) -> bool:
    """Whether "API" is all that is known of a service: no protocol, and no description that a program reads."""
    return found.key == "API" and not is_described(item)


@once_each
def _way(dataset: Dataset) -> str | None:
    """How to get data that are restricted, where the record says so."""
    if not is_restricted(dataset):
        return None
    told = (plain(text) for text in (dataset.access_procedure, *dataset.rights) if text)
    return next((text for text in told if _tells_way(text)), None)


@gate("personal-data-unprotected")
def personal_data_unprotected(dataset: Dataset, context: Context) -> str | None:
    if is_restricted(dataset) and not _data(dataset):
        # Nobody gets at them without being asked.
        return None
    return find_unprotected_personal_data(dataset)


@gate("personal-data-exposed")
def personal_data_exposed(dataset: Dataset, context: Context) -> str | None:
    if not context.observed.files or not (count := count_exposed(dataset, context)):
        return None
    if personal_data_addressed(dataset, context).value:
        return None
    # Which columns they are is for those who can mend it: the evaluation is public.
    return f"columns that look like data that identify people: {count}; the record does not say whether they are"


@gate("nothing-to-download")
def nothing_to_download(dataset: Dataset, context: Context) -> str | None:
    if not context.carries("distribution") or _way(dataset) is not None or _leads_to_something(dataset):
        return None
    pages = [str(item.url) for item in addressed(dataset)]
    if pages:
        return f"only web pages: {listed(pages, 2)}"
    wrong = listed(wrong_addresses(dataset), 2) or quote_with_reason(dataset, ("distribution",))
    return f"a link to a file or a service: {wrong or 'not given'}"


@gate("nothing-served")
def nothing_served(dataset: Dataset, context: Context) -> str | None:
    links, stated = context.observed.links or {}, _data(dataset)
    if not stated or any(item.datastore_active for item in dataset.distribution) or restriction(dataset) is not None:
        return None
    found = {url: _nothing_at(dataset, links[url]) for url in stated if url in links}
    return listed(list(found.values()), 2) if len(found) == len(stated) and all(found.values()) else None


def _nothing_at(dataset: Dataset, link: Link) -> str:
    """Why an address of data gives none, as far as checks have shown; empty if it may give some."""
    return next((why for item in linked(dataset) if item.url == link.url and (why := serves_other(item, link))), "")


@gate("nothing-readable")
def nothing_readable(dataset: Dataset, context: Context) -> str | None:
    if _data(dataset) or _way(dataset) is not None or not _leads_to_something(dataset):
        return None
    formats = {found.key if found is not None else "format not stated" for _, found in formatted(dataset)}
    return f"only {listed(sorted(formats))}: {listed([str(item.url) for item in addressed(dataset)], 2)}"


@gate("licence-missing")
def licence_missing(dataset: Dataset, context: Context) -> str | None:
    if not context.carries("license") or _terms(dataset):
        return None
    if dataset.license is not None:
        return f"{dataset.license.original}: names no licence"
    written = quote_with_reason(dataset, ("license", "distribution.license"))
    return f"a licence or terms of use: {written or 'not given'}"


@gate("access-unexplained")
def access_unexplained(dataset: Dataset, context: Context) -> str | None:
    if not is_restricted(dataset) or _way(dataset) is not None or _data(dataset):
        return None
    return f"{restriction(dataset) or dataset.access_rights.original}: not how to get the data"  # type: ignore[union-attr]


@gate("reuse-forbidden")
def reuse_forbidden(dataset: Dataset, context: Context) -> str | None:
    return None if restriction(dataset) is not None else _forbidden(dataset)


@gate("reuse-forbidden-by-choice")
def reuse_forbidden_by_choice(dataset: Dataset, context: Context) -> str | None:
    reason, text = restriction(dataset), _forbidden(dataset)
    return f"{text}; {reason}" if reason is not None and text is not None else None


@once_each
def _forbidden(dataset: Dataset) -> str | None:
    """The terms that forbid reuse, where no others allow it."""
    forbidding = None
    for text in _terms(dataset):
        if licences.forbids_reuse(text):
            forbidding = forbidding or plain(text)
        elif (term := licences.clean(text)).id and (found := licences.info(term.id)) and found.openness == "open":
            return None
    return forbidding
