"""Facts about addresses that describe the data: documentation, dictionaries, descriptions of APIs, standards."""

from __future__ import annotations

import re
from collections import Counter

from ckanext.aivision.normalise import media_types
from ckanext.aivision.normalise.web import addresses
from ckanext.aivision.record import Dataset
from ckanext.aivision.scoring.facts.distributions import bare_address
from ckanext.aivision.scoring.facts.formats import leads_on
from ckanext.aivision.scoring.facts.text.keyword_regex import Near
from ckanext.aivision.scoring.remember_last import once_each

# The name of a distribution that describes the columns, or holds a description beside the data.
NAMED_DICTIONARY = Near(
    r"\b(?:data[ _-]?dictionar(?:y|ies)|code ?book|(?:field|column|variable|attribute)s? (?:descriptions?|definitions?|"
    r"list)|record layout|file layout|schema|metadata)\b",
    "dictionar",
    "book",
    "field",
    "column",
    "variable",
    "attribute",
    "layout",
    "schema",
    "metadata",
)
# What is written for people alone, such as a PDF, is worth as documentation or dictionary (Commerce 2.2.2).
FOR_PEOPLE = 0.75
# One address cannot be so many different things.
_TOO_MANY_USES = 3
# What describes an interface; of columns it tells nothing, unless its name says so.
_INTERFACE = re.compile(
    r"openapi|swagger|\bwsdl\b|\bwadl\b|getcapabilities|\.(?:wsdl|wadl|raml)\b|[?&](?:wsdl|wadl)\b|\bapi-docs\b",
    re.IGNORECASE,
)
_COLUMNS = re.compile(r"dictionar|codebook|code-book|columns?|variables?|attributes?|fields?|schema", re.IGNORECASE)


def what_else(text: str, dataset: Dataset) -> str:
    """What an address is already, so that it describes nothing; empty if it may describe the data.

    It is not the page of the data, nor the data themselves, nor the answer to several other questions: one page may
    document the data and describe the columns, and no more.
    """
    if not leads_on(text):
        return addresses.fault(text) or "a home page"
    written = bare_address(text)
    if dataset.landing_page and bare_address(dataset.landing_page) == written:
        return "the page of the dataset itself"
    if written in _of_data(dataset):
        return "the address of the data"
    if _uses(dataset)[written] >= _TOO_MANY_USES:
        return "the same address for several things"
    return ""


def is_interface(text: str, kind: str | None = None, of_service: bool = False) -> bool:
    """Whether an address describes an API and does not speak of columns: by itself, its media type or what it is of."""
    says_so = of_service or _INTERFACE.search(f"{text} {kind or ''}") is not None
    return says_so and _COLUMNS.search(text) is None


def is_for_people(text: str) -> bool:
    """Whether an address is of a PDF or the like, which programs cannot read well (Commerce 2.2.2)."""
    key = media_types.of_url(text).id
    found = media_types.traits(key) if key is not None else None
    return found is not None and found.kind in ("document", "image")


@once_each
def _of_data(dataset: Dataset) -> frozenset[str]:
    urls = (url for item in dataset.distribution for url in (item.download_url, item.access_url) if url)
    return frozenset(map(bare_address, urls))


@once_each
def _uses(dataset: Dataset) -> Counter[str]:
    """In how many kinds of fields each address stands."""
    fields = (
        dataset.page,
        [text for text in (dataset.described_by, *(item.described_by for item in dataset.distribution)) if text],
        [*dataset.conforms_to, *(text for item in dataset.distribution for text in item.conforms_to)],
        [text for text in (dataset.code_repository, dataset.system_of_records) if text],
    )
    return Counter(address for texts in fields for address in {bare_address(text) for text in texts})
