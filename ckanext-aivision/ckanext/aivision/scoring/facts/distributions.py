"""Facts about distributions: which of them stand for the data, and whether a program can fetch them."""

from __future__ import annotations

import re

import msgspec

from ckanext.aivision.normalise import media_types
from ckanext.aivision.normalise.cache import cached
from ckanext.aivision.normalise.media_types import Format
from ckanext.aivision.normalise.text import is_placeholder
from ckanext.aivision.normalise.web import addresses
from ckanext.aivision.record import Dataset, Distribution
from ckanext.aivision.scoring.facts.formats import (
    format_of,
    format_of_address,
    has_unknown_name,
    is_home_page,
    leads_on,
    looks_like_page,
)
from ckanext.aivision.scoring.facts.text.keyword_regex import Near
from ckanext.aivision.scoring.facts.text.specifics import find_specifics
from ckanext.aivision.scoring.remember_last import once_each
from ckanext.aivision.scoring.results import shorten

# A distribution that is called so describes the data and is none of them: `Data dictionary of the columns`,
# `Readings, user guide (PDF)`.
_DOCUMENT = (
    r"data[ _-]?dictionar(?:y|ies)|code ?book|record layout|file layout|user(?:'s)? guide|read ?me|documentation"
)
_DOCUMENT_TITLE = Near(
    rf"^(?:the )?(?:{_DOCUMENT}|(?:field|column|variable|attribute)s? (?:descriptions?|definitions?|list))\b"
    rf"|\b(?:{_DOCUMENT})\W*(?:(?:csv|docx?|html?|json|pdf|txt|xlsx?)\W*)?$",
    "dictionar",
    "book",
    "layout",
    "guide",
    "read",
    "document",
    "description",
    "definition",
    "list",
)
_LONGEST_DOCUMENT_TITLE = 300
_LONGEST_REASON = 600
_PAGE = media_types.traits("HTML")
# Why data may be withheld: OMB M-13-13 (part III, 4) and the Freedom of Information Acts (5 U.S.C. 552(b); 2000 c. 36,
# part II).
_REASON = re.compile(
    r"privacy|personal|confidential|individuals?\b|identif(?:y|iable)|disclos|sensitiv|secur|classified|statut|\blaw\b|"
    r"legal|\b(?:foia|pii|phi|hipaa|ferpa|gdpr|cipsea|cui)\b|\bacts?\b|u\.?s\.?c\b|\bc\.?f\.?r\b|regulation|exempt|"
    r"proprietary|commercial(?:ly| (?:information|interest|sensitiv|in confidence|or financial))|"
    r"copyright (?:is )?(?:held|owned|belong)|"
    r"third[- ]part|intellectual property|licen[cs](?:ed|e) (?:from|by|agreement)|contract|embargo|vulnerab|"
    r"endangered|protected (?:species|nest|site|habitat|animal|plant|bird)|archaeolog|indigenous|tribal|sacred|safety|"
    r"fraud|litigation|patients?|children|victims?|pupils?",
    re.IGNORECASE,
)


@once_each
def _public(dataset: Dataset) -> list[Distribution]:
    """The distributions that have an address on the public Internet, or a file in the portal, each address once."""
    by_url: dict[str, Distribution] = {}
    for item in reversed(dataset.distribution):
        if item.url and not _can_be_reached(item):
            item = msgspec.structs.replace(item, download_url=None)
        if (url := item.url) and _can_be_reached(item):
            by_url[url] = item
    return list(reversed(by_url.values()))


def _can_be_reached(item: Distribution) -> bool:
    """Whether an address is public, or is of a file that the portal itself has: its readers reach that too."""
    return item.is_upload or addresses.is_public(item.url or "")


@once_each
def addressed(dataset: Dataset) -> list[Distribution]:
    """The distributions that stand for the data and have an address on the public Internet, each address once."""
    if _is_about_documents(dataset):
        return _public(dataset)
    return [item for item in _public(dataset) if not _is_document(item)]


@once_each
def documents(dataset: Dataset) -> list[Distribution]:
    """The other ones: the dictionaries, guides and read-me files that portals list beside the data."""
    return [] if _is_about_documents(dataset) else [item for item in _public(dataset) if _is_document(item)]


def _is_about_documents(dataset: Dataset) -> bool:
    """Whether the data are themselves what would be a document beside others: `Data dictionary of the NHS`."""
    return _DOCUMENT_TITLE.search(dataset.title) is not None


def _is_document(distribution: Distribution) -> bool:
    title = distribution.title or ""
    return len(title) <= _LONGEST_DOCUMENT_TITLE and _DOCUMENT_TITLE.search(title) is not None


@once_each
def data_files(dataset: Dataset) -> list[Distribution]:
    """What of it a program can ask for: files and services, without web pages, and without programs.

    A page whose rows can be queried in the portal is no file: to say so must not cost it a name, a size or a checksum.
    """
    return [item for item, found in formatted(dataset) if _can_be_asked_for(item, found)]


def _can_be_asked_for(distribution: Distribution, found: Format | None) -> bool:
    if found is not None:
        return found.kind not in ("page", "program")
    return not looks_like_page(msgspec.structs.replace(distribution, datastore_active=False))


@once_each
def wrong_addresses(dataset: Dataset) -> list[str]:
    """What stands where addresses of data belong and is none, each with the reason."""
    written = [
        item.url for item in dataset.distribution if item.url and not item.is_upload and not is_placeholder(item.url)
    ]
    return [wrong_address(text) for text in dict.fromkeys(written) if not addresses.is_public(text)]


def wrong_address(text: str) -> str:
    """A text that is no address on the public Internet, with the reason, for evidence."""
    return f"{shorten(text, 100)}: {addresses.fault(text)}"


@once_each
def linked(dataset: Dataset) -> list[Distribution]:
    """The distributions with a link of any kind, each once.

    Links are checked, and files profiled, on hosts that an operator allows though they are not public.
    """
    by_url = {item.url: item for item in reversed(dataset.distribution) if item.url and not is_placeholder(item.url)}
    return list(reversed(by_url.values()))


@once_each
def formatted(dataset: Dataset) -> list[tuple[Distribution, Format | None]]:
    """The same, each with its format. The page of the dataset and a home page are pages, whatever is declared.

    What is declared for an address that looks like that of a page is as good as nothing.
    """
    return [(item, _credible(item, dataset)) for item in addressed(dataset)]


def _credible(distribution: Distribution, dataset: Dataset) -> Format | None:
    """The format of an address; of one that a program cannot fetch a file from, or whose name says otherwise, none."""
    if _is_front_page(distribution, dataset):
        return _PAGE
    found = format_of(distribution)
    if found is None or found.kind in ("page", "service"):
        return found
    if looks_like_page(distribution):
        return _PAGE if format_of_address(distribution.url or "") == "HTML" else None
    # Text may be named anyhow; a table that is called `levels.cgns` is none.
    return None if has_unknown_name(distribution) and found.key != "TXT" else found


def _is_front_page(distribution: Distribution, dataset: Dataset) -> bool:
    """Whether the address is of a page that leads to the data, and shows nothing else: `https://water.gov/levels/`."""
    url = distribution.url or ""
    if media_types.of_url(url).id not in (None, "HTML"):
        return False
    return is_home_page(url) or (bool(dataset.landing_page) and same_address(url, dataset.landing_page or ""))


def same_address(one: str, other: str) -> bool:
    """Whether two addresses differ in nothing that matters."""
    return bare_address(one) == bare_address(other)


@cached(8192)
def bare_address(text: str) -> str:
    """An address without what makes no difference."""
    bare = text.strip().partition("#")[0].rstrip("/").lower()
    return bare.removeprefix("https://").removeprefix("http://").removeprefix("www.")


def leads_nowhere(text: str) -> bool:
    """Whether a text is meant as an address and does not lead on. A name, as of a standard, is no address."""
    return addresses.is_address(text) and not leads_on(text)


def has_data(dataset: Dataset) -> bool:
    """Whether a record leads to anything but pages, as far as the addresses show, or says why the data are not public.

    To declare a page where the address does not show one is honest, and may not cost the licence.
    """
    may_be_data = (
        item.url is not None and not media_types.is_page(item.url) and not _is_front_page(item, dataset)
        for item in addressed(dataset)
    )
    has_rows = any(item.datastore_active for item in dataset.distribution)
    return has_rows or bool(data_files(dataset)) or any(may_be_data) or restriction(dataset) is not None


def is_restricted(dataset: Dataset) -> bool:
    """Whether a record says that its data are not public."""
    return dataset.access_rights is not None and dataset.access_rights.id in ("restricted", "non-public")


@once_each
def restriction(dataset: Dataset) -> str | None:
    """Why the data are not public, where they are not and a reason is stated.

    "Contact the office" is no reason; a law, a duty of confidence, other people's rights or a risk is one.
    """
    if dataset.access_rights is None or not is_restricted(dataset):
        return None
    told = (*dataset.rights, dataset.access_procedure)
    reason = next((text for text in told if text and not is_placeholder(text) and _REASON.search(text)), None)
    # `Restricted for reasons of confidentiality` would fit every dataset.
    if reason and not any(any(find_specifics(text[:_LONGEST_REASON])[:2]) for text in told if text):
        return None
    return f"{dataset.access_rights.original}: {reason}" if reason else None
