"""Where the data are: transfer options, formats and endpoints (MD_Distribution, SV_OperationMetadata).

GeoDCAT-AP 2.0.0, B.6.4 (Resource locator): what CI_OnLineFunctionCode calls download, offline access or order is a
distribution; information and search lead to pages. Where nothing says, it is a landing page, unless the protocol or the
address shows data or a service.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ckanext.aivision.errors import Problem
from ckanext.aivision.harvesters.mapping.table import cut, describe_value
from ckanext.aivision.harvesters.mapping.xml_table import Element, address, elements, find, first_text, leaves, texts
from ckanext.aivision.normalise import media_types
from ckanext.aivision.record import Distribution, Term

_DISTRIBUTIONS = ("download", "offlineAccess", "order", "fileAccess", "browseGraphic", "upload")
_PAGES = ("information", "search", "completeMetadata", "browsing", "emailService")
# Of the protocols that GeoNetwork offers, such as WWW:DOWNLOAD-1.0-http--download.
_DOWNLOAD = "WWW:DOWNLOAD"
_FETCHED = ("data", "archive", "document", "image")
_MEGABYTE = 1_000_000
# Where formats and transfer options are: for the data as a whole, and of one distributor.
_OPTIONS = ("transferOptions", "distributor/distributorTransferOptions")
_FORMATS = ("distributionFormat", "distributor/distributorFormat")


class Links(NamedTuple):
    """distribution: what gives data. landing_page, page: the pages about them."""

    distribution: list[Distribution]
    landing_page: str | None
    page: list[str]


class _Link(NamedTuple):
    """One online resource, read."""

    url: str
    name: str | None
    description: str | None
    function: str
    format: Term | None
    size: int | None


def links(tree: Element, where: str, problems: list[Problem]) -> Links:
    """The distributions and the pages of a record. tree: of the whole record."""
    place = f"{where} distributionInfo"
    formats = _formats(tree)
    found = cut(list(_online(tree, place, problems)), place, problems)
    files = [link for link in found if _gives_data(link)]
    others = [link for link in found if not _gives_data(link)]
    is_open = any(link.format is None for link in files) or (len(files) == 0 and bool(formats))
    if len(formats) > 1 and files and is_open:
        message = "one of several formats, and nothing tells which file has it; it was left out: describe each file"
        problems += [Problem("value-unused", place, message, seen=describe_value(name)) for name in formats[1:]]
    read = {(link.url, link.name): _distribution(link, formats) for link in files}
    stated = first_text(find(tree, "dataSetURI"))
    landing = next((link.url for link in others if link.function not in _PAGES), None)
    without_address = [] if files else [Distribution(format=media_types.from_format(name)) for name in formats]
    pages = list(dict.fromkeys(link.url for link in others))
    return Links(list(read.values()) or without_address, stated or landing, pages)


def _formats(tree: Element) -> list[str]:
    """The names of formats that no online resource has of its own; a format without a name says nothing."""
    named = (value for path in _FORMATS for value in elements(tree, f"distributionInfo/{path}"))
    return list(dict.fromkeys(name for value in named if (name := _format_name(value))))


def _format_name(value: Element) -> str | None:
    return first_text([*find(value, "name"), *find(value, "formatSpecificationCitation/title")])


def _online(tree: Element, where: str, problems: list[Problem]) -> Iterator[_Link]:
    for path in _OPTIONS:
        for options in elements(tree, f"distributionInfo/{path}"):
            resources = elements(options, "onLine")
            sizes = texts(find(options, "transferSize"))
            own = [name for value in elements(options, "distributionFormat") if (name := _format_name(value))]
            for resource in resources:
                # One size is of one file; of several files it is the sum.
                size = _bytes(sizes[0]) if len(resources) == 1 and len(sizes) == 1 else None
                if (link := _link(resource, own, size)) is not None:
                    yield link
                elif written := ", ".join(leaves(resource)):
                    message = "an online resource without an address; it was left out: give its `linkage`"
                    problems.append(Problem("item-without-address", where, message, seen=describe_value(written)))
    for resource in elements(tree, "identificationInfo/containsOperations/connectPoint"):
        if (link := _link(resource, [], None)) is not None:
            yield link._replace(function="download")


def _link(resource: Element, formats: list[str], size: int | None) -> _Link | None:
    url = next((found for value in find(resource, "linkage") if (found := address(value))), None)
    if url is None:
        return None
    name = first_text([*find(resource, "name"), *find(resource, "title")])
    protocol = "".join(texts(find(resource, "protocol"))).upper()
    function = first_text(find(resource, "function")) or ("download" if _DOWNLOAD in protocol else "")
    description = first_text(find(resource, "description"))
    return _Link(url, name, description, function, _format_of(resource, formats, url), size)


def _format_of(resource: Element, formats: list[str], url: str) -> Term | None:
    """By what the resource itself says: its formats, its protocol, the type of its name; then by its address."""
    protocols = [address(value).split("-http")[0] for value in find(resource, "protocol")]
    types = [value["@type"] for value in elements(resource, "name") if value.get("@type")]
    words = [*formats, *types, *protocols, *(word.split("-")[0] for word in protocols)]
    known = (term for word in words if (term := media_types.from_format(word)).id is not None)
    if (found := next(known, None)) is not None:
        return found
    by_address = media_types.of_url(url)
    return by_address if by_address.id not in (None, "HTML") else None


def _gives_data(link: _Link) -> bool:
    if link.function in _DISTRIBUTIONS:
        return True
    if link.function in _PAGES:
        return False
    return link.format is not None or media_types.may_give_data(link.url)


def _distribution(link: _Link, formats: list[str]) -> Distribution:
    by_address = media_types.of_url(link.url)
    traits = media_types.traits(by_address.id) if by_address.id else None
    is_file = traits is not None and traits.kind in _FETCHED
    format = link.format
    if formats and (format is None or (format.original == link.url and len(formats) == 1)):
        format = media_types.from_format(formats[0])
    elif format is not None and format.original == link.url:
        # An address tells a reader its format as well; the record states none.
        format = None
    return Distribution(
        title=link.name,
        description=link.description,
        access_url=link.url,
        download_url=link.url if is_file or (link.function == "download" and traits is None) else None,
        format=format,
        byte_size=link.size,
    )


def _bytes(written: str) -> int | None:
    """A transfer size, which is in megabytes (ISO 19115, B.2.10.2), in bytes."""
    try:
        size = float(written[:32]) * _MEGABYTE
    except ValueError:
        return None
    return int(size) if 0 < size < 1e15 else None
